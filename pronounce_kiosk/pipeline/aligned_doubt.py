"""What a gate that listens for phones does not hear: time running backwards, notes standing still,
several voices at once or none.

Short sentences of a few common sounds are found in speech backwards, in music, in babble and in
coughs now and then. None of them sounds like a person speaking otherwise: a voice begins faster
than it dies away, its pitch glides, and at any moment it has one, with gaps between its partials.
Asked only where the gate is in doubt, so it costs the usual take nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pronounce_kiosk.core.audio import AudioClip, FloatArray

DOUBTFUL = 1.6
"""From this similarity up nothing here can make a difference worth asking for."""
USUAL_SKEWNESS = 0.4
SKEWNESS_WEIGHT, SKEWNESS_LIMIT = 0.5, 1.0
"""What each unit under the usual takes off the similarity, and all of them at most: of 2,500 right
takes none is refused for it, of 29 that pass the gate backwards (of 738) 24 are."""
STEADY_SHARE = 0.985
"""A quarter of people's sounding blocks hold their partials for .5-.95 of the time, in a tiled room
for up to .98, of chords for .99 and more."""
USUAL_PERIODICITY, USUAL_FILLING = 0.93, 0.15
_PERIODICITY_STEP, _FILLING_STEP = 0.05, 0.05
CROWDED = -0.2
"""How many steps beyond the usual two, taken together, are nothing to go by yet. These numbers were
chosen looking at people's takes that the gate doubts and at babble that it let through."""
CROWD_WEIGHT, CROWD_LIMIT = 0.5, 0.6
"""Of 2,500 right takes one is refused for it."""

_FFT, _HOP, _BLOCK = 1024, 160, 24
_BANDS = slice(6, 260)
"""100 Hz to 4 kHz: where notes and voices have their partials."""
_VOICE, _VOICE_HOP = 800, 320
_LAGS = slice(40, 260)
"""In samples: 400 to 62 Hz. A higher voice repeats itself after two of its periods."""
_AROUND = 11
_ABOVE_DB = 6.0
_STRONGEST = 5
_SOUNDING_DB = 25.0


def doubt(clip: AudioClip, mel: FloatArray) -> float:
    """What speaks against a take being speech, to be taken off the gate's similarity; at least 0.

    clip: behind the take's front, 16 kHz. mel: its grayscale image (n_mels, frames). 0 for silence.
    """
    if not mel.any():
        return 0.0
    if steadiness(clip) > STEADY_SHARE:
        return DOUBTFUL
    under = max(0.0, USUAL_SKEWNESS - onset_skewness(mel))
    backwards = min(SKEWNESS_LIMIT, SKEWNESS_WEIGHT * under)
    return backwards + min(CROWD_LIMIT, CROWD_WEIGHT * max(0.0, crowding(clip, mel) - CROWDED))


def crowding(clip: AudioClip, mel: FloatArray) -> float:
    """How much less one voice and how much fuller a take is than usual, in steps of both; 0 usual.

    Several voices at once have no common period and fill each other's gaps; coughs have no period.
    """
    filling = float(np.mean(mel > 0.5))
    less = (USUAL_PERIODICITY - periodicity(clip)) / _PERIODICITY_STEP
    return less + (filling - USUAL_FILLING) / _FILLING_STEP


def periodicity(clip: AudioClip) -> float:
    """How well the clearest quarter of a clip repeats itself within 2.5-16 ms: 0-1, one voice .9-1.

    The peak of the normalised autocorrelation of frames of 50 ms, divided by the window's own
    (Boersma 1993), its upper quartile over the frames that sound. 0 for silence and under 70 ms.
    """
    samples = clip.samples.astype(np.float64)
    if len(samples) < _VOICE + _VOICE_HOP:
        return 0.0
    frames = sliding_window_view(samples, _VOICE)[::_VOICE_HOP]
    power = np.square(frames).mean(axis=1)
    if not power.max() > 0.0:
        return 0.0
    frames = frames[power > 0.01 * power.max()]
    window: NDArray[np.float64] = np.hanning(_VOICE).astype(np.float64)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    alike = _autocorrelation(frames) / _autocorrelation(window[None])
    peaks = alike[:, _LAGS].max(axis=1) / np.maximum(alike[:, 0], 1e-20)
    return float(min(1.0, np.quantile(peaks, 0.75)))


def _autocorrelation(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row, at the lags that are asked for and before; (rows, _LAGS.stop)."""
    size = 2 * _VOICE
    power = np.square(np.abs(np.fft.rfft(frames, size, axis=1)))
    result: NDArray[np.float64] = np.fft.irfft(power, size, axis=1)[:, : _LAGS.stop]
    return result


def onset_skewness(mel: FloatArray) -> float:
    """Skewness of the level's steps from frame to frame: above 0 it rises faster than it falls.

    Speech backwards has the same with the other sign. 0 for silence, or a single frame.
    """
    steps = np.diff(mel.mean(axis=0, dtype=np.float64))
    power = float(np.mean(np.square(steps))) if len(steps) else 0.0
    return float(np.mean(steps**3)) / power**1.5 if power > 1e-12 else 0.0


def steadiness(clip: AudioClip) -> float:
    """How long partials stay where they are: 0-1, the lower quartile over the sounding blocks.

    Seyerlehner et al., "Automatic music detection in television productions" (DAFx 2007): in a
    spectrogram less its surroundings, how much of a quarter of a second the same few bands stand
    out for. 0 for a clip shorter than a block.
    """
    samples = clip.samples.astype(np.float64)
    if len(samples) < _FFT + _BLOCK * _HOP:
        return 0.0
    frames = sliding_window_view(samples, _FFT)[::_HOP] * np.hanning(_FFT)
    level_db = 20.0 * np.log10(np.abs(np.fft.rfft(frames, axis=1))[:, _BANDS] + 1e-6)
    stands_out = level_db - _surroundings(level_db) > _ABOVE_DB
    blocks = len(level_db) // _BLOCK
    held = stands_out[: blocks * _BLOCK].reshape(blocks, _BLOCK, -1).mean(axis=1)
    strongest = np.sort(held, axis=1)[:, -_STRONGEST:].mean(axis=1)
    loudness = level_db[: blocks * _BLOCK].max(axis=1).reshape(blocks, _BLOCK).mean(axis=1)
    return float(np.quantile(strongest[loudness > loudness.max() - _SOUNDING_DB], 0.25))


def _surroundings(level_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of `_AROUND` bands around each, of every frame."""
    reach = _AROUND // 2
    padded = np.pad(level_db, ((0, 0), (reach + 1, reach)), mode="edge")
    total = np.cumsum(padded, axis=1)
    result: NDArray[np.float64] = (total[:, _AROUND:] - total[:, :-_AROUND]) / _AROUND
    return result
