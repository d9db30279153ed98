"""Points of units, what was heard in a phone's place, and words left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import COLUMN
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.evidence import PhoneEvidence, gather
from pronounce_kiosk.scoring.korean.phones import sentence_phones
from pronounce_kiosk.scoring.korean.units import (
    ABSENT_MASS,
    HEARD_MASS,
    LEFT_OUT_NEPERS,
    SURE_SHARE,
    UnitPoints,
    unit_points,
)

Hear = Callable[..., NDArray[np.float64]]
CALIBRATION = Calibration((-4.0, 0.0), (0.0, 100.0))


def points(text: str, posteriors: NDArray[np.float64]) -> UnitPoints:
    phones = sentence_phones(Sentence("", text, "ko"))
    evidence = gather(posteriors, phones)
    assert evidence is not None
    return unit_points(evidence, phones, CALIBRATION)


def test_a_unit_is_as_good_as_its_worst_phone(hear: Hear) -> None:
    found = points("바다", hear(["ㅍ", "ㅏ", "ㄷ", "ㅏ"]))
    assert found.units.tolist() == [0, 1]
    assert found.points[0] < 40.0 < 90.0 < found.points[1]
    assert found.points[0] == min(one.score for one in found.phones[0])
    assert [(one.phone, one.heard) for one in found.phones[0]] == [("ㅂ", "ㅍ"), ("ㅏ", None)]
    assert all(one.heard is None for one in found.phones[1])


def test_a_coda_left_out_is_heard_as_nothing(hear: Hear) -> None:
    found = points("달", hear(["ㄷ", "ㅏ", "ㅏ"]))
    assert found.phones[0][2].phone == "ㄹ_"
    assert found.phones[0][2].heard == ""


def test_an_added_coda_is_a_phone_of_its_unit(hear: Hear) -> None:
    found = points("다리", hear(["ㄷ", "ㅏ", "ㅇ_", "ㄹ", "ㅣ"]))
    assert found.phones[0][-1].phone == ""
    assert found.phones[0][-1].heard == "ㅇ_"
    assert found.points[0] == min(one.score for one in found.phones[0])


def test_what_is_not_sure_has_no_name(hear: Hear) -> None:
    half = (hear(["ㅂ", "ㅏ"]) + hear(["ㅍ", "ㅏ"])) / 2.0
    assert points("바", half).phones[0][0].heard is None


def test_a_word_left_out_gets_no_point(hear: Hear) -> None:
    said = ["ㅂ", "ㅏ", "ㄷ", "ㅏ"]
    whole = points("바다 김치", hear([*said, "ㄱ", "ㅣ", "ㅁ_", "ㅊ", "ㅣ"]))
    assert whole.said.all()
    found = points("바다 김치", hear([*said, "", "", ""]))
    assert found.said.tolist() == [True, True, False, False]
    assert found.points[2:].tolist() == [0.0, 0.0]
    assert found.points[:2].min() > 80.0


def test_a_syllable_that_the_take_can_do_without_is_no_longer_green(hear: Hear) -> None:
    whole = points("바나나", hear(["ㅂ", "ㅏ", "ㄴ", "ㅏ", "ㄴ", "ㅏ"]))
    assert whole.points.min() > 80.0
    cut = points("바나나", hear(["ㅂ", "ㅏ", "ㄴ", "ㅏ"]))
    assert cut.said.all()
    assert cut.points.min() < 80.0


def test_a_word_said_wrong_is_not_left_out(hear: Hear) -> None:
    found = points("바다 고기", hear(["ㅂ", "ㅏ", "ㄷ", "ㅏ", "ㅋ", "ㅗ", "ㄲ", "ㅣ"]))
    assert found.said.all()
    assert found.points[2:].max() < 60.0


def evidence_with(text: str, posteriors: NDArray[np.float64], **changed: Any) -> UnitPoints:
    """Points of gathered evidence in which some arrays are others."""
    phones = sentence_phones(Sentence("", text, "ko"))
    evidence = gather(posteriors, phones)
    assert isinstance(evidence, PhoneEvidence)
    return unit_points(replace(evidence, **changed), phones, CALIBRATION)


@pytest.mark.parametrize(
    ("own", "rival", "onset", "coda"),
    [
        # Too little of both: a coda was not said; an onset has no name.
        (0.99 * ABSENT_MASS, 0.0, None, ""),
        (0.0, 0.99 * ABSENT_MASS, None, ""),
        # The rival's share decides.
        (1.0 - SURE_SHARE - 0.01, SURE_SHARE + 0.01, "ㄸ", "ㄸ"),
        (1.0 - SURE_SHARE + 0.01, SURE_SHARE - 0.01, None, None),
        (8.0 * (1.0 - SURE_SHARE) + 0.1, 8.0 * SURE_SHARE - 0.1, None, None),
        # And so does its mass.
        (0.0, 1.01 * HEARD_MASS, "ㄸ", "ㄸ"),
        (ABSENT_MASS, 0.5 * HEARD_MASS, None, None),
    ],
)
def test_a_rival_is_named_for_its_share_and_its_mass(
    hear: Hear, own: float, rival: float, onset: str | None, coda: str | None
) -> None:
    posteriors = hear(["ㄷ", "ㅏ", "ㄹ_"])
    found = evidence_with(
        "달",
        posteriors,
        support=np.full(3, -9.0),
        added=np.full(3, np.inf),
        mass=np.full(3, own),
        rival_mass=np.full(3, rival),
        rival=np.full(3, COLUMN["ㄸ"]),
    )
    assert [phone.heard for phone in found.phones[0]] == [onset, onset, coda]


def test_only_a_red_phone_names_what_was_heard(hear: Hear) -> None:
    posteriors = hear(["ㄷ", "ㅏ", "ㄹ_"])
    for support, named in ((-9.0, True), (-0.5, False)):
        found = evidence_with(
            "달",
            posteriors,
            support=np.full(3, support),
            mass=np.zeros(3),
            rival_mass=np.ones(3),
            rival=np.full(3, COLUMN["ㄸ"]),
        )
        assert (found.phones[0][0].heard is not None) is named


@pytest.mark.parametrize(
    ("points_of_phone", "expected", "named"),
    [(56.5, False, True), (57.5, False, False), (59.0, True, True), (60.0, True, False)],
)
def test_a_confusion_that_the_lesson_expects_is_named_sooner(
    hear: Hear, points_of_phone: float, expected: bool, named: bool
) -> None:
    found = evidence_with(
        "달",
        hear(["ㄷ", "ㅏ", "ㄹ_"]),
        support=np.full(3, points_of_phone / 25.0 - 4.0),
        mass=np.zeros(3),
        rival_mass=np.ones(3),
        rival=np.full(3, COLUMN["ㄸ"]),
        expected=np.full(3, expected),
    )
    assert (found.phones[0][0].heard is not None) is named


def test_an_added_coda_follows_the_phone_it_was_added_to(hear: Hear) -> None:
    found = points("바다리", hear(["ㅂ", "ㅏ", "ㄷ", "ㅏ", "ㅇ_", "ㄹ", "ㅣ"]))
    assert [one.phone for one in found.phones[1]] == ["ㄷ", "ㅏ", ""]
    assert found.phones[1][-1].heard == "ㅇ_"


@dataclass
class PathCosts:
    """An alignment that gains the same in nepers whichever phones are left out."""

    gain: float
    log_likelihood: float = -50.0
    asked: list[tuple[int, int]] = field(default_factory=list)

    def without(self, first: int, last: int) -> float:
        self.asked.append((first, last))
        return self.log_likelihood + self.gain


@pytest.mark.parametrize(("more", "left_out"), [(0.01, True), (-0.01, False)])
def test_a_word_is_left_out_where_each_of_its_phones_costs_enough(
    hear: Hear, more: float, left_out: bool
) -> None:
    posteriors = hear(["ㅂ", "ㅏ", "ㄷ", "ㅏ", "ㄱ", "ㅗ", "ㄱ", "ㅣ"])
    costs = PathCosts(LEFT_OUT_NEPERS * 4 + more)
    found = evidence_with("바다 고기", posteriors, alignment=costs)
    assert costs.asked[:2] == [(0, 4), (4, 8)]
    assert found.said.tolist() == [not left_out] * 4
