"""`train ...`: train a model (extra [train])."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    DONE,
    add_corpus,
    add_jobs,
    add_work,
    command,
    count,
)
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands


def add_train(commands: Commands) -> None:
    """Add `train ...`."""
    group = commands.add_parser("train", help="train a model (needs the extra [train])")
    inner = group.add_subparsers(metavar="RECIPE", required=True)
    parser = command(
        inner, "classic", "train the baseline, the original team's Siamese network", _train_classic
    )
    add_corpus(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the new bundle"
    )
    parser.add_argument("--epochs", type=count, default=50, help="passes over the corpus (50)")
    parser.add_argument("--seed", type=int, default=1, help="of all random draws (1)")
    add_jobs(parser)
    parser = command(
        inner,
        "aligned",
        "train the acoustic models and heads of the default bundle",
        _train_aligned,
    )
    add_corpus(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the new bundle"
    )
    add_work(parser)
    add_jobs(parser)


def _train_classic(options: argparse.Namespace) -> int:
    need_training()
    from pronounce_kiosk.training.classic.bundle import make_classic_bundle
    from pronounce_kiosk.training.classic.train import ClassicRecipe

    recipe = ClassicRecipe(epochs=options.epochs, seed=options.seed)
    print(make_classic_bundle(options.corpus, options.out, recipe, options.jobs))
    return DONE


def _train_aligned(options: argparse.Namespace) -> int:
    need_training()
    from pronounce_kiosk.training.aligned.bundle import train_aligned

    train_aligned(
        options.corpus,
        options.out,
        options.work,
        Paths.default().assets_dir,
        options.jobs,
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(f"{options.out}: trained.")
    return DONE


def need_training() -> None:
    """Raise `UsageError` where the extra [train] is not installed."""
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError("Training needs more packages: run pip install 'pronounce-kiosk[train]'.")
