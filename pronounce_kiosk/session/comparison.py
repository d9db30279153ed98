"""A closer look at a take: where each unit lies in the example and in the take, and both pitches.

Made after the score is shown, by the worker: nothing here changes a score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.pitch import HOP_S, pitch, semitones
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.scoring.protocol import PreparedReference, TakeResult
from pronounce_kiosk.session.spoken import faded, unit_times_s

UNIT_MARGIN_S = 0.06
"""Heard on either side of a unit: a syllable cut at its edge is a click."""
_SHORTEST_UNIT_S = 0.22


class Span(NamedTuple):
    """Where a unit lies, in seconds from the start of a trimmed clip."""

    start_s: float
    end_s: float


@dataclass(frozen=True, eq=False)
class Example:
    """What a reference gives to look at, the same for every take: kept with it.

    clip: trimmed, at 16 kHz. start_s: where it began in the reference. melody: semitones around
    the voice's own median every `HOP_S`.
    """

    clip: AudioClip
    start_s: float
    melody: FloatArray


@dataclass(frozen=True, eq=False)
class CloserLook:
    """Take and reference, both trimmed, both at 16 kHz.

    reference_units and take_units: one span a unit of the score, in order, both empty where the
    model gives no times. *_pitch: semitones around the voice's own median every `HOP_S`, NaN where
    there is no voice; the take's at `take_pitch_times_s`, which are times in the reference: unit
    lies on unit. reference_image and take_image: likewise, uint8 (n_mels, frames) of one width.
    """

    reference: AudioClip
    take: AudioClip
    reference_units: tuple[Span, ...]
    take_units: tuple[Span, ...]
    reference_pitch: FloatArray
    take_pitch: FloatArray
    take_pitch_times_s: FloatArray
    reference_image: NDArray[np.uint8] | None
    take_image: NDArray[np.uint8] | None

    def reference_unit(self, number: int, last: int | None = None) -> AudioClip:
        """The example of one unit, or of those up to `last`, to be heard."""
        return _heard(self.reference, self.reference_units, number, last)

    def take_unit(self, number: int, last: int | None = None) -> AudioClip:
        """The same in the take."""
        return _heard(self.take, self.take_units, number, last)


def melody_of(clip: AudioClip) -> FloatArray:
    """Compute `Example.melody` of a trimmed clip."""
    return semitones(pitch(clip))


def look_closer(
    result: TakeResult, reference: Reference, example: Example, prepared: PreparedReference
) -> CloserLook:
    """Lay a take beside its example."""
    take_units = take_units_of(result)
    reference_units = _reference_units(reference, example, prepared, len(take_units))
    if len(take_units) != len(reference_units):
        take_units = reference_units = ()
    take_pitch = melody_of(result.take)
    times_s = np.arange(len(take_pitch), dtype=np.float32) * np.float32(HOP_S)
    knots = _knots(take_units, reference_units, result.take.duration_s, example.clip.duration_s)
    columns = 0 if result.reference_image is None else result.reference_image.shape[1]
    return CloserLook(
        reference=example.clip,
        take=result.take,
        reference_units=reference_units,
        take_units=take_units,
        reference_pitch=example.melody,
        take_pitch=take_pitch,
        take_pitch_times_s=np.interp(times_s, *knots).astype(np.float32),
        reference_image=result.reference_image,
        take_image=_warped(result.take_image, columns, knots),
    )


def _warped(
    image: NDArray[np.uint8] | None,
    columns: int,
    knots: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.uint8] | None:
    """A take's image (rows, frames) with its units under the example's; shape (rows, columns).

    For eyes only: a score never comes from a stretched time.
    """
    if image is None or not image.shape[1]:
        return None
    in_take, in_reference = knots
    example_s = (np.arange(columns) + 0.5) / max(columns, 1) * in_reference[-1]
    share = np.interp(example_s, in_reference, in_take) / in_take[-1]
    frames = np.clip((share * image.shape[1]).astype(int), 0, image.shape[1] - 1)
    return np.ascontiguousarray(image[:, frames])


def take_units_of(result: TakeResult) -> tuple[Span, ...]:
    """Give the times of a take's units in its trimmed clip."""
    start_s = result.take_start_s
    return tuple(Span(unit.start_s - start_s, unit.end_s - start_s) for unit in result.score.units)


def _reference_units(
    reference: Reference, example: Example, prepared: PreparedReference, count: int
) -> tuple[Span, ...]:
    """The times of a reference's units in its example; none where nobody tells."""
    times_s = unit_times_s(reference, prepared, count)
    if times_s is None:
        return ()
    inside_s = (times_s - example.start_s).clip(0.0, example.clip.duration_s)
    return tuple(map(Span._make, inside_s.tolist()))


def _knots(
    take: Sequence[Span], reference: Sequence[Span], take_s: float, reference_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times in the take and in the reference that belong together, both never falling."""
    pairs = [(0.0, 0.0)]
    for mine, theirs in zip(take, reference, strict=True):
        pairs += [(mine.start_s, theirs.start_s), (mine.end_s, theirs.end_s)]
    pairs.append((take_s, reference_s))
    both = np.maximum.accumulate(np.array(pairs), axis=0)
    # What interpolation needs: strictly rising.
    both += np.arange(len(both))[:, None] * 1e-7
    return both[:, 0], both[:, 1]


def _heard(clip: AudioClip, spans: Sequence[Span], number: int, last: int | None) -> AudioClip:
    if not 0 <= number < len(spans):
        return AudioClip(clip.samples[:0], clip.sample_rate_hz)
    start_s = spans[number].start_s - UNIT_MARGIN_S
    end_s = spans[number if last is None else last].end_s + UNIT_MARGIN_S
    short_s = max(0.0, _SHORTEST_UNIT_S - (end_s - start_s)) / 2.0
    part = clip.slice_s(max(start_s - short_s, 0.0), end_s + short_s)
    return faded(part)
