"""One sentence of advice, as a message key and its fields; the interface puts it into words.

Never a bare number: what was left out or added comes first, then the worst unit when it stands out
or what was heard in it is known, then pauses, timing, the weakest aspect, and praise.
Feedback on one thing at a time is what a learner can act on. Numbers are compared by `core.grades`,
as marks and stars are.
"""

from collections.abc import Sequence

from pronounce_kiosk.core.grades import grade, stars
from pronounce_kiosk.core.score import RemarkKind, Score, UnitScore, Verdict
from pronounce_kiosk.language.units import Unit
from pronounce_kiosk.session.naming import (
    NAMING_KEYS,
    PLACE_KEYS,
    Advice,
    added,
    hesitated,
    left_out,
    naming,
    same_units,
)

SLOW_RATIO = 1.5
"""A take this much longer than the reference is slow; learners are a quarter slower as a rule."""
FAST_RATIO = 0.65
_STANDS_OUT = 5.0
"""A unit this far under the weakest aspect is the better advice."""

ADVICE_KEYS: tuple[str, ...] = (
    *(verdict.value for verdict in Verdict if verdict is not Verdict.SCORED),
    *(*PLACE_KEYS, *NAMING_KEYS, "unit", "unit_said", "unit_good", "slow", "fast"),
    *("accuracy", "fluency", "prosody", "practise", "good", "excellent"),
)
"""Every key `advise` can give; the interface has words for each."""


def advise(
    score: Score,
    tempo_ratio: float | None = None,
    units: Sequence[Unit] = (),
    strictness: str = "normal",
) -> Advice:
    """Choose what to tell the learner about a take.

    Args:
        tempo_ratio: The take's length over the reference's, both trimmed; None where not known.
        units: The sentence's, for how a unit is said; used where they match the score's.
        strictness: The setting by which stars are counted.
    """
    if score.verdict is not Verdict.SCORED:
        return Advice(score.verdict.value)
    elsewhere = left_out(score, units) or added(score, units)
    if elsewhere is not None:
        return elsewhere
    worst = _worst_unit(score.units)
    unit_grade = "none" if worst is None else grade(score.units[worst].score)
    every = {"accuracy": score.accuracy, "fluency": score.fluency, "prosody": score.prosody}
    aspects = {name: value for name, value in every.items() if value is not None}
    weakest = min(aspects, key=lambda name: aspects[name]) if aspects else None
    if worst is not None and unit_grade == "poor":
        floor = min(aspects.values()) if aspects else 100.0
        stands_out = (score.units[worst].score or 0.0) < floor - _STANDS_OUT
        told = _unit_advice(score, worst, units)
        if weakest in (None, "accuracy") or stands_out or told.key in NAMING_KEYS:
            return told
    pause = hesitated(score, units)
    if pause is not None:
        return pause
    timing = _timing(tempo_ratio, score)
    if timing is not None:
        return timing
    if weakest is not None and grade(aspects[weakest]) != "good":
        if weakest == "accuracy" and worst is not None and unit_grade != "good":
            return _unit_advice(score, worst, units)
        return Advice(weakest)
    has_all_stars = stars(score, strictness) == 3
    spelled = any(one.kind is RemarkKind.AS_SPELLED for one in score.remarks)
    # With every star earned, a unit below green is all that is left to work on.
    if worst is not None and (
        unit_grade == "poor" or (unit_grade == "fair" and (has_all_stars or spelled))
    ):
        return _unit_advice(score, worst, units)
    if has_all_stars:
        return Advice("excellent")
    return Advice("practise" if grade(score.score or 0.0) == "poor" else "good")


def advise_unit(score: Score, index: int, units: Sequence[Unit] = ()) -> Advice:
    """Choose what to tell about one unit of a scored take: what was heard, or that it was right."""
    unit = score.units[index]
    if not unit.said:
        return Advice("left_out", {"text": unit.text}, None, index)
    if grade(unit.score) in ("good", "none"):
        return Advice("unit_good", {"text": unit.text}, None, index)
    return _unit_advice(score, index, units)


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


def _unit_advice(score: Score, index: int, units: Sequence[Unit]) -> Advice:
    found = naming(score, index, units)
    if found is not None:
        return found
    unit = score.units[index]
    said = units[index].said.strip() if same_units(score.units, units) else ""
    if said and said != unit.text:
        return Advice("unit_said", {"text": unit.text, "said": said}, None, index)
    return Advice("unit", {"text": unit.text}, None, index)
