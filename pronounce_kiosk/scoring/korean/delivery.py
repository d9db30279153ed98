"""Fluency and prosody of a Korean take: tempo, pauses, rhythm and melody.

Nobody has rated Korean takes for them. Each fault costs points by a knot table of the bundle, whose
zero is where natives lie who read, act and speak on a stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.phones import KoreanPhone

PAUSE_S = 0.15
"""A silence from here on is a pause; a stop's closure is shorter."""


@dataclass(frozen=True)
class Delivery:
    """How a take is delivered.

    Attributes:
        phone_s: speaking time a phone, pauses left out.
        pause_share: share of the time from the first phone to the last that is pauses.
        hesitations: pauses inside words.
        unevenness: standard deviation of the logarithm of the units' lengths.
    """

    phone_s: float
    pause_share: float
    hesitations: int
    unevenness: float


def measure(alignment: Alignment, phones: Sequence[KoreanPhone]) -> Delivery:
    """Measure tempo, pauses and rhythm from where the phones lie."""
    words = np.array([phone.word for phone in phones])
    units = np.array([phone.unit for phone in phones])
    gaps_s = (alignment.starts[1:] - alignment.ends[:-1]) * FRAME_S
    pauses = gaps_s >= PAUSE_S
    span_s = float(alignment.ends[-1] - alignment.starts[0]) * FRAME_S
    paused_s = float(gaps_s[pauses].sum())
    inside = words[1:] == words[:-1]
    lengths = [
        FRAME_S * (alignment.ends[units == unit].max() - alignment.starts[units == unit].min())
        for unit in np.unique(units)
    ]
    # The last unit before a pause is longer in everybody's speech.
    spread = float(np.std(np.log(np.maximum(lengths, FRAME_S)))) if len(lengths) > 2 else 0.0
    return Delivery(
        phone_s=(span_s - paused_s) / len(phones),
        pause_share=paused_s / max(span_s, FRAME_S),
        hesitations=int((pauses & inside).sum()),
        unevenness=spread,
    )
