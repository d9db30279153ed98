"""Sounds are grouped once each, and become sure by being said right several times."""

from __future__ import annotations

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.history.review import Card, Sound, SoundCard
from pronounce_kiosk.language.korean.jamo import PHONES
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.session.sounds import (
    SOUND_GROUPS,
    SURE_TIMES,
    SURENESS,
    points_by_sound,
    sounds_of,
    sureness,
)


def test_every_phone_is_in_one_group() -> None:
    for language, phones in (("ko", PHONES), ("en", ENGLISH_PHONES)):
        grouped = [phone for group in SOUND_GROUPS[language].values() for phone in group]
        assert sorted(grouped) == sorted(phones)


def test_a_sound_becomes_sure_step_by_step() -> None:
    def level(times: int, points: float) -> str:
        return sureness(SoundCard(Card(False, 1), times, points))

    steps = [sureness(None), level(1, 30.0), level(1, 99.0), level(SURE_TIMES, 99.0)]
    assert tuple(steps) == SURENESS
    assert level(9, 70.0) == "growing"


def test_sounds_are_those_that_are_said() -> None:
    soup = sounds_of(Sentence("1", "국물", "ko"))
    assert {sound.phone for sound in soup} == {"ㄱ", "ㅜ", "ㅇ_", "ㅁ", "ㄹ_"}
    told = sounds_of(Sentence("1", "국물", "ko", pronunciation="국물"))
    assert Sound("ko", "ㄱ_") in told
    assert sounds_of(Sentence("1", "Soup", "en")) == frozenset()


def test_points_of_a_sound_are_averaged_and_added_codas_are_none() -> None:
    phones = (PhoneScore("ㄱ", 40.0), PhoneScore("", 10.0, "ㄷ_"), PhoneScore("ㄱ", 80.0))
    assert points_by_sound("ko", phones) == {Sound("ko", "ㄱ"): 60.0}
