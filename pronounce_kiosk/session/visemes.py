"""Visemes: how the mouth looks while a phone is said, and when it changes in an example.

The table `data/visemes.tsv` gives each phone its shape: two to a diphthong, which changes in its
middle; none to one formed behind the lips, which have the shape of the vowel beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from pronounce_kiosk.audio.reference import PhoneTime
from pronounce_kiosk.language.phones import ENGLISH_PHONES, arpabet
from pronounce_kiosk.session.confusions import table_rows

REST = "rest"
_OF_PHONE = {
    phone: tuple(row["visemes"].split())
    for row in table_rows("visemes.tsv")
    for phone in row["phones"].split()
}
VISEMES = (REST, *dict.fromkeys(chain.from_iterable(_OF_PHONE.values())))
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
