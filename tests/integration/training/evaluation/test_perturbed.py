"""Perturbed syllables and left-out words: changes are what they say, and the tables count right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.training.evaluation.base import Request, Scored
from pronounce_kiosk.training.evaluation.figures import Table
from pronounce_kiosk.training.evaluation.perturbed import (
    is_felt,
    left_out_rows,
    left_out_table,
    perturb,
    perturbable,
    perturbed_rows,
    units_of_words,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]


def units_of_tones() -> tuple[AudioClip, list[UnitScore], list[str]]:
    """Ten units of 0.1 s, each a level of its own, so that a sample tells its unit."""
    samples = np.repeat(np.arange(1, 11) / 20, 1600)
    units = [UnitScore(str(row), row / 10, (row + 1) / 10, 50.0) for row in range(10)]
    return AudioClip.from_array(samples, 16_000), units, list("가나다라마바사아자차")


def heard(clip: AudioClip) -> list[int]:
    """Which units a perturbed clip holds, in order."""
    levels = np.round(clip.samples * 20, 3)
    plain = levels[np.isclose(levels, np.round(levels))].astype(int)
    runs = plain[np.concatenate([[True], np.diff(plain) != 0])]
    # A cross-fade passes a whole level for a sample now and then.
    return [int(level) - 1 for level in runs if (plain == level).sum() > 500]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_cut_unit_is_gone(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = perturb(clip, units, said, "cut", count, np.random.default_rng(count))
    assert len(rows) == count
    assert heard(edited) == [row for row in range(10) if row not in rows]
    assert edited.duration_s == pytest.approx(1.0 - 0.1 * count, abs=0.006 * count)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_replaced_unit_is_another_of_the_take(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = perturb(clip, units, said, "replaced", count, np.random.default_rng(count))
    middle = [row * 1600 + 800 for row in range(10)]
    # Each joint takes 80 samples off, so the middles move but stay inside their units.
    now = [
        round(float(edited.samples[min(at - 80, len(edited.samples) - 1)]) * 20) for at in middle
    ]
    assert {row for row in range(10) if now[row] != row + 1} == set(rows)
    assert len(rows) == count


@pytest.mark.parametrize("count", [2, 4])
def test_swapped_units_change_places(count: int) -> None:
    clip, units, said = units_of_tones()
    edited, rows = perturb(clip, units, said, "swapped", count, np.random.default_rng(count))
    order = heard(edited)
    assert sorted(set(order)) == list(range(10))
    assert len(rows) == count
    assert {row for row in range(10) if order[row] != row} == set(rows)


def test_only_a_syllable_that_can_be_heard_is_perturbed() -> None:
    units = [
        UnitScore("가", 0.0, 0.1, 50.0),
        UnitScore("나", 0.1, 0.12, 50.0),
        UnitScore("다", 0.2, 0.3, None),
    ]
    assert perturbable(units, ["가", "나", "다"]) == [0]
    assert perturbable((), ["가"]) == []


def trial(kind: str, perturbed: list[int], points: list[float | None]) -> Scored:
    units = tuple(UnitScore("가", 0, 1, one) for one in points)
    score = Score(Verdict.SCORED, 80.0, units=units) if points else Score(Verdict.NOISY)
    return Scored("a", score, kind, tuple(perturbed))


def test_perturbed_units_are_counted_against_the_untouched_ones(figures: Figures) -> None:
    trials = [
        trial("cut", [1], [80, 10, 85, 90, 90]),
        trial("cut", [1, 2], [90, 20, 95, 90, None]),
        trial("replaced", [3], []),
        trial("replaced", [3, 4], [90, 90, 90, 30, 30]),
    ]
    shown = figures(perturbed_rows(trials))
    # Perturbed 10, 20, 95, 30, 30; untouched 80, 85, 90, 90, 90, 90, 90, 90, 90: 36 of 45 pairs.
    assert shown["AUC of units, all"] == ("5", "0.800")
    assert shown["AUC of units, cut"] == ("3", "0.667")
    assert shown["perturbed take refused"] == ("4", "25.0 %")


def test_units_are_grouped_by_the_words_they_begin_in() -> None:
    assert units_of_words("저는, 학교에 가요.") == [[0, 1], [2, 3, 4], [5, 6]]
    assert units_of_words("12명이 왔다") == [[0, 1, 2, 3], [4, 5]]
    assert units_of_words("") == []


def left_out(
    place: str, total: float | None, said: tuple[bool, ...], phones: bool, how: str = "silenced"
) -> Scored:
    heard = (PhoneScore("ㅏ", 90.0),) if phones else ()
    units = tuple(UnitScore("가", 0, 1, 90.0, one, heard) for one in said)
    verdict = Verdict.DIFFERENT_SENTENCE if total is None else Verdict.SCORED
    plain = Score(Verdict.SCORED, 90.0, units=(UnitScore("가", 0, 1, 90.0),) * 2)
    score = Score(verdict, total, units=units)
    return Scored("a", score, f"{place} word {how}", (0,), plain)


@pytest.mark.parametrize(("total", "felt"), [(65.0, True), (66.0, False), (None, True)])
def test_a_word_costs_its_share_or_the_take_is_refused(total: float | None, felt: bool) -> None:
    assert is_felt(left_out("first", total, (), False)) is felt


def test_left_out_words_are_counted_by_place(figures: Figures) -> None:
    trials = [
        left_out("first", 60.0, (False, True), True),
        left_out("middle", 80.0, (True, False), True),
        left_out("last", None, (), False),
        left_out("last", 95.0, (True, True), True, "cut out"),
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
    shown = figures(left_out_rows([left_out("first", 60.0, (True, True), False)]))
    assert shown["missing units found"] == ("0", "-")


def test_words_of_takes_are_silenced(natives: Path, bundle: Path, figures: Figures) -> None:
    shown = figures(left_out_table(Request(bundle, {"korean": natives}, jobs=1)))
    assert shown["any word silenced: refused"][0] == "9"
    assert shown["last word silenced: refused"][0] == "3"
