"""The ears that hear takes against the ears that learn: the same function, put together."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from pronounce_kiosk.scoring.first.aligned import hear
from pronounce_kiosk.scoring.first.aligned_ear import PHASES, Ears
from pronounce_kiosk.scoring.first.aligned_encoder import (
    FRAME_STRIDE,
    AlignedEncoder,
    Comparison,
    Ear,
    EncoderShape,
)

SHAPES = [
    EncoderShape(channels=24, embedding=12),
    EncoderShape(n_mels=10, channels=8, expansion=3, kernel=5, dilations=(3, 1), embedding=6),
]


def ears(shape: EncoderShape) -> nn.ModuleList:
    """Two of them; no weight is what it would be at first, where many are 0 or 1."""
    torch.manual_seed(4)
    made = nn.ModuleList(Ear(AlignedEncoder(shape), Comparison(shape)) for _ in range(2)).eval()
    for parameter in made.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return made.requires_grad_(False)


def beginning_at(phase: int, ear: nn.Module) -> nn.Module:
    """An ear whose frames lie so many mel frames later; it sees as much."""
    other = copy.deepcopy(ear)
    assert isinstance(other, Ear)
    stem = other.encoder.stem
    (padding,) = stem.padding
    assert isinstance(padding, int)
    stem.padding = (0,)
    other.encoder.stem = nn.Sequential(  # type: ignore[assignment]
        nn.ConstantPad1d((padding - phase, padding + phase), 0.0), stem
    )
    return other


def test_the_phases_are_all_places_a_frame_can_begin_at() -> None:
    assert sorted(PHASES) == list(range(FRAME_STRIDE))
    assert PHASES[0] == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("frames", [1, 2, 3, 4, 50, 181])
@pytest.mark.parametrize("kind", ["speech", "silence", "constant"])
def test_takes_are_heard_as_in_training(shape: EncoderShape, frames: int, kind: str) -> None:
    random = np.random.default_rng(frames)
    mel = {
        "speech": np.cumsum(random.uniform(-0.2, 0.2, (shape.n_mels, frames)), axis=1) % 1.0,
        "silence": np.zeros((shape.n_mels, frames)),
        "constant": np.full((shape.n_mels, frames), 0.7),
    }[kind].astype(np.float32)
    learning = ears(shape)
    for language in ("en", "ko"):
        swift = Ears(learning).hear(mel, language)
        with torch.inference_mode():
            plain = [
                hear(beginning_at(phase, ear), mel, language)
                for ear, phase in zip(learning, PHASES, strict=False)
            ]
        for found, wanted, phase in zip(swift, plain, PHASES, strict=False):
            assert len(found.level) == len(wanted.level)
            levels = mel.mean(axis=0)[phase::FRAME_STRIDE]
            np.testing.assert_array_equal(found.level[: len(levels)], levels)
            for name in ("embeddings", "phones", "ctc"):
                value = getattr(found, name)
                assert value.dtype == np.float32
                np.testing.assert_allclose(value, getattr(wanted, name), atol=2e-4)


def test_an_image_is_left_as_it_was_and_heard_the_same_twice() -> None:
    mel = np.random.default_rng(0).random((64, 90), np.float32)
    mel.setflags(write=False)
    swift = Ears(ears(SHAPES[0]))
    first, second = swift.hear(mel, "ko"), swift.hear(mel, "ko")
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.embeddings, other.embeddings)
        np.testing.assert_array_equal(one.ctc, other.ctc)
