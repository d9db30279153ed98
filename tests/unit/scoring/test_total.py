"""The total follows the aspects, or the model's own, and what was left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment
from pronounce_kiosk.scoring.total import total_points

TAKE = Assessment(acceptance=3.0, accuracy=90.0, fluency=80.0, prosody=70.0)


def units(*said: bool) -> tuple[UnitAssessment, ...]:
    return tuple(UnitAssessment(n, 0.0, 0.1, 90.0, one) for n, one in enumerate(said))


def test_accuracy_weighs_most() -> None:
    assert total_points(TAKE) == pytest.approx(0.8 * 90 + 0.1 * 80 + 0.1 * 70)


def test_the_model_s_own_total_counts() -> None:
    assert total_points(replace(TAKE, total=55.0)) == 55.0
    assert total_points(replace(TAKE, total=104.0)) == 100.0
    assert total_points(replace(TAKE, total=-3.0)) == 0.0


@pytest.mark.parametrize(("missing", "most"), [(1, 82.5), (2, 65.0), (4, 30.0)])
def test_what_is_left_out_costs_its_share(missing: int, most: float) -> None:
    said = [True] * (4 - missing) + [False] * missing
    assert total_points(replace(TAKE, total=99.0, units=units(*said))) == pytest.approx(most)


def test_nothing_is_added_where_it_was_worse_anyhow() -> None:
    assert total_points(replace(TAKE, total=20.0, units=units(True, False))) == 20.0
