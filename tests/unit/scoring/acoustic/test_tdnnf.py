"""The factored time-delay network, by what holds of any weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pronounce_kiosk.scoring.acoustic.tdnnf import RESIDUAL_SCALE, SUBSAMPLING, Tdnnf, TdnnfShape

EDGE_FRAMES = 30
ROUNDED = {"atol": 0.04, "rtol": 0.04}
"""How far products of 8-bit numbers lie from exact ones."""
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


def run(network: Tdnnf, mfcc: Tensor, speaker: Tensor) -> tuple[Tensor, Tensor]:
    with torch.inference_mode():
        return network(mfcc, speaker)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 31, 100])
def test_one_output_frame_for_three(network: Tdnnf, frames: int) -> None:
    posteriors, bottleneck = run(network, torch.randn(frames, 5), torch.randn(3))
    assert len(posteriors) == len(bottleneck)
    assert posteriors.shape[1] == SHAPE.phones
    assert bottleneck.shape[1] == SHAPE.bottleneck
    assert len(posteriors) in (frames // 3, -(-frames // 3))
    torch.testing.assert_close(posteriors.sum(1), torch.ones(len(posteriors)))
    assert (posteriors >= 0.0).all()


def test_every_third_frame_is_what_it_is_among_all_frames(network: Tdnnf) -> None:
    mfcc, speaker = torch.randn(61, 5), torch.randn(3)
    posteriors, bottleneck = run(network, mfcc, speaker)
    with torch.inference_mode():
        whole, narrow = every_frame(network, mfcc, speaker)
    torch.testing.assert_close(posteriors, whole[::SUBSAMPLING], **ROUNDED)
    rough = narrow.std().item()
    torch.testing.assert_close(bottleneck / rough, narrow[::SUBSAMPLING] / rough, **ROUNDED)


def test_a_far_frame_changes_nothing_but_the_rounding(network: Tdnnf) -> None:
    """Two taps of three frames each way, one of one, and the splice: ten frames."""
    mfcc, speaker = torch.randn(90, 5), torch.randn(3)
    changed = mfcc.clone()
    changed[45] += 5.0
    before, after = run(network, mfcc, speaker)[1], run(network, changed, speaker)[1]
    moved = (before - after).abs().amax(1) > 0.5 * before.std(0).mean()
    assert moved[45 // 3]
    assert not moved[: (45 - 10) // 3].any()
    assert not moved[(45 + 10) // 3 + 1 :].any()


def test_a_clip_is_heard_the_same_twice(network: Tdnnf) -> None:
    mfcc, speaker = torch.randn(40, 5), torch.randn(3)
    for first, second in zip(*(run(network, mfcc, speaker) for _ in range(2)), strict=True):
        assert torch.equal(first, second)


def every_frame(network: Tdnnf, mfcc: Tensor, speaker: Tensor) -> tuple[Tensor, Tensor]:
    """The network without its shortcuts: all layers at all frames, nothing rounded."""

    def at(x: Tensor, shift: int) -> Tensor:
        return x[(torch.arange(len(x)) + shift).clamp(0, len(x) - 1)]

    x = torch.cat([mfcc[:1]] * EDGE_FRAMES + [mfcc] + [mfcc[-1:]] * EDGE_FRAMES)
    beside = speaker.expand(len(x), -1)
    x = network.first(network.transform(torch.cat([at(x, -1), x, at(x, 1), beside], dim=1)))
    for layer in network.factored:
        reach = layer.stride
        narrow = layer.down(torch.cat([at(x, -reach), x], 1) if reach else x)
        up = layer.up(torch.cat([narrow, at(narrow, reach)], 1) if reach else narrow)
        x = up + RESIDUAL_SCALE * x
    bottleneck = network.narrow(x[EDGE_FRAMES:-EDGE_FRAMES])
    states = network.output(network.last_narrow(network.last(bottleneck))).softmax(1)
    return states @ network.pooling, bottleneck
