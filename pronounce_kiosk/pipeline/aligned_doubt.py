"""What a gate that listens for phones does not hear: time running backwards, notes standing still.

Short sentences of a few common sounds are found in speech backwards and in music now and then.
Neither sounds like speech otherwise: a voice begins faster than it dies away, and its pitch glides.
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
SKEWNESS_WEIGHT = 0.5
"""What each unit under the usual takes off the similarity. Of 2,500 people's takes 2 % are under
it, backwards nearly all; at this weight none of them was refused for it."""
STEADY_SHARE = 0.985
"""A quarter of people's sounding blocks hold their partials for .5-.95 of the time, in a tiled room
for up to .98, of chords for .99 and more."""

_FFT, _HOP, _BLOCK = 1024, 160, 24
_BANDS = slice(6, 260)
"""100 Hz to 4 kHz: where notes and voices have their partials."""
_AROUND = 11
_ABOVE_DB = 6.0
_STRONGEST = 5
_SOUNDING_DB = 25.0


def doubt(clip: AudioClip, mel: FloatArray) -> float:
    """What speaks against a take being speech, to be taken off the gate's similarity; at least 0.

    clip: behind the take's front, 16 kHz. mel: its grayscale image (n_mels, frames).
    """
    if steadiness(clip) > STEADY_SHARE:
        return DOUBTFUL
    return SKEWNESS_WEIGHT * max(0.0, USUAL_SKEWNESS - onset_skewness(mel))


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
