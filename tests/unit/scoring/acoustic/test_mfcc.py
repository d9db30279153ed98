"""The cepstra against Kaldi's steps, written out for one window after the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.acoustic.mfcc import (
    HIGH_HZ,
    HOP,
    LIFTER,
    LOW_HZ,
    N_FFT,
    PREEMPHASIS,
    WINDOW,
    mfcc,
)

CEPSTRA = 40
RATE = 16_000


def mel(hz: np.ndarray | float) -> np.ndarray:
    return 1127.0 * np.log1p(np.asarray(hz) / 700.0)


def written_out(samples: np.ndarray) -> np.ndarray:
    """feat/feature-mfcc.cc without dither and energy."""
    count = 1 + (len(samples) - WINDOW) // HOP
    rows = np.stack([samples[n * HOP : n * HOP + WINDOW] for n in range(count)]).astype(float)
    rows -= rows.mean(axis=1, keepdims=True)
    rows -= PREEMPHASIS * np.concatenate([rows[:, :1], rows[:, :-1]], axis=1)
    rows *= (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))) ** 0.85
    power = np.abs(np.fft.rfft(rows, N_FFT)) ** 2
    places = mel(np.arange(N_FFT // 2 + 1) * RATE / N_FFT)
    edges = np.linspace(mel(LOW_HZ), mel(HIGH_HZ), CEPSTRA + 2)
    bands = np.stack([np.interp(places, edges[n : n + 3], [0, 1, 0]) for n in range(CEPSTRA)])
    energies = np.log(np.maximum(power @ bands.T, np.finfo(np.float32).eps))
    order = np.arange(CEPSTRA)
    cosines = np.cos(np.pi / CEPSTRA * np.outer(order, order + 0.5)) * np.sqrt(2 / CEPSTRA)
    cosines[0] = np.sqrt(1 / CEPSTRA)
    return energies @ cosines.T * (1 + 0.5 * LIFTER * np.sin(np.pi * order / LIFTER))


@pytest.mark.parametrize("size", [WINDOW, WINDOW + 159, WINDOW + 160, 16_000])
@pytest.mark.parametrize("offset", [0.0, 2_000.0])
def test_they_are_kaldi_s(size: int, offset: float) -> None:
    samples = 300.0 * torch.randn(size, generator=torch.Generator().manual_seed(0)) + offset
    found = mfcc(samples, CEPSTRA).numpy()
    np.testing.assert_allclose(found, written_out(samples.numpy()), atol=5e-3, rtol=1e-4)


def test_silence_is_finite() -> None:
    assert torch.isfinite(mfcc(torch.zeros(16_000), CEPSTRA)).all()
