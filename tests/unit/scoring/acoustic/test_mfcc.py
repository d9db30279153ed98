"""The cepstra against torchaudio's."""

from __future__ import annotations

import pytest
import torch
from torchaudio.compliance import kaldi

from pronounce_kiosk.scoring.acoustic.mfcc import HIGH_HZ, LOW_HZ, WINDOW, mel_energies, mfcc

CEPSTRA = 40


@pytest.mark.parametrize("size", [WINDOW, WINDOW + 159, WINDOW + 160, 16_000])
@pytest.mark.parametrize("offset", [0.0, 2_000.0])
def test_they_are_torchaudio_s(size: int, offset: float) -> None:
    samples = 300.0 * torch.randn(size, generator=torch.Generator().manual_seed(0)) + offset
    theirs = kaldi.mfcc(
        samples[None],
        num_ceps=CEPSTRA,
        num_mel_bins=CEPSTRA,
        low_freq=LOW_HZ,
        high_freq=HIGH_HZ,
        use_energy=False,
        dither=0.0,
    )
    torch.testing.assert_close(mfcc(mel_energies(samples, CEPSTRA)), theirs, atol=5e-3, rtol=1e-4)


def test_silence_is_finite() -> None:
    assert torch.isfinite(mfcc(mel_energies(torch.zeros(16_000), CEPSTRA))).all()
