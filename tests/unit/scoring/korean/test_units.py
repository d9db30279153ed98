"""Points of units, what was heard in a phone's place, and words left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.evidence import gather
from pronounce_kiosk.scoring.korean.phones import sentence_phones
from pronounce_kiosk.scoring.korean.units import UnitPoints, unit_points

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


def test_a_word_said_wrong_is_not_left_out(hear: Hear) -> None:
    found = points("바다 고기", hear(["ㅂ", "ㅏ", "ㄷ", "ㅏ", "ㅋ", "ㅗ", "ㄲ", "ㅣ"]))
    assert found.said.all()
    assert found.points[2:].max() < 60.0
