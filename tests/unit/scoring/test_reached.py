"""How far a take has come, by how well each beginning of its sentence fits."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.scoring.reached import NOTHING_SAID, Reached, reached_by

UNITS = (0, 0, 2, 2, 3, 3)


@pytest.mark.parametrize(
    ("best", "reached"),
    [
        (0, NOTHING_SAID),
        (1, Reached(0, finished=False)),
        (2, Reached(0, finished=False)),
        (3, Reached(2, finished=False)),
        (4, Reached(2, finished=False)),
        (5, Reached(3, finished=True)),
        (6, Reached(3, finished=True)),
    ],
)
def test_it_is_the_unit_of_the_last_phone_of_the_best_beginning(
    best: int, reached: Reached
) -> None:
    likelihoods = np.full(7, -50.0)
    likelihoods[best] = -10.0
    assert reached_by(likelihoods, UNITS, spare_nepers=5.0) == reached


def test_a_last_unit_that_fits_nearly_as_well_is_the_end() -> None:
    likelihoods = np.array([-50.0, -40.0, -30.0, -20.0, -10.0, -13.0, -16.0])
    assert reached_by(likelihoods, UNITS, spare_nepers=4.0) == Reached(3, finished=True)
    assert reached_by(likelihoods, UNITS, spare_nepers=2.0) == Reached(2, finished=False)


def test_a_last_unit_that_fits_hardly_better_may_not_be_the_end() -> None:
    likelihoods = np.array([-50.0, -40.0, -30.0, -20.0, -10.0, -8.0, -16.0])
    assert reached_by(likelihoods, UNITS, spare_nepers=-1.0) == Reached(3, finished=True)
    assert reached_by(likelihoods, UNITS, spare_nepers=-3.0) == Reached(3, finished=False)


def test_a_sentence_of_one_unit_is_finished_once_it_is_begun() -> None:
    assert reached_by(np.array([-9.0, -3.0, -5.0]), [0, 0], 1.0) == Reached(0, finished=True)
    assert reached_by(np.array([-2.0, -30.0, -50.0]), [0, 0], 1.0) == NOTHING_SAID
