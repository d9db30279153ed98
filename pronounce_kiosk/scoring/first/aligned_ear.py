"""The ears of a bundle as they hear takes: the same function as `Ear`, in less time,
and each ear from another place on (`PHASES`).

What training keeps apart is put together once: a layer norm's weights and a block's scale belong
to the matrices after and before them, and a bias before a ReLU to the bias after the next matrix,
for max(x + b, 0) is max(x, -b) + b. The stem is one matrix product. Nothing is left out and
nothing rounded; `tests/scoring/first/test_aligned_ear.py` holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided
from torch import Tensor, nn
from torch.nn import functional

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import PHONE_SETS
from pronounce_kiosk.scoring.first.aligned_encoder import (
    FRAME_STRIDE,
    AlignedEncoder,
    Comparison,
    Ear,
)
from pronounce_kiosk.scoring.first.aligned_evidence import Heard

PHASES = (0, 2, 1)
"""Where the first frame of each ear lies, in mel frames. Most of a quick talker's phones are no
longer than one embedding's frame: two ears that cut time at the same places would err alike."""


class Ears:
    """Hears with the weights that the ears have now; each must have its comparison."""

    def __init__(self, ears: Iterable[nn.Module]) -> None:
        with torch.no_grad():
            self._ears = [_SwiftEar(cast(Ear, ear)) for ear in ears]

    def hear(self, mel: FloatArray, language: str) -> list[Heard]:
        """What each ear hears in a mel image, (n_mels, frames) in [0, 1], at least one frame."""
        level = mel.mean(axis=0)
        image = _without_channel(mel, level)
        # As many frames for each, the last perhaps beyond the end.
        at = np.arange(0, len(level), FRAME_STRIDE)
        heard = []
        with torch.inference_mode():
            for place, ear in enumerate(self._ears):
                phase = PHASES[place % len(PHASES)]
                windows = torch.from_numpy(ear.encoder.windows(image, phase))
                levels = level[np.minimum(at + phase, len(level) - 1)]
                heard.append(ear.hear(windows, levels, language))
        return heard


class _SwiftEar:
    def __init__(self, ear: Ear) -> None:
        comparison = ear.comparison
        assert isinstance(comparison, Comparison)
        self.encoder = _SwiftEncoder(ear.encoder)
        self._straight = _weights(_double(comparison.straight.weight).T)
        first, last = comparison.bent[0], comparison.bent[-1]
        assert isinstance(first, nn.Linear)
        assert isinstance(last, nn.Linear)
        bias = _double(first.bias)
        self._enter, self._edge = _weights(_double(first.weight).T), _weights(-bias)
        self._leave = _weights(_double(last.weight).T)
        self._bias = _weights(_double(last.bias) + _double(last.weight) @ bias)

    def hear(self, windows: Tensor, level: FloatArray, language: str) -> Heard:
        """windows: of `_SwiftEncoder.windows`."""
        embeddings = self.encoder(windows)
        phones, ctc = self.encoder.likelihoods(embeddings, language)
        shifted = embeddings - embeddings.mean(dim=0)
        compared = self._compared(functional.normalize(shifted, dim=1, eps=1e-6))
        return Heard(compared.numpy(), phones.numpy(), ctc.numpy(), level)

    def _compared(self, embeddings: Tensor) -> Tensor:
        bent = torch.mm(embeddings, self._enter)
        torch.maximum(bent, self._edge, out=bent)
        sums = torch.mm(embeddings, self._straight)
        sums.addmm_(bent, self._leave).add_(self._bias)
        return functional.normalize(sums, dim=1)


