"""A sentence that was broken off: points and units of its beginning and its rest."""

from collections.abc import Sequence
from dataclasses import replace

from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment

LEAST_SHARE = 0.3
"""Share of a sentence's phones that have to be said. Less is too little to tell which sentence it
was."""
LEAST_PHONES = 8
BROKEN_OFF_POINTS = 20.0
"""Most points of a sentence that was broken off: it is told, and not worth the whole one's mark."""


def word_ends(words: Sequence[int]) -> list[int]:
    """List after how many phones, each of a word, a sentence may be broken off: at a word's end."""
    count = len(words)
    first = max(LEAST_PHONES, round(LEAST_SHARE * count))
    return [place for place in range(first, count) if words[place - 1] != words[place]]


def without_rest(begun: Assessment, rest: Sequence[int]) -> Assessment:
    """Add the units that were not said, those of the rest's phones, to a beginning's assessment."""
    last = begun.units[-1]
    missing = tuple(
        UnitAssessment(unit, last.end_s, last.end_s, 0.0, said=False) for unit in sorted(set(rest))
    )
    share = len(begun.units) / (len(begun.units) + len(missing))
    accuracy = None if begun.accuracy is None else begun.accuracy * share
    return replace(
        begun, accuracy=accuracy, total=BROKEN_OFF_POINTS * share, units=(*begun.units, *missing)
    )


def cut_short(whole: Assessment, rest: Sequence[int]) -> Assessment:
    """Mark the units of the rest's phones as not said in an accepted assessment with a total."""
    missing = set(rest)
    units = tuple(
        replace(unit, score=0.0, said=False) if unit.index in missing else unit
        for unit in whole.units
    )
    most = 100.0 * sum(unit.said for unit in units) / len(units)
    assert whole.accuracy is not None
    assert whole.total is not None
    return replace(
        whole, accuracy=min(whole.accuracy, most), total=min(whole.total, most), units=units
    )
