"""The classic network: shapes, the loss, and that it can learn at all."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.classic.network import (
    ClassicSiamese,
    contrastive_loss,
    fixed_size,
    pair_distance,
)


@pytest.mark.parametrize("frames", [0, 1, 50, 128, 6000])
def test_every_image_gets_the_one_size(frames: int) -> None:
    image = fixed_size(np.random.default_rng(0).random((64, frames), np.float32))
    assert image.shape == (64, 128)
    assert 0.0 <= image.min() <= image.max() <= 1.0


def test_embeddings_and_their_distance() -> None:
    torch.manual_seed(0)
    model = ClassicSiamese().eval()
    images = torch.rand(3, 1, 64, 128)
    with torch.inference_mode():
        embeddings = model(images)
        assert embeddings.shape == (3, 64)
        assert pair_distance(embeddings, embeddings).tolist() == [0.0, 0.0, 0.0]
        # One by one and in a batch is the same, or a score would depend on its neighbours.
        alone = torch.cat([model(images[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(alone, embeddings, atol=1e-5, rtol=1e-4)


def test_the_loss_pulls_together_and_pushes_to_the_margin() -> None:
    distance = torch.tensor([0.0, 1.0, 2.0, 5.0])
    same, apart = torch.ones(4), torch.zeros(4)
    assert [float(contrastive_loss(d, s)) for d, s in zip(distance, same, strict=True)] == [
        0.0,
        1.0,
        4.0,
        25.0,
    ]
    assert [float(contrastive_loss(d, s)) for d, s in zip(distance, apart, strict=True)] == [
        4.0,
        1.0,
        0.0,
        0.0,
    ]


def test_a_few_steps_tell_two_pictures_apart() -> None:
    torch.manual_seed(0)
    model = ClassicSiamese()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    one, other = torch.rand(1, 1, 64, 128), torch.rand(1, 1, 64, 128)
    noise = 0.05 * torch.rand(4, 1, 64, 128)
    left = torch.cat([one, one, other, other]) + noise
    right = torch.cat([one, other, one, other])
    same = torch.tensor([1.0, 0.0, 0.0, 1.0])
    for _ in range(25):
        loss = contrastive_loss(pair_distance(model(left), model(right)), same)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    distance = pair_distance(model(left), model(right)).detach()
    assert distance[[0, 3]].max() < distance[[1, 2]].min()
