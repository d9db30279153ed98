"""Find speech between the words of a take that belongs to none of its sentence's sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.evidence import FLOOR, SILENCE, Posteriors
from pronounce_kiosk.scoring.korean.phones import KoreanPhone

LEAST_S = 0.24
"""Speech shorter than this is no word."""
ANY_PHONE_NEPERS = 1.0
"""What a frame of any speech costs against the best phone's; at 0 it would take the sentence's own
frames."""
GAIN_NEPERS = 22.0
"""How much better a path with such speech in it has to be. Raising it finds fewer; 19 of 23 words put
into natives' takes are found, nothing in 24 takes without (18.5 at most)."""


def added_before(
    posteriors: Posteriors, alignment: Alignment, phones: Sequence[KoreanPhone]
) -> tuple[int, ...]:
    """Give the unit before which something was said that the sentence does not have; none or one.

    One past the last unit stands for the end. All of the sentence's own phones have to be heard
    beside it, so a word that was merely said wrong is none.

    Args:
        posteriors: (frames, 1 + phones).
        alignment: of the sentence's phones.
        phones: of the sentence.
    """
    speech = np.log(posteriors[:, SILENCE + 1 :].max(axis=1) + FLOOR) - ANY_PHONE_NEPERS
    edges = [
        place
        for place in range(len(phones) + 1)
        if place in (0, len(phones)) or phones[place - 1].word != phones[place].word
    ]
    gains = [_with_speech(alignment, speech, place) - alignment.log_likelihood for place in edges]
    best = int(np.argmax(gains))
    if gains[best] < GAIN_NEPERS:
        return ()
    place = edges[best]
    return (phones[place].unit if place < len(phones) else phones[-1].unit + 1,)


def _with_speech(alignment: Alignment, speech: NDArray[np.float64], place: int) -> float:
    """Log-likelihood of the best path with `LEAST_S` or more of any speech before a phone."""
    least = round(LEAST_S / FRAME_S)
    frames, states = alignment.forward.shape
    if frames <= least:
        return -np.inf
    total = np.concatenate([[0.0], np.cumsum(speech)])
    # Before frame t: nothing yet, or the phone or silence before the place.
    before = np.full(frames + 1, -np.inf)
    before[1:] = alignment.forward[:, max(0, 2 * place - 1) : 2 * place + 1].max(axis=1)
    after = np.full(frames + 1, -np.inf)
    after[:-1] = alignment.backward[:, 2 * place : 2 * place + 2].max(axis=1)
    if place == 0:
        before[0] = 0.0
    if 2 * place + 1 == states:
        after[-1] = 0.0
    begun = np.maximum.accumulate(before - total)
    return float((begun[: frames + 1 - least] + (after + total)[least:]).max())
