"""The report over a rated corpus: who may be asked about whom, and what stands beside."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pronounce_kiosk.batch.compare import pearson
from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.training.data.corpus import CorpusTake, read_corpus
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.figures import Report, auc
from pronounce_kiosk.training.evaluation.out_of_fold import (
    FILE_NAME,
    TakePrediction,
    write_out_of_fold,
)
from pronounce_kiosk.training.evaluation.people import evaluate_bundle, fitted_speakers

BUNDLE = Path(__file__).parents[4] / "models" / "classic-1"


@pytest.fixture(scope="module")
def corpus(small_corpus: Path) -> list[CorpusTake]:
    return read_corpus(small_corpus)


def held_out(path: Path, corpus: list[CorpusTake], sha256: str | None = None) -> np.ndarray:
    """Predictions of all takes but the first, which had no voice; gives them, (takes - 1, 4)."""
    random = np.random.default_rng(0)
    kept = np.arange(1, len(corpus))
    human = np.array([[take.human("total")] * 4 for take in corpus])[kept]
    aspects = np.clip(10 * human + random.normal(0, 5, human.shape), 0, 100)
    similarity = np.where(kept == 5, -0.5, 2.0)
    rows = [TakePrediction(take.utterance, take.speaker) for take in corpus]
    for place, row in enumerate(kept):
        take = corpus[row]
        rows[row] = TakePrediction(
            take.utterance,
            take.speaker,
            float(similarity[place]),
            0.4 if row % 10 == 0 else -1.0,
            -2.0,
            tuple(aspects[place]),
            (50.0 + row,) * len(take.word_accuracy),
        )
    write_out_of_fold(path, sha256 or read_manifest(BUNDLE).sha256, rows)
    return aspects


def asked(corpus_folder: Path, bundle: Path, **options: Any) -> Request:
    return Request(bundle, {"corpus": corpus_folder}, jobs=1, **options)


def titles(report: Report) -> list[str]:
    return [table.title for table in report.tables]


def test_out_of_fold_predictions_speak_for_takes_it_was_trained_on(
    small_corpus: Path, corpus: list[CorpusTake], tmp_path: Path
) -> None:
    path = tmp_path / "oof.tsv"
    aspects = held_out(path, corpus)
    report = evaluate_bundle(asked(small_corpus, BUNDLE, out_of_fold=path))
    assert "60 takes of 15 speakers: 60 out-of-fold" in report.note
    # Nobody asked the model itself.
    assert titles(report) == [
        "Agreement with the raters' mean", "Words", "Right or wrong sentence",
    ]  # fmt: skip
    said = np.r_[0.0, aspects[:, 3]]
    said[5] = 0.0
    human = [take.human("total") for take in corpus]
    assert report.figures["pcc_total"] == pytest.approx(pearson(said, human), abs=6e-4)
    assert {line[1] for line in report.tables[0].rows} == {
        "classic-1", "one rater, the other four",
    }  # fmt: skip
    gate = {line[0].removeprefix("classic-1: "): line[2] for line in report.tables[2].rows}
    right, wrong = np.full(60, 2.0), np.full(60, -1.0)
    right[[0, 5]], wrong[10::10], wrong[0] = (-np.inf, -0.5), 0.4, -np.inf
    assert gate["AUC, right above wrong"].startswith(f"{auc(right, wrong):.3f}")
    assert gate["right sentence refused"].startswith("3.3 %")
    assert gate["wrong sentence refused"].startswith("91.7 %")
    assert gate["cut in half, reversed or looped: refused"].startswith("100.0 %")


def test_predictions_of_another_model_or_corpus_do_not_count(
    small_corpus: Path, corpus: list[CorpusTake], tmp_path: Path
) -> None:
    path = tmp_path / "oof.tsv"
    held_out(path, corpus, "0" * 64)
    with pytest.raises(TrainingError, match="another model"):
        evaluate_bundle(asked(small_corpus, BUNDLE, out_of_fold=path))
    held_out(path, corpus)
    path.write_text(path.read_text().replace("\ts0", "\tz0"))
    part = _part(small_corpus, tmp_path / "part", 4)
    report = evaluate_bundle(asked(part, BUNDLE, out_of_fold=path))
    assert "out-of-fold" not in report.note
    assert "4 by speakers not used in training" in report.note


def test_a_bundle_brings_its_own_file_and_another_stands_beside(
    small_corpus: Path, tmp_path: Path
) -> None:
    part = _part(small_corpus, tmp_path / "part", 12)
    corpus = read_corpus(part)
    own = tmp_path / "own-1"
    shutil.copytree(BUNDLE, own)
    manifest = own / "manifest.toml"
    manifest.write_text(manifest.read_text().replace('name = "classic-1"', 'name = "own-1"'))
    held_out(own / FILE_NAME, corpus)
    report = evaluate_bundle(asked(part, own, beside=BUNDLE))
    assert "12 out-of-fold" in report.note
    totals = [line[1] for line in report.tables[0].rows if line[0] == "total"]
    assert totals == ["own-1", "classic-1", "one rater, the other four"]
    assert {line[0].split(":")[0]: line[1] for line in report.tables[2].rows} == {
        "own-1": "12", "classic-1": "12",
    }  # fmt: skip
    # Asked itself, it has no words.
    alone = evaluate_bundle(asked(part, BUNDLE))
    assert titles(alone)[1:] == ["Right or wrong sentence"]
    assert "12 by speakers not used in training" in alone.note


def test_takes_it_was_trained_on_are_named_or_left_out(small_corpus: Path, tmp_path: Path) -> None:
    part = _part(small_corpus, tmp_path / "part", 8)
    own = tmp_path / "own-1"
    shutil.copytree(BUNDLE, own)
    manifest = own / "manifest.toml"
    lines = [
        'training_speakers = ["s00", "s01"]' if line.startswith("training_speakers") else line
        for line in manifest.read_text().splitlines()
        if not line.startswith("calibration_speakers")
    ]
    manifest.write_text("\n".join(lines))
    with pytest.raises(TrainingError, match="every speaker"):
        evaluate_bundle(asked(part, own))
    manifest.write_text("\n".join(line for line in lines if "speakers" not in line))
    assert "does not say whether" in evaluate_bundle(asked(part, own)).note


def test_another_corpus_with_like_names_is_not_the_one_trained_on(corpus: list[CorpusTake]) -> None:
    manifest: Any = SimpleNamespace(tables={"training": {"training_speakers": ["s00", "zz"]}})
    assert fitted_speakers(manifest, corpus) == set()
    manifest = SimpleNamespace(tables={"training": {"calibration_speakers": ["s00", "s01"]}})
    assert fitted_speakers(manifest, corpus) == {"s00", "s01"}


def _part(small_corpus: Path, folder: Path, count: int) -> Path:
    """A corpus of the first takes."""
    folder.mkdir()
    (folder / "audio").symlink_to(small_corpus / "audio")
    lines = (small_corpus / "utterances.tsv").read_text("utf-8").splitlines()
    (folder / "utterances.tsv").write_text("\n".join(lines[: count + 1]) + "\n", "utf-8")
    return folder
