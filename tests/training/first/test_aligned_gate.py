"""The gates' hard examples: people who say something else, and rooms that blur a take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.scoring.first.aligned import AlignedScorer
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES
from pronounce_kiosk.training.data.corpus import read_corpus
from pronounce_kiosk.training.data.rooms import overlapping
from pronounce_kiosk.training.first.aligned_gate import (
    BARE_SHARE,
    COMPANY,
    OTHERS_SHARE,
    ROUNDS,
    TEXTS,
    GateRows,
    gate_rows,
)

WORDS = [
    "오늘은 좋아요",
    "국물",
    "삼겹살을 먹었어요",
    "네",
    "우리 집은 여기",
    "나무",
    "바나나를",
    "물",
]


@pytest.fixture(scope="module")
def scorer() -> AlignedScorer:
    found = load_bundle(Paths.default().models_dir / "aligned-1").scorer
    assert isinstance(found, AlignedScorer)
    return found


def rows_of(scorer: AlignedScorer, corpus: Path, words: list[str]) -> GateRows:
    takes = read_corpus(corpus).takes[:6]
    ears = list(scorer._model.ears)
    return gate_rows(takes, [0, 1] * 3, words, ears, scorer.mel, processes=1)


@pytest.fixture(scope="module")
def rows(scorer: AlignedScorer, small_corpus: Path) -> GateRows:
    return rows_of(scorer, small_corpus, WORDS)


def test_every_row_is_a_take_s_evidence(rows: GateRows) -> None:
    for each in (rows.right, rows.people, rows.others, rows.english):
        assert each.shape[1] == len(TAKE_FEATURES)
        assert np.isfinite(each).all()
    assert len(rows.right) == BARE_SHARE * len(WORDS)
    assert TEXTS <= len(rows.others) <= OTHERS_SHARE * len(WORDS) * TEXTS
    assert ROUNDS * 6 * TEXTS * 0.7 <= len(rows.people) <= ROUNDS * 6 * TEXTS
    assert rows.english_of.shape == (len(rows.english), COMPANY)


def test_whose_takes_an_english_crowd_holds(rows: GateRows) -> None:
    """Who speaks is known, so that a gate can be tried on people it never learned from."""
    several = (rows.english_of >= 0).sum(axis=1)
    assert set(several) == {1, 2, 3}
    assert rows.english_of.max() < 6
    for of, count in zip(rows.english_of, several, strict=True):
        assert (of[:count] >= 0).all()
        assert (of[count:] == -1).all()
        # One ear listens, which has heard none of them.
        assert len(set(of[:count] % 2)) == 1


def test_the_same_rows_twice(scorer: AlignedScorer, small_corpus: Path, rows: GateRows) -> None:
    again = rows_of(scorer, small_corpus, WORDS)
    for name in ("right", "people", "others", "english", "english_of"):
        np.testing.assert_array_equal(getattr(rows, name), getattr(again, name))


def test_the_bundle_s_gate_tells_them_apart(scorer: AlignedScorer, rows: GateRows) -> None:
    judge = scorer._model.judge
    said = judge.standardised(rows.right)
    unsaid = judge.standardised(np.concatenate([rows.people, rows.others]))
    assert min(judge.gate(one, "ko") for one in said) > 0.0
    assert np.mean([judge.gate(one, "ko") > 0.0 for one in unsaid]) < 0.1


def test_one_text_alone_has_no_other(scorer: AlignedScorer, small_corpus: Path) -> None:
    rows = rows_of(scorer, small_corpus, ["국물"])
    assert len(rows.people) == ROUNDS * 6
    assert rows.others.shape == (0, len(TAKE_FEATURES))


@pytest.mark.parametrize("lengths", [(), (0,), (50, 3), (100, 0, 400), (1000, 1000, 1000)])
def test_people_over_one_another_last_as_long_as_asked(lengths: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    voices = [rng.standard_normal(length) for length in lengths]
    found = overlapping(voices, 200, rng)
    assert found.shape == (200,)
    assert np.isfinite(found).all()
    assert found.any() == any(lengths)


def test_the_piece_of_a_voice_is_where_it_speaks() -> None:
    rng = np.random.default_rng(2)
    voice = np.zeros(3000)
    voice[1500:] = rng.standard_normal(1500)
    heard = [overlapping([voice], 300, rng).any() for _ in range(200)]
    assert np.mean(heard) > 0.8
