"""The factored time-delay network, by what holds of any weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pronounce_kiosk.scoring.acoustic.tdnnf import (
    RESIDUAL_SCALE,
    SUBSAMPLING,
    Tdnnf,
    TdnnfShape,
)

EDGE_FRAMES = 30
SHAPE = TdnnfShape(
    cepstra=5, ivector=3, width=12, bottleneck=4, outputs=10, phones=6, strides=(1, 0, 3, 3)
)


@pytest.fixture(scope="module")
def network() -> Tdnnf:
    torch.manual_seed(0)
    network = Tdnnf(SHAPE).eval()
    shares = torch.rand(SHAPE.outputs, SHAPE.phones)
    network.pooling.copy_(shares / shares.sum(1, keepdim=True))
    for norm in (network.first, network.last, *(layer.up for layer in network.factored)):
        norm.scale.copy_(0.5 + torch.rand(len(norm.scale)))
        norm.offset.copy_(torch.randn(len(norm.offset)))
    return network


def run(network: Tdnnf, mfcc: Tensor, speakers: Tensor) -> tuple[Tensor, Tensor]:
    with torch.inference_mode():
        return network(mfcc, speakers)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 31, 100])
def test_one_output_frame_for_three(network: Tdnnf, frames: int) -> None:
    posteriors, bottleneck = run(network, torch.randn(2, frames, 5), torch.randn(2, 3))
    assert posteriors.shape[:2] == bottleneck.shape[:2]
    assert posteriors.shape[2] == SHAPE.phones
    assert bottleneck.shape[2] == SHAPE.bottleneck
    assert posteriors.shape[1] in (frames // 3, -(-frames // 3))
    torch.testing.assert_close(posteriors.sum(2), torch.ones(posteriors.shape[:2]))
    assert (posteriors >= 0.0).all()


def test_every_third_frame_is_what_it_is_among_all_frames(network: Tdnnf) -> None:
    mfcc, speakers = torch.randn(1, 61, 5), torch.randn(1, 3)
    posteriors, bottleneck = run(network, mfcc, speakers)
    with torch.inference_mode():
        whole, narrow = every_frame(network, mfcc, speakers)
    torch.testing.assert_close(posteriors, whole[:, ::SUBSAMPLING])
    torch.testing.assert_close(bottleneck, narrow[:, ::SUBSAMPLING])


def test_two_clips_together_are_each_alone(network: Tdnnf) -> None:
    mfcc, speakers = torch.randn(2, 40, 5), torch.randn(2, 3)
    together = run(network, mfcc, speakers)
    for row in range(2):
        alone = run(network, mfcc[row : row + 1], speakers[row : row + 1])
        for both, one in zip(together, alone, strict=True):
            torch.testing.assert_close(both[row : row + 1], one)


def test_a_far_frame_changes_nothing(network: Tdnnf) -> None:
    """Two taps of three frames each way, one of one, and the splice: ten frames."""
    mfcc, speakers = torch.randn(1, 90, 5), torch.randn(1, 3)
    changed = mfcc.clone()
    changed[:, 45] += 5.0
    before, after = run(network, mfcc, speakers)[0], run(network, changed, speakers)[0]
    moved = (before - after).abs().amax(2)[0] > 1e-6
    assert moved[45 // 3]
    assert not moved[: (45 - 10) // 3].any()
    assert not moved[(45 + 10) // 3 + 1 :].any()


def every_frame(network: Tdnnf, mfcc: Tensor, speakers: Tensor) -> tuple[Tensor, Tensor]:
    """The network without its shortcut: all layers at all frames."""

    def at(x: Tensor, shift: int) -> Tensor:
        return x[:, (torch.arange(x.shape[1]) + shift).clamp(0, x.shape[1] - 1)]

    padded = [mfcc[:, :1]] * EDGE_FRAMES + [mfcc] + [mfcc[:, -1:]] * EDGE_FRAMES
    x = torch.cat(padded, dim=1)
    speaker = speakers[:, None].expand(-1, x.shape[1], -1)
    x = network.first(network.transform(torch.cat([at(x, -1), x, at(x, 1), speaker], dim=2)))
    for layer in network.factored:
        reach = layer.stride
        narrow = layer.down(torch.cat([at(x, -reach), x], 2) if reach else x)
        up = layer.up(torch.cat([narrow, at(narrow, reach)], 2) if reach else narrow)
        x = up + RESIDUAL_SCALE * x
    bottleneck = network.narrow(x[:, EDGE_FRAMES:-EDGE_FRAMES])
    states = network.output(network.last_narrow(network.last(bottleneck))).softmax(2)
    return states @ network.pooling, bottleneck
