"""Find a sentence that was broken off: its beginning was said, the rest was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.phones import KoreanPhone
from pronounce_kiosk.scoring.korean.units import LEFT_OUT_NEPERS

LEAST_SHARE = 0.3
"""Share of a sentence's phones that have to be said. Less is too little to tell which sentence it
was."""
LEAST_PHONES = 8
SURE_ACCEPTANCE = 2.2
"""Log-odds of acceptance that a beginning needs. Of 100 wrong sentences none reaches more than 1.6,
of natives' halves none less than 2.6."""

BROKEN_OFF_POINTS = 20.0
"""Most points of a sentence that was broken off: it is told, and not worth the whole one's mark."""


def phones_begun(alignment: Alignment, phones: Sequence[KoreanPhone]) -> int | None:
    """Count the phones up to the word after which a sentence was broken off.

    Returns:
        The count, or None where no path that ends after a word fits much better.
    """
    count = len(phones)
    ends = [
        place
        for place in range(max(LEAST_PHONES, round(LEAST_SHARE * count)), count)
        if phones[place - 1].word != phones[place].word
    ]
    gains = {place: alignment.without(place, count) - alignment.log_likelihood for place in ends}
    best = max(gains, key=lambda place: gains[place], default=None)
    if best is None or gains[best] <= LEFT_OUT_NEPERS * (count - best):
        return None
    return best


def without_rest(begun: Assessment, rest: Sequence[KoreanPhone]) -> Assessment:
    """Add the units that were not said to the assessment of a sentence's beginning."""
    last = begun.units[-1]
    missing = tuple(
        UnitAssessment(unit, last.end_s, last.end_s, 0.0, said=False)
        for unit in sorted({phone.unit for phone in rest})
    )
    share = len(begun.units) / (len(begun.units) + len(missing))
    accuracy = None if begun.accuracy is None else begun.accuracy * share
    return replace(
        begun,
        accuracy=accuracy,
        total=BROKEN_OFF_POINTS * share,
        units=(*begun.units, *missing),
    )
