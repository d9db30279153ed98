"""Visemes: how the mouth looks while a phone is said, and when it changes in an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pronounce_kiosk.audio.reference import PhoneTime
from pronounce_kiosk.language.phones import ENGLISH_PHONES, arpabet

REST = "rest"
_PHONES = {
    "closed": "ㅁ ㅂ ㅃ ㅍ ㅁ_ ㅂ_ M B P",
    "half": "ㅐ ㅔ ㅓ EH AH ER EY",
    "wide": "ㅏ AA AE AO",
    "spread": "ㅣ ㅡ ㅅ ㅆ ㅈ ㅉ ㅊ IY IH Y S Z",
    "round": "ㅗ OW",
    "small": "ㅜ UW UH W R",
    "pout": "SH ZH CH JH",
    "teeth": "F V",
    "between": "TH DH",
    "tongue": "ㄴ ㄷ ㄸ ㅌ ㄹ ㄴ_ ㄷ_ ㄹ_ N D T L",
}
_GLIDES = {
    ("spread", "wide"): "ㅑ",
    ("spread", "half"): "ㅒ ㅕ ㅖ",
    ("spread", "round"): "ㅛ",
    ("spread", "small"): "ㅠ",
    ("spread", "spread"): "ㅢ",
    ("small", "wide"): "ㅘ",
    ("small", "half"): "ㅙ ㅚ ㅝ ㅞ",
    ("small", "spread"): "ㅟ",
    ("wide", "spread"): "AY",
    ("wide", "small"): "AW",
    ("round", "spread"): "OY",
}
"""Diphthongs change in their middle."""
_CARRIED = "ㄱ ㄲ ㅋ ㅎ ㄱ_ ㅇ_ K G HH NG"
"""Formed behind the lips, which already have the shape of the vowel beside them."""
_OF_PHONE: dict[str, tuple[str, ...]] = {
    **{phone: (viseme,) for viseme, phones in _PHONES.items() for phone in phones.split()},
    **{phone: visemes for visemes, phones in _GLIDES.items() for phone in phones.split()},
    **dict.fromkeys(_CARRIED.split(), ()),
}
VISEMES = (REST, *_PHONES)
"""Names of the pictures in assets/visemes."""


@dataclass(frozen=True)
class MouthMove:
    """A viseme and when it begins, in seconds of a clip."""

    start_s: float
    viseme: str


def visemes_of(phone: str) -> tuple[str, ...]:
    """List the shapes of the mouth during a phone.

    Args:
        phone: a Korean phone (`jamo_phones`), an English one, or espeak-ng's IPA.

    Returns:
        One shape, two for a diphthong, none where the mouth keeps a neighbour's shape.
    """
    names = (phone,) if phone in _OF_PHONE or phone in ENGLISH_PHONES else arpabet(phone)
    return tuple(shape for name in names for shape in _OF_PHONE[name])


def mouth_moves(
    phones: Sequence[PhoneTime], times_s: Sequence[tuple[float, float]]
) -> tuple[MouthMove, ...]:
    """Lay phones into the units of a clip; the mouth rests after the last unit.

    Args:
        phones: with the units they belong to; their times may be another voice's.
        times_s: start and end of each unit in the clip.
    """
    moves: list[MouthMove] = []
    for unit, group in groupby(phones, key=lambda phone: phone.unit):
        own = list(group)
        start_s, end_s = times_s[unit]
        first_s = own[0].start_s
        stretch = (end_s - start_s) / max(own[-1].end_s - first_s, 1e-6)
        for at_s, viseme in _shapes(own):
            moves.append(MouthMove(start_s + (at_s - first_s) * stretch, viseme))
    return (*moves, MouthMove(times_s[-1][1], REST)) if moves else ()


def viseme_at(moves: Sequence[MouthMove], position_s: float) -> str:
    """Find the shape of the mouth at a position of the clip."""
    begun = [move.viseme for move in moves if move.start_s <= position_s]
    return begun[-1] if begun else REST


def _shapes(phones: Sequence[PhoneTime]) -> Iterator[tuple[float, str]]:
    """Give each shape with its start; one begins with the consonants that it is carried over."""
    start_s = phones[0].start_s
    for phone in phones:
        shapes = visemes_of(phone.phone)
        step_s = (phone.end_s - phone.start_s) / max(len(shapes), 1)
        for number, viseme in enumerate(shapes):
            yield start_s if number == 0 else phone.start_s + number * step_s, viseme
        if shapes:
            start_s = phone.end_s
