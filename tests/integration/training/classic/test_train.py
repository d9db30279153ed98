"""The classic recipe, from a corpus to a bundle that scores, and its report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.training.classic.bundle import make_classic_bundle
from pronounce_kiosk.training.classic.train import (
    ClassicData,
    ClassicRecipe,
    compute_data,
    draw_pairs,
    other_sentences,
    train_classic,
)
from pronounce_kiosk.training.data.corpus import read_corpus
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.people import evaluate_bundle, fitted_speakers

RECIPE = ClassicRecipe(epochs=3, batch=16)


@pytest.fixture(scope="module")
def data(small_corpus: Path) -> ClassicData:
    return compute_data(read_corpus(small_corpus), RECIPE, jobs=1)


def test_features_are_one_row_a_take(data: ClassicData) -> None:
    assert len(data.takes) == 60
    assert data.references.shape == (60, 64, 128)
    assert data.images.shape == (120 + len(data.nonspeech), 64, 128)
    rows = np.arange(60)
    assert (data.images[data.backwards(rows)] == data.images[rows][:, :, ::-1]).all()
    assert len(set(data.sentence.tolist())) == 4
    for index in range(4):
        images = data.references[data.sentence == index]
        assert (images == images[0]).all()


def test_pairs_are_what_the_recipe_says(data: ClassicData) -> None:
    rows = np.arange(len(data.takes))
    pairs = draw_pairs(data, rows, RECIPE, np.random.default_rng(0))
    totals = data.totals()
    own = data.sentence[pairs["reference"]] == data.sentence[pairs["image"] % len(data.takes)]
    takes = pairs["image"] < len(data.takes)
    assert (totals[pairs["image"][pairs["same"]]] >= RECIPE.good_total).all()
    assert (takes & own)[pairs["same"]].all()
    wrong = takes & ~pairs["same"]
    assert (totals[pairs["image"][wrong & own]] <= RECIPE.bad_total).all()
    assert (wrong & ~own).any()
    assert not pairs["same"][~takes].any()
    assert np.isin(data.nonspeech, pairs["image"]).any()
    assert 0.35 < pairs["same"].mean() < 0.6


def test_another_sentence_is_another(data: ClassicData) -> None:
    rows = np.arange(len(data.takes))
    for seed in range(20):
        chosen = other_sentences(data, rows, rows, np.random.default_rng(seed))
        assert (data.sentence[chosen] != data.sentence[rows]).all()


def test_training_twice_gives_the_same_bits_and_keeps_speakers_apart(data: ClassicData) -> None:
    losses: list[float] = []
    first, second = (train_classic(data, RECIPE, losses.append) for _ in range(2))
    for name, value in first.state.items():
        assert value.equal(second.state[name]), name
    assert first.calibration == second.calibration
    assert losses[RECIPE.epochs - 1] < losses[0]
    assert losses[RECIPE.epochs :] == losses[: RECIPE.epochs]
    groups = first.speakers.values()
    everyone = [name for group in groups for name in group]
    assert len(everyone) == len(set(everyone)) == 15
    assert all(groups)


@pytest.mark.usefixtures("few_rounds")
def test_from_a_corpus_to_a_bundle_with_a_report(small_corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "classic-9"
    said = make_classic_bundle(small_corpus, out, RECIPE, jobs=1)
    assert str(out) in said
    bundle = load_bundle(out)
    assert bundle.manifest.name == "classic-9"
    verdicts = [golden.verdict.value for golden in bundle.manifest.golden]
    assert verdicts == ["scored", "scored", "silence"]
    assert all((out / golden.audio).is_file() for golden in bundle.manifest.golden)
    card = (out / "CARD.md").read_text()
    for words in ("speechocean762", "CC BY 4.0", "one rater", "AUC"):
        assert words in card

    manifest = read_manifest(out)
    corpus = read_corpus(small_corpus)
    heard = fitted_speakers(manifest, corpus)
    assert len(heard) == 12
    report = evaluate_bundle(Request(out, {"corpus": small_corpus}, jobs=1))
    assert "12 takes of 3 speakers" in report.note
    assert report.figures == manifest.tables["figures"]
    assert report.markdown().count("one rater") == 4
    assert report.markdown() in card
