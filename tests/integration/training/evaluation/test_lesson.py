"""The row of a lesson: one onset of a sentence exchanged, and what the take gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.evaluation.figures import Rows
from pronounce_kiosk.training.evaluation.lesson import (
    LessonTake,
    add_lesson_rows,
    exchanges,
    lesson_table,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import read_spoken


def test_an_onset_is_exchanged_in_writing_and_in_sound() -> None:
    found = exchanges(Sentence("", "풀이", "ko"), np.random.default_rng(0))
    assert [(one.wanted, one.spoken, one.unit) for one in found] == [
        ("ㅂ", "ㅍ", 0),
        ("ㅃ", "ㅍ", 0),
    ]
    assert [one.sentence.text for one in found] == ["불이", "뿔이"]
    assert found[0].sentence.pronunciation == "부리"


def test_an_onset_that_is_said_otherwise_than_written_is_left_alone() -> None:
    found = exchanges(Sentence("", "악기", "ko"), np.random.default_rng(0))
    assert found == ()


def test_a_take_counts_its_exchanges_and_its_right_units() -> None:
    takes = [LessonTake("a", (False, True), ((True, True), (True, False))), LessonTake("b", (), ())]
    made = Rows()
    add_lesson_rows(made, "some", takes)
    rows = {row[0]: row[2] for row in made.cells}
    assert rows["some: red unit"] == "100.0 %"
    assert rows["some: red unit, named, no three stars"] == "50.0 %"
    assert rows["some: right units red"] == "50.0 %"


def test_takes_are_scored_in_the_lesson(
    natives: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(lesson_table({"natives": read_spoken(natives, limit=2)}, bundle, 1))
    assert "natives, other speakers: right units red" in rows
