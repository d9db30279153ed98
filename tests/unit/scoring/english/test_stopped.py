"""English sentences broken off, in made-up posteriors."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.language.phones import ENGLISH_PHONES, phone_line
from pronounce_kiosk.scoring.english.model import phones_begun

WORDS = (("HH", "AE", "P", "IY"), ("B", "ER", "TH", "D", "EY"), ("T", "UW"), ("Y", "UW"))
LINE = phone_line("en", [(name, unit) for unit, word in enumerate(WORDS) for name in word])


@pytest.mark.parametrize(("words", "begun"), [(2, 9), (3, 11), (4, None)])
def test_a_sentence_broken_off_is_told_from_a_whole_one(words: int, begun: int | None) -> None:
    said = [name for word in WORDS[:words] for name in word]
    frames = np.full((4 * len(said), 1 + len(ENGLISH_PHONES)), 0.05 / len(ENGLISH_PHONES))
    for place, name in enumerate(said):
        frames[4 * place : 4 * place + 2, 1 + ENGLISH_PHONES.index(name)] = 0.95
        frames[4 * place + 2 : 4 * place + 4, 0] = 0.95
    log_posteriors = np.log(frames / frames.sum(axis=1, keepdims=True)).astype(np.float32)
    assert phones_begun(log_posteriors, LINE) == begun


def test_a_take_shorter_than_the_sentence_says_nothing() -> None:
    few = np.log(np.full((3, 1 + len(ENGLISH_PHONES)), 1 / 40, np.float32))
    assert phones_begun(few, LINE) is None
