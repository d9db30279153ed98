"""An English model with random weights: what holds of any weights is tested with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import PhoneLine, phone_line
from pronounce_kiosk.scoring.acoustic.conformer import PHONES, TOKENS
from pronounce_kiosk.scoring.english.model import EnglishModel


@pytest.fixture(scope="session")
def model() -> EnglishModel:
    torch.manual_seed(0)
    model = EnglishModel().eval()
    with torch.no_grad():
        model.conformer.get_buffer("mel").copy_(torch.rand(201, 80))
        model.conformer.get_buffer("phone_of_token").copy_(torch.arange(TOKENS) % PHONES)
        for network in model.networks:
            network.acceptance[-1].bias.fill_(30.0)  # random posteriors fit any order of the text
    return model


@pytest.fixture(scope="session")
def line() -> PhoneLine:
    """Two words: see, the."""
    return phone_line("en", [("S", 0), ("IY", 0), ("DH", 1), ("AH", 1)])


@pytest.fixture(scope="session")
def clip() -> FloatArray:
    """A second of tones and noise by turns."""
    rng = np.random.default_rng(0)
    time_s = np.arange(16_000) / 16_000
    tone = np.sin(2 * np.pi * 300.0 * time_s) * (time_s % 0.4 > 0.15)
    return (0.1 * tone + 0.02 * rng.standard_normal(16_000)).astype(np.float32)
