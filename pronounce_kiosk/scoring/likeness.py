"""Recognise the reference played again: the identical recording, by whatever voice it is.

Two people who say a sentence, or one person twice, differ in when each harmonic of the voice goes
where. One recording keeps them through loudspeakers, rooms and noise. So the mel images of take and
reference are laid over one another and compared in their fine structure along frequency; the
reference as it would sound in the take's noise and in several rooms.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment

CANDIDATE = 0.4
"""Correlation of the fine structures as they are from which rooms and noise are tried. People who
say the sentence reach .26 at most, over 270 pairs; recordings in reverberant rooms .5 and more."""
ALIKE = 0.7
"""Correlation from which the take is the recording, its room and noise allowed for. Raising it
misses recordings in rooms: .98 in the median as they are, .87 in a room of T60 .3 s, .79 in one of
.4 s with noise. People reach .1."""
PART_ALIKE = (0.45, 0.75)
PART_SLOPE, PART_OFFSET = 3.0, 2.1
"""And the least of any part: a recording stopped halfway is none, nor is one of the same voice in
which a sound is another (.2 in the median, as it is, where the recording has .9). What room and
noise do to the whole they do to every part: `PART_SLOPE` times the correlation less `PART_OFFSET`,
within `PART_ALIKE`. Raising these misses recordings in rooms, lowering them takes the same voice
with another sound for the recording."""
FINE_BANDS = 9
"""Mel bands whose mean is taken off each band: wider than two harmonics of a low voice."""
LAG_BANDS = 4
"""Every so many bands tell how two images lie over one another; all of them take 2 ms longer."""
PART_FRAMES = 10
PART_ENERGY = 0.3
"""A part of the reference with less than this share of the mean energy says nothing."""
ROOMS = tuple((t60_s, db) for t60_s in (0.25, 0.45, 0.8) for db in (4.0, 0.0, -4.0))
"""T60 in seconds and energy of the direct sound over the reverberation's in dB. More rooms take
longer and tell hardly more."""
STEPS = (-0.5, 0.0, 0.5)
"""Frames that the take's may lie between the reference's."""
NOISE_PERCENTILE = 8.0
"""Of a band's frames, whose power is taken for the noise."""
POINTS = 97.0
"""Least points of a recording played again, and of each of its units."""
_LEAST_POWER = 1e-6


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
        least = np.clip(PART_SLOPE * self.correlation - PART_OFFSET, *PART_ALIKE)
        return self.correlation >= ALIKE and bool(self.weakest >= least)


def compare(take: NDArray[np.uint8], reference: NDArray[np.uint8], mel: MelParameters) -> Replay:
    """Lay a take's mel image over its reference's, (bands, frames), where they fit best.

    One without frames, or an even one, is like nothing. mel: how both were made.
    """
    if not take.shape[1] or not reference.shape[1]:
        return Replay(0.0, 0.0, 0)
    own, wanted = _fine_structure(take), _fine_structure(reference)
    lag = _best_lag(own[::LAG_BANDS], wanted[::LAG_BANDS])
    first = min(0, lag)
    length = max(own.shape[1], lag + wanted.shape[1]) - first
    correlation = _correlation(_placed(own, -first, length), _placed(wanted, lag - first, length))
    if correlation < CANDIDATE:
        return Replay(correlation, 0.0, lag)
    played = _power(take, mel)
    noise = np.percentile(played, NOISE_PERCENTILE, axis=1, keepdims=True)
    played = _placed(played, -first, length)
    heard = _placed(_power(reference, mel), lag - first, length)
    fine = _fine_structure(_decibels(played))

    def alike(candidate: FloatArray) -> float:
        return _correlation(fine, _as_it_would_sound(candidate, played, noise))

    # The step between frames is the same in every room.
    moved = max((_between_frames(heard, step) for step in STEPS), key=alike)
    frames_a_s = mel.sample_rate_hz / mel.hop_length
    rooms = (_reverberant(moved, t60_s * frames_a_s, db) for t60_s, db in ROOMS)
    likeliest = _as_it_would_sound(max((moved, *rooms), key=alike), played, noise)
    return Replay(_correlation(fine, likeliest), _weakest_part(fine, likeliest), lag)


