"""Recognise the reference played again: the identical recording, by whatever voice it is.

Two people who say a sentence, or one person twice, differ in when each harmonic of the voice goes
where. One recording keeps them through loudspeakers, rooms and noise. So the mel images of take and
reference are laid over one another and compared in their fine structure along frequency.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment

ALIKE = 0.8
"""Correlation of the fine structures from which the take is the recording. Raising it misses
recordings played through loudspeakers (.83 to .99). People who say the sentence reach .26 at most,
over 270 pairs; recordings in reverberant rooms .52 to .76, which is missed on purpose: the same
synthetic voice with one sound exchanged reaches as much."""
PART_ALIKE = 0.7
"""And the least of any part: a recording stopped halfway is none, nor is one of the same voice in
which a sound is another (.17 in the median, over 119 sentences by espeak-ng; .9 and more only where
espeak-ng says two sounds alike). Played again: .74 and more, through a loudspeaker mostly .71."""
FINE_BANDS = 9
"""Mel bands whose mean is taken off each band: wider than two harmonics of a low voice."""
PART_FRAMES = 10
PART_ENERGY = 0.3
"""A part of the reference with less than this share of the mean energy says nothing."""
POINTS = 97.0
"""Least points of a recording played again, and of each of its units."""


@dataclass(frozen=True)
class Replay:
    """How a take lies over its reference.

    correlation: of the fine structures, -1 to 1. weakest: of the least like part. lag_frames: of
    the mel images, by which the reference's beginning lies after the take's.
    """

    correlation: float
    weakest: float
    lag_frames: int

    @property
    def is_the_recording(self) -> bool:
        """Whether the take is the reference played again."""
        return self.correlation >= ALIKE and self.weakest >= PART_ALIKE


def compare(take: NDArray[np.uint8], reference: NDArray[np.uint8]) -> Replay:
    """Lay a take's mel image over its reference's where they fit best.

    Args:
        take, reference: mel images with equal hops, (bands, frames). One without frames, or an even
            one, is like nothing.
    """
    if not take.shape[1] or not reference.shape[1]:
        return Replay(0.0, 0.0, 0)
    own, wanted = _fine_structure(take), _fine_structure(reference)
    lag = _best_lag(own, wanted)
    first = min(0, lag)
    length = max(own.shape[1], lag + wanted.shape[1]) - first
    own = _placed(own, -first, length)
    wanted = _placed(wanted, lag - first, length)
    parts = range(0, length, PART_FRAMES)
    energies = np.array([_energy(wanted[:, part : part + PART_FRAMES]) for part in parts])
    spoken = energies > PART_ENERGY * energies.mean()
    weakest = min(
        (
            _correlation(own[:, part : part + PART_FRAMES], wanted[:, part : part + PART_FRAMES])
            for part, kept in zip(parts, spoken, strict=True)
            if kept
        ),
        default=0.0,
    )
    return Replay(_correlation(own, wanted), weakest, lag)


def lifted(assessment: Assessment, times_s: NDArray[np.float64], start_s: float) -> Assessment:
    """Give the assessment of the reference played again: everything said, `POINTS` at least.

    Args:
        assessment: of the take, refused ones too.
        times_s: start and end of each unit in the trimmed reference, (2, units); a unit of which
            nothing is said lasts no time.
        start_s: where that reference begins in the take's trimmed clip.
    """
    found = {unit.index: unit for unit in assessment.units}
    played = [
        UnitAssessment(index, max(0.0, first_s + start_s), max(0.0, last_s + start_s), POINTS)
        for index, (first_s, last_s) in enumerate(times_s.T.tolist())
        if last_s > first_s
    ]
    return replace(
        assessment,
        acceptance=max(assessment.acceptance, POINTS),
        accuracy=max(assessment.accuracy or 0.0, POINTS),
        fluency=max(assessment.fluency or 0.0, POINTS),
        prosody=max(assessment.prosody or 0.0, POINTS),
        total=max(assessment.total or 0.0, POINTS),
        units=tuple(_raised(found.get(unit.index, unit)) for unit in played),
        remarks=(),
    )


def _raised(unit: UnitAssessment) -> UnitAssessment:
    phones = tuple(
        replace(one, score=max(one.score, POINTS), heard=None) for one in unit.phones if one.phone
    )
    return replace(unit, score=max(unit.score, POINTS), said=True, phones=phones)


def _fine_structure(image: NDArray[np.uint8]) -> FloatArray:
    """Take off what lies around each band, and each band's mean."""
    values = image.astype(np.float32)
    fine = values - uniform_filter1d(values, FINE_BANDS, axis=0)
    centred: FloatArray = fine - fine.mean(axis=1, keepdims=True)
    return centred


def _best_lag(own: FloatArray, wanted: FloatArray) -> int:
    """Frames by which the reference lies after the take, where their product is largest."""
    size = 1 << (own.shape[1] + wanted.shape[1] - 1).bit_length()
    product = np.fft.rfft(own, size) * np.conj(np.fft.rfft(wanted, size))
    along = np.fft.irfft(product.sum(axis=0), size)
    lag = int(along.argmax())
    return lag if lag < own.shape[1] else lag - size


def _placed(fine: FloatArray, start: int, length: int) -> FloatArray:
    return np.pad(fine, ((0, 0), (start, length - start - fine.shape[1])))


def _energy(fine: FloatArray) -> float:
    return float(np.square(fine).sum())


def _correlation(own: FloatArray, wanted: FloatArray) -> float:
    size = np.sqrt(_energy(own) * _energy(wanted))
    return float((own * wanted).sum() / size) if size > 1e-6 else 0.0
