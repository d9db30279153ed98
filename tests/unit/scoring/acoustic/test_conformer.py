"""The Conformer by what holds of any weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.acoustic.conformer import (
    BOTTLENECK,
    PHONES,
    TOKENS,
    Conformer,
    levelled,
)


@pytest.fixture(scope="module")
def network() -> Conformer:
    torch.manual_seed(0)
    network = Conformer().eval()
    with torch.no_grad():
        network.get_buffer("mel").copy_(torch.rand(201, 80))
        network.get_buffer("phone_of_token").copy_(torch.arange(TOKENS) % PHONES)
    return network


def test_a_second_gives_fifty_frames_of_posteriors(network: Conformer) -> None:
    clip = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    heard = network.hear(clip)
    assert heard.log_posteriors.shape == (51, PHONES)
    assert heard.hidden.shape == (51, BOTTLENECK)
    assert heard.energy_db.shape == (51,)
    np.testing.assert_allclose(np.exp(heard.log_posteriors).sum(axis=1), 1.0, atol=1e-4)


def test_symbols_of_one_phone_are_summed(network: Conformer) -> None:
    last = torch.randn(1, 3, 144)
    tokens = network.token_posteriors(last)
    pooled = network.log_posteriors(last).exp()
    of_phone = torch.arange(TOKENS) % PHONES == 7
    torch.testing.assert_close(pooled[..., 7], tokens[..., of_phone].sum(dim=-1))


@pytest.mark.parametrize("gain", [1e-3, 30.0])
def test_clips_are_brought_to_one_loudness(gain: float) -> None:
    clip = np.random.default_rng(0).standard_normal(8_000).astype(np.float32)
    np.testing.assert_allclose(levelled(gain * clip), levelled(clip), atol=1e-5)


def test_silence_is_dither() -> None:
    quiet = levelled(np.zeros(20_000, np.float32))
    assert np.isfinite(quiet).all()
    assert 0.0 < np.abs(quiet).max() < 1e-3
