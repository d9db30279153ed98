"""Mel-frequency cepstra as Kaldi makes them, in a third of the time of torchaudio's.

tests/unit/scoring/acoustic/test_mfcc.py compares the two.
"""

import math
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ

WINDOW, HOP, N_FFT = 400, 160, 512
"""Samples."""
LOW_HZ, HIGH_HZ = 20.0, 7600.0
PREEMPHASIS = 0.97
LIFTER = 22.0
_LEAST_ENERGY = float(torch.finfo(torch.float32).eps)


def mel_energies(samples: Tensor, bands: int) -> Tensor:
    """Compute the energies of mel bands, (frames, bands), a frame every 10 ms.

    samples: float32 at 16 kHz in 16-bit steps, at least `WINDOW` of them. What is no whole window
    at the end is left out.
    """
    frames = samples.unfold(0, WINDOW, HOP)
    means = frames.mean(dim=1)
    emphasised = functional.pad(samples[1:] - PREEMPHASIS * samples[:-1], (1, 0))
    # Each window without its own mean, and as if its first sample had been there before it.
    windows = emphasised.unfold(0, WINDOW, HOP) - (1.0 - PREEMPHASIS) * means[:, None]
    windows[:, 0] = (1.0 - PREEMPHASIS) * (frames[:, 0] - means)
    spectrum = torch.fft.rfft(windows.mul_(_window()), N_FFT)
    parts = torch.view_as_real(spectrum).square_()
    return (parts[:, :, 0] + parts[:, :, 1]) @ _transforms(bands)[0]


def mfcc(energies: Tensor) -> Tensor:
    """Compute as many cepstra as mel bands, (frames, cepstra), of `mel_energies`.

    Digital silence gives a large negative first cepstrum.
    """
    return energies.clamp(min=_LEAST_ENERGY).log_() @ _transforms(energies.shape[1])[1]


@cache
def _window() -> Tensor:
    """Povey's: Hann's to the power of 0.85."""
    return torch.hann_window(WINDOW, periodic=False).pow(0.85)


@cache
def _transforms(count: int) -> tuple[Tensor, Tensor]:
    """From power to mel bands, (N_FFT // 2 + 1, count), and from their logarithms to cepstra."""
    # Here and not above: importing it takes a moment that the commands without a score save.
    from torchaudio.compliance.kaldi import get_mel_banks

    bands, _ = get_mel_banks(
        count, N_FFT, PIPELINE_SAMPLE_RATE_HZ, LOW_HZ, HIGH_HZ, 100.0, -500.0, 1.0
    )
    order = torch.arange(count, dtype=torch.float64)
    cosines = math.sqrt(2.0 / count) * torch.cos(math.pi / count * torch.outer(order + 0.5, order))
    cosines[:, 0] = math.sqrt(1.0 / count)
    lifter = 1.0 + 0.5 * LIFTER * torch.sin(math.pi * order / LIFTER)
    return functional.pad(bands, (0, 1)).T.contiguous(), (cosines * lifter).float()
