"""Left-out words: what is silenced, and what counts as felt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.training.evaluation.base import Request, Scored
from pronounce_kiosk.training.evaluation.figures import Table
from pronounce_kiosk.training.evaluation.perturbed import (
    is_felt,
    left_out_rows,
    left_out_table,
    units_of_words,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]


def test_units_are_grouped_by_the_words_they_begin_in() -> None:
    assert units_of_words("저는, 학교에 가요.") == [[0, 1], [2, 3, 4], [5, 6]]
    assert units_of_words("12명이 왔다") == [[0, 1, 2, 3], [4, 5]]
    assert units_of_words("") == []


def trial(
    place: str,
    total: float | None,
    said: tuple[bool, ...],
    phones: bool,
    how: str = "silenced",
) -> Scored:
    heard = (PhoneScore("ㅏ", 90.0),) if phones else ()
    units = tuple(UnitScore("가", 0, 1, 90.0, one, heard) for one in said)
    verdict = Verdict.DIFFERENT_SENTENCE if total is None else Verdict.SCORED
    plain = Score(Verdict.SCORED, 90.0, units=(UnitScore("가", 0, 1, 90.0),) * 2)
    score = Score(verdict, total, units=units)
    return Scored("a", score, f"{place} word {how}", (0,), plain)


@pytest.mark.parametrize(("total", "felt"), [(65.0, True), (66.0, False), (None, True)])
def test_a_word_costs_its_share_or_the_take_is_refused(total: float | None, felt: bool) -> None:
    assert is_felt(trial("first", total, (), False)) is felt


def test_left_out_words_are_counted_by_place(figures: Figures) -> None:
    trials = [
        trial("first", 60.0, (False, True), True),
        trial("middle", 80.0, (True, False), True),
        trial("last", None, (), False),
        trial("last", 95.0, (True, True), True, "cut out"),
    ]
    shown = figures(left_out_rows(trials))
    assert shown["any word silenced: costs its share, or refused"] == ("3", "66.7 %")
    assert shown["middle word silenced: costs its share, or refused"] == ("1", "0.0 %")
    assert shown["last word silenced: refused"] == ("1", "100.0 %")
    assert shown["any word silenced: mean total, where scored"] == ("2", "70.0")
    assert shown["last word cut out: costs its share, or refused"] == ("1", "0.0 %")
    assert shown["missing units found"] == ("3", "33.3 %")
    assert shown["other units called missing"] == ("3", "33.3 %")


def test_a_model_that_tells_no_phones_finds_no_missing_units(figures: Figures) -> None:
    shown = figures(left_out_rows([trial("first", 60.0, (True, True), False)]))
    assert shown["missing units found"] == ("0", "-")


def test_words_of_takes_are_silenced(natives: Path, bundle: Path, figures: Figures) -> None:
    # One of the three has only two words.
    shown = figures(left_out_table(Request(bundle, {"korean": natives}, jobs=1)))
    assert shown["any word silenced: refused"][0] == "6"
    assert shown["last word silenced: refused"][0] == "2"
