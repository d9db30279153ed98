"""Find speech between the words of a take that belongs to none of its sentence's sounds."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.evidence import FLOOR, SILENCE, Posteriors
from pronounce_kiosk.scoring.korean.phones import Phones

LEAST_S = 0.24
"""Speech shorter than this is no word."""
ANY_PHONE_NEPERS = 1.0
"""What a frame of any speech costs against the best phone's; at 0 it would take the sentence's own
frames."""
GAIN_NEPERS = 22.0
"""How much better a path with such speech in it has to be. Raising it finds fewer: 27 of 29
stretches of three syllables put into natives' takes are found, something in 1 of 30 takes
without."""


def added_before(posteriors: Posteriors, alignment: Alignment, phones: Phones) -> tuple[int, ...]:
    """Give the unit before which something was said that the sentence does not have; none or one.

    One past the last unit stands for the end. All of the sentence's own phones have to be heard
    beside it: a word said wrong, or another one in its place, is none.
    """
    speech = np.log(posteriors[:, SILENCE + 1 :].max(axis=1) + FLOOR) - ANY_PHONE_NEPERS
    edges = [
        place
        for place in range(len(phones) + 1)
        if place in (0, len(phones)) or phones[place - 1].word != phones[place].word
    ]
    gains = [_with_speech(alignment, speech, place, place) for place in edges]
    best = int(np.argmax(gains))
    if gains[best] - alignment.log_likelihood < GAIN_NEPERS:
        return ()
    place = edges[best]
    for first, last in pairwise(edges[max(0, best - 1) : best + 2]):
        if _with_speech(alignment, speech, first, last) > gains[best]:
            return ()
    return (phones[place].unit if place < len(phones) else phones[-1].unit + 1,)


def _with_speech(alignment: Alignment, speech: NDArray[np.float64], first: int, last: int) -> float:
    """Log-likelihood of the best path with any speech instead of the phones from first to last.

    `LEAST_S` of it at least; last exclusive, so that it comes beside all phones where they agree.
    """
    least = round(LEAST_S / FRAME_S)
    if len(speech) <= least:
        return -np.inf
    total = np.concatenate([[0.0], np.cumsum(speech)])
    begun = np.maximum.accumulate(alignment.before(first) - total)
    return float((begun[: len(total) - least] + (alignment.after(last) + total)[least:]).max())
