"""The English acoustic model: a Conformer (Gulati et al. 2020) trained with CTC on IPA symbols.

From a waveform at 16 kHz to log-posteriors of the ARPABET phones and hidden states, a frame every
20 ms. The weights are those of `hama` 1.7.0, converted by `training.aligned.convert_english`.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import ENGLISH_PHONES

FRAME_S = 0.02
TOKENS = 191
"""IPA symbols the network knows; the last two are the word boundary and the blank of CTC."""
PHONES = 1 + len(ENGLISH_PHONES)
"""Columns of the log-posteriors: no phone (the blank of CTC), then ARPABET's."""
WIDTH = 144
"""Channels of a block."""
BOTTLENECK_BLOCKS = 3
"""The hidden states are those of the last blocks, side by side: what the first one hears is still
more the voice than the phone. Cosine of takes to references, correlated with the raters' total over
313 takes: blocks 1-4 .69 .79 .79 .77."""
BOTTLENECK = BOTTLENECK_BLOCKS * WIDTH
_FEED_FORWARD = 576
_KERNEL = 31
_HEADS = 4
BLOCKS = 4
_N_FFT, _HOP = 400, 160
_MELS = 80
_LOG_FLOOR = 1e-10
_LEAST_POSTERIOR = 1e-7
_DB_PER_NEPER = 4.342944819
SHORTEST_SAMPLES = 400
_LEVEL = 0.05
"""RMS of a clip's louder half that the network is given, full scale 1. Its log mel energies are not
normalised, so loudness would move every posterior; from 0.03 to 0.2 it aligns as well."""
_LEVEL_WINDOW = 400
_DITHER = 1e-4
"""RMS of the noise added after that, full scale 1: logarithms of digital silence, which a denoised
clip holds, are far from all the network learned from. 1e-3 costs likelihood."""
_DITHER_SAMPLES = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * _DITHER


@dataclass(frozen=True, eq=False)
class FrameOutputs:
    """The network's outputs for one clip, a frame every `FRAME_S`.

    log_posteriors: float32 (frames, `PHONES`). hidden: float32 (frames, `BOTTLENECK`). energy_db:
    float32 (frames,), mean log mel energy.
    """

    log_posteriors: FloatArray
    hidden: FloatArray
    energy_db: FloatArray


def _feed_forward() -> nn.Sequential:
    first, second = nn.Linear(WIDTH, _FEED_FORWARD), nn.Linear(_FEED_FORWARD, WIDTH)
    layers = {"norm": nn.LayerNorm(WIDTH), "fc1": first, "silu": nn.SiLU(), "fc2": second}
    return nn.Sequential(OrderedDict(layers))


class _Attention(nn.Module):
    """Multi-head self-attention without positions: the convolutions carry the order."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        batch, frames, _ = x.shape
        qkv = self.qkv(self.norm(x)).view(batch, frames, 3, _HEADS, WIDTH // _HEADS)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out(y.transpose(1, 2).reshape(batch, frames, WIDTH))


class _Convolution(nn.Module):
    """Gated depthwise convolution; its batch norm is folded into the weights."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.expand = nn.Linear(WIDTH, 2 * WIDTH)
        self.depthwise = nn.Conv1d(WIDTH, WIDTH, _KERNEL, padding=_KERNEL // 2, groups=WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        y = F.glu(self.expand(self.norm(x)), dim=-1)
        y = self.depthwise(y.transpose(1, 2)).transpose(1, 2)
        return self.out(F.silu(y))


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.ffn1 = _feed_forward()
        self.attention = _Attention()
        self.convolution = _Convolution()
        self.ffn2 = _feed_forward()
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        x = x + 0.5 * self.ffn1(x)
        x = x + self.attention(x)
        x = x + self.convolution(x)
        x = x + 0.5 * self.ffn2(x)
        return self.norm(x)


class Conformer(nn.Module):
    """Log-posteriors and hidden states of 16 kHz clips."""

    mel: Tensor
    phone_of_token: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mel", torch.zeros(_N_FFT // 2 + 1, _MELS))
        self.register_buffer("phone_of_token", torch.zeros(TOKENS, dtype=torch.int64))
        self.subsample = nn.Conv1d(_MELS, WIDTH, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList(_Block() for _ in range(BLOCKS))
        self.out = nn.Linear(WIDTH, TOKENS)

    def log_mel(self, samples: Tensor) -> Tensor:
        """Log mel energies, (batch, frames every 10 ms, mels)."""
        spectrum = torch.stft(
            samples, _N_FFT, _HOP, window=torch.hann_window(_N_FFT), return_complex=True
        )
        power = spectrum.real.square() + spectrum.imag.square()
        return torch.log(torch.clamp(power.transpose(1, 2) @ self.mel, min=_LOG_FLOOR))

    def encode(self, log_mel: Tensor) -> list[Tensor]:
        """Hidden states of every block, (batch, frames, `WIDTH`) each."""
        x = F.gelu(self.subsample(log_mel.transpose(1, 2))).transpose(1, 2)
        states = []
        for block in self.blocks:
            x = block(x)
            states.append(x)
        return states

    def token_posteriors(self, last: Tensor) -> Tensor:
        """(batch, frames, `TOKENS`) of the last block's states."""
        return F.softmax(self.out(last), dim=-1)

    def log_posteriors(self, last: Tensor) -> Tensor:
        """(batch, frames, `PHONES`) of the last block's states: symbols of one phone are summed."""
        posteriors = self.token_posteriors(last)
        pooled = torch.zeros(*posteriors.shape[:-1], PHONES).index_add_(
            -1, self.phone_of_token, posteriors
        )
        return torch.log(pooled.clamp(min=_LEAST_POSTERIOR))

    @torch.inference_mode()
    def hear(self, samples: FloatArray) -> FrameOutputs:
        """Frame outputs of one clip at 16 kHz, at least `SHORTEST_SAMPLES` long."""
        log_mel = self.log_mel(torch.from_numpy(levelled(samples))[None])
        states = self.encode(log_mel)
        hidden = torch.cat(states[-BOTTLENECK_BLOCKS:], dim=2)[0]
        energy_db = log_mel[0].mean(dim=1)[::2] * _DB_PER_NEPER
        return FrameOutputs(
            self.log_posteriors(states[-1])[0].numpy(), hidden.numpy(), energy_db.numpy()
        )


def levelled(samples: FloatArray) -> FloatArray:
    """The clip at the loudness that the network is given, with dither; silence gets dither only."""
    whole = samples[: len(samples) // _LEVEL_WINDOW * _LEVEL_WINDOW].astype(np.float64)
    power = np.sort(np.square(whole).reshape(-1, _LEVEL_WINDOW).mean(axis=1))
    louder = power[len(power) // 2 :]
    rms = float(np.sqrt(louder.mean())) if len(louder) else 0.0
    scaled: FloatArray = (samples * (_LEVEL / max(rms, 1e-12))).astype(np.float32)
    scaled += np.resize(_DITHER_SAMPLES, len(scaled))
    return scaled
