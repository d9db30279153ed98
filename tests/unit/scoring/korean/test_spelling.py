"""Words read as they are spelled, by made-up posteriors and by espeak-ng."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.core.sentence import SPELLING, Sentence
from pronounce_kiosk.scoring.acoustic.korean import COLUMN, PHONES
from pronounce_kiosk.scoring.korean.evidence import SILENCE, gather
from pronounce_kiosk.scoring.korean.phones import phones_of_syllables, sentence_phones
from pronounce_kiosk.scoring.korean.spelling import (
    MOST_POINTS,
    Change,
    as_spelled,
    as_spelled_throughout,
    capped,
    spelled_readings,
    weighed_readings,
)
from pronounce_kiosk.scoring.korean.units import UnitPoints

FRAMES = 5


def posteriors(syllables: str) -> np.ndarray:
    """Syllables said clearly, every phone five frames long."""
    names = [phone.name for phone in phones_of_syllables(syllables, 0)]
    rows = np.full((FRAMES * len(names), 1 + len(PHONES)), 0.05 / len(PHONES))
    for place, name in enumerate(names):
        rows[FRAMES * place : FRAMES * (place + 1), COLUMN[name]] = 0.95
    return rows


@pytest.mark.parametrize(
    ("word", "said", "change"),
    [
        ("국물", "궁물", Change.OTHER),
        ("신라", "실라", Change.OTHER),
        ("축하", "추카", Change.OTHER),
        ("음악", "으막", Change.LINKED),
        ("학교", "학꾜", Change.TENSED_BY_A_STOP),
    ],
)
def test_a_word_read_as_it_is_spelled_is_told(word: str, said: str, change: Change) -> None:
    sentence = Sentence("", word, "ko")
    phones = sentence_phones(sentence)
    readings = spelled_readings(sentence)
    assert [(one.first, one.last, one.change) for one in readings] == [
        (readings[0].first, readings[0].last, change)
    ]
    for read, expected in ((word, readings), (said, ())):
        heard = posteriors(read)
        evidence = gather(heard, phones)
        assert evidence is not None
        weighed = weighed_readings(heard, evidence.alignment, phones, readings)
        assert tuple(one for one, over in weighed.items() if over > 0.0) == expected


def test_a_pause_before_a_vowel_tells_that_its_coda_was_not_linked() -> None:
    sentence = Sentence("", "음악", "ko")
    phones, readings = sentence_phones(sentence), spelled_readings(sentence)
    linked = posteriors("으막")
    pause = np.zeros((4, linked.shape[1]))
    pause[:, SILENCE] = 1.0
    after_coda = 2 * FRAMES
    heard = np.concatenate([linked[:after_coda], pause, linked[after_coda:]])
    evidence = gather(linked, phones), gather(heard, phones)
    without, paused = (
        weighed_readings(frames, one.alignment, phones, readings)[readings[0]]
        for frames, one in zip((linked, heard), evidence, strict=True)
        if one is not None
    )
    assert paused > without + 3.0


@pytest.mark.parametrize("text", ["나무", "의사의", "좋네요!", "12", ""])
def test_what_is_said_as_it_is_spelled_has_no_reading(text: str) -> None:
    assert all(one.phones for one in spelled_readings(Sentence("", text, "ko")))
    assert not spelled_readings(Sentence("", "나무", "ko"))


@pytest.mark.parametrize(
    ("text", "change"),
    [("학교", Change.TENSED_BY_A_STOP), ("옆집", Change.TENSED_BY_A_STOP), ("발전", Change.TENSED)],
)
def test_what_a_stop_tenses_is_told_from_what_the_word_tenses(text: str, change: Change) -> None:
    (reading,) = spelled_readings(Sentence("", text, "ko"))
    assert reading.change is change


def test_codas_are_neutralised() -> None:
    assert [as_spelled(one) for one in "꽃값a"] == ["꼳", "갑", "a"]


def test_a_sentence_is_put_as_it_is_spelled() -> None:
    sentence = Sentence("", "나는 국물이 좋아요", "ko")
    phones, readings = sentence_phones(sentence), spelled_readings(sentence)
    spelled = [one.name for one in as_spelled_throughout(phones, readings)]
    assert "".join(spelled[:9]) == "ㄴㅏㄴㅡㄴ_ㄱㅜㄱ_ㅁ"
    assert as_spelled_throughout(phones, ()) == phones


def test_its_units_are_amber_at_most() -> None:
    readings = spelled_readings(Sentence("", "국물이", "ko"))
    points = UnitPoints(np.arange(3), np.array([95.0, 20.0, 95.0]), np.ones(3, bool), ((),) * 3)
    assert capped(points, {readings[0]: 0.5}).points[0] == MOST_POINTS
    assert MOST_POINTS < capped(points, {readings[0]: -0.5}).points[0] < 95.0
    assert capped(points, {readings[0]: -2.0}).points.tolist() == [95.0, 20.0, 95.0]
    assert capped(points, {}).points.tolist() == [95.0, 20.0, 95.0]


def test_a_list_that_teaches_how_words_are_said_tells_it_sooner() -> None:
    (outside,) = spelled_readings(Sentence("", "음악", "ko"))
    (inside,) = spelled_readings(Sentence("", "음악", "ko", contrasts=(SPELLING,)))
    assert inside.least_nepers < outside.least_nepers
    assert inside.phones == outside.phones
