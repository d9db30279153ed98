"""Mains hum: a microphone or its power supply picks up 50 or 60 Hz and what rings along."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAINS_HZ = (50, 60)
HARMONICS_UP_TO_HZ = 1000.0
LINE_HZ = 1.6  # half the width of a spectral line of a one-second Hann window
LEAST_DBFS = -55.0  # a softer hum is taken out by denoising, and nobody need act
SHARE = 0.7  # of the energy that must be in the lines
WINDOW_S = 1.0


def hum_frequency_hz(samples: NDArray[np.float32], rate_hz: int) -> int:
    """50 or 60 where every whole second of the samples is mostly mains hum, else 0.

    float32 shape (n,); under a second, silence and a soft hum give 0. A voice may pass through a
    multiple of 50 Hz, but does not stay within 1.6 Hz of one for whole seconds.
    """
    n = int(WINDOW_S * rate_hz)
    windows = samples[: len(samples) // n * n].reshape(-1, n)
    if not len(windows):
        return 0
    for mains_hz in MAINS_HZ:
        if all(_hums(window, rate_hz, mains_hz) for window in windows):
            return mains_hz
    return 0


def _hums(window: NDArray[np.float32], rate_hz: int, mains_hz: int) -> bool:
    centred = window.astype(np.float64) - window.mean()
    power = np.mean(np.square(centred))
    if power < 10 ** (LEAST_DBFS / 10):
        return False
    spectrum = np.square(np.abs(np.fft.rfft(centred * np.hanning(len(centred)))))
    frequencies = np.fft.rfftfreq(len(centred), 1 / rate_hz)
    off_hz = np.abs(frequencies - mains_hz * np.round(frequencies / mains_hz))
    on_line = (off_hz <= LINE_HZ) & (frequencies > LINE_HZ) & (frequencies <= HARMONICS_UP_TO_HZ)
    return bool(spectrum[on_line].sum() >= SHARE * spectrum.sum())
