"""Stationary spectral gating, after Sainburg's noisereduce 3 (MIT), for one clip at a time.

Computes `noisereduce.reduce_noise(stationary=True)` in a fifth of its time and without its imports
(scipy, joblib, librosa, matplotlib): the mask is smoothed in integers, and thresholds are compared
with power instead of decibels. tests/unit/audio/test_spectral_gate.py compares the two.
"""

from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ

N_FFT = 512
HOP = N_FFT // 4
PADDING = 4 * N_FFT
"""Zeros before and after the clip, so that its edges are smoothed like its middle."""
THRESHOLD_DEVIATIONS = 1.5
"""Threshold in standard deviations over a band's mean noise. Raising it attenuates more."""
TOP_DB = 80.0
"""Dynamic range of a band: levels further below its loudest one are raised to it."""
FLOOR_DB = -80.0
"""Lowest threshold, for a clip whose loudest frame has -20 dBFS: about 60 dB below the loudest
point. Below it, quantisation noise differs between recording levels."""
SMOOTH_BANDS = int(500 / (PIPELINE_SAMPLE_RATE_HZ / (N_FFT / 2)))
SMOOTH_FRAMES = int(50 / (HOP / PIPELINE_SAMPLE_RATE_HZ * 1000))
"""Reach of the triangle that smooths the mask, to each side: 50 ms and 500 Hz."""
OPEN, CLOSED = 10, 1
"""Gain of a passed and of an attenuated point, in tenths. Complete removal would leave holes that
look like stops on a mel image."""

_SCALE = OPEN * float((SMOOTH_FRAMES + 1) ** 2 * (SMOOTH_BANDS + 1) ** 2)
_EPS = float(np.finfo(np.float64).eps)
_FloatArray = NDArray[np.float64]
_HANN: _FloatArray = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(N_FFT) / N_FFT)
_ANALYSIS = _HANN / _HANN.sum()
_SYNTHESIS = _HANN * (_HANN.sum() / 1.5 / _SCALE)
"""Squared Hann windows at a quarter-window hop add up to 1.5 everywhere but in the padding; the
mask of `_smoothed` carries the factor `_SCALE`."""


def gate(samples: _FloatArray, noise: _FloatArray | None) -> _FloatArray:
    """Attenuate what is no louder than the noise.

    Args:
        samples: float64, shape (n,), 16 kHz.
        noise: float64, at least N_FFT samples of the room; None where that is silent.

    Returns:
        float64, shape (n,). Digital silence in the noise gives NaN in places, which the caller
        must handle.
    """
    spectrum = _spectrum(np.concatenate([np.zeros(PADDING), samples, np.zeros(PADDING)]))
    power = np.square(spectrum.real)
    power += np.square(spectrum.imag)
    threshold_db = np.full(N_FFT // 2 + 1, FLOOR_DB)
    if noise is not None:
        threshold_db = np.maximum(threshold_db, _threshold_db(noise))
    # A band that lies within TOP_DB of its threshold as a whole passes completely.
    loudest_db = _decibels(np.sqrt(power.max(axis=0)))
    bound = np.maximum(10.0 ** (threshold_db / 20.0) - _EPS, 0.0) ** 2
    bound[loudest_db - TOP_DB > threshold_db] = -1.0
    mask = _smoothed(power > bound)
    # Multiplying the parts takes half the multiplications of a complex product.
    spectrum.real *= mask
    spectrum.imag *= mask
    return _clip(spectrum)[PADDING : PADDING + len(samples)]


def _decibels(amplitude: _FloatArray) -> _FloatArray:
    result: _FloatArray = 20.0 * np.log10(amplitude + _EPS)
    return result


def _threshold_db(noise: _FloatArray) -> _FloatArray:
    """Compute the level above which each band passes, (N_FFT // 2 + 1,)."""
    level_db = _decibels(np.abs(_spectrum(noise)))
    level_db = np.maximum(level_db, level_db.max(axis=0) - TOP_DB)
    threshold: _FloatArray = level_db.mean(axis=0) + THRESHOLD_DEVIATIONS * level_db.std(axis=0)
    return threshold


def _spectrum(samples: _FloatArray) -> NDArray[np.complex128]:
    """Compute scipy.signal.stft: (frames, N_FFT // 2 + 1), padded by half a window at both ends."""
    edge = np.zeros(N_FFT // 2)
    frames = sliding_window_view(np.concatenate([edge, samples, edge]), N_FFT)[::HOP]
    spectrum: NDArray[np.complex128] = np.fft.rfft(frames * _ANALYSIS, axis=1)
    return spectrum


def _clip(spectrum: NDArray[np.complex128]) -> _FloatArray:
    """Compute scipy.signal.istft: window again, overlap-add, divide by the window sum."""
    frames = np.fft.irfft(spectrum, N_FFT, axis=1)
    frames *= _SYNTHESIS
    blocks = frames.reshape(len(frames), N_FFT // HOP, HOP)
    total = np.zeros((len(frames) + N_FFT // HOP - 1, HOP))
    for part in range(N_FFT // HOP):
        total[part : part + len(frames)] += blocks[:, part]
    return total.reshape(-1)[N_FFT // 2 :]


def _smoothed(gates: NDArray[np.bool_]) -> _FloatArray:
    """Smooth the mask by a triangle over frames and bands, times `_SCALE`; (frames, bands).

    Exact: a triangle is a box applied twice, and sums of integers do not round.
    """
    margins = [(SMOOTH_FRAMES, SMOOTH_FRAMES), (SMOOTH_BANDS, SMOOTH_BANDS)]
    mask = np.pad(np.where(gates, np.uint16(OPEN), np.uint16(CLOSED)), margins)
    for reach in (SMOOTH_FRAMES, SMOOTH_BANDS):
        for _ in range(2):
            count = len(mask) - reach
            mask = reduce(np.add, [mask[first : first + count] for first in range(reach + 1)])
        mask = mask.T
    return mask.astype(float)
