"""`evaluate`: measure a bundle on people's takes (extra [train])."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    DONE,
    add_bundle,
    add_corpus,
    add_jobs,
    add_scheduler,
    bundle_folder,
    command,
    count,
    jobs_of,
)
from pronounce_kiosk.cli.train import need_training
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands

ROWS = (
    "people", "redmarks", "wrong", "swaps", "noisyswaps", "leftout", "gtts", "confusions", "pairs",
    "perturbed", "clipped", "robustness", "nonspeech", "naming",
    "lesson", "englishnaming", "spelled", "replay", "all",
)  # fmt: skip
"""Tables of `--rows`: agreement with people, or a row of training.evaluation.command."""

BASELINE = "classic-1"
"""The original team's recipe, compared with other bundles."""


def add_evaluate(commands: Commands) -> None:
    """Add `evaluate`."""
    parser = command(
        commands, "evaluate", "measure a bundle on people's takes (extra [train])", _evaluate
    )
    parser.add_argument(
        "--rows",
        nargs="+",
        choices=ROWS,
        default=["people"],
        metavar="ROW",
        help=f"tables to make (default: people; all: those the folders allow): {', '.join(ROWS)}",
    )
    add_corpus(parser, required=False)
    parser.add_argument(
        "--korean",
        type=Path,
        metavar="DIR",
        help="folder of natives' takes, as --corpus without ratings",
    )
    parser.add_argument(
        "--tedx", type=Path, metavar="DIR", help="folder of natives on a stage, as --korean"
    )
    parser.add_argument("--gtts", type=Path, metavar="DIR", help="folder of Korean words by gTTS")
    parser.add_argument("--limit", type=count, metavar="N", help="most takes of each kind")
    add_bundle(parser)
    parser.add_argument(
        "--beside",
        metavar="B",
        help="bundle to compare with (default: classic-1, in agreement with people; none: none)",
    )
    parser.add_argument(
        "--out-of-fold",
        type=Path,
        metavar="TSV",
        help="out-of-fold predictions of training (default: the bundle's out_of_fold.tsv)",
    )
    parser.add_argument("--out", type=Path, metavar="MD", help="file of the report, in Markdown")
    add_jobs(parser)
    add_scheduler(parser)


def _evaluate(options: argparse.Namespace) -> int:
    need_training()
    from pronounce_kiosk.training.evaluation.command import Request, run

    request = Request(
        bundle_folder(options.bundle),
        {name: getattr(options, name) for name in ("corpus", "korean", "tedx", "gtts")},
        options.rows,
        _beside(options.beside),
        _baseline(options.beside),
        options.limit,
        jobs_of(options),
        options.out_of_fold,
        options.out,
    )
    run(request, lambda text: print(text, flush=True))
    return DONE


def _beside(bundle: str | None) -> Path | None:
    """Find the bundle to compare with, if one is named."""
    from pronounce_kiosk.bundles.load import find_bundle

    if bundle is None or bundle == "none":
        return None
    return find_bundle(Paths.default(), bundle)


def _baseline(beside: str | None) -> Path | None:
    """Find the shipped baseline, where no other bundle, or none, is named."""
    baseline = Paths.default().models_dir / BASELINE
    return baseline if beside is None and baseline.is_dir() else None
