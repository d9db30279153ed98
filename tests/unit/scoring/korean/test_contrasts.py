"""Sounds that a lesson teaches to tell apart are judged with the odds of a lesson."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import COLUMN
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.contrasts import contrasted
from pronounce_kiosk.scoring.korean.evidence import PhoneEvidence, gather
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, sentence_phones
from pronounce_kiosk.scoring.korean.units import unit_points

Hear = Callable[..., NDArray[np.float64]]
LABIALS = (("ㅂ", "ㅃ", "ㅍ"),)
CALIBRATION = Calibration((-9.5, -6.45, 0.0), (20.0, 59.5, 100.0))


def weighed(
    posteriors: NDArray[np.float64], contrasts: tuple[tuple[str, ...], ...]
) -> tuple[PhoneEvidence, tuple[KoreanPhone, ...]]:
    phones = sentence_phones(Sentence("", "파도", "ko", contrasts=contrasts))
    evidence = gather(posteriors, phones)
    assert evidence is not None
    return contrasted(evidence, posteriors, phones), phones


def between(hear: Hear, share: float, other: str = "ㅂ") -> NDArray[np.float64]:
    """Hear 파도, its onset partly as another one."""
    posteriors = hear(["ㅍ", "ㅏ", "ㄷ", "ㅗ"])
    frames = posteriors[:, COLUMN["ㅍ"]] > 0.5
    posteriors[frames, COLUMN[other]] = share
    posteriors[frames, COLUMN["ㅍ"]] = 1.0 - share
    return posteriors


@pytest.mark.parametrize(("share", "red"), [(0.5, False), (0.8, False), (0.95, True)])
def test_a_lesson_marks_and_names_a_lesser_confusion(hear: Hear, share: float, red: bool) -> None:
    posteriors = between(hear, share)
    evidence, phones = weighed(posteriors, LABIALS)
    points = unit_points(evidence, phones, CALIBRATION)
    assert bool(points.points[0] < 59.5) is red
    assert points.phones[0][0].heard == ("ㅂ" if red else None)
    outside, phones = weighed(posteriors, ())
    assert unit_points(outside, phones, CALIBRATION).points[0] > 59.5


def test_a_sound_said_right_keeps_its_points(hear: Hear) -> None:
    posteriors = hear(["ㅍ", "ㅏ", "ㄷ", "ㅗ"])
    inside, _ = weighed(posteriors, LABIALS)
    outside, _ = weighed(posteriors, ())
    assert inside.support.tolist() == outside.support.tolist()
    assert not inside.expected.any()


def test_only_members_of_the_contrast_are_named(hear: Hear) -> None:
    evidence, phones = weighed(between(hear, 0.97, "ㅃ"), LABIALS)
    points = unit_points(evidence, phones, CALIBRATION)
    assert points.phones[0][0].heard == "ㅃ"
    evidence, _ = weighed(between(hear, 0.97, "ㅁ"), LABIALS)
    assert evidence.rival[0] in (COLUMN["ㅂ"], COLUMN["ㅃ"], *phones[0].rivals)


def test_a_sound_that_may_be_said_either_way_is_no_contrast() -> None:
    phones = sentence_phones(Sentence("", "나무", "ko", contrasts=LABIALS))
    assert all(one.contrast == () for one in phones)
    onset = sentence_phones(Sentence("", "불", "ko", contrasts=LABIALS))[0]
    assert set(onset.contrast) == {COLUMN["ㅃ"], COLUMN["ㅍ"]}
