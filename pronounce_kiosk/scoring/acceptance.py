"""Decide whether one person said this sentence: log-odds, above 0 where a take is accepted.

Korean measures a few features of a take and weighs them by the logistic classifier here; English
has rated takes enough for its network to give the log-odds by itself (`english.network`).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

IMPOSSIBLE = -20.0
"""Log-odds of a clip that is too short for the sentence's phones."""
_LIMIT = 4.0
"""Standard deviations at which a feature is cut, so that no single one decides alone."""


class Acceptance(nn.Module):
    """Logistic classifier on a number of standardised features and their squares."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))
        self.register_buffer("weight", torch.zeros(2 * features))
        self.register_buffer("bias", torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Give the log-odds of takes, (takes,), from (takes, features)."""
        inputs = (features - self.get_buffer("centre")) / self.get_buffer("scale")
        return expanded(inputs) @ self.get_buffer("weight") + self.get_buffer("bias")

    def log_odds(self, features: NDArray[np.float32]) -> float:
        """Give the log-odds of one take, from (features,)."""
        with torch.inference_mode():
            return float(self(torch.from_numpy(features)[None])[0])


def expanded(inputs: Tensor) -> Tensor:
    """Cut standardised features at `_LIMIT` and set their squares beside them."""
    cut = inputs.clamp(-_LIMIT, _LIMIT)
    return torch.cat([cut, cut.square()], dim=1)
