"""Posteriors of a clip in which it is known what is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.scoring.acoustic.korean import COLUMN, PHONES
from pronounce_kiosk.scoring.korean.evidence import merged_posteriors

Hear = Callable[..., NDArray[np.float64]]
FRAMES = 3
"""Frames a phone in `hear`."""


@pytest.fixture(scope="session")
def hear() -> Hear:
    """hear(names, certain, frames) -> merged posteriors; "" is silence, a frame at each end too."""

    def posteriors(
        names: Sequence[str], certain: float = 0.999, frames: int = FRAMES
    ) -> NDArray[np.float64]:
        symbols = [0, *[COLUMN[name] if name else 0 for name in names for _ in range(frames)], 0]
        found = np.full((len(symbols), 1 + len(PHONES)), (1.0 - certain) / len(PHONES), np.float32)
        found[np.arange(len(symbols)), symbols] = certain
        return merged_posteriors(found)

    return posteriors
