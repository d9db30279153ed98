"""Train the classic bundle: fit, evaluate on other speakers, write."""

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, limit_threads
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.classic.train import (
    ClassicRecipe,
    TrainedClassic,
    compute_data,
    train_classic,
)
from pronounce_kiosk.training.data.corpus import read_corpus
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.figures import Report
from pronounce_kiosk.training.evaluation.people import evaluate_bundle
from pronounce_kiosk.training.export import GoldenCase, write_bundle

VERSION = "1.0"
_WEATHER = Sentence("", "the weather is very nice today", "en")
GOLDEN_CASES = (
    GoldenCase("right", "", _WEATHER, _WEATHER.text),
    GoldenCase("other_sentence", "", _WEATHER, "seven yellow boats left before noon"),
    GoldenCase("silence", "", _WEATHER, ""),
)
"""Without a kind: this model need not score another sentence below the right one."""


def make_classic_bundle(
    corpus_folder: Path, out: Path, recipe: ClassicRecipe, jobs: int = DEFAULT_JOBS
) -> str:
    """Train and write the bundle; return one line about it. See `read_corpus` for its errors."""
    from tqdm import tqdm

    takes = read_corpus(corpus_folder)
    # One thread: the order of additions, and so every bit, does not depend on the cores.
    limit_threads(1)
    data = compute_data(takes, recipe, jobs)
    with tqdm(total=recipe.epochs, desc="epochs", disable=not sys.stderr.isatty()) as bar:

        def on_epoch(loss: float) -> None:
            bar.update()
            bar.set_postfix(loss=f"{loss:.3f}")

        trained = train_classic(data, recipe, on_epoch)
    with tempfile.TemporaryDirectory(prefix="classic-") as folder:
        draft = Path(folder) / out.name
        _write(draft, recipe, trained)
        report = evaluate_bundle(Request(draft, {"corpus": corpus_folder}, jobs=jobs))
    sha256 = _write(out, recipe, trained, report)
    correlation = report.figures["pcc_total"]
    return f"{out}: sha256 {sha256[:12]}, total PCC {correlation:.3f} on new speakers"


def _write(
    folder: Path, recipe: ClassicRecipe, trained: TrainedClassic, report: Report | None = None
) -> str:
    template = Path(__file__).with_name("card.md").read_text("utf-8")
    curve = zip(trained.calibration.raw, trained.calibration.points, strict=True)
    return write_bundle(
        folder,
        name=folder.name,
        version=VERSION,
        architecture="classic",
        mel=recipe.mel,
        state=trained.state,
        tables={
            "calibration": {"margin": recipe.margin, "knots": [list(knot) for knot in curve]},
            "training": {
                "corpus": "speechocean762, training half (CC BY 4.0), espeak-ng references",
                "epochs": recipe.epochs,
                "batch": recipe.batch,
                "seed": recipe.seed,
                **{f"{use}_speakers": list(names) for use, names in trained.speakers.items()},
            },
            "figures": report.figures if report else {},
        },
        card=template.format(
            name=folder.name,
            **asdict(recipe),
            **{use: len(names) for use, names in trained.speakers.items()},
            report=report.markdown().strip() if report else "",
        ),
        cases=GOLDEN_CASES,
    )
