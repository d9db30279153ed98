"""Vowels said after codas, in made-up posteriors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.korean.evidence import gather
from pronounce_kiosk.scoring.korean.phones import phones_of_syllables, sentence_phones
from pronounce_kiosk.scoring.korean.units import UnitPoints
from pronounce_kiosk.scoring.korean.vowels import MOST_POINTS, added_vowels, with_vowels

Hear = Callable[..., NDArray[np.float64]]


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("책상", "책쌍", {}),
        ("책상", "채그쌍", {0: "ㅡ"}),
        ("책상", "책그쌍", {0: "ㅡ"}),
        ("국밥", "국빱", {}),
        ("국밥", "국빠브", {1: "ㅡ"}),
        ("봄", "보무", {0: "ㅜ"}),
        ("강", "강우", {0: "ㅜ"}),
        ("밥은", "바븐", {}),
        ("국물", "궁물", {}),
    ],
)
def test_a_vowel_after_a_coda_is_found(
    hear: Hear, text: str, said: str, expected: dict[int, str]
) -> None:
    phones = sentence_phones(Sentence("", text, "ko"))
    posteriors = hear([phone.name for phone in phones_of_syllables(said, 0)])
    evidence = gather(posteriors, phones)
    assert evidence is not None
    assert added_vowels(posteriors, evidence.alignment, phones) == expected


def test_the_vowel_is_named_and_its_syllable_red() -> None:
    own = ((PhoneScore("ㅂ", 90.0), PhoneScore("ㅏ", 90.0), PhoneScore("ㅂ_", 40.0, "")),)
    points = UnitPoints(np.array([3]), np.array([90.0]), np.array([True]), own)
    found = with_vowels(points, {3: "ㅡ"})
    assert found.points.tolist() == [MOST_POINTS]
    assert found.phones[0][2:] == (PhoneScore("ㅂ_", 40.0), PhoneScore("", 40.0, "ㅡ"))
    assert with_vowels(points, {}) is points
