"""The total follows the aspects, or the model's own, and what was left out; 0 is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment

TAKE = Assessment(acceptance=3.0, accuracy=90.0, fluency=80.0, prosody=70.0)


def units(*said: bool) -> tuple[UnitAssessment, ...]:
    return tuple(UnitAssessment(n, 0.0, 0.1, 90.0, one) for n, one in enumerate(said))


def test_accuracy_weighs_most() -> None:
    assert TAKE.points() == pytest.approx(0.8 * 90 + 0.1 * 80 + 0.1 * 70)


def test_the_model_s_own_total_counts() -> None:
    assert replace(TAKE, total=55.0).points() == 55.0
    assert replace(TAKE, total=104.0).points() == 100.0
    assert replace(TAKE, total=-3.0).points() == 0.0


@pytest.mark.parametrize(("missing", "most"), [(1, 82.5), (2, 65.0), (4, 30.0)])
def test_what_is_left_out_costs_its_share(missing: int, most: float) -> None:
    said = [True] * (4 - missing) + [False] * missing
    assert replace(TAKE, total=99.0, units=units(*said)).points() == pytest.approx(most)


def test_nothing_is_added_where_it_was_worse_anyhow() -> None:
    assert replace(TAKE, total=20.0, units=units(True, False)).points() == 20.0


def test_nought_is_refused() -> None:
    assert not Assessment(0.0).accepted
    assert Assessment(0.01).accepted
