"""`AudioClip`: audio in memory, validated once at construction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.errors import UnreadableAudioError

PIPELINE_SAMPLE_RATE_HZ = 16_000
"""Sample rate of every stage after reading or recording."""

MAX_AMPLITUDE = 1e12
"""Full scale is 1. Some programs write 32-bit integers as floats; beyond this, sums of samples
overflow."""

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class AudioClip:
    """Mono audio.

    Attributes:
        samples: float32, shape (n,), full scale 1.0, read-only, finite. n may be 0.
        sample_rate_hz: Samples a second, > 0.
    """

    samples: FloatArray
    sample_rate_hz: int

    @classmethod
    def from_array(cls, samples: Any, sample_rate_hz: int) -> AudioClip:
        """Make a clip from anything array-like: shape (n,) or (n, channels), float or integer.

        Integers are scaled by their type's full scale, channels are averaged. Empty input and
        silence are allowed; the level check reports them.

        Raises:
            UnreadableAudioError: A sample is NaN, infinite or beyond `MAX_AMPLITUDE`: a broken file
                or driver. No later stage checks again.
        """
        array = np.asarray(samples)
        if array.ndim not in (1, 2):
            raise _unreadable(f"Audio must have shape (n,) or (n, channels), not {array.shape}")
        if int(sample_rate_hz) <= 0:
            raise _unreadable(f"A sample rate of {sample_rate_hz} Hz is not possible")
        if np.issubdtype(array.dtype, np.unsignedinteger):
            half = float(np.iinfo(array.dtype).max // 2 + 1)
            array = (array.astype(np.float64) - half) / half
        elif np.issubdtype(array.dtype, np.integer):
            array = array.astype(np.float64) / float(np.iinfo(array.dtype).max + 1)
        elif not np.issubdtype(array.dtype, np.floating):
            raise _unreadable(f"Samples of type {array.dtype} are not audio")
        # Checked before narrowing and averaging, which both overflow. NaN compares as false.
        if not (np.abs(array) <= MAX_AMPLITUDE).all():
            raise _unreadable("The audio holds values that are not numbers")
        if array.ndim == 2:
            array = array.mean(axis=1) if array.shape[1] else array.reshape(-1)
        mono = np.ascontiguousarray(array, dtype=np.float32)
        if mono is samples or mono.base is not None:
            mono = mono.copy()
        mono.setflags(write=False)
        return cls(mono, int(sample_rate_hz))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz

    @cached_property
    def peak(self) -> float:
        """Largest absolute sample; 0.0 for an empty clip."""
        return float(np.abs(self.samples).max()) if len(self.samples) else 0.0

    @cached_property
    def rms(self) -> float:
        """Root mean square; 0.0 for an empty clip."""
        if not len(self.samples):
            return 0.0
        return float(np.sqrt(np.mean(np.square(self.samples, dtype=np.float64))))

    def part(self, start: int, end: int) -> AudioClip:
        """Return the samples from one to another, as slices do."""
        return AudioClip(self.samples[start:end], self.sample_rate_hz)

    def slice_s(self, start_s: float, end_s: float) -> AudioClip:
        """Return the part between two times, clamped to the clip; empty where nothing is left."""
        start = min(max(round(start_s * self.sample_rate_hz), 0), len(self.samples))
        end = min(max(round(end_s * self.sample_rate_hz), start), len(self.samples))
        return self.part(start, end)

    def pcm16(self) -> NDArray[np.int16]:
        """Return the samples as 16-bit integers; those beyond full scale are clipped."""
        scaled = np.round(self.samples.astype(np.float64) * 32768.0)
        return np.clip(scaled, -32768, 32767).astype(np.int16)

    def resampled(self, sample_rate_hz: int) -> AudioClip:
        """Return the clip at another rate (soxr, high quality, linear phase)."""
        if sample_rate_hz == self.sample_rate_hz:
            return self
        if not len(self.samples):
            return AudioClip(self.samples, sample_rate_hz)
        import soxr

        samples = soxr.resample(self.samples, self.sample_rate_hz, sample_rate_hz)
        return AudioClip.from_array(samples, sample_rate_hz)


def _unreadable(why: str) -> UnreadableAudioError:
    return UnreadableAudioError(f"{why}: record it again.")
