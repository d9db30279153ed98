"""The reader: a small network that goes through a sentence phone by phone.

The kernel machine knows a take by numbers about the whole of it, in which is lost what was heard in
place of which phone. The reader sees that, as GOPT does (Gong et al., "Transformer-Based
Multi-Aspect Multi-Granularity Non-Native English Speaker Pronunciation Assessment", ICASSP 2022),
with two convolutions for a transformer: 2,500 rated takes feed no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine
from pronounce_kiosk.scoring.first.aligned_evidence import PHONE_LIMITS, Evidence

LANGUAGE = "en"
"""The one language whose takes people have rated."""
PHONES = 1 + len(PHONE_SETS[LANGUAGE])
INPUTS = len(PHONE_LIMITS) + 2 * PHONES + 3
ASPECTS = 3
WIDTH = 48
PHONE_WIDTH = 16
HEADS = 4
TAKE_WIDTH = 48
OUT_WIDTH = 64


@dataclass(frozen=True, eq=False)
class Reading:
    """What the reader reads of one take.

    inputs: float32 (phones, INPUTS): the phone's features; the log likelihood of every phone of
    the set in its place, and that less the references'; log of the silence before it, in frames;
    whether it begins and ends its unit. phones, units: int64 (phones,), as in `PhoneLine`.
    """

    inputs: FloatArray
    phones: NDArray[np.int64]
    units: NDArray[np.int64]


def reading(evidence: Sequence[Evidence], line: PhoneLine) -> Reading:
    """The reading of a take, from the mean of each encoder's evidence; at least one."""
    units = np.array(line.units, np.int64)
    change = units[1:] != units[:-1]
    edges = np.stack([np.r_[True, change], np.r_[change, True]], axis=1)
    each = [
        np.hstack([np.clip(one.phones, *PHONE_LIMITS.T), one.heard, one.beside, _gaps(one)])
        for one in evidence
    ]
    inputs = np.hstack([np.mean(each, axis=0), edges]).astype(np.float32)
    return Reading(inputs, np.array(line.indices, np.int64), units)


def _gaps(evidence: Evidence) -> NDArray[np.float64]:
    start, end = evidence.spans.start, evidence.spans.end
    gaps: NDArray[np.float64] = np.log1p(np.r_[start[0], start[1:] - end[:-1]])[:, None]
    return gaps


@dataclass(frozen=True, eq=False)
class Batch:
    """Readings side by side, padded.

    inputs: (takes, phones, INPUTS). phones: int64 (takes, phones). there: (takes, phones), 0 where
    there is padding. words: (takes, units, phones): the mean over each unit's phones as a matrix.
    """

    inputs: Tensor
    phones: Tensor
    there: Tensor
    words: Tensor


def batch(readings: Sequence[Reading]) -> Batch:
    """Readings as tensors; units are numbered by their order among the said ones."""
    longest = max(len(one.phones) for one in readings)
    said = [np.unique(one.units, return_inverse=True)[1] for one in readings]
    inputs = np.zeros((len(readings), longest, INPUTS), np.float32)
    phones = np.zeros((len(readings), longest), np.int64)
    words = np.zeros((len(readings), max(int(one.max()) for one in said) + 1, longest), np.float32)
    for row, (one, units) in enumerate(zip(readings, said, strict=True)):
        length = len(one.phones)
        inputs[row, :length], phones[row, :length] = one.inputs, one.phones
        words[row, units, np.arange(length)] = 1.0
    there = words.sum(axis=1)
    words /= np.maximum(words.sum(axis=2, keepdims=True), 1.0)
    arrays = (inputs, phones, there, words)
    return Batch(*(torch.from_numpy(array) for array in arrays))


class Reader(nn.Module):
    """Aspects and words on the raters' 0-10. features: how many numbers the judge has of a take.

    Its buffers hold the means and deviations of inputs and ratings; `training.aligned_reader` fits
    it all.
    """

    def __init__(self, features: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.phone = nn.Embedding(PHONES, PHONE_WIDTH)
        self.enter = nn.Sequential(
            nn.Dropout(0.1),
            nn.Linear(INPUTS + PHONE_WIDTH, WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(WIDTH, WIDTH),
        )
        self.along = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 3, padding=1) for _ in range(2))
        self.dropout = nn.Dropout(dropout)
        self.attention = nn.Linear(WIDTH, HEADS)
        self.take = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(features, TAKE_WIDTH), nn.ReLU(), nn.Dropout(dropout)
        )
        self.aspects = nn.Sequential(
            nn.Linear((HEADS + 1) * WIDTH + TAKE_WIDTH, OUT_WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(OUT_WIDTH, ASPECTS),
        )
        self.word = nn.Linear(2 * WIDTH, 1)
        self.register_buffer("center", torch.zeros(INPUTS))
        self.register_buffer("scale", torch.ones(INPUTS))
        self.register_buffer("aspect_center", torch.zeros(ASPECTS))
        self.register_buffer("aspect_scale", torch.ones(ASPECTS))
        self.register_buffer("word_center", torch.zeros(()))
        self.register_buffer("word_scale", torch.ones(()))

    def forward(self, read: Batch, take: Tensor) -> tuple[Tensor, Tensor]:
        """Aspects (takes, 3) and words (takes, units), both 0-10.

        take: float32 (takes, features), standardised by the judge.
        """
        there = read.there[..., None]
        inputs = (read.inputs - self.get_buffer("center")) / self.get_buffer("scale")
        inputs = inputs.clamp(-4.0, 4.0) * there
        x = self.enter(torch.cat([inputs, self.phone(read.phones)], dim=2))
        for layer in self.along:
            moved = layer((x * there).transpose(1, 2)).transpose(1, 2)
            x = x + self.dropout(torch.relu(moved))
        attention = self.attention(x).masked_fill(there == 0, -1e9).softmax(dim=1)
        pooled = torch.einsum("npk,npd->nkd", attention, x).flatten(1)
        mean = (x * there).sum(dim=1) / there.sum(dim=1)
        aspects = self.aspects(torch.cat([pooled, self.take(take), mean], dim=1))
        words = read.words @ x
        around = mean[:, None].expand_as(words)
        word = self.word(torch.cat([words, around], dim=2))[..., 0]
        return (
            aspects * self.get_buffer("aspect_scale") + self.get_buffer("aspect_center"),
            word * self.get_buffer("word_scale") + self.get_buffer("word_center"),
        )


def read_aloud(
    readers: Iterable[nn.Module], readings: Sequence[Reading], takes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """What several readers say in the mean: aspects (takes, 3), and each take's words.

    takes: (takes, features), standardised.
    """
    read, numbers = batch(readings), torch.from_numpy(takes.astype(np.float32))
    with torch.inference_mode():
        said = [cast(Reader, reader)(read, numbers) for reader in readers]
    aspects = torch.stack([one for one, _ in said]).double().mean(dim=0).numpy()
    words = torch.stack([word for _, word in said]).double().mean(dim=0).numpy()
    counts = [len(np.unique(one.units)) for one in readings]
    return aspects, [row[:count] for row, count in zip(words, counts, strict=True)]
