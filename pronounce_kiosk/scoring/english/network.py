"""The phone-sequence network: from the features of a take to aspects and word scores.

After GOPT (Gong et al., "Transformer-Based Multi-Aspect Multi-Granularity Non-Native English
Speaker Pronunciation Assessment", ICASSP 2022), with convolutions in place of the transformer:
2,500 rated takes feed no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import BOTTLENECK, PHONES
from pronounce_kiosk.scoring.english.features import PHONE_FEATURES, TAKE_FEATURES, Features

ASPECTS = ("accuracy", "fluency", "prosody", "total")
"""The order of the network's aspects; all are the raters' 0-10."""
VECTORS = 2 * BOTTLENECK
NUMBERS = 2 * PHONES + len(PHONE_FEATURES)
_LIMIT = 4.0
"""Standardised inputs are cut here, in deviations: noise must not shout."""
_PHONE_WIDTH = 16
_VECTOR_WIDTH = 24
_WIDTH = 48
_LAYERS = 2
_HEADS = 4
_OUT_WIDTH = 64
_DROPOUT = 0.2
_WORD_CENTRE, _WORD_SCALE = 8.0, 2.0
_SIZES = {
    "numbers": NUMBERS, "vectors": VECTORS, "take": len(TAKE_FEATURES), "aspects": len(ASPECTS)
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Batch:
    """Takes side by side, padded to the longest.

    numbers: (takes, phones, `NUMBERS`). vectors: (takes, phones, `VECTORS`). phones: int64
    (takes, phones). there: (takes, phones), 0 where there is padding. units: (takes, units,
    phones), the mean over each said unit's phones as a matrix. take: (takes, `TAKE_FEATURES`).
    """

    numbers: Tensor
    vectors: Tensor
    phones: Tensor
    there: Tensor
    units: Tensor
    take: Tensor


class Prediction(NamedTuple):
    """What networks predict of takes.

    aspects: (takes, `ASPECTS`), 0-10. words: (takes, units), 0-10. acceptance: (takes,), log-odds
    that one person said the sentence.
    """

    aspects: Tensor
    words: Tensor
    acceptance: Tensor


def batch(features: Sequence[Features], lines: Sequence[PhoneLine]) -> Batch:
    """Put takes side by side; units are numbered by their order among the said ones."""
    longest = max(len(line.indices) for line in lines)
    most = max(len(line.said_units) for line in lines)
    count = len(lines)
    numbers = np.zeros((count, longest, NUMBERS), np.float32)
    vectors = np.zeros((count, longest, VECTORS), np.float32)
    phones = np.zeros((count, longest), np.int64)
    units = np.zeros((count, most, longest), np.float32)
    for row, (one, line) in enumerate(zip(features, lines, strict=True)):
        length = len(line.indices)
        numbers[row, :length] = one.numbers
        vectors[row, :length] = one.hidden
        phones[row, :length] = line.indices
        units[row, np.searchsorted(line.said_units, line.units), np.arange(length)] = 1.0
    there = units.sum(axis=1)
    units /= np.maximum(units.sum(axis=2, keepdims=True), 1.0)
    take = np.stack([one.take for one in features])
    arrays = (numbers, vectors, phones, there, units, take)
    return Batch(*(torch.from_numpy(array) for array in arrays))


def _head(width: int, outputs: int) -> nn.Sequential:
    enter = nn.Linear((_HEADS + 2) * _WIDTH, width)
    return nn.Sequential(enter, nn.ReLU(), nn.Dropout(_DROPOUT), nn.Linear(width, outputs))


class PhoneSequenceNetwork(nn.Module):
    """Aspects and words on the raters' 0-10.

    Its buffers hold the means and deviations of inputs and aspects; training fits it all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.phone = nn.Embedding(PHONES, _PHONE_WIDTH)
        self.vector = nn.Sequential(
            nn.Dropout(_DROPOUT), nn.Linear(VECTORS, _VECTOR_WIDTH), nn.Dropout(_DROPOUT / 2)
        )
        self.enter = nn.Sequential(
            nn.Dropout(_DROPOUT / 2),
            nn.Linear(NUMBERS + _PHONE_WIDTH + _VECTOR_WIDTH, _WIDTH),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
            nn.Linear(_WIDTH, _WIDTH),
        )
        self.along = nn.ModuleList(nn.Conv1d(_WIDTH, _WIDTH, 3, padding=1) for _ in range(_LAYERS))
        self.dropout = nn.Dropout(_DROPOUT)
        self.attention = nn.Linear(_WIDTH, _HEADS)
        self.take = nn.Sequential(
            nn.Dropout(_DROPOUT / 2),
            nn.Linear(len(TAKE_FEATURES), _WIDTH),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
        )
        self.aspects = _head(_OUT_WIDTH, len(ASPECTS))
        self.acceptance = _head(_OUT_WIDTH // 2, 1)
        self.word = nn.Linear(2 * _WIDTH, 1)
        for name, size in _SIZES.items():
            self.register_buffer(f"{name}_centre", torch.zeros(size))
            self.register_buffer(f"{name}_scale", torch.ones(size))

    def forward(self, read: Batch) -> Prediction:
        """Predict the ratings and the acceptance of takes."""
        there = read.there[..., None]
        numbers = self._standardised("numbers", read.numbers) * there
        vectors = self._standardised("vectors", read.vectors) * there
        x = self.enter(torch.cat([numbers, self.phone(read.phones), self.vector(vectors)], dim=2))
        for layer in self.along:
            moved = layer((x * there).transpose(1, 2)).transpose(1, 2)
            x = x + self.dropout(F.relu(moved))
        attention = self.attention(x).masked_fill(there == 0, -1e9).softmax(dim=1)
        pooled = torch.einsum("npk,npd->nkd", attention, x).flatten(1)
        mean = (x * there).sum(dim=1) / there.sum(dim=1)
        take = self.take(self._standardised("take", read.take))
        whole = torch.cat([pooled, take, mean], dim=1)
        words = read.units @ x
        word = self.word(torch.cat([words, mean[:, None].expand_as(words)], dim=2))[..., 0]
        aspects_scale = self.get_buffer("aspects_scale")
        return Prediction(
            self.aspects(whole) * aspects_scale + self.get_buffer("aspects_centre"),
            word * _WORD_SCALE + _WORD_CENTRE,
            self.acceptance(whole)[:, 0],
        )

    def _standardised(self, name: str, values: Tensor) -> Tensor:
        centre, scale = self.get_buffer(f"{name}_centre"), self.get_buffer(f"{name}_scale")
        return ((values - centre) / scale).clamp(-_LIMIT, _LIMIT)


def predict(networks: Iterable[nn.Module], read: Batch) -> Prediction:
    """Predict by the mean of several networks."""
    with torch.inference_mode():
        found = [cast(PhoneSequenceNetwork, network)(read) for network in networks]
    return Prediction(*(torch.stack(each).mean(dim=0) for each in zip(*found, strict=True)))


def points(ratings: Tensor) -> list[float]:
    """0-100 from the raters' 0-10."""
    return (10.0 * ratings).clamp(0.0, 100.0).tolist()
