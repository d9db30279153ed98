"""The classic Siamese network: the original team's recipe.

One convolutional encoder looks at both grayscale mel images, each stretched to one size, and the
distance between its two embeddings says how unlike they are. Stretching throws time away, which is
why it is weak (DESIGN 7.1): it stays as the baseline.
"""

from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import FloatArray

IMAGE_HEIGHT = 64
IMAGE_WIDTH = 128
EMBEDDING = 64


def fixed_size(mel: FloatArray, height: int = IMAGE_HEIGHT, width: int = IMAGE_WIDTH) -> FloatArray:
    """A mel image (n_mels, n_frames) stretched to (height, width), float32; zeros where empty."""
    if not mel.size:
        return np.zeros((height, width), np.float32)
    image = torch.from_numpy(np.ascontiguousarray(mel))[None, None]
    stretched = F.interpolate(image, (height, width), mode="bilinear", align_corners=False)
    return stretched[0, 0].numpy()


class ClassicSiamese(nn.Module):
    """The encoder both branches share. Input (batch, 1, 64, 128) in [0, 1], output (batch, 64)."""

    def __init__(self) -> None:
        super().__init__()
        channels = (1, 16, 32, 64, 64)
        blocks: list[nn.Module] = []
        for fan_in, fan_out in pairwise(channels):
            # Strides, not pooling: a quarter of the work, which is what trains in minutes on a Pi's
            # class of processor.
            blocks += [
                nn.Conv2d(fan_in, fan_out, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(fan_out),
                nn.ReLU(),
            ]
        self.convolutions = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(channels[-1] * (IMAGE_HEIGHT // 16) * (IMAGE_WIDTH // 16), EMBEDDING),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Embeddings, shape (batch, 64)."""
        return self.head(self.convolutions(images))


def pair_distance(left: Tensor, right: Tensor) -> Tensor:
    """Euclidean distance of embeddings, shape (batch,)."""
    return torch.linalg.vector_norm(left - right, dim=-1)


def contrastive_loss(distance: Tensor, same: Tensor, margin: float = 2.0) -> Tensor:
    """Hadsell, Chopra and LeCun 2006: same pairs are pulled together, others pushed to margin.

    distance: (batch,). same: (batch,), 1 for a pair that should agree, 0 for one that should not,
    or anything between.
    """
    apart = torch.clamp(margin - distance, min=0.0)
    return (same * distance.square() + (1.0 - same) * apart.square()).mean()
