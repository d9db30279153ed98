"""Tempo, pauses and rhythm of phones whose places are known."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.phones import sentence_phones
from pronounce_kiosk.scoring.korean.scale import Delivery, measure

SENTENCE = Sentence("", "바다 가요", "ko")  # ㅂㅏ ㄷㅏ | ㄱㅏ ㅛ


def delivery(lengths: list[int], gaps: list[int]) -> Delivery:
    """Phones of these lengths with these silences before each, in frames."""
    ends = np.cumsum(np.array(lengths) + np.array(gaps))
    nothing = np.zeros((0, 0))
    alignment = Alignment(ends - np.array(lengths), ends, 0.0, nothing, nothing)
    return measure(alignment, sentence_phones(SENTENCE))


def test_even_speech_has_no_fault() -> None:
    found = delivery([3] * 6 + [6], [10, 0, 0, 0, 0, 0, 0])
    assert found.phone_s == pytest.approx(24 / 7 * FRAME_S)
    assert found.pause_share == 0.0
    assert found.hesitations == 0
    assert found.unevenness == pytest.approx(0.0)


def test_a_pause_between_words_is_no_hesitation() -> None:
    found = delivery([3] * 6 + [6], [0, 0, 0, 0, 8, 0, 0])
    assert found.hesitations == 0
    assert found.pause_share == pytest.approx(8 / 32)
    assert found.phone_s == pytest.approx(24 / 7 * FRAME_S)


def test_a_pause_inside_a_word_is_one() -> None:
    assert delivery([3] * 6 + [6], [0, 0, 8, 0, 0, 0, 0]).hesitations == 1
    # A stop's closure is none.
    closure = delivery([3] * 6 + [6], [0, 0, 3, 0, 0, 0, 0])
    assert (closure.hesitations, closure.pause_share) == (0, 0.0)


def test_uneven_units_are_told() -> None:
    assert delivery([1, 1, 12, 12, 1, 1, 20], [0] * 7).unevenness > 1.0
