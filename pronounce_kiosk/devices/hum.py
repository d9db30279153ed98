"""Detect mains hum: 50 or 60 Hz and its harmonics, from a microphone or its power supply."""

import numpy as np
from numpy.typing import NDArray

MAINS_HZ = (50, 60)
HARMONICS_UP_TO_HZ = 1000.0
LINE_HZ = 1.6  # half the width of a spectral line of a one-second Hann window
LEAST_DBFS = -55.0  # level below which hum is ignored; denoising removes it
SHARE = 0.7  # least share of the energy in the lines; raising it misses hum under noise
WINDOW_S = 1.0


def hum_frequency_hz(samples: NDArray[np.float32], rate_hz: int) -> int:
    """Return 50 or 60 where every whole second of the samples is mostly mains hum, else 0.

    A voice may pass through a multiple of 50 Hz, but does not stay within 1.6 Hz of one for
    seconds.

    Args:
        samples: float32, shape (n,). Less than a second, silence and a soft hum give 0.
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
