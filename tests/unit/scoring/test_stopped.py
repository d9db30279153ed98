"""Points and units of a sentence that was broken off."""

from __future__ import annotations

import pytest

from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment
from pronounce_kiosk.scoring.stopped import cut_short, without_rest, word_ends

BEGUN = Assessment(1.0, accuracy=90.0, units=(UnitAssessment(0, 0.0, 0.4, 90.0),))


def test_the_rest_counts_as_not_said() -> None:
    whole = without_rest(BEGUN, [1, 1, 2])
    assert whole.accuracy == pytest.approx(30.0)
    assert [(unit.index, unit.said) for unit in whole.units] == [(0, True), (1, False), (2, False)]


def test_what_was_not_said_costs_its_share() -> None:
    units = tuple(UnitAssessment(number, 0.0, 0.4, 90.0) for number in range(4))
    cut = cut_short(Assessment(1.0, 90.0, 80.0, 80.0, units, total=85.0), [3, 3])
    assert (cut.accuracy, cut.total) == (75.0, 75.0)
    assert [unit.said for unit in cut.units] == [True, True, True, False]


def test_a_sentence_is_broken_off_after_a_word_of_which_enough_was_said() -> None:
    assert word_ends([0] * 3 + [1] * 6 + [2] * 5) == [9]
    assert word_ends([0, 1, 2]) == []
