"""The example as it is played, at any speed, and when each of its units is said.

Made by the worker; the window's thread only looks up which unit is being said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.language.units import Unit, word_numbers
from pronounce_kiosk.scoring.frontend import trimmed_reference
from pronounce_kiosk.scoring.protocol import PreparedReference

GAP_S = 0.4
"""Silence put between two words."""
_MARGIN_S = 0.05
"""Kept of a pause beside a word: its end is soft."""
_SEARCH_S = 0.04
"""How far from two words' border the quietest place to cut is looked for."""
_LOUDNESS_S = 0.01
_FADE_S = 0.012


class Speed(Enum):
    """How an example is said."""

    USUAL = "usual"
    SLOW = "slow"
    WORDS = "words"
    """Slowly, with a pause after each word."""


@dataclass(frozen=True)
class SpokenUnit:
    """A unit of an example.

    start_s, end_s: in the clip. first, last: the characters of the sentence's text it stands for,
    last exclusive. word: which of the sentence's words it belongs to.
    """

    start_s: float
    end_s: float
    first: int
    last: int
    word: int


@dataclass(frozen=True, eq=False)
class SpokenExample:
    """An example to be played. units: in order, empty where nobody tells when they are said."""

    clip: AudioClip
    units: tuple[SpokenUnit, ...] = ()

    def unit_at(self, position_s: float) -> SpokenUnit | None:
        """Tell which unit is being said; in a pause, the one before it; None before the first."""
        begun = [unit for unit in self.units if unit.start_s <= position_s < self.clip.duration_s]
        said = [unit for unit in begun if unit.end_s > unit.start_s]
        return said[-1] if said else None

    def slowed_to(self, slow: AudioClip) -> Self:
        """Give the same in a slower clip."""
        tempo = self.clip.duration_s / max(slow.duration_s, 1e-6)
        slowed = (
            replace(one, start_s=one.start_s / tempo, end_s=one.end_s / tempo) for one in self.units
        )
        return replace(self, clip=slow, units=tuple(slowed))


def spoken(
    reference: Reference, prepared: PreparedReference | None, text: str, units: Sequence[Unit]
) -> SpokenExample:
    """Tell when a reference's units are said (`unit_times_s`); text and units: the sentence's."""
    times = unit_times_s(reference, prepared, len(units))
    if times is None:
        return SpokenExample(reference.clip)
    rows = zip(times.tolist(), units, word_numbers(text, units), strict=True)
    said = tuple(
        SpokenUnit(start_s, end_s, unit.start, unit.end, word)
        for (start_s, end_s), unit, word in rows
    )
    return SpokenExample(reference.clip, said)


def unit_times_s(
    reference: Reference, prepared: PreparedReference | None, count: int
) -> NDArray[np.float64] | None:
    """Find start and end of every unit in the reference as given, (units, 2); None for unknown.

    The engine's own times go first; the others are what the model found.

    Args:
        reference: Of a sentence of `count` units.
        prepared: What the scorer has found in it; None where it has found nothing.
    """
    if len(reference.units) == count:
        return np.array([(unit.start_s, unit.end_s) for unit in reference.units]).reshape(-1, 2)
    if prepared is None or prepared.unit_times_s.shape[1] != count:
        return None
    trimmed = trimmed_reference(reference.clip)
    return np.asarray(prepared.unit_times_s.T + trimmed.start_s)


def word_by_word(example: SpokenExample) -> SpokenExample:
    """Put `GAP_S` of silence between any two words; unchanged where their times are not known."""
    words = _words(example)
    if len(words) < 2:
        return example
    clip = example.clip
    starts_s, ends_s = [0.0], []
    for before, after in pairwise(words):
        end_s, start_s = before[-1].end_s, after[0].start_s
        if start_s - end_s > 2 * _MARGIN_S:
            end_s, start_s = end_s + _MARGIN_S, start_s - _MARGIN_S
        else:
            end_s = start_s = _quietest_s(clip, min(start_s, end_s), max(start_s, end_s))
        ends_s.append(end_s)
        starts_s.append(start_s)
    ends_s.append(clip.duration_s)
    gap = np.zeros(round(GAP_S * clip.sample_rate_hz), np.float32)
    pieces: list[NDArray[np.float32]] = []
    units: list[SpokenUnit] = []
    for word, start_s, end_s in zip(words, starts_s, ends_s, strict=True):
        pieces += [gap] if pieces else []
        shift_s = sum(len(piece) for piece in pieces) / clip.sample_rate_hz - start_s
        pieces.append(faded(clip.slice_s(start_s, end_s)).samples)
        for one in word:
            first_s, last_s = (
                min(max(at, start_s), end_s) + shift_s for at in (one.start_s, one.end_s)
            )
            units.append(replace(one, start_s=first_s, end_s=last_s))
    whole = AudioClip.from_array(np.concatenate(pieces), clip.sample_rate_hz)
    return SpokenExample(whole, tuple(units))


def faded(clip: AudioClip) -> AudioClip:
    """Fade a clip in and out, so that a cut is no click."""
    samples = clip.samples.copy()
    fade = min(round(_FADE_S * clip.sample_rate_hz), len(samples) // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        samples[:fade] *= ramp
        samples[-fade:] *= ramp[::-1]
    return AudioClip.from_array(samples, clip.sample_rate_hz)


def _words(example: SpokenExample) -> list[list[SpokenUnit]]:
    """Words whose units last some time; a written sign that is not said is no word."""
    words = (list(units) for _, units in groupby(example.units, key=lambda unit: unit.word))
    return [word for word in words if word[-1].end_s > word[0].start_s]


def _quietest_s(clip: AudioClip, first_s: float, last_s: float) -> float:
    part = clip.slice_s(first_s - _SEARCH_S, last_s + _SEARCH_S)
    width = max(1, round(_LOUDNESS_S * clip.sample_rate_hz))
    if len(part.samples) <= width:
        return (first_s + last_s) / 2.0
    power = np.convolve(np.square(part.samples), np.ones(width), "valid")
    offset = int(np.argmin(power)) + width // 2
    return max(first_s - _SEARCH_S, 0.0) + offset / clip.sample_rate_hz
