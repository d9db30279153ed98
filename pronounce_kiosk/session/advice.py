"""One sentence of advice, as a message key and its fields; the interface puts it into words.

Never a bare number: the worst unit comes first when it stands out, then timing, then the weakest
aspect, then praise. Feedback on one thing at a time is what a learner can act on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pronounce_kiosk.core.score import Score, UnitScore, Verdict

GOOD_SCORE = 80.0
"""At or above: done well. The same bounds colour the units."""
FAIR_SCORE = 60.0
STAR_BOUNDS: dict[str, tuple[float, float, float]] = {
    "gentle": (50.0, 70.0, 85.0),
    "normal": (60.0, 80.0, 90.0),
    "strict": (70.0, 85.0, 95.0),
}
"""Points for one, two and three stars, by the setting `strictness`."""
SLOW_RATIO = 1.5
"""A take this much longer than the reference is slow; learners are a quarter slower as a rule."""
FAST_RATIO = 0.65
_STANDS_OUT = 5.0
"""A unit this far under the weakest aspect is the better advice."""

ADVICE_KEYS: tuple[str, ...] = (
    *(verdict.value for verdict in Verdict if verdict is not Verdict.SCORED),
    "unit",
    "unit_said",
    "slow",
    "fast",
    "accuracy",
    "fluency",
    "prosody",
    "practise",
    "good",
    "excellent",
)
"""Every key `advise` can give; the interface has words for each."""


class SaidUnit(Protocol):
    """A unit of the sentence: as written, as said, and which characters of the text it is."""

    @property
    def text(self) -> str: ...

    @property
    def said(self) -> str: ...

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Advice:
    """key: one of `ADVICE_KEYS`. fields: what the message names (`text`, `said`)."""

    key: str
    fields: dict[str, str] = field(default_factory=dict)


def grade(score: float | None) -> str:
    """``good``, ``fair``, ``poor``, or ``none`` where there is no number."""
    if score is None:
        return "none"
    if score >= GOOD_SCORE:
        return "good"
    return "fair" if score >= FAIR_SCORE else "poor"


def stars(score: float, strictness: str = "normal") -> int:
    """0 to 3 stars, by the points that `STAR_BOUNDS` asks."""
    return sum(score >= bound for bound in STAR_BOUNDS[strictness])


def advise(
    score: Score, tempo_ratio: float | None = None, units: Sequence[SaidUnit] = ()
) -> Advice:
    """What to tell the learner about a take.

    tempo_ratio: the take's length over the reference's, both trimmed; None where not known.
    units: the sentence's units in order, for how a unit is said; used where they match the score's.
    """
    if score.verdict is not Verdict.SCORED:
        return Advice(score.verdict.value)
    worst = _worst_unit(score.units)
    aspects = {
        name: value
        for name in ("accuracy", "fluency", "prosody")
        if (value := getattr(score, name)) is not None
    }
    weakest = min(aspects, key=lambda name: aspects[name]) if aspects else None
    if worst is not None and _is_below(worst[1], FAIR_SCORE):
        floor = min(aspects.values()) if aspects else 100.0
        if weakest in (None, "accuracy") or (worst[1].score or 0.0) < floor - _STANDS_OUT:
            return _unit_advice(worst, score.units, units)
    timing = _timing(tempo_ratio, score)
    if timing is not None:
        return timing
    if weakest is not None and aspects[weakest] < GOOD_SCORE:
        if weakest == "accuracy" and worst is not None and _is_below(worst[1], GOOD_SCORE):
            return _unit_advice(worst, score.units, units)
        return Advice(weakest)
    if worst is not None and _is_below(worst[1], FAIR_SCORE):
        return _unit_advice(worst, score.units, units)
    points = score.score or 0.0
    if points >= 90.0:
        return Advice("excellent")
    return Advice("good" if points >= FAIR_SCORE else "practise")


def same_units(scored: Sequence[UnitScore], units: Sequence[SaidUnit]) -> bool:
    """Whether a score's units are the sentence's, one for one."""
    return len(units) == len(scored) and all(
        a.text == b.text for a, b in zip(units, scored, strict=True)
    )


def _timing(tempo_ratio: float | None, score: Score) -> Advice | None:
    # Someone who did well may speak at their own pace.
    if tempo_ratio is None or (score.score or 0.0) >= GOOD_SCORE:
        return None
    if tempo_ratio >= SLOW_RATIO:
        return Advice("slow")
    return Advice("fast") if tempo_ratio <= FAST_RATIO else None


def _worst_unit(units: Sequence[UnitScore]) -> tuple[int, UnitScore] | None:
    scored = [(i, unit) for i, unit in enumerate(units) if unit.score is not None]
    return min(scored, key=lambda item: item[1].score or 0.0) if scored else None


def _is_below(unit: UnitScore, bound: float) -> bool:
    return unit.score is not None and unit.score < bound


def _unit_advice(
    worst: tuple[int, UnitScore], scored: Sequence[UnitScore], units: Sequence[SaidUnit]
) -> Advice:
    index, unit = worst
    said = units[index].said.strip() if same_units(scored, units) else ""
    if said and said != unit.text:
        return Advice("unit_said", {"text": unit.text, "said": said})
    return Advice("unit", {"text": unit.text})
