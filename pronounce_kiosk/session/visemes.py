"""Visemes: what a mouth looks like while a phone is said, and when it changes in an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pronounce_kiosk.audio.reference import PhoneTime
from pronounce_kiosk.language.phones import arpabet

REST = "rest"
VISEMES = (REST, "closed", "half", "wide", "spread", "round", "small", "teeth", "tongue")
"""Names of the pictures in assets/visemes."""

_PHONES = {
    "closed": "ㅁ ㅂ ㅃ ㅍ ㅁ_ ㅂ_ M B P",
    "half": "ㅐ ㅔ ㅓ EH AH ER EY ㄱ ㄲ ㅋ ㅎ K G HH NG ㄱ_ ㅇ_",
    "wide": "ㅏ AA AE AO",
    "spread": "ㅣ ㅡ IY IH Y ㅅ ㅆ ㅈ ㅉ ㅊ S Z",
    "round": "ㅗ OW SH ZH CH JH",
    "small": "ㅜ UW UH W R",
    "teeth": "F V",
    "tongue": "ㄴ ㄷ ㄸ ㅌ ㄹ ㄴ_ ㄷ_ ㄹ_ N D T L TH DH",
}
_GLIDES = {
    "ㅑ": ("spread", "wide"),
    "ㅒ": ("spread", "half"),
    "ㅕ": ("spread", "half"),
    "ㅖ": ("spread", "half"),
    "ㅛ": ("spread", "round"),
    "ㅠ": ("spread", "small"),
    "ㅘ": ("small", "wide"),
    "ㅙ": ("small", "half"),
    "ㅚ": ("small", "half"),
    "ㅝ": ("small", "half"),
    "ㅞ": ("small", "half"),
    "ㅟ": ("small", "spread"),
    "ㅢ": ("spread", "spread"),
    "AY": ("wide", "spread"),
    "AW": ("wide", "small"),
    "OY": ("round", "spread"),
}
"""Diphthongs move from one to the other in their middle."""
_OF_PHONE = {
    **{phone: (viseme,) for viseme, phones in _PHONES.items() for phone in phones.split()},
    **_GLIDES,
}


@dataclass(frozen=True)
class MouthMove:
    """A viseme and when it begins, in seconds of a clip."""

    start_s: float
    viseme: str


Times = Sequence[tuple[float, float]]
"""Start and end of each unit."""


def visemes_of(phone: str) -> tuple[str, ...]:
    """Name what a mouth does for a phone: a jamo, or espeak-ng's IPA; at rest for another."""
    known = _OF_PHONE.get(phone)
    if known is not None:
        return known
    return tuple(one for name in arpabet(phone) for one in _OF_PHONE.get(name, ())) or (REST,)


def mouth_moves(phones: Sequence[PhoneTime], times_s: Times) -> tuple[MouthMove, ...]:
    """Lay phones, which espeak-ng has said, into the units of an example in any voice.

    Args:
        phones: of the same sentence, with the units they belong to.
        times_s: when each unit is said in the example.
    """
    moves: list[MouthMove] = []
    for unit, group in groupby(phones, key=lambda phone: phone.unit):
        if not 0 <= unit < len(times_s):
            continue
        own = list(group)
        start_s, end_s = times_s[unit]
        length_s = max(own[-1].end_s - own[0].start_s, 1e-6)
        stretch = (end_s - start_s) / length_s
        for at_s, viseme in _moves(own):
            moves.append(MouthMove(start_s + (at_s - own[0].start_s) * stretch, viseme))
    return tuple(moves)


def viseme_at(moves: Sequence[MouthMove], position_s: float) -> str:
    """Tell what the mouth does at a time; at rest before the first move."""
    begun = [move.viseme for move in moves if move.start_s <= position_s]
    return begun[-1] if begun else REST


def _moves(phones: Sequence[PhoneTime]) -> Iterator[tuple[float, str]]:
    for phone in phones:
        shapes = visemes_of(phone.phone)
        step_s = (phone.end_s - phone.start_s) / len(shapes)
        for number, viseme in enumerate(shapes):
            yield phone.start_s + number * step_s, viseme
