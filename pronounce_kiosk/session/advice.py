"""One sentence of advice, as a message key and its fields; the interface puts it into words.

Never a bare number: what was left out comes first, then the worst unit when it stands out, then
timing, then the weakest aspect, then praise. Feedback on one thing at a time is what a learner can
act on. Numbers are compared by `core.grades`, as marks and stars are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pronounce_kiosk.core.grades import grade, stars
from pronounce_kiosk.core.score import Score, UnitScore, Verdict

SLOW_RATIO = 1.5
"""A take this much longer than the reference is slow; learners are a quarter slower as a rule."""
FAST_RATIO = 0.65
_STANDS_OUT = 5.0
"""A unit this far under the weakest aspect is the better advice."""
_LEFT_OUT_LETTERS = 24
"""Letters of what was left out that advice names at most; more would not fit in its box."""

ADVICE_KEYS: tuple[str, ...] = (
    *(verdict.value for verdict in Verdict if verdict is not Verdict.SCORED),
    "left_out",
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
    def text(self) -> str:
        """As written."""

    @property
    def said(self) -> str:
        """As it is said."""

    @property
    def start(self) -> int:
        """Its first character in the text."""

    @property
    def end(self) -> int:
        """The character after its last."""


@dataclass(frozen=True)
class Advice:
    """key: one of `ADVICE_KEYS`. fields: what the message names (`text`, `said`)."""

    key: str
    fields: dict[str, str] = field(default_factory=dict)


def advise(
    score: Score,
    tempo_ratio: float | None = None,
    units: Sequence[SaidUnit] = (),
    strictness: str = "normal",
) -> Advice:
    """Choose what to tell the learner about a take.

    Args:
        score: The take's.
        tempo_ratio: The take's length over the reference's, both trimmed; None where not known.
        units: The sentence's units in order, for how a unit is said; used where they match the
            score's.
        strictness: The setting by which stars are counted.
    """
    if score.verdict is not Verdict.SCORED:
        return Advice(score.verdict.value)
    left_out = _left_out(score.units, units)
    if left_out:
        return Advice("left_out", {"text": left_out})
    worst = _worst_unit(score.units)
    unit_grade = "none" if worst is None else grade(score.units[worst].score)
    aspects = {
        name: value
        for name in ("accuracy", "fluency", "prosody")
        if (value := getattr(score, name)) is not None
    }
    weakest = min(aspects, key=lambda name: aspects[name]) if aspects else None
    if worst is not None and unit_grade == "poor":
        floor = min(aspects.values()) if aspects else 100.0
        stands_out = (score.units[worst].score or 0.0) < floor - _STANDS_OUT
        if weakest in (None, "accuracy") or stands_out:
            return _unit_advice(worst, score.units, units)
    timing = _timing(tempo_ratio, score)
    if timing is not None:
        return timing
    if weakest is not None and grade(aspects[weakest]) != "good":
        if weakest == "accuracy" and worst is not None and unit_grade != "good":
            return _unit_advice(worst, score.units, units)
        return Advice(weakest)
    has_all_stars = stars(score, strictness) == 3
    # With every star earned, a unit below green is all that is left to work on.
    if worst is not None and (unit_grade == "poor" or (has_all_stars and unit_grade == "fair")):
        return _unit_advice(worst, score.units, units)
    if has_all_stars:
        return Advice("excellent")
    return Advice("practise" if grade(score.score or 0.0) == "poor" else "good")


def same_units(scored: Sequence[UnitScore], units: Sequence[SaidUnit]) -> bool:
    """Whether a score's units are the sentence's, one for one."""
    return len(units) == len(scored) and all(
        a.text == b.text for a, b in zip(units, scored, strict=True)
    )


def _left_out(scored: Sequence[UnitScore], units: Sequence[SaidUnit]) -> str:
    """Name the units that were not said, as the sentence writes them; "" where all were."""
    gone = [index for index, unit in enumerate(scored) if not unit.said]
    if not same_units(scored, units):
        return _shortened(" ".join(scored[index].text for index in gone))
    text = ""
    for place, index in enumerate(gone):
        before, unit = gone[place - 1] if place else None, units[index]
        if before is None:
            text = unit.text
        elif index > before + 1:
            text += f", {unit.text}"
        else:
            text += unit.text if unit.start <= units[before].end else f" {unit.text}"
    return _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LEFT_OUT_LETTERS else f"{text[: _LEFT_OUT_LETTERS - 1]}…"


def _timing(tempo_ratio: float | None, score: Score) -> Advice | None:
    # Someone who did well may speak at their own pace.
    if tempo_ratio is None or grade(score.score) == "good":
        return None
    if tempo_ratio >= SLOW_RATIO:
        return Advice("slow")
    return Advice("fast") if tempo_ratio <= FAST_RATIO else None


def _worst_unit(units: Sequence[UnitScore]) -> int | None:
    scored = [(unit.score, index) for index, unit in enumerate(units) if unit.score is not None]
    return min(scored)[1] if scored else None


def _unit_advice(worst: int, scored: Sequence[UnitScore], units: Sequence[SaidUnit]) -> Advice:
    unit = scored[worst]
    said = units[worst].said.strip() if same_units(scored, units) else ""
    if said and said != unit.text:
        return Advice("unit_said", {"text": unit.text, "said": said})
    return Advice("unit", {"text": unit.text})
