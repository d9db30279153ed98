"""The Korean scale: monotone, by a bundle's knots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pronounce_kiosk.scoring.korean.scale import BEST_DELIVERY, Delivery, KoreanScale
from pronounce_kiosk.training.aligned.bundle import KNOTS

GOOD = Delivery(phone_s=0.08, pause_share=0.1, hesitations=0, unevenness=0.4)


@pytest.fixture(scope="module")
def scale() -> KoreanScale:
    return KoreanScale.from_table(KNOTS)


def test_a_wrong_unit_is_felt_more_in_a_short_sentence(scale: KoreanScale) -> None:
    def accuracy(right: int, wrong: int) -> float:
        points = np.array([97.0] * right + [30.0] * wrong)
        return scale.accuracy_of(points, np.ones(len(points), np.bool_))

    assert accuracy(10, 0) > 95.0
    assert accuracy(20, 0) > accuracy(19, 1) > accuracy(9, 1) > accuracy(4, 1) > accuracy(1, 1)
    assert accuracy(0, 5) < 30.0
    assert accuracy(4, 1) < 80.0


def test_a_take_without_fault_gets_the_best(scale: KoreanScale) -> None:
    assert scale.fluency_of(GOOD) == BEST_DELIVERY
    assert scale.prosody_of(GOOD) == BEST_DELIVERY


@pytest.mark.parametrize(
    ("fault", "values", "aspects"),
    [
        ("phone_s", [0.08, 0.15, 0.25, 0.5], "fluency"),
        ("pause_share", [0.1, 0.4, 0.6, 0.9], "both"),
        ("hesitations", [0, 1, 3, 9], "both"),
        ("unevenness", [0.4, 0.9, 1.1, 2.0], "prosody"),
    ],
)
def test_every_fault_costs_more_the_worse_it_is(
    scale: KoreanScale, fault: str, values: list[float], aspects: str
) -> None:
    takes = [replace(GOOD, **{fault: value}) for value in values]
    for name, points in (
        ("fluency", [scale.fluency_of(take) for take in takes]),
        ("prosody", [scale.prosody_of(take) for take in takes]),
    ):
        if aspects in (name, "both"):
            assert points == sorted(points, reverse=True)
            assert points[-1] < points[0] - 10.0
        assert min(points) >= 0.0


def test_everything_at_once_is_nought_and_no_less(scale: KoreanScale) -> None:
    worst = Delivery(phone_s=2.0, pause_share=0.95, hesitations=30, unevenness=4.0)
    assert 0.0 <= scale.fluency_of(worst) < 10.0
    assert 0.0 <= scale.prosody_of(worst) < 20.0


@pytest.mark.parametrize("broken", [{}, KNOTS | {"tempo": [[0.1, 0.0]]}, KNOTS | {"units": "none"}])
def test_a_table_that_does_not_fit_is_an_error(broken: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        KoreanScale.from_table(broken)


def test_a_unit_left_out_costs_its_share(scale: KoreanScale) -> None:
    points = np.array([97.0, 97.0, 0.0, 97.0])
    said = np.array([True, True, False, True])
    whole = scale.accuracy_of(points[said], said[said])
    assert scale.accuracy_of(points, said) == pytest.approx(0.75 * whole)
    assert scale.accuracy_of(points, ~np.ones(4, np.bool_)) == 0.0
