"""Every sound has a sign, and an English one a word that a beginner knows."""

from __future__ import annotations

from pronounce_kiosk.gui.messages import sound_name, sound_sign, sound_word
from pronounce_kiosk.session.sounds import SOUND_GROUPS


def test_every_sound_has_a_name_of_its_own() -> None:
    for groups in SOUND_GROUPS.values():
        phones = [phone for group in groups.values() for phone in group]
        assert len({sound_name(phone) for phone in phones}) == len(phones)


def test_english_sounds_come_with_a_word_and_korean_ones_without() -> None:
    assert all(sound_word(phone) for group in SOUND_GROUPS["en"].values() for phone in group)
    assert not any(sound_word(phone) for group in SOUND_GROUPS["ko"].values() for phone in group)
    assert sound_sign("ㄱ_") == sound_sign("ㄱ") == "ㄱ"
