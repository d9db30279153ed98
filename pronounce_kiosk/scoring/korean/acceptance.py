"""Decide whether a Korean sentence was said: log-odds, above 0 where a take is accepted.

A few features of a take are measured and weighed by a logistic classifier.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment, log_likelihoods
from pronounce_kiosk.scoring.korean.evidence import FLOOR, SILENCE, Posteriors, log_emissions
from pronounce_kiosk.scoring.korean.phones import Phones

FEATURES = (
    "likelihood",  # of the sentence against any phones at all, nepers a frame of speech
    "speech",  # share of the clip that is speech
    "tempo",  # log seconds a phone
    "cut",  # of a path without the first or the last half against the whole one, nepers a phone
    "length",  # log number of phones
    "order",  # of the sentence against its own phones in other orders: share of what it gains there
    # and against any phones at all
)
IMPOSSIBLE = -20.0
"""Log-odds of a clip that is too short for the sentence's phones."""
_LIMIT = 4.0
"""Standard deviations at which a feature is cut, so that no single one decides alone."""
_LEAST_CUT = -6.0
_SHUFFLES = 3
"""Orders at random beside the sentence backwards and with its halves exchanged. Noise and rooms
lower the likelihood of every order alike, so their difference still tells the sentence: of natives
in white noise of 10 dB 25 % are refused where 46 % were, in a tiled room 25 % where 58 % were."""


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


def acceptance_features(
    posteriors: Posteriors, alignment: Alignment, phones: Phones
) -> NDArray[np.float32]:
    """Measure how well a clip is the sentence, in the order of `FEATURES`."""
    frames = np.arange(len(posteriors))[:, None]
    inside = ((frames >= alignment.starts) & (frames < alignment.ends)).any(axis=1)
    speech = posteriors[:, SILENCE] < 0.5
    own = alignment.log_likelihood
    free = float(np.log(np.maximum(posteriors.max(axis=1), FLOOR)).sum())
    other = _reordered(posteriors, phones)
    return np.array(
        [
            (own - free) / max(1, int(speech.sum())),
            speech.mean(),
            np.log(inside.sum() * FRAME_S / len(phones)),
            _cut(alignment, len(phones)),
            np.log(len(phones)),
            np.clip((own - other) / max(free - other, 1.0), -1.0, 1.0),
        ],
        np.float32,
    )


def _reordered(posteriors: Posteriors, phones: Phones) -> float:
    """The log-likelihood of the best among other orders of a sentence's phones."""
    count = len(phones)
    places = np.arange(count)
    random = np.random.default_rng(0)
    orders = [
        places[::-1],
        np.roll(places, count // 2),
        *(random.permutation(count) for _ in range(_SHUFFLES)),
    ]
    emissions, silence = log_emissions(posteriors, phones)
    reordered = np.stack([emissions[:, order] for order in orders])
    return float(log_likelihoods(reordered, np.stack([silence] * len(orders))).max())


def _cut(alignment: Alignment, count: int) -> float:
    """Weigh that only half of the sentence was said: well above 0 where it was."""
    middle = count // 2
    if not middle:
        return _LEAST_CUT
    best = max(alignment.without(0, middle), alignment.without(count - middle, count))
    return float(np.clip((best - alignment.log_likelihood) / middle, _LEAST_CUT, -_LEAST_CUT))
