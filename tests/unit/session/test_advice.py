"""One sentence of advice for any score."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.grades import STAR_BOUNDS, grade, stars
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.session.advice import ADVICE_KEYS, advise
from pronounce_kiosk.session.naming import Advice


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


def left_out(score: Score, *indices: int) -> Score:
    units = (replace(u, said=i not in indices) for i, u in enumerate(score.units))
    return replace(score, units=tuple(units))


GREEN = units(("먹", 95), ("었", 95), ("어", 95), ("요", 95))
SAID = tuple(Said(u.text, u.text, 3 + i + (i > 1), 4 + i + (i > 1)) for i, u in enumerate(GREEN))
"""먹었 어요"""


@pytest.mark.parametrize(
    ("indices", "text"),
    [((3,), "요"), ((1, 2), "었 어"), ((0, 3), "먹, 요"), ((0, 1, 3), "먹었, 요")],
)
def test_what_was_left_out_comes_before_all_else(indices: tuple[int, ...], text: str) -> None:
    score = left_out(scored(97, accuracy=20, fluency=10, units=GREEN), *indices)
    assert advise(score, 3.0, SAID) == Advice("left_out", {"text": text})


def test_much_that_was_left_out_is_named_by_its_beginning() -> None:
    many = units(*((chr(0xAC00 + i), 90.0) for i in range(40)))
    text = advise(left_out(scored(50, units=many), *range(40))).fields["text"]
    assert len(text) == 24
    assert text.endswith("…")


def test_nobody_is_just_like_the_example_with_a_unit_below_green() -> None:
    aspects = {"accuracy": 95, "fluency": 95, "prosody": 95}
    assert advise(scored(97, units=GREEN, **aspects)).key == "excellent"
    amber = (*GREEN, UnitScore("물", 0.8, 1.0, 79.4))
    assert advise(scored(97, units=amber, **aspects)) == Advice("unit", {"text": "물"})
    assert advise(scored(85, units=amber, **aspects)).key == "good"


def test_excellent_is_what_has_every_star() -> None:
    assert advise(scored(89.5)).key == "excellent"
    assert advise(scored(86), strictness="gentle").key == "excellent"
    assert advise(scored(94), strictness="strict").key == "good"


def test_numbers_are_compared_as_they_are_shown() -> None:
    assert advise(scored(79.5, accuracy=79.5, fluency=95, prosody=95), 2.0).key == "good"


points = st.none() | st.floats(0, 100)


@given(
    verdict=st.sampled_from(Verdict),
    score=points,
    aspects=st.tuples(points, points, points),
    unit_scores=st.lists(points, max_size=5),
    ratio=st.none() | st.floats(0.01, 100),
    strictness=st.sampled_from(sorted(STAR_BOUNDS)),
)
def test_any_score_gets_a_known_sentence(
    verdict: Verdict,
    score: float | None,
    aspects: tuple[float | None, float | None, float | None],
    unit_scores: list[float | None],
    ratio: float | None,
    strictness: str,
) -> None:
    names = tuple((chr(97 + i), s) for i, s in enumerate(unit_scores))
    made = Score(verdict, score, *aspects, units=units(*names))
    advice = advise(made, ratio, strictness=strictness)
    assert advice.key in ADVICE_KEYS
    named = {"unit": {"text"}, "unit_said": {"text", "said"}, "hesitated": {"text"}}
    assert set(advice.fields) == named.get(advice.key, set())
    if advice.key == "excellent":
        assert stars(made, strictness) == 3
        assert all(grade(one.score) in ("good", "none") for one in made.units)
