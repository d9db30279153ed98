"""The frame encoder of the aligned architecture: both branches of the Siamese network share it.

A grayscale mel image goes in, one embedding every 30 ms comes out, and from the embedding the
likelihood of every phone of each language it knows. Its view of a frame is about 0.5 s wide on
purpose: an encoder that sees whole words guesses the phone that ought to be there, and one wrong
phone would colour its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from pronounce_kiosk.language.phones import PHONE_SETS

FRAME_STRIDE = 3
"""Mel frames an embedding frame."""

COMPARED = 64
"""How long the vectors are in which take and reference are compared."""


@dataclass(frozen=True)
class EncoderShape:
    """What a manifest states so that the weights fit."""

    n_mels: int = 64
    channels: int = 144
    expansion: int = 2
    kernel: int = 3
    dilations: tuple[int, ...] = (1, 2, 1, 2, 1)
    embedding: int = 96
    dropout: float = 0.1


class _Block(nn.Module):
    """ConvNeXt's block in time (Liu et al. 2022): depthwise, norm, two pointwise, residual.

    The depthwise convolution is written as shifted products: on a processor without a fast
    grouped convolution (a Pi's, and in training) that is several times faster, and as exact.
    """

    def __init__(self, shape: EncoderShape, dilation: int) -> None:
        super().__init__()
        width = shape.channels
        self.dilation = dilation
        self.taps = nn.Parameter(torch.randn(shape.kernel, width) / shape.kernel**0.5)
        self.norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, shape.expansion * width)
        self.shrink = nn.Linear(shape.expansion * width, width)
        self.scale = nn.Parameter(torch.full((width,), 0.2))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """x: (batch, frames, channels); mask: (batch, frames, 1), 0 where there is padding.

        None where there is none: what remains is the same to the bit.
        """
        reach = self.dilation * (len(self.taps) // 2)
        padded = nn.functional.pad(x if mask is None else x * mask, (0, 0, reach, reach))
        frames = x.shape[1]
        y = sum(
            (
                padded[:, k * self.dilation : k * self.dilation + frames] * tap
                for k, tap in enumerate(self.taps)
            ),
            torch.zeros_like(x),
        )
        y = self.shrink(torch.relu(self.expand(self.norm(y))))
        return cast(Tensor, x + y * self.scale)


class AlignedEncoder(nn.Module):
    """mel (batch, n_mels, frames) in [0, 1] to embeddings (batch, ceil(frames / 3), embedding).

    All float32. Every embedding has mean 0 and variance 1.
    """

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.stem = nn.Conv1d(shape.n_mels, shape.channels, 7, stride=FRAME_STRIDE, padding=3)
        self.blocks = nn.ModuleList(_Block(shape, d) for d in shape.dilations)
        self.norm = nn.LayerNorm(shape.channels)
        self.dropout = nn.Dropout(shape.dropout)
        self.project = nn.Linear(shape.channels, shape.embedding)
        self.phones = _heads(shape)
        self.ctc = _heads(shape)

    def forward(self, mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Embeddings of a batch; those beyond a clip's own frames mean nothing.

        lengths: (batch,) valid mel frames, None where all are; what lies beyond them changes
        nothing. Silence gives finite values.
        """
        whole = lengths is None
        if lengths is None:
            lengths = torch.full((mel.shape[0],), mel.shape[2], device=mel.device)
        x = without_channel(mel, lengths)
        x = self.stem(x).transpose(1, 2).contiguous()
        at = torch.arange(x.shape[1], device=x.device)[None]
        inside = at < embedded_frames(lengths)[:, None]
        mask = None if whole else inside.unsqueeze(2).to(x.dtype)
        for block in self.blocks:
            x = block(x, mask)
        embeddings = self.project(self.dropout(self.norm(x)))
        return nn.functional.layer_norm(embeddings, (self.shape.embedding,))

    def log_likelihoods(self, embeddings: Tensor, language: str) -> Tensor:
        """Log posterior of silence and each phone: (..., 1 + phones of the language)."""
        return torch.log_softmax(self.phones[language](embeddings), dim=-1)

    def ctc_log_likelihoods(self, embeddings: Tensor, language: str) -> Tensor:
        """The same of the CTC head: blank at 0. Its spikes tell which phones, not how long."""
        return torch.log_softmax(self.ctc[language](embeddings), dim=-1)


class Comparison(nn.Module):
    """Embeddings as they are compared: of what was said, and less of who or what said it.

    (..., embedding) centred on the clip's mean, to (..., COMPARED) of unit length. Trained apart
    from the encoder, to tell a phone of a person's take from all others by synthesis.
    """

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.straight = nn.Linear(shape.embedding, COMPARED, bias=False)
        self.bent = nn.Sequential(
            nn.Linear(shape.embedding, 2 * shape.embedding),
            nn.ReLU(),
            nn.Dropout(shape.dropout),
            nn.Linear(2 * shape.embedding, COMPARED),
        )

    def forward(self, embeddings: Tensor) -> Tensor:
        """Silence gives finite values."""
        return nn.functional.normalize(self.straight(embeddings) + self.bent(embeddings), dim=-1)


class Ear(nn.Module):
    """An encoder, and how its embeddings are compared; as they are where that is None."""

    def __init__(self, encoder: AlignedEncoder, comparison: Comparison | None) -> None:
        super().__init__()
        self.encoder = encoder
        self.comparison = comparison


def _heads(shape: EncoderShape) -> nn.ModuleDict:
    """A layer a language: from an embedding to silence and each phone."""
    return nn.ModuleDict(
        {language: nn.Linear(shape.embedding, 1 + len(p)) for language, p in PHONE_SETS.items()}
    )


def embedded_frames(mel_frames: Tensor) -> Tensor:
    """How many embedding frames a mel of that many frames gives, rounded up."""
    return torch.div(mel_frames + FRAME_STRIDE - 1, FRAME_STRIDE, rounding_mode="floor")


def without_channel(mel: Tensor, lengths: Tensor) -> Tensor:
    """Each band's mean over the sounding frames taken off: a microphone's colour is no evidence.

    mel (batch, n_mels, frames) in [0, 1], lengths (batch,) valid frames; beyond them the result
    is 0. A frame counts by how far it stands above 0.4 of the loudest, so that pauses do not;
    silence, where none stands out, gives zeros.
    """
    valid = torch.arange(mel.shape[2], device=mel.device)[None] < lengths[:, None]
    level = mel.mean(dim=1).masked_fill(~valid, 0.0)
    weight = (level - 0.4 * level.amax(dim=1, keepdim=True)).clamp(min=0.0) * valid
    weight = weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-6)
    mean = (mel * weight[:, None]).sum(dim=2, keepdim=True)
    return (mel - mean) * valid[:, None] * 4.0
