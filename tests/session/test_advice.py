"""One sentence of advice for any score."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.session.advice import ADVICE_KEYS, Advice, advise, grade, stars


@dataclass(frozen=True)
class Said:
    text: str
    said: str
    start: int = 0
    end: int = 0


def scored(score: float, **fields: object) -> Score:
    return Score(Verdict.SCORED, score, **fields)  # type: ignore[arg-type]


def units(*pairs: tuple[str, float | None]) -> tuple[UnitScore, ...]:
    return tuple(UnitScore(text, i * 0.2, i * 0.2 + 0.2, s) for i, (text, s) in enumerate(pairs))


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.SCORED])
def test_a_verdict_is_its_own_advice(verdict: Verdict) -> None:
    assert advise(Score(verdict)) == Advice(verdict.value)


def test_the_worst_unit_comes_first() -> None:
    score = scored(
        62, accuracy=55, fluency=80, prosody=78, units=units(("먹", 82), ("었", 31), ("어", 70))
    )
    assert advise(score) == Advice("unit", {"text": "었"})


def test_a_unit_said_otherwise_names_how() -> None:
    score = scored(62, accuracy=55, units=units(("국", 30), ("물", 90)))
    advice = advise(score, units=(Said("국", "궁"), Said("물", "물")))
    assert advice == Advice("unit_said", {"text": "국", "said": "궁"})


def test_units_that_do_not_match_the_score_are_not_trusted() -> None:
    score = scored(62, accuracy=55, units=units(("국", 30), ("물", 90)))
    assert advise(score, units=(Said("국", "궁"),)) == Advice("unit", {"text": "국"})
    swapped = (Said("물", "물"), Said("국", "궁"))
    assert advise(score, units=swapped) == Advice("unit", {"text": "국"})


@pytest.mark.parametrize(
    ("ratio", "key"), [(2.0, "slow"), (0.5, "fast"), (1.0, "fluency"), (None, "fluency")]
)
def test_timing_comes_before_the_weakest_aspect(ratio: float | None, key: str) -> None:
    assert advise(scored(65, accuracy=85, fluency=61, prosody=70), ratio).key == key


def test_who_does_well_may_be_slow() -> None:
    assert advise(scored(92, accuracy=92, fluency=90, prosody=91), 2.0).key == "excellent"


@pytest.mark.parametrize(("score", "key"), [(95, "excellent"), (75, "good"), (20, "practise")])
def test_without_aspects_and_units_the_score_speaks(score: float, key: str) -> None:
    assert advise(scored(score)).key == key


def test_a_weak_unit_does_not_hide_a_weaker_aspect() -> None:
    score = scored(60, accuracy=75, fluency=30, prosody=70, units=units(("a", 55), ("b", 80)))
    assert advise(score).key == "fluency"


@pytest.mark.parametrize(
    ("score", "expected"),
    [(None, "none"), (0, "poor"), (59.9, "poor"), (60, "fair"), (80, "good"), (100, "good")],
)
def test_grades(score: float | None, expected: str) -> None:
    assert grade(score) == expected


@pytest.mark.parametrize(("score", "expected"), [(0, 0), (60, 1), (80, 2), (90, 3), (100, 3)])
def test_stars(score: float, expected: int) -> None:
    assert stars(score) == expected


points = st.none() | st.floats(0, 100)


@given(
    verdict=st.sampled_from(Verdict),
    score=points,
    aspects=st.tuples(points, points, points),
    unit_scores=st.lists(points, max_size=5),
    ratio=st.none() | st.floats(0.01, 100),
)
def test_any_score_gets_a_known_sentence(
    verdict: Verdict,
    score: float | None,
    aspects: tuple[float | None, float | None, float | None],
    unit_scores: list[float | None],
    ratio: float | None,
) -> None:
    names = tuple((chr(97 + i), s) for i, s in enumerate(unit_scores))
    advice = advise(Score(verdict, score, *aspects, units=units(*names)), ratio)
    assert advice.key in ADVICE_KEYS
    assert set(advice.fields) == {"unit": {"text"}, "unit_said": {"text", "said"}}.get(
        advice.key, set()
    )
