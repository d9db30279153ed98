"""Score: from what a network gives to a number from 0 to 100 that people can read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Calibration:
    """A monotone, piecewise linear map from a raw value to 0-100.

    raw: strictly increasing. points: never decreasing along raw, or never increasing. Outside the
    knots the end values hold. Raises ValueError where the knots are not so.
    """

    raw: tuple[float, ...]
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        raw, points = np.asarray(self.raw, float), np.asarray(self.points, float)
        if len(raw) != len(points) or len(raw) < 2:
            raise ValueError("a calibration needs two knots or more, as many raw as points")
        if not (np.isfinite(raw).all() and (np.diff(raw) > 0).all()):
            raise ValueError("a calibration's raw values must be finite and increase")
        # NaN compares as false.
        if not ((points >= 0).all() and (points <= 100).all()):
            raise ValueError("a calibration's points must lie in 0-100")
        steps = np.diff(points)
        if not ((steps >= 0).all() or (steps <= 0).all()):
            raise ValueError("a calibration must be monotone")

    def __call__(self, raw: float) -> float:
        """The score of one raw value; NaN gives the lowest score, never a good one."""
        return float(self.many(np.array(raw)))

    def many(self, raw: NDArray[np.floating]) -> NDArray[np.float64]:
        """The scores of many raw values."""
        points: NDArray[np.float64] = np.interp(raw, self.raw, self.points)
        return np.where(np.isnan(raw), min(self.points), points)

    @classmethod
    def from_pairs(cls, knots: Sequence[Sequence[float]]) -> "Calibration":
        """From [[raw, points], ...] as a manifest holds it."""
        return cls(tuple(float(k[0]) for k in knots), tuple(float(k[1]) for k in knots))


def similarity(distance: float, margin: float) -> float:
    """1 for no distance, 0 at the margin the network was trained to keep and beyond."""
    return max(0.0, 1.0 - distance / margin)
