"""The Korean acoustic model: a factored time-delay network over MFCC and an i-vector.

Method: Povey et al. 2018 ("Semi-orthogonal low-rank matrix factorization for deep neural
networks"), with Kaldi's chain topology: one output frame every 30 ms. From the first layer whose
neighbours lie three frames apart on, only every third frame is computed. Before and after a clip
its first and last frame go on without end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.scoring.acoustic.linear import QuickLinear, float_linear

SUBSAMPLING = 3
"""Input frames (10 ms) an output frame."""
RESIDUAL_SCALE = 0.66
"""Share of a layer's input that is added to its output; the trained network's own."""


@dataclass(frozen=True)
class TdnnfShape:
    """Sizes of a network, layers by their channels.

    bottleneck: also of what take and reference are compared in. outputs: context-dependent states,
    which are pooled into phones, silence first. strides: per factored layer the distance of its two
    taps in input frames (0: one tap only).
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


@dataclass(frozen=True, eq=False)
class _Product:
    """A factored layer as two matrix products.

    The batch norms' scales are in `up`. Their offsets would be added to every frame: they are kept
    apart instead, a constant that each layer passes on, and what the next layer makes of it is in
    the bias of its `up`.

    Attributes:
        down: both taps' maps, one under the other, (taps * bottleneck, width).
        up: (width, taps * bottleneck), rectified.
        reach: distance of the taps in frames of this layer, 0 with one tap only.
    """

    down: QuickLinear
    up: QuickLinear
    reach: int

    @classmethod
    def of(cls, layer: FactoredLayer, step: int, constant: Tensor) -> _Product:
        """Fold a layer that works on every `step`-th frame, `constant` being what is kept apart."""
        reach, scale = layer.stride // step, layer.up.scale
        taps = torch.chunk(layer.down.weight, 2 if reach else 1, dim=1)
        narrow = layer.down.weight @ constant.repeat(len(taps))
        up = QuickLinear(
            scale[:, None] * layer.up.affine.weight,
            scale * layer.up.affine(narrow.repeat(len(taps))),
            rectified=True,
        )
        return cls(QuickLinear(torch.cat(taps)), up, reach)

    def __call__(self, x: Tensor, every: int = 1) -> Tensor:
        """Compute each `every`-th of the frames that have neighbours within `reach`."""
        narrow = self.down(x)
        if self.reach:
            before, now = narrow.chunk(2, dim=1)
            narrow = before[: -self.reach] + now[self.reach :]
            taps = (narrow[: -self.reach : every], narrow[self.reach :: every])
            narrow = torch.cat(taps, dim=1)
            x = x[self.reach : -self.reach]
        else:
            narrow = narrow[::every]
        return self.up(narrow).add_(x[::every], alpha=RESIDUAL_SCALE)


@dataclass(frozen=True, eq=False)
class _PooledOutput:
    """The output layer, its states in the order of their phones; one of several is there for each.

    Attributes:
        states: the states' maps. What share of a state a phone has is in its bias.
        starts: the first state of each phone.
    """

    states: QuickLinear
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, network: Tdnnf) -> _PooledOutput:
        """Put the states in order. Every phone needs one, and all of a state's shares make 1."""
        phones, states = torch.nonzero(network.pooling.T, as_tuple=True)
        bias = network.output.bias[states] + torch.log(network.pooling[states, phones])
        starts = torch.searchsorted(phones, torch.arange(network.shape.phones)).numpy()
        return cls(QuickLinear(network.output.weight[states], bias), starts)

    def __call__(self, x: Tensor) -> Tensor:
        """Compute the posteriors of the phones, (frames, phones)."""
        posteriors = torch.softmax(self.states(x), dim=1).numpy()
        return torch.from_numpy(np.add.reduceat(posteriors, self.starts, axis=1))


