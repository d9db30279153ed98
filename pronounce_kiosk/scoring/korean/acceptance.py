"""The features that tell whether a Korean sentence was said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.evidence import (
    FLOOR,
    MISSED,
    SILENCE,
    PhoneEvidence,
    confidence,
)
from pronounce_kiosk.scoring.korean.phones import KoreanPhone

FEATURES = (
    "support",  # mean support of the phones, nepers
    "unsupported",  # share of the phones with hardly any
    "likelihood",  # of the sentence against any phones at all, nepers a frame of speech
    "unexplained",  # share of the speech that lies in none of the phones
    "confidence",  # mean posterior of the best phone in speech
    "speech",  # share of the clip that is speech
    "tempo",  # log seconds a phone
    "cut",  # of a path without the first or the last half against the whole one, nepers a phone
    "length",  # log number of phones
    "upper_quartile",  # of the support: even a wrong sentence has some phones in common
)
_UNSUPPORTED = -4.0
_MOST_SUPPORT = 2.0
_LEAST_CUT = -6.0


def acceptance_features(
    posteriors: NDArray[np.float64], evidence: PhoneEvidence, phones: Sequence[KoreanPhone]
) -> NDArray[np.float32]:
    """Measure how well a clip is the sentence, in the order of `FEATURES`.

    posteriors: (frames, 1 + phones).
    """
    support = np.clip(evidence.support.astype(np.float64), MISSED, _MOST_SUPPORT)
    alignment = evidence.alignment
    frames = np.arange(len(posteriors))[:, None]
    inside = ((frames >= alignment.starts) & (frames < alignment.ends)).any(axis=1)
    speech = posteriors[:, SILENCE] < 0.5
    spoken = max(1, int(speech.sum()))
    free = np.log(np.maximum(posteriors.max(axis=1), FLOOR)).sum()
    return np.array(
        [
            support.mean(),
            (support < _UNSUPPORTED).mean(),
            (alignment.log_likelihood - free) / spoken,
            (speech & ~inside).sum() / spoken,
            confidence(posteriors),
            speech.mean(),
            np.log(inside.sum() * FRAME_S / len(phones)),
            _cut(alignment, len(phones)),
            np.log(len(phones)),
            np.quantile(support, 0.75),
        ],
        np.float32,
    )


def _cut(alignment: Alignment, count: int) -> float:
    """Weigh that only half of the sentence was said: well above 0 where it was."""
    middle = count // 2
    if not middle:
        return _LEAST_CUT
    halves = ((0, middle, middle), (count - middle, count, middle))
    gains = [
        (alignment.without(first, last) - alignment.log_likelihood) / phones
        for first, last, phones in halves
    ]
    return float(np.clip(max(gains), _LEAST_CUT, -_LEAST_CUT))
