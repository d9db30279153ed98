"""`KoreanScale`: from evidence and delivery to points, by the knots of a bundle's manifest.

Nobody has rated Korean takes for fluency and prosody. Each fault costs points by a knot table,
whose zero is where natives lie who read, act and speak on a stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.phones import Phones

WORST_SHARE = 0.25
"""Share of the units, one at least, that count as the worst: several small errors add up."""
WORST_WEIGHT = 0.5
"""What the worst units count for beside the mean of all: raising it makes one wrong sound felt more
in a long sentence."""
BEST_DELIVERY = 98.0
"""Fluency and prosody of a take without any fault of delivery."""
PAUSE_S = 0.15
"""A silence from here on is a pause; a stop's closure is shorter."""


@dataclass(frozen=True)
class Delivery:
    """How a take is delivered.

    phone_s: speaking time a phone, pauses left out. pause_share: share of the time from the first
    phone to the last that is pauses. hesitations: pauses inside words. unevenness: standard
    deviation of the logarithm of the units' lengths.
    """

    phone_s: float
    pause_share: float
    hesitations: int
    unevenness: float


@dataclass(frozen=True)
class KoreanScale:
    """Monotone maps, all by knots.

    units: from a phone's support in nepers to points. accuracy: from the mean of all units and the
    worst to points. The others to the points that are lost: from the seconds a phone takes, the
    share of pauses, the number of pauses inside words, the spread of the units' lengths.
    """

    units: Calibration
    accuracy: Calibration
    tempo: Calibration
    pauses: Calibration
    hesitations: Calibration
    unevenness: Calibration

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Read the manifest's table. Raises KeyError, TypeError or ValueError where it is wrong."""
        return cls(**{name: Calibration.from_pairs(table[name]) for name in cls.__annotations__})

    def accuracy_of(self, points: NDArray[np.float64], said: NDArray[np.bool_]) -> float:
        """Give a take's accuracy: that of the units said, times their share; both (units,)."""
        if not said.any():
            return 0.0
        kept = np.sort(points[said])
        worst = kept[: max(1, round(WORST_SHARE * len(kept)))]
        blend = (1.0 - WORST_WEIGHT) * kept.mean() + WORST_WEIGHT * worst.mean()
        return self.accuracy(blend) * float(said.mean())

    def fluency_of(self, delivery: Delivery) -> float:
        """Give a take's fluency: tempo, pauses and hesitations."""
        lost = self.tempo(delivery.phone_s) + self.pauses(delivery.pause_share)
        return max(0.0, BEST_DELIVERY - lost - self.hesitations(float(delivery.hesitations)))

    def prosody_of(self, delivery: Delivery) -> float:
        """Give a take's prosody: rhythm, and pauses where none belong."""
        lost = self.unevenness(delivery.unevenness) + self.hesitations(float(delivery.hesitations))
        return max(0.0, BEST_DELIVERY - lost - 0.5 * self.pauses(delivery.pause_share))


def measure(alignment: Alignment, phones: Phones) -> Delivery:
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
