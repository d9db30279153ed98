"""The row of a lesson: one onset of a sentence exchanged, and what the take gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.figures import Rows, Table
from pronounce_kiosk.training.evaluation.namings import (
    add_lesson_rows,
    exchanges,
    lesson_table,
)
from pronounce_kiosk.training.evaluation.swaps import SwappedTake, Trial


def test_an_onset_is_exchanged_in_writing_and_in_sound() -> None:
    found = exchanges(Sentence("", "풀이", "ko"), np.random.default_rng(0))
    assert [(one.phone, one.spoken, one.unit) for one in found] == [(0, "ㅍ", 0)] * 2
    assert [one.sentence.text for one in found] == ["불이", "뿔이"]
    assert found[0].sentence.pronunciation == "부리"


def test_an_onset_that_is_said_otherwise_than_written_is_left_alone() -> None:
    found = exchanges(Sentence("", "악기", "ko"), np.random.default_rng(0))
    assert found == ()


def unit(text: str, phone: str, points: float, heard: str | None = None) -> UnitScore:
    return UnitScore(text, 0.0, 1.0, points, phones=(PhoneScore(phone, points, heard),))


def scored(*units: UnitScore) -> Score:
    return Score(Verdict.SCORED, 80.0, units=units)


def test_a_take_counts_its_exchanges_and_its_right_units() -> None:
    sentence = Sentence("", "불이", "ko", pronunciation="부리")
    swaps = exchanges(sentence, np.random.default_rng(0))
    right = scored(unit("불", "ㅂ", 90.0), unit("빈", "ㅂ", 30.0), unit("이", "ㅣ", 20.0))
    named = scored(unit("풀", "ㅍ", 30.0, "ㅂ"), unit("이", "ㅣ", 90.0))
    wrongly = scored(unit("풀", "ㅍ", 30.0, "ㅃ"), unit("이", "ㅣ", 90.0))
    refused = Score(Verdict.DIFFERENT_SENTENCE)
    trials = [Trial("a", swaps[0], right, one) for one in (named, wrongly, refused)]
    takes = [
        SwappedTake("a", sentence, right, tuple(trials)),
        SwappedTake("a", sentence, refused, ()),
    ]
    made = Rows()
    add_lesson_rows(made, "some", takes)
    rows = {row[0]: row[2] for row in made.cells}
    assert rows["some: red unit"] == "66.7 %"
    assert rows["some: red unit, named, no three stars"] == "33.3 %"
    assert rows["some: right units red"] == "50.0 %"


def test_takes_are_scored_in_the_lesson(
    natives: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(lesson_table(Request(bundle, {"korean": natives}, limit=2, jobs=1)))
    assert "natives, other speakers: right units red" in rows
