"""The Korean acoustic model: a factored time-delay network over MFCC and an i-vector.

Method: Povey et al. 2018 ("Semi-orthogonal low-rank matrix factorization for deep neural
networks"), with Kaldi's chain topology: one output frame every 30 ms. From the first layer whose
neighbours lie three frames apart on, only every third frame is computed. Before and after a clip
its first and last frame go on without end.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
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


class _FoldedLayer:
    """A factored layer as two matrix products.

    The batch norms' scales are in `up`. Their offsets would be added to every frame: they are kept
    apart instead, a constant that each layer passes on, and what the next layer makes of it is in
    the bias of its `up`.
    """

    def __init__(self, layer: FactoredLayer, step: int, constant: Tensor) -> None:
        """Fold a layer that works on every `step`-th frame, `constant` being what is kept apart."""
        self.reach, scale = layer.stride // step, layer.up.scale
        taps = torch.chunk(layer.down.weight, 2 if self.reach else 1, dim=1)
        narrow = layer.down.weight @ constant.repeat(len(taps))
        self._down = QuickLinear(torch.cat(taps))
        self._up = QuickLinear(
            scale[:, None] * layer.up.affine.weight,
            scale * layer.up.affine(narrow.repeat(len(taps))),
            rectified=True,
        )

    def __call__(self, x: Tensor, every: int = 1) -> Tensor:
        """Compute each `every`-th of the frames that have neighbours within `reach`."""
        narrow = self._down(x)
        if self.reach:
            before, now = narrow.chunk(2, dim=1)
            narrow = before[: -self.reach] + now[self.reach :]
            taps = (narrow[: -self.reach : every], narrow[self.reach :: every])
            narrow = torch.cat(taps, dim=1)
            x = x[self.reach : -self.reach]
        else:
            narrow = narrow[::every]
        return self._up(narrow).add_(x[::every], alpha=RESIDUAL_SCALE)


class _PooledOutput:
    """The output layer with its states in the order of their phones; one of several is repeated.

    What share of a state a phone has is in the bias. Every phone needs a state, and all of a
    state's shares make 1.
    """

    def __init__(self, network: "Tdnnf") -> None:
        phones, states = torch.nonzero(network.pooling.T, as_tuple=True)
        bias = network.output.bias[states] + torch.log(network.pooling[states, phones])
        self._states = QuickLinear(network.output.weight[states], bias)
        self._starts = torch.searchsorted(phones, torch.arange(network.shape.phones)).numpy()

    def __call__(self, x: Tensor) -> Tensor:
        """Compute the posteriors of the phones, (frames, phones)."""
        posteriors = torch.softmax(self._states(x), dim=1).numpy()
        return torch.from_numpy(np.add.reduceat(posteriors, self._starts, axis=1))


class _Folded:
    """A network's weights, multiplied out for use."""

    @torch.no_grad()
    def __init__(self, network: "Tdnnf") -> None:
        first, transform = network.first, network.transform
        weight = first.scale[:, None] * (first.affine.weight @ transform.weight)
        self._bias = first.scale * (first.affine.weight @ transform.bias + first.affine.bias)
        # The first layer's products are not rounded, for cepstra differ too much in size.
        sizes = [3 * network.shape.cepstra, network.shape.ivector]
        self._splice, self._speaker = (part.contiguous() for part in weight.split(sizes, dim=1))
        constant, step = first.offset, 1
        self._every_frame: list[_FoldedLayer] = []
        self._every_third: list[_FoldedLayer] = []
        for layer in network.factored:
            step = SUBSAMPLING if layer.stride % SUBSAMPLING == 0 else step
            layers = self._every_frame if step == 1 else self._every_third
            layers.append(_FoldedLayer(layer, step, constant))
            constant = layer.up.offset + RESIDUAL_SCALE * constant
        narrow, last, after = network.narrow.weight, network.last, network.last_narrow
        self._narrow = QuickLinear(narrow, narrow @ constant)
        self._last = QuickLinear(
            last.scale[:, None] * last.affine.weight, last.scale * last.affine.bias, rectified=True
        )
        self._last_narrow = QuickLinear(after.weight, after.weight @ last.offset + after.bias)
        self._output = _PooledOutput(network)

    def __call__(self, mfcc: Tensor, ivector: Tensor) -> tuple[Tensor, Tensor]:
        """Compute posteriors and bottleneck, see `Tdnnf.forward`."""
        reach = 1 + sum(layer.reach for layer in self._every_frame)
        # Far enough beyond the clip for the outermost frames to know nothing of it.
        beyond = -(-(reach + SUBSAMPLING) // SUBSAMPLING)
        x = extended(mfcc, reach + SUBSAMPLING * beyond)
        bias = torch.mv(self._speaker, ivector) + self._bias
        x = torch.cat([x[:-2], x[1:-1], x[2:]], dim=1)
        x = float_linear(x, self._splice, bias).relu_()
        for layer in self._every_frame[:-1]:
            x = layer(x)
        x = self._every_frame[-1](x, SUBSAMPLING) if self._every_frame else x[::SUBSAMPLING]
        x = extended(x, sum(layer.reach for layer in self._every_third) - beyond)
        for layer in self._every_third:
            x = layer(x)
        bottleneck = self._narrow(x)
        return self._output(self._last_narrow(self._last(bottleneck))), bottleneck


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

    @property
    def factored(self) -> list[FactoredLayer]:
        """The factored layers, in order."""
        return [layer for layer in self.layers if isinstance(layer, FactoredLayer)]

    @cached_property
    def _folded(self) -> _Folded:
        """Multiply out the weights, which have to be loaded by then."""
        return _Folded(self)

    def forward(self, mfcc: Tensor, ivector: Tensor) -> tuple[Tensor, Tensor]:
        """Compute phone posteriors and bottleneck features of one clip.

        mfcc: (frames, cepstra), at least one frame. ivector: (size,). Gives (output frames, phones)
        that add up to 1, and (output frames, bottleneck). Output frame n is of input frame 3 n.
        """
        return self._folded(mfcc, ivector)


def extended(x: Tensor, frames: int) -> Tensor:
    """Repeat the end frames so often on either side; cut so many off where it is negative."""
    if frames < 0:
        return x[-frames:frames]
    return torch.cat([x[:1].expand(frames, -1), x, x[-1:].expand(frames, -1)])
