"""The gate's hidden units: what they learn, and that nothing but the rows decides it."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.training.first.aligned_gate_hidden import (
    HIDDEN,
    NETWORKS,
    HiddenLayer,
    train_hidden,
)


def rows_in_a_ring(count: int) -> tuple[np.ndarray, np.ndarray]:
    """What lies around the middle and what lies outside: no straight line parts them."""
    rng = np.random.default_rng(3)
    labels = np.arange(count) % 4 == 0
    radius = np.where(labels, 0.5, 3.5)[:, None]
    rows = rng.standard_normal((count, 2))
    rows *= radius / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.hstack([rows, rng.standard_normal((count, 3))]), labels


@pytest.fixture(scope="module")
def units() -> HiddenLayer:
    return train_hidden(*rows_in_a_ring(1200))


def test_they_tell_apart_what_no_straight_line_does(units: HiddenLayer) -> None:
    rows, labels = rows_in_a_ring(1200)
    odds = units.odds(rows)
    assert units.into.shape == (NETWORKS * HIDDEN, 6)
    assert units.out.shape == (NETWORKS * HIDDEN,)
    # A quarter of the rows are right ones, and count as much as the rest.
    assert np.mean(odds[labels] > 0.0) > 0.95
    assert np.mean(odds[~labels] < 0.0) > 0.95


def test_as_many_processes_as_there_are(units: HiddenLayer) -> None:
    again = train_hidden(*rows_in_a_ring(1200), processes=2)
    np.testing.assert_allclose(again.into, units.into, atol=1e-5)
    np.testing.assert_allclose(again.out, units.out, atol=1e-5)
    assert again.bias == pytest.approx(units.bias, abs=1e-5)


@pytest.mark.parametrize("labels", [[True], [False], [True, True], [False, False]])
def test_one_kind_alone_is_no_error(labels: list[bool]) -> None:
    rows = np.ones((len(labels), 3))
    assert np.isfinite(train_hidden(rows, np.array(labels)).odds(rows)).all()
