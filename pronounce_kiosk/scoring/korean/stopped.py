"""Find a sentence that was broken off: its beginning was said, the rest was not."""

from __future__ import annotations

from collections.abc import Sequence

from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.phones import KoreanPhone
from pronounce_kiosk.scoring.korean.units import LEFT_OUT_NEPERS
from pronounce_kiosk.scoring.stopped import word_ends

SURE_ACCEPTANCE = 2.2
"""Log-odds of acceptance that a beginning needs. Of 100 wrong sentences none reaches more than 1.6,
of natives' halves none less than 2.6."""


def phones_begun(alignment: Alignment, phones: Sequence[KoreanPhone]) -> int | None:
    """Count the phones up to the word after which a sentence was broken off.

    Returns:
        The count, or None where no path that ends after a word fits much better.
    """
    count = len(phones)
    ends = word_ends([phone.word for phone in phones])
    gains = {place: alignment.without(place, count) - alignment.log_likelihood for place in ends}
    best = max(gains, key=lambda place: gains[place], default=None)
    if best is None or gains[best] <= LEFT_OUT_NEPERS * (count - best):
        return None
    return best