@dataclass(frozen=True, eq=False)
class _Products:
    """A network's weights, multiplied out for use.

    Attributes:
        splice, speaker, bias: the first layer's: of three frames, of the i-vector, of neither.
            Its products are not rounded, for cepstra differ too much in size.
        every_frame, every_third: the factored layers.
        narrow, last, last_narrow, output: those after them.
    """

    splice: Tensor
    speaker: Tensor
    bias: Tensor
    every_frame: tuple[_Product, ...]
    every_third: tuple[_Product, ...]
    narrow: QuickLinear
    last: QuickLinear
    last_narrow: QuickLinear
    output: _PooledOutput

    @classmethod
    def of(cls, network: Tdnnf) -> _Products:
        """Multiply out a network's weights."""
        first, transform = network.first, network.transform
        weight = first.scale[:, None] * (first.affine.weight @ transform.weight)
        bias = first.scale * (first.affine.weight @ transform.bias + first.affine.bias)
        splice, speaker = weight.split([3 * network.shape.cepstra, network.shape.ivector], dim=1)
        constant, step = first.offset, 1
        layers: dict[int, list[_Product]] = {1: [], SUBSAMPLING: []}
        for layer in network.factored:
            step = SUBSAMPLING if layer.stride % SUBSAMPLING == 0 else step
            layers[step].append(_Product.of(layer, step, constant))
            constant = layer.up.offset + RESIDUAL_SCALE * constant
        narrow = network.narrow.weight
        last, after = network.last, network.last_narrow
        return cls(
            splice.contiguous(),
            speaker.contiguous(),
            bias,
            tuple(layers[1]),
            tuple(layers[SUBSAMPLING]),
            QuickLinear(narrow, narrow @ constant),
            QuickLinear(
                last.scale[:, None] * last.affine.weight,
                last.scale * last.affine.bias,
                rectified=True,
            ),
            QuickLinear(after.weight, after.weight @ last.offset + after.bias),
            _PooledOutput.of(network),
        )

    def __call__(self, mfcc: Tensor, ivector: Tensor) -> Tensor:
        """Compute the last factored layer at every third frame, less what is kept apart."""
        reach = 1 + sum(layer.reach for layer in self.every_frame)
        # Far enough beyond the clip for the outermost frames to know nothing of it.
        beyond = -(-(reach + SUBSAMPLING) // SUBSAMPLING)
        x = _extended(mfcc, reach + SUBSAMPLING * beyond)
        bias = torch.mv(self.speaker, ivector) + self.bias
        x = torch.cat([x[:-2], x[1:-1], x[2:]], dim=1)
        x = float_linear(x, self.splice, bias).relu_()
        for layer in self.every_frame[:-1]:
            x = layer(x)
        x = self.every_frame[-1](x, SUBSAMPLING) if self.every_frame else x[::SUBSAMPLING]
        x = _extended(x, sum(layer.reach for layer in self.every_third) - beyond)
        for layer in self.every_third:
            x = layer(x)
        return x


class Tdnnf(nn.Module):
    """Give phone posteriors and bottleneck features of MFCC."""

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
        self._products: _Products | None = None

    @property
    def factored(self) -> list[FactoredLayer]:
        """The factored layers, in order."""
        return [layer for layer in self.layers if isinstance(layer, FactoredLayer)]

    def precompute(self) -> None:
        """Multiply out the weights; call it once they are loaded."""
        with torch.no_grad():
            self._products = _Products.of(self)

    def forward(self, mfcc: Tensor, ivector: Tensor) -> tuple[Tensor, Tensor]:
        """Compute phone posteriors and bottleneck features of one clip.

        Args:
            mfcc: (frames, cepstra), at least one frame.
            ivector: (size,).

        Returns:
            Posteriors (output frames, phones), which add up to 1 over the phones, and the
            bottleneck (output frames, bottleneck). Output frame n is of input frame 3 n.
        """
        if self._products is None:
            self.precompute()
        assert self._products is not None
        products = self._products
        bottleneck = products.narrow(products(mfcc, ivector))
        return products.output(products.last_narrow(products.last(bottleneck))), bottleneck


def _extended(x: Tensor, frames: int) -> Tensor:
    """Repeat the end frames so often on either side; cut so many off where it is negative."""
    if frames < 0:
        return x[-frames:frames]
    return torch.cat([x[:1].expand(frames, -1), x, x[-1:].expand(frames, -1)])
