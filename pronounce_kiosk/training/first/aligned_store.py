"""The encoder's speech made ready: mel levels of every item, kept in one file of the work folder.

Both encoders learn from the same file, each in a process of its own, and a training that was cut
off finds it again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import Module

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.training.first.aligned_augment import Augmenter
from pronounce_kiosk.training.first.aligned_speech import SpeechItem

M = TypeVar("M", bound=Module)

RANGE_DB = 90.0
"""What an item's levels are kept over: more than any image shows of them."""


@dataclass(frozen=True, eq=False)
class StoredItem:
    """An item without its samples.

    images: mel levels, uint8 (n_mels, frames) over 90 dB under the loudest point, one a variant;
    variant 0 is the item as it is, the others went through `Augmenter.decibels`. stretch: how many
    seconds of the item one second of each covers.
    """

    phones: PhoneLine
    source: str
    speaker: str
    quality: float
    images: tuple[np.ndarray, ...]
    stretch: tuple[float, ...]


def stored_items(
    items: Sequence[SpeechItem],
    mel: MelParameters,
    variants: Mapping[str, int],
    seed: int,
    processes: int = 1,
) -> list[StoredItem]:
    """Every item, in order. variants: augmented renderings beside the plain one, by source.

    The same items, seed and number of processes give the same levels.
    """
    parts = [items[start::processes] for start in range(processes)]
    work = partial(_part, mel=mel, variants=dict(variants))
    seeds = [seed + index for index in range(processes)]
    if processes == 1:
        return work(items, seed)
    result: list[StoredItem | None] = [None] * len(items)
    with ProcessPoolExecutor(processes) as pool:
        for start, part in enumerate(pool.map(work, parts, seeds)):
            result[start::processes] = part
    return [one for one in result if one is not None]


def _part(
    items: Sequence[SpeechItem], seed: int, mel: MelParameters, variants: Mapping[str, int]
) -> list[StoredItem]:
    torch.set_num_threads(1)
    augment = Augmenter(mel, torch.device("cpu"), seed)
    images: list[list[np.ndarray]] = [[] for _ in items]
    stretch: list[list[float]] = [[] for _ in items]
    order = sorted(range(len(items)), key=lambda i: len(items[i].samples))
    for start in range(0, len(order), 24):
        part = order[start : start + 24]
        for variant in range(1 + max(variants[items[i].source] for i in part)):
            mine = [i for i in part if variant <= variants[items[i].source]]
            for index, image, factor in _levels(items, mine, augment, variant > 0):
                images[index].append(image)
                stretch[index].append(factor)
    return [
        StoredItem(
            item.phones, item.source, item.speaker, item.quality, tuple(mine), tuple(factors)
        )
        for item, mine, factors in zip(items, images, stretch, strict=True)
    ]


def _levels(
    items: Sequence[SpeechItem], indices: Sequence[int], augment: Augmenter, changed: bool
) -> Iterator[tuple[int, np.ndarray, float]]:
    """(index, levels, stretch) of some items of similar length."""
    if not indices:
        return
    lengths = torch.tensor([len(items[i].samples) for i in indices])
    waves = torch.zeros(len(indices), int(lengths.max()))
    for row, index in enumerate(indices):
        samples = torch.from_numpy(items[index].samples)
        waves[row, : len(samples)] = samples.float() / 32768.0
    with torch.no_grad():
        batch = augment.decibels(waves, lengths, changed)
    for row, index in enumerate(indices):
        levels = batch.mel[row, :, : int(batch.lengths[row])]
        image = ((levels - levels.max()) / RANGE_DB + 1.0).clamp(0.0, 1.0) * 255.0
        yield index, image.round().to(torch.uint8).numpy(), float(batch.stretch[row])


def save_items(path: Path, items: Sequence[StoredItem]) -> None:
    """Write all items to one file, whole or not at all."""
    document = {
        "phones": [
            (one.phones.language, list(one.phones.indices), list(one.phones.units)) for one in items
        ],
        "about": [(one.source, one.speaker, one.quality) for one in items],
        "stretch": [list(one.stretch) for one in items],
        "frames": [[image.shape[1] for image in one.images] for one in items],
        "images": torch.from_numpy(
            np.concatenate([image for one in items for image in one.images], axis=1)
        ),
    }
    part = path.with_suffix(".part")
    torch.save(document, part)
    os.replace(part, path)


def load_items(path: Path) -> list[StoredItem]:
    """What `save_items` wrote. Nothing in the file is run."""
    document = torch.load(path, weights_only=True)
    images = document["images"].numpy()
    items, at = [], 0
    rows = zip(
        document["phones"], document["about"], document["stretch"], document["frames"], strict=True
    )
    for (language, indices, units), (source, speaker, quality), stretch, frames in rows:
        ends = at + np.cumsum(frames)
        mine = tuple(images[:, end - n : end] for n, end in zip(frames, ends, strict=True))
        at = int(ends[-1])
        line = PhoneLine(language, tuple(indices), tuple(units))
        items.append(StoredItem(line, source, speaker, quality, mine, tuple(stretch)))
    return items


class SpeechStore:
    """Stored items, drawn in batches of similar length."""

    def __init__(self, items: Sequence[StoredItem]) -> None:
        self.items = list(items)
        self.groups: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            self.groups.setdefault(f"{item.source}/{item.phones.language}", []).append(index)

    def by_length(self) -> list[int]:
        """Indices of all items, the shortest first."""
        return sorted(range(len(self.items)), key=lambda i: self.items[i].images[0].shape[1])

    def batch(
        self, indices: Sequence[int], variants: Sequence[int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Levels in dB (batch, n_mels, frames), frames (batch,), stretch (batch,)."""
        chosen = [self.items[i].images[v] for i, v in zip(indices, variants, strict=True)]
        frames = torch.tensor([one.shape[1] for one in chosen])
        levels = torch.full((len(chosen), chosen[0].shape[0], int(frames.max())), 0.0)
        for row, one in enumerate(chosen):
            levels[row, :, : one.shape[1]] = torch.from_numpy(np.ascontiguousarray(one)).float()
        stretch = torch.tensor(
            [self.items[i].stretch[v] for i, v in zip(indices, variants, strict=True)]
        )
        return (levels / 255.0 - 1.0) * RANGE_DB, frames, stretch

    def draw(self, shares: Mapping[str, float], batch: int, rng: random.Random) -> list[list[int]]:
        """Eight batches' worth drawn by share, sorted by length, shuffled as batches."""
        names = [name for name in shares if self.groups.get(name)]
        weights = [shares[name] for name in names]
        drawn = [rng.choice(self.groups[name]) for name in rng.choices(names, weights, k=8 * batch)]
        drawn.sort(key=lambda index: self.items[index].images[0].shape[1])
        parts = [drawn[s : s + batch] for s in range(0, len(drawn), batch)]
        rng.shuffle(parts)
        return parts


def save_weights(path: Path, module: Module) -> None:
    """A module's weights as 16-bit floats, whole or not at all."""
    part = path.with_suffix(".part")
    torch.save({name: value.half() for name, value in module.state_dict().items()}, part)
    os.replace(part, path)


def load_weights(path: Path, module: M) -> M:
    """The module with the weights that `save_weights` wrote, to use and not to train."""
    state = torch.load(path, weights_only=True, map_location="cpu")
    module.load_state_dict({name: value.float() for name, value in state.items()})
    module.eval()
    return module