def _as_it_would_sound(reference: FloatArray, take: FloatArray, noise: FloatArray) -> FloatArray:
    """Give a reference's fine structure at the take's mean power and noise in each band."""
    wanted = np.maximum(take.mean(axis=1, keepdims=True) - noise, _LEAST_POWER)
    gain = wanted / reference.mean(axis=1, keepdims=True)
    return _fine_structure(_decibels(reference * gain + noise))


def _between_frames(power: FloatArray, step: float) -> FloatArray:
    """Move frames by less than one."""
    moved: FloatArray = (1.0 - abs(step)) * power
    return moved + abs(step) * np.roll(power, round(2 * step), axis=1) if step else power


def _reverberant(power: FloatArray, t60_frames: float, direct_db: float) -> FloatArray:
    """Add to each frame what the frames before it leave in a room."""
    kept = 10.0 ** (-6.0 / t60_frames)
    tail = np.zeros_like(power)
    for frame in range(1, power.shape[1]):
        tail[:, frame] = kept * (tail[:, frame - 1] + power[:, frame - 1])
    return power + tail * (10.0 ** (-direct_db / 10.0) * (1.0 - kept) / kept)


def _weakest_part(own: FloatArray, wanted: FloatArray) -> float:
    """The least correlation of the parts, which overlap by half, in which something is said."""
    starts = range(0, max(1, wanted.shape[1] - PART_FRAMES + 1), PART_FRAMES // 2)
    parts = [slice(start, start + PART_FRAMES) for start in starts]
    energies = np.array([_energy(wanted[:, part]) for part in parts])
    return min(
        (
            _correlation(own[:, part], wanted[:, part])
            for part, energy in zip(parts, energies, strict=True)
            if energy > PART_ENERGY * energies.mean()
        ),
        default=0.0,
    )


def lifted(assessment: Assessment, times_s: NDArray[np.float64], start_s: float) -> Assessment:
    """Give the assessment of the reference played again: everything said, `POINTS` at least.

    assessment: of the take, refused ones too. times_s: start and end of each unit in the trimmed
    reference, (2, units); a unit of which nothing is said lasts no time. start_s: where that
    reference begins in the take's trimmed clip.
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


def _power(image: NDArray[np.uint8], mel: MelParameters) -> FloatArray:
    """Undo an image's logarithm; its loudest point is 1."""
    bels = mel.top_db / 10.0 * (image.astype(np.float32) / 255.0 - 1.0)
    return np.power(np.float32(10.0), bels)


def _decibels(power: FloatArray) -> FloatArray:
    return 10.0 * np.log10(np.maximum(power, _LEAST_POWER))


def _fine_structure(image: NDArray[np.generic]) -> FloatArray:
    """Take off what lies around each band, and each band's mean."""
    values = image.astype(np.float32)
    # scipy has these two sums, but its import costs 60 MB of memory.
    padded = np.pad(values, ((FINE_BANDS // 2,) * 2, (0, 0)), mode="symmetric")
    around = sliding_window_view(padded, FINE_BANDS, axis=0).mean(axis=-1)
    fine = values - around
    return fine - fine.mean(axis=1, keepdims=True)


def _best_lag(own: FloatArray, wanted: FloatArray) -> int:
    """Frames by which the reference lies after the take, where their product is largest."""
    size = 1 << (own.shape[1] + wanted.shape[1] - 1).bit_length()
    product = np.fft.rfft(own, size) * np.conj(np.fft.rfft(wanted, size))
    along = np.fft.irfft(product.sum(axis=0), size)
    lag = int(along.argmax())
    return lag if lag < own.shape[1] else lag - size


def _placed(values: FloatArray, start: int, length: int) -> FloatArray:
    return np.pad(values, ((0, 0), (start, length - start - values.shape[1])))


def _energy(fine: FloatArray) -> float:
    return float(np.square(fine).sum())


def _correlation(own: FloatArray, wanted: FloatArray) -> float:
    size = np.sqrt(_energy(own) * _energy(wanted))
    return float((own * wanted).sum() / size) if size > 1e-6 else 0.0
