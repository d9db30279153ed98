"""`evaluate`: measure a bundle on people's takes (extra [train])."""

import argparse
from pathlib import Path

from pronounce_kiosk.bundles.load import find_bundle
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.engines import bundle_folder, jobs_of
from pronounce_kiosk.cli.train import need_training
from pronounce_kiosk.core.paths import Paths

commands = declare.Commands()

ROWS = (
    "people", "redmarks", "wrong", "swaps", "noisyswaps", "leftout", "gtts", "confusions", "pairs",
    "perturbed", "clipped", "robustness", "nonspeech", "naming",
    "lesson", "englishnaming", "stress", "spelled", "replay", "all",
)  # fmt: skip
"""Tables of `--rows`: agreement with people, or a row of training.evaluation.command."""

BASELINE = "classic-1"
"""The original team's recipe, compared with other bundles."""


@commands.alone(
    declare.option(
        "--rows",
        nargs="+",
        choices=ROWS,
        default=["people"],
        metavar="ROW",
        help="tables to make (default: people; all: those the folders allow): " + ", ".join(ROWS),
    ),
    declare.path("--corpus", "DIR", declare.CORPUS_HELP),
    declare.path("--korean", "DIR", "folder of natives' takes, as --corpus without ratings"),
    declare.path("--tedx", "DIR", "folder of natives on a stage, as --korean"),
    declare.path("--gtts", "DIR", "folder of Korean words by gTTS"),
    declare.option("--limit", type=declare.count, metavar="N", help="most takes of each kind"),
    declare.BUNDLE,
    declare.option(
        "--beside",
        metavar="B",
        help="bundle to compare with (default: classic-1, in agreement with people; none: none)",
    ),
    declare.path(
        "--out-of-fold",
        "TSV",
        "out-of-fold predictions of training (default: the bundle's out_of_fold.tsv)",
    ),
    declare.path("--out", "MD", "file of the report, in Markdown"),
    declare.JOBS,
    declare.SCHEDULER,
)
def _evaluate(options: argparse.Namespace) -> None:
    need_training()
    from pronounce_kiosk.training.evaluation.command import Request, run

    request = Request(
        bundle_folder(options.bundle),
        {name: getattr(options, name) for name in ("corpus", "korean", "tedx", "gtts")},
        options.rows,
        *_others(options.beside),
        options.limit,
        jobs_of(options),
        options.out_of_fold,
        options.out,
    )
    run(request, lambda text: print(text, flush=True))


def _others(named: str | None) -> tuple[Path | None, Path | None]:
    """Find the bundle named to compare with, and the baseline where none is named."""
    paths = Paths.default()
    if named is None:
        baseline = paths.models_dir / BASELINE
        return None, baseline if baseline.is_dir() else None
    return None if named == "none" else find_bundle(paths, named), None
