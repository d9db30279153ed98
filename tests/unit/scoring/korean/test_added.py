"""Words added, and sentences broken off, in made-up posteriors."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import COLUMN, PHONES
from pronounce_kiosk.scoring.korean.added import added_before
from pronounce_kiosk.scoring.korean.evidence import gather
from pronounce_kiosk.scoring.korean.model import phones_begun
from pronounce_kiosk.scoring.korean.phones import phones_of_syllables, sentence_phones

SENTENCE = Sentence("", "오늘은 비가 와요", "ko")
PHONES_SAID = sentence_phones(SENTENCE)
WORDS = ("오느른", "비가", "와요")


def posteriors(syllables: str) -> np.ndarray:
    """Syllables said clearly, every phone five frames long."""
    names = [phone.name for phone in phones_of_syllables(syllables, 0)]
    rows = np.full((5 * len(names), 1 + len(PHONES)), 0.05 / len(PHONES))
    for place, name in enumerate(names):
        rows[5 * place : 5 * (place + 1), COLUMN[name]] = 0.95
    return rows


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (WORDS, ()),
        (("구두", *WORDS), (0,)),
        (("오느른", "구두", "비가", "와요"), (3,)),
        ((*WORDS, "구두"), (7,)),
        (("오느른", "구두", "와요"), ()),
    ],
)
def test_what_was_added_is_found_at_its_place(
    said: tuple[str, ...], expected: tuple[int, ...]
) -> None:
    heard = posteriors("".join(said))
    evidence = gather(heard, PHONES_SAID)
    assert evidence is not None
    assert added_before(heard, evidence.alignment, PHONES_SAID) == expected


def test_a_sentence_broken_off_is_told_from_a_whole_one() -> None:
    text = Sentence("", "오늘은 비가 많이 와요", "ko")
    phones = sentence_phones(text)
    found = {}
    for said in ("오느른비가", "오느른비가마니와요"):
        evidence = gather(posteriors(said), phones)
        assert evidence is not None
        found[said] = phones_begun(evidence.alignment, phones)
    begun = sum(phone.word < 2 for phone in phones)
    assert found == {"오느른비가": begun, "오느른비가마니와요": None}
