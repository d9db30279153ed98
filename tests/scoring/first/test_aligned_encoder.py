"""The frame encoder: what lies around a clip, its loudness and its microphone change nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.language.phones import PHONE_SETS
from pronounce_kiosk.scoring.first.aligned_encoder import (
    AlignedEncoder,
    EncoderShape,
    embedded_frames,
    without_channel,
)


@pytest.fixture(scope="module")
def encoder() -> AlignedEncoder:
    torch.manual_seed(3)
    return AlignedEncoder(EncoderShape(channels=24, embedding=12)).eval().requires_grad_(False)


@pytest.fixture
def mels() -> Tensor:
    """Two images of 90 frames."""
    return torch.rand(2, 64, 90, generator=torch.Generator().manual_seed(1))


def test_a_shorter_clip_in_a_batch_is_heard_as_alone(encoder: AlignedEncoder, mels: Tensor) -> None:
    together = encoder(mels, torch.tensor([90, 61]))
    alone = encoder(mels[1:, :, :61])
    assert alone.shape == (1, 21, 12)
    torch.testing.assert_close(together[1:, :21], alone, atol=1e-4, rtol=0)
    torch.testing.assert_close(together[:1], encoder(mels[:1]), atol=1e-4, rtol=0)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 60, 61])
def test_three_mel_frames_are_one(encoder: AlignedEncoder, mels: Tensor, frames: int) -> None:
    embeddings = encoder(mels[:1, :, :frames])
    assert embeddings.shape[1] == -(-frames // 3) == int(embedded_frames(torch.tensor(frames)))


def test_a_microphone_s_colour_is_taken_off(encoder: AlignedEncoder, mels: Tensor) -> None:
    lengths = torch.tensor([90, 61])
    # Its mean is 0: which frames sound must not depend on it.
    colour = torch.linspace(-0.2, 0.2, 64)[None, :, None]
    plain, coloured = 0.3 + 0.2 * mels, 0.3 + 0.2 * mels + colour
    same = {"atol": 1e-4, "rtol": 0.0}
    torch.testing.assert_close(
        without_channel(coloured, lengths), without_channel(plain, lengths), **same
    )
    torch.testing.assert_close(encoder(coloured), encoder(plain), **same)
    assert (without_channel(plain, lengths)[1, :, 61:] == 0).all()


def test_loudness_changes_nothing(encoder: AlignedEncoder, take: AudioClip) -> None:
    loud, soft = (
        grayscale_mel(AudioClip.from_array(take.samples * gain, 16_000), MelParameters())
        for gain in (1.0, 0.03)
    )
    torch.testing.assert_close(
        encoder(torch.from_numpy(soft)[None]),
        encoder(torch.from_numpy(loud)[None]),
        atol=1e-3,
        rtol=0,
    )


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_silence_and_a_constant_give_finite_values(encoder: AlignedEncoder, level: float) -> None:
    embeddings = encoder(torch.full((1, 64, 30), level))
    assert torch.isfinite(embeddings).all()
    assert torch.isfinite(encoder.log_likelihoods(embeddings, "ko")).all()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_likelihoods_are_of_silence_and_each_phone(
    encoder: AlignedEncoder, mels: Tensor, language: str
) -> None:
    embeddings = encoder(mels)
    for logs in (
        encoder.log_likelihoods(embeddings, language),
        encoder.ctc_log_likelihoods(embeddings, language),
    ):
        assert logs.shape == (2, 30, 1 + len(PHONE_SETS[language]))
        np.testing.assert_allclose(logs.exp().sum(-1).numpy(), 1.0, atol=1e-5)
