"""The calibration curve and the similarity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.scoring.calibration import Calibration, similarity

CURVE = Calibration((0.0, 0.4, 1.0), (0.0, 60.0, 100.0))


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_monotone_and_within_0_to_100(left: float, right: float) -> None:
    low, high = sorted((left, right))
    assert 0.0 <= CURVE(low) <= CURVE(high) <= 100.0


def test_knots_ends_and_nan() -> None:
    assert CURVE(0.4) == 60.0
    assert CURVE(0.7) == pytest.approx(80.0)
    assert (CURVE(-5.0), CURVE(5.0)) == (0.0, 100.0)
    assert CURVE(float("nan")) == 0.0
    assert Calibration((0.0, 1.0), (100.0, 10.0))(float("nan")) == 10.0


@pytest.mark.parametrize(
    "knots",
    [
        [],
        [[0.0, 1.0]],
        [[0.0, 1.0], [0.0, 2.0]],
        [[1.0, 1.0], [0.0, 2.0]],
        [[0.0, 0.0], [1.0, 50.0], [2.0, 40.0]],
        [[0.0, 0.0], [1.0, 101.0]],
        [[0.0, -1.0], [1.0, 100.0]],
        [[0.0, float("nan")], [1.0, 100.0]],
        [[float("-inf"), 0.0], [1.0, 100.0]],
    ],
)
def test_bad_knots_are_refused(knots: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration.from_pairs(knots)


def test_similarity() -> None:
    assert similarity(0.0, 2.0) == 1.0
    assert similarity(0.5, 2.0) == 0.75
    assert similarity(7.0, 2.0) == 0.0


def test_many_values_are_each_alone() -> None:
    calibration = Calibration((-1.0, 0.0, 2.0), (5.0, 50.0, 100.0))
    raw = np.array([-3.0, -0.5, 0.0, 1.0, np.inf, -np.inf, np.nan])
    assert calibration.many(raw).tolist() == [calibration(float(value)) for value in raw]