class _SwiftBlock:
    def __init__(self, block: nn.Module) -> None:
        taps, scale = (cast(Tensor, getattr(block, name)) for name in ("taps", "scale"))
        norm, expand, shrink = (getattr(block, name) for name in ("norm", "expand", "shrink"))
        self.dilation = int(cast(int, block.dilation))
        self.taps = [_weights(_double(tap)) for tap in taps]
        self.reach = self.dilation * (len(self.taps) // 2)
        weight, bias = _after_norm(norm, expand)
        self.expand, self.edge = _weights(weight), _weights(-bias)
        scaled = _double(shrink.weight).T * _double(scale)
        self.shrink = _weights(scaled)
        self.bias = _weights(_double(shrink.bias) * _double(scale) + bias @ scaled)
        self.eps = float(norm.eps)


class _SwiftEncoder:
    def __init__(self, encoder: AlignedEncoder) -> None:
        stem, norm = encoder.stem, encoder.norm
        self._kernel = stem.kernel_size[0]
        self._padding = int(stem.padding[0])
        # What `without_channel` multiplies by is in here.
        self._stem = _weights(4.0 * _double(stem.weight).permute(2, 1, 0).flatten(0, 1))
        assert stem.bias is not None
        self._stem_bias = _weights(_double(stem.bias))
        self._blocks = [_SwiftBlock(block) for block in encoder.blocks]
        self._reach = max(block.reach for block in self._blocks)
        weight, bias = _after_norm(norm, encoder.project)
        self._project, self._project_bias = _weights(weight), _weights(bias)
        self._eps = float(norm.eps)
        self._heads = {
            language: [_head(heads[language]) for heads in (encoder.phones, encoder.ctc)]
            for language in PHONE_SETS
        }

    def windows(self, mel: FloatArray, phase: int) -> FloatArray:
        """What the stem sees of (n_mels, frames) for each embedding frame, one row each.

        phase: of `PHASES`; the stem reaches further to both sides, so that all of mel is seen.
        """
        bands, frames = mel.shape
        count = -(-frames // FRAME_STRIDE)
        rows = np.zeros((FRAME_STRIDE * count + self._kernel, bands), np.float32)
        start = self._padding - phase
        rows[start : start + frames] = mel.T
        step = rows.strides[0]
        shape = (count, self._kernel * bands)
        return np.ascontiguousarray(as_strided(rows, shape, (FRAME_STRIDE * step, rows.itemsize)))

    def __call__(self, windows: Tensor) -> Tensor:
        """Embeddings (frames, embedding)."""
        frames, (width, wide) = len(windows), self._blocks[0].expand.shape
        around = torch.zeros(frames + 2 * self._reach, width)
        x = around[self._reach : self._reach + frames]
        torch.mm(windows, self._stem, out=x)
        x += self._stem_bias
        y, z = torch.empty(frames, width), torch.empty(frames, wide)
        for block in self._blocks:
            start = self._reach - block.reach
            torch.mul(around[start : start + frames], block.taps[0], out=y)
            for tap in block.taps[1:]:
                start += block.dilation
                y.addcmul_(around[start : start + frames], tap)
            torch.mm(functional.layer_norm(y, (width,), eps=block.eps), block.expand, out=z)
            torch.maximum(z, block.edge, out=z)
            x.addmm_(z, block.shrink).add_(block.bias)
        normed = functional.layer_norm(x, (width,), eps=self._eps)
        embeddings = torch.mm(normed, self._project).add_(self._project_bias)
        return functional.layer_norm(embeddings, (embeddings.shape[1],))

    def likelihoods(self, embeddings: Tensor, language: str) -> list[Tensor]:
        """Log posteriors by the head of phones and by the CTC's, (frames, 1 + phones) each."""
        return [
            torch.log_softmax(torch.mm(embeddings, weight).add_(bias), dim=1)
            for weight, bias in self._heads[language]
        ]


def _without_channel(mel: FloatArray, level: FloatArray) -> FloatArray:
    """`aligned_encoder.without_channel` of one image, but for its factor; level: mel's mean."""
    weight = np.maximum(level - np.float32(0.4) * level.max(), np.float32(0.0))
    weight /= max(float(weight.sum()), 1e-6)
    result: FloatArray = mel - (mel @ weight)[:, None]
    return result


def _double(tensor: Tensor) -> Tensor:
    return tensor.detach().double()


def _weights(tensor: Tensor) -> Tensor:
    return tensor.float().contiguous()


def _after_norm(norm: nn.LayerNorm, linear: nn.Linear) -> tuple[Tensor, Tensor]:
    """Matrix (in, out) and bias of a layer and the layer norm's weights before it, in 64 bits."""
    weight = _double(linear.weight)
    bias = weight @ _double(norm.bias) + _double(linear.bias)
    return (weight * _double(norm.weight)).T, bias


def _head(module: nn.Module) -> tuple[Tensor, Tensor]:
    assert isinstance(module, nn.Linear)
    return _weights(_double(module.weight).T), _weights(_double(module.bias))
