"""Tell whether a take reads words as they are spelled (국물 as [국물]) and not as they are said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import (
    compose,
    decompose,
    is_hangul_syllable,
    neutral_coda,
)
from pronounce_kiosk.language.korean.pronunciation import allowed
from pronounce_kiosk.language.units import Unit, split_units
from pronounce_kiosk.scoring.korean.alignment import Alignment, log_likelihoods
from pronounce_kiosk.scoring.korean.evidence import FLOOR, SILENCE, Posteriors
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, phones_of_syllables

SPELLED_NEPERS = 4.0
"""Log likelihood ratio of the spelled reading from which it was the one that was said. Raising it
tells fewer, more surely."""


@dataclass(frozen=True)
class SpelledReading:
    """A stretch of a sentence whose spelling is read otherwise than it is said.

    first, last: units, last inclusive. phones: of the spelled reading of these units.
    """

    first: int
    last: int
    phones: tuple[KoreanPhone, ...]


def spelled_readings(sentence: Sentence) -> tuple[SpelledReading, ...]:
    """List the stretches of a sentence that are not said as they are spelled."""
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    also = allowed(sentence.text)
    if len(also) != len(units):
        also = [(unit.said,) for unit in units]
    spelled = [as_spelled(unit.text) for unit in units]
    differs = [
        own != unit.said and own not in beside
        for own, unit, beside in zip(spelled, units, also, strict=True)
    ]
    return tuple(
        SpelledReading(first, last, phones_of_syllables(spelled[first : last + 1], first))
        for first, last in _runs(differs, units)
    )


def as_spelled(syllable: str) -> str:
    """Read one syllable by itself, its coda neutralised; other signs stay."""
    if not is_hangul_syllable(syllable):
        return syllable
    onset, nucleus, coda = decompose(syllable)
    return compose(onset, nucleus, neutral_coda(coda))


def spelled_ratio(
    posteriors: Posteriors,
    alignment: Alignment,
    phones: Sequence[KoreanPhone],
    reading: SpelledReading,
) -> float:
    """Give the log likelihood ratio of a spelled reading against the standard one, in nepers.

    Both are aligned anew to the frames from the phone before the stretch to the one after it.
    """
    own = [place for place, one in enumerate(phones) if reading.first <= one.unit <= reading.last]
    first, last = max(0, own[0] - 1), min(len(phones), own[-1] + 2)
    start, end = int(alignment.starts[first]), int(alignment.ends[last - 1])
    standard = phones[first:last]
    spelled = (*phones[first : own[0]], *reading.phones, *phones[own[-1] + 1 : last])
    frames = posteriors[start:end]
    if len(frames) < max(len(standard), len(spelled)):
        return -np.inf
    return _fit(frames, spelled) - _fit(frames, standard)


def _fit(frames: Posteriors, phones: Sequence[KoreanPhone]) -> float:
    own = np.stack([frames[:, list(one.accepted)].max(axis=1) for one in phones], axis=1)
    both = np.log(own + FLOOR)[None], np.log(frames[:, SILENCE] + FLOOR)[None]
    return float(log_likelihoods(*both)[0])


def _runs(differs: Sequence[bool], units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """First and last of each run of units that differ and are written together."""
    first: int | None = None
    for index, differing in enumerate(differs):
        if not differing:
            first = None
            continue
        first = index if first is None else first
        following = index + 1
        if following == len(differs) or not differs[following]:
            yield first, index
