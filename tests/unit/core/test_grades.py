"""One rule for numbers, marks and stars."""

from __future__ import annotations

import math
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.grades import (
    AMBER_BELOW,
    FAIR_POINTS,
    RED_BELOW,
    STAR_BOUNDS,
    Best,
    grade,
    grade_unit,
    is_faultless,
    shown,
    stars,
)
from pronounce_kiosk.core.score import Score, UnitScore, Verdict

strictness_names = st.sampled_from(sorted(STAR_BOUNDS))


def unit(points: float | None, said: bool = True) -> UnitScore:
    return UnitScore("가", 0.0, 0.1, points, said)


def scored(points: float | None, *units: UnitScore) -> Score:
    return Score(Verdict.SCORED, points, units=units)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (None, "none"),
        (0, "poor"),
        (59.49, "poor"),
        (59.5, "fair"),
        (79.49, "fair"),
        (79.5, "good"),
        (100, "good"),
    ],
)
def test_grades(points: float | None, expected: str) -> None:
    assert grade(points) == expected


@pytest.mark.parametrize(
    ("points", "expected"), [(None, 0), (59.4, 0), (59.5, 1), (79.5, 2), (89.5, 3), (100, 3)]
)
def test_stars(points: float | None, expected: int) -> None:
    assert stars(scored(points)) == expected


def test_the_bounds_for_points_that_are_not_rounded_are_those_of_the_grades() -> None:
    assert [grade(RED_BELOW), grade(math.nextafter(RED_BELOW, 0))] == ["fair", "poor"]
    assert [grade(AMBER_BELOW), grade(math.nextafter(AMBER_BELOW, 0))] == ["good", "fair"]


@pytest.mark.parametrize(
    ("strictness", "bounds"),
    [("gentle", (50, 70, 85)), ("normal", (60, 80, 90)), ("strict", (70, 85, 95))],
)
def test_each_star_begins_at_its_bound_as_it_is_shown(
    strictness: str, bounds: tuple[int, int, int]
) -> None:
    for count, bound in enumerate(bounds):
        assert stars(scored(bound - 0.6), strictness) == count
        assert stars(scored(bound - 0.5), strictness) == count + 1


@pytest.mark.parametrize("flaw", [unit(59.4), unit(95, said=False), unit(None, said=False)])
def test_no_third_star_with_a_red_or_missing_unit(flaw: UnitScore) -> None:
    assert stars(scored(100, unit(100), flaw)) == 2
    assert stars(scored(100, unit(100), unit(59.5), unit(None))) == 3


def test_a_unit_that_was_left_out_has_a_grade_of_its_own() -> None:
    assert grade_unit(unit(95, said=False)) == "left_out"
    assert grade_unit(unit(None)) == "none"


def test_the_best_of_several_scores_is_their_most_stars() -> None:
    best = Best().after(scored(97, unit(20))).after(scored(91, unit(90))).after(scored(None))
    assert best == Best(97, 91)
    assert best.stars("normal") == 3
    assert best.stars("strict") == 2
    assert Best().stars() == 0
    assert Best().after(scored(0.4)) == Best(0.4, 0.4)
    assert Best().after(scored(0.4)).stars("gentle") == 0


def test_a_sentence_never_said_without_a_flaw_is_to_be_practised() -> None:
    flawed = Best().after(scored(97, unit(20)))
    assert flawed.to_practise
    assert flawed.stars() == 2
    assert not flawed.after(scored(70, unit(90))).to_practise
    assert not Best().to_practise


@given(st.floats(0, 100))
def test_the_history_s_sql_rounds_as_the_screens_do(points: float) -> None:
    (rounded,) = sqlite3.connect(":memory:").execute("SELECT round(?)", (points,)).fetchone()
    assert shown(points) == rounded


units = st.lists(st.builds(unit, st.none() | st.floats(0, 100), st.booleans()), max_size=4)


@given(st.none() | st.floats(0, 100), units, strictness_names)
def test_stars_agree_with_the_number_and_the_marks(
    points: float | None, units: list[UnitScore], strictness: str
) -> None:
    score = scored(points, *units)
    earned = stars(score, strictness)
    assert earned == stars(scored(None if points is None else shown(points), *units), strictness)
    assert earned < 3 or is_faultless(units)
    if is_faultless(units):
        assert all(unit.score is None or shown(unit.score) >= FAIR_POINTS for unit in units)
