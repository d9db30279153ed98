"""English phones: the 39 of ARPABET without stress, from espeak-ng's IPA.

Korean phones are the jamo of the standard pronunciation (`language.korean.jamo`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.documents import read_table

SILENCE = 0
"""Index 0 of every phone set: no phone (and the blank of CTC)."""

ENGLISH_PHONES = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip

_INDEX = {"en": {phone: index for index, phone in enumerate(ENGLISH_PHONES, start=1)}}

_IPA_TO_ARPABET = {
    row["ipa"]: row["phones"].split()
    for row in read_table(Path(__file__).with_name("data") / "english_ipa.tsv")
}


@dataclass(frozen=True)
class PhoneLine:
    """The phones of a sentence as indices of its language's set, and the unit of each.

    indices and units: one entry a phone; units count from 0 and never decrease. A silent unit has
    no phone.
    """

    language: str
    indices: tuple[int, ...]
    units: tuple[int, ...]

    @cached_property
    def said_units(self) -> NDArray[np.int64]:
        """Indices of the units that have phones, in order."""
        return np.unique(np.array(self.units, np.int64))

    @cached_property
    def unit_starts(self) -> NDArray[np.int64]:
        """For each unit with phones, the index of its first phone."""
        return np.searchsorted(np.array(self.units, np.int64), self.said_units)

    @cached_property
    def unit_ends(self) -> NDArray[np.int64]:
        """For each unit with phones, the index after its last phone."""
        return np.append(self.unit_starts[1:], len(self.units))


def arpabet(ipa: str) -> tuple[str, ...]:
    """Convert one espeak-ng phone event to ARPABET phones; empty for a pause.

    Unknown symbols (of other languages, tones) are skipped.
    """
    rest = ipa.replace("ː", "").replace("ˑ", "")
    phones: list[str] = []
    while rest:
        length = next((n for n in (3, 2, 1) if rest[:n] in _IPA_TO_ARPABET), 0)
        phones += _IPA_TO_ARPABET[rest[:length]] if length else []
        rest = rest[max(1, length) :]
    return tuple(phones)


def phone_line(language: str, phones: Sequence[tuple[str, int]]) -> PhoneLine:
    """Convert (phone name, unit) pairs to a `PhoneLine`.

    Raises:
        KeyError: A phone is not in the language's set.
    """
    index = _INDEX[language]
    return PhoneLine(
        language, tuple(index[name] for name, _ in phones), tuple(unit for _, unit in phones)
    )
