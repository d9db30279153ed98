"""Track the pitch of a voice, for the two curves a learner compares. Not part of the score.

Method: YIN (de Cheveigné and Kawahara 2002) gives each frame several candidates; the cheapest path
through them (Viterbi), with "no voice" as one more candidate, is the curve, as in pYIN. librosa's
pYIN agrees on voices (tests/unit/audio/test_pitch.py), but needs numba: seven seconds to import and
a longer compilation on a kiosk.
"""

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray

HOP_S = 0.01
LOWEST_HZ, HIGHEST_HZ = 65.0, 550.0
"""Range of the pitch: from a low man's voice to a child's."""
_WINDOW = 1024
_HOP = round(HOP_S * PIPELINE_SAMPLE_RATE_HZ)
_SHORTEST = int(PIPELINE_SAMPLE_RATE_HZ / HIGHEST_HZ)
_LONGEST = int(PIPELINE_SAMPLE_RATE_HZ / LOWEST_HZ) + 1
_CANDIDATES = 4
_VOICELESS = 0.32
"""Cost of a frame without voice. Raising it calls more frames voiced."""
_JUMP = 0.9
"""Cost of a jump by an octave. Raising it smooths the curve."""
_SWITCH = 0.12
"""Cost of a change between voiced and voiceless. Raising it gives longer runs."""
_LONG_LAG = 0.06
"""Extra cost of the longest lag over the shortest, which favours the first of several periods."""
_QUIET = 10.0 ** (-38.0 / 20.0)
"""Level relative to the loudest frame below which a frame is voiceless."""


def pitch(clip: AudioClip) -> FloatArray:
    """Estimate the pitch in Hz every `HOP_S`, NaN where there is no voice; shape (frames,).

    Frame n is centred on n * HOP_S. An empty clip gives no frames, silence only NaN.
    """
    samples = clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples.astype(np.float64)
    if not len(samples):
        return np.zeros(0, np.float32)
    lags, costs = _candidates(_frames(samples))
    chosen = _cheapest_path(lags, costs)
    rows = np.arange(len(lags))
    with np.errstate(divide="ignore", invalid="ignore"):
        hertz = PIPELINE_SAMPLE_RATE_HZ / lags[rows, np.minimum(chosen, _CANDIDATES - 1)]
    result: FloatArray = np.where(chosen < _CANDIDATES, hertz, np.nan).astype(np.float32)
    return result


def semitones(pitch_hz: FloatArray) -> FloatArray:
    """Convert pitch to semitones around the voice's own median, so that all voices compare.

    All NaN where there is no voice.
    """
    voiced = np.isfinite(pitch_hz)
    if not voiced.any():
        return np.full(len(pitch_hz), np.nan, np.float32)
    middle = float(np.median(pitch_hz[voiced]))
    result: FloatArray = (12.0 * np.log2(pitch_hz / middle)).astype(np.float32)
    return result


def _frames(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut centred frames of `_WINDOW`, shape (frames, _WINDOW); quiet ones are all zeros."""
    padded = np.pad(samples, _WINDOW // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    frames = windows - windows.mean(axis=1, keepdims=True)
    level = np.sqrt(np.mean(np.square(frames), axis=1))
    frames[level <= max(level.max() * _QUIET, 1e-6)] = 0.0
    return frames


def _candidates(frames: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find lags in samples and their costs, both (frames, _CANDIDATES).

    A missing candidate costs infinity.
    """
    difference = _normalised_difference(frames)
    before, here, after = (
        difference[:, _SHORTEST + step : _LONGEST + 1 + step] for step in (-1, 0, 1)
    )
    # Vertex of the parabola through three samples: at 500 Hz a whole lag is half a semitone.
    bend = before - 2.0 * here + after
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.clip(np.where(bend > 0.0, 0.5 * (before - after) / bend, 0.0), -0.5, 0.5)
    lags = np.arange(_SHORTEST, _LONGEST + 1) + shift
    heights = here - 0.25 * (before - after) * shift
    costs = heights + _LONG_LAG * (lags - _SHORTEST) / (_LONGEST - _SHORTEST)
    costs[~((here < before) & (here <= after))] = np.inf
    order = np.argsort(costs, axis=1)[:, :_CANDIDATES]
    rows = np.arange(len(frames))[:, None]
    return lags[rows, order], costs[rows, order]


def _normalised_difference(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute YIN's cumulative mean normalised difference; 1 for silence.

    Shape (frames, _LONGEST + 2).
    """
    lags = _LONGEST + 2
    length = _WINDOW - lags
    size = 2 * _WINDOW
    head = np.fft.rfft(frames[:, :length], size)
    products = np.fft.irfft(np.conj(head) * np.fft.rfft(frames, size), size)[:, :lags]
    energy = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    energies = energy[:, length : length + lags] - energy[:, :lags]
    difference = np.maximum(energies[:, :1] + energies - 2.0 * products, 0.0)
    difference[:, 0] = 0.0
    mean = np.cumsum(difference, axis=1) / np.maximum(np.arange(lags), 1)
    result = np.ones_like(difference)
    np.divide(difference, mean, out=result, where=mean > 1e-9)
    result[:, 0] = 1.0
    return result


def _cheapest_path(lags: NDArray[np.float64], costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Choose a candidate for each frame, `_CANDIDATES` for no voice; shape (frames,)."""
    count = len(lags)
    octaves = np.log2(lags)
    with_silence = np.hstack([costs, np.full((count, 1), _VOICELESS)])
    total = with_silence[0].copy()
    came_from = np.zeros((count, _CANDIDATES + 1), np.int64)
    change = np.full((_CANDIDATES + 1, _CANDIDATES + 1), _SWITCH)
    change[-1, -1] = 0.0
    for frame in range(1, count):
        change[:-1, :-1] = _JUMP * np.abs(octaves[frame - 1][:, None] - octaves[frame][None, :])
        through = total[:, None] + change
        came_from[frame] = through.argmin(axis=0)
        total = through[came_from[frame], np.arange(_CANDIDATES + 1)] + with_silence[frame]
    path = np.zeros(count, np.int64)
    path[-1] = int(total.argmin())
    for frame in range(count - 1, 0, -1):
        path[frame - 1] = came_from[frame][path[frame]]
    return path
