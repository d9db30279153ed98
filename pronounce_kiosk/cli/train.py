"""`train ...`: train a model (extra [train])."""

import argparse
import sys

from pronounce_kiosk.cli import declare
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths

commands = declare.Commands(metavar="RECIPE")

_CORPUS = declare.path("--corpus", "DIR", declare.CORPUS_HELP, required=True)
_OUT = declare.path("--out", "DIR", "folder of the new bundle", required=True)


@commands.add(
    "classic",
    "train the baseline, the original team's Siamese network",
    _CORPUS,
    _OUT,
    declare.option("--epochs", type=declare.count, default=50, help="passes over the corpus (50)"),
    declare.option("--seed", type=int, default=1, help="of all random draws (1)"),
    declare.JOBS,
)
def _train_classic(options: argparse.Namespace) -> None:
    need_training()
    from pronounce_kiosk.training.classic.bundle import make_classic_bundle
    from pronounce_kiosk.training.classic.train import ClassicRecipe

    recipe = ClassicRecipe(epochs=options.epochs, seed=options.seed)
    print(make_classic_bundle(options.corpus, options.out, recipe, options.jobs))


@commands.add(
    "aligned",
    "train the acoustic models and heads of the default bundle",
    _CORPUS,
    _OUT,
    declare.path(
        "--work",
        "DIR",
        "folder for finished steps, from which an interrupted training continues",
        required=True,
    ),
    declare.JOBS,
)
def _train_aligned(options: argparse.Namespace) -> None:
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


def need_training() -> None:
    """Raise `UsageError` where the extra [train] is not installed."""
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise UsageError("Training needs more packages: run pip install 'pronounce-kiosk[train]'.")
