"""`KoreanScale`: from evidence to points, by the knots of a bundle's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.delivery import Delivery

WORST_SHARE = 0.25
"""Share of the units, one at least, that count as the worst: several small errors add up."""
WORST_WEIGHT = 0.5
"""What the worst units count for beside the mean of all: raising it makes one wrong sound felt more
in a long sentence."""
BEST_DELIVERY = 98.0
"""Fluency and prosody of a take without any fault of delivery."""


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
    def from_table(cls, table: Mapping[str, Any]) -> KoreanScale:
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
