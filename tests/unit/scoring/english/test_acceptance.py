"""Acceptance of English takes: order costs only beyond what right takes reach."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.scoring.acoustic.conformer import BOTTLENECK, PHONES
from pronounce_kiosk.scoring.english.acceptance import ACCEPTED_FROM, acceptance
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import (
    ORDER_FEATURES,
    PHONE_FEATURES,
    TAKE_FEATURES,
    Features,
)

RIGHT = {"backwards": -4.7, "exchanged": -4.5, "cut": -0.9, "repeats": 0.13}
"""Medians of 2,500 right takes."""


def _features(**order: float) -> Features:
    values = {**RIGHT, **order}
    return Features(
        PhonePlaces(np.array([0]), np.array([0]), np.array([0, 1]), -1.0),
        *(np.zeros((1, size), np.float32) for size in (PHONES, BOTTLENECK, PHONES, BOTTLENECK)),
        phones=np.zeros((1, len(PHONE_FEATURES)), np.float32),
        take=np.zeros(len(TAKE_FEATURES), np.float32),
        order=np.array([values[name] for name in ORDER_FEATURES], np.float32),
    )


def test_a_right_take_keeps_the_networks_log_odds() -> None:
    assert acceptance(3.0, _features()) == pytest.approx(3.0 - ACCEPTED_FROM)


@pytest.mark.parametrize(
    ("name", "value"), [("backwards", 0.2), ("exchanged", 0.5), ("cut", 2.5), ("repeats", 0.9)]
)
def test_what_fits_another_order_or_repeats_is_refused(name: str, value: float) -> None:
    assert acceptance(-1.0, _features()) > 0.0
    assert acceptance(-1.0, _features(**{name: value})) < 0.0
