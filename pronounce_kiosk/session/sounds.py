"""The sounds of a language: how they are grouped, which a sentence holds, how sure each is."""

from collections.abc import Iterable
from functools import lru_cache

from pronounce_kiosk.core.grades import grade
from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.history.review import Sound, SoundCard
from pronounce_kiosk.language.korean.jamo import CODA_PHONES, NUCLEI, PHONES, jamo_phones
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.language.units import split_units

SURE_TIMES = 3
"""Attempts in which a sound must have been said before it is ``sure``."""

_ENGLISH_VOWELS = (
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
)  # fmt: skip
SOUND_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "ko": {
        "consonants": tuple(p for p in PHONES if p not in NUCLEI and p not in CODA_PHONES),
        "vowels": NUCLEI,
        "codas": CODA_PHONES,
    },
    "en": {
        "consonants": tuple(p for p in ENGLISH_PHONES if p not in _ENGLISH_VOWELS),
        "vowels": _ENGLISH_VOWELS,
    },
}
"""Every phone of a language by group, in the order of the map."""
SURENESS = ("unsaid", "weak", "growing", "sure")
"""How sure a sound is, the least first."""


def sureness(card: SoundCard | None) -> str:
    """Tell how sure a sound is by now, as one of `SURENESS`; None was never said."""
    if card is None:
        return "unsaid"
    level = grade(card.points)
    if level == "good" and card.times >= SURE_TIMES:
        return "sure"
    return "weak" if level == "poor" else "growing"


@lru_cache(maxsize=4096)
def sounds_of(sentence: Sentence) -> frozenset[Sound]:
    """List the sounds of a Korean sentence as it is pronounced; none for another language.

    English phones are known only of what was scored: they come with the reference's voice.
    """
    if sentence.language != "ko":
        return frozenset()
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    said = "".join(unit.said for unit in units)
    return frozenset(Sound("ko", phone) for phone, _ in jamo_phones(said))


def points_by_sound(language: str, phones: Iterable[PhoneScore]) -> dict[Sound, float]:
    """Average the points of each sound in an attempt, without codas that were added."""
    found: dict[Sound, list[float]] = {}
    for one in phones:
        if one.phone:
            found.setdefault(Sound(language, one.phone), []).append(one.score)
    return {sound: sum(points) / len(points) for sound, points in found.items()}
