"""The Korean acoustic model: a factored time-delay network over MFCC and an i-vector.

Method: Povey et al. 2018 ("Semi-orthogonal low-rank matrix factorization for deep neural
networks"), with Kaldi's chain topology: one output frame every 30 ms. From the first layer whose
neighbours lie three frames apart on, only every third frame is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

SUBSAMPLING = 3
"""Input frames (10 ms) an output frame."""
EDGE_FRAMES = 30
"""The first and last input frame are repeated this often: what the network sees beyond the clip."""
RESIDUAL_SCALE = 0.66
"""Share of a layer's input that is added to its output; the trained network's own."""


@dataclass(frozen=True)
class TdnnfShape:
    """Sizes of a network.

    Attributes:
        cepstra: MFCC a frame.
        ivector: size of the i-vector.
        width: of the hidden layers.
        bottleneck: of the factored layers and of what take and reference are compared in.
        outputs: context-dependent states.
        phones: phone classes the states are pooled into, silence first.
        strides: per factored layer the distance of its two taps in input frames (0: one tap only).
    """

    cepstra: int
    ivector: int
    width: int
    bottleneck: int
    outputs: int
    phones: int
    strides: tuple[int, ...]


class _Rectified(nn.Module):
    """Affine map, rectifier, and the batch norm that follows it, as scale and offset."""

    scale: Tensor
    offset: Tensor

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.affine = nn.Linear(inputs, outputs)
        self.register_buffer("scale", torch.ones(outputs))
        self.register_buffer("offset", torch.zeros(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addcmul(self.offset, torch.relu(self.affine(x)), self.scale)


class FactoredLayer(nn.Module):
    """One factored layer: down to the bottleneck over (t - stride, t), up over (t, t + stride)."""

    def __init__(self, width: int, bottleneck: int, stride: int) -> None:
        super().__init__()
        taps = 2 if stride else 1
        self.stride = stride
        self.down = nn.Linear(taps * width, bottleneck, bias=False)
        self.up = _Rectified(taps * bottleneck, width)

    def forward(self, x: Tensor, step: int) -> Tensor:
        """x: (batch, frames, width), every `step`-th input frame."""
        shift = self.stride // step
        narrow = self.down(torch.cat([_shifted(x, -shift), x], 2) if shift else x)
        up = self.up(torch.cat([narrow, _shifted(narrow, shift)], 2) if shift else narrow)
        return torch.add(up, x, alpha=RESIDUAL_SCALE)


class Tdnnf(nn.Module):
    """Give phone posteriors and bottleneck features of MFCC.

    Args:
        shape: sizes; see `TdnnfShape`.
    """

    pooling: Tensor

    def __init__(self, shape: TdnnfShape) -> None:
        super().__init__()
        self.shape = shape
        spliced = 3 * shape.cepstra + shape.ivector
        self.transform = nn.Linear(spliced, spliced)
        self.first = _Rectified(spliced, shape.width)
        self.layers = nn.ModuleList(
            FactoredLayer(shape.width, shape.bottleneck, stride) for stride in shape.strides
        )
        self.narrow = nn.Linear(shape.width, shape.bottleneck, bias=False)
        self.last = _Rectified(shape.bottleneck, shape.width)
        self.last_narrow = nn.Linear(shape.width, shape.bottleneck)
        self.output = nn.Linear(shape.bottleneck, shape.outputs)
        self.register_buffer("pooling", torch.zeros(shape.outputs, shape.phones))

    @property
    def factored(self) -> list[FactoredLayer]:
        """The factored layers, in order."""
        return [layer for layer in self.layers if isinstance(layer, FactoredLayer)]

    def forward(self, mfcc: Tensor, ivectors: Tensor) -> tuple[Tensor, Tensor]:
        """Compute phone posteriors and bottleneck features.

        Args:
            mfcc: (batch, frames, cepstra), at least one frame.
            ivectors: (batch, size).

        Returns:
            Posteriors (batch, output frames, phones), which add up to 1 over the phones, and the
            bottleneck (batch, output frames, bottleneck). Output frame n is of input frame 3 n.
        """
        edges = (mfcc[:, :1].expand(-1, EDGE_FRAMES, -1), mfcc[:, -1:].expand(-1, EDGE_FRAMES, -1))
        x = torch.cat([edges[0], mfcc, edges[1]], dim=1)
        speaker = ivectors[:, None].expand(-1, x.shape[1], -1)
        x = torch.cat([_shifted(x, -1), x, _shifted(x, 1), speaker], dim=2)
        x = self.first(self.transform(x))
        step = 1
        for layer in self.factored:
            if step == 1 and layer.stride % SUBSAMPLING == 0:
                x, step = x[:, ::SUBSAMPLING], SUBSAMPLING
            x = layer(x, step)
        edge = EDGE_FRAMES // SUBSAMPLING
        bottleneck = self.narrow(x[:, edge:-edge])
        states = torch.softmax(self.output(self.last_narrow(self.last(bottleneck))), dim=2)
        phones = states @ self.pooling
        return phones / phones.sum(2, keepdim=True), bottleneck


def _shifted(x: Tensor, shift: int) -> Tensor:
    """x[:, t + shift] for every t; beyond the ends, the end frame."""
    if shift == 0:
        return x
    edge = (x[:, :1] if shift < 0 else x[:, -1:]).expand(-1, min(abs(shift), x.shape[1]), -1)
    if shift < 0:
        return torch.cat([edge, x[:, :shift]], dim=1)
    return torch.cat([x[:, shift:], edge], dim=1)
