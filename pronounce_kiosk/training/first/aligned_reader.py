"""Fitting the readers: what the raters said of takes, from what was heard phone by phone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.scoring.first.aligned_reader import Reader, Reading, batch

EPOCHS = 20
BATCH = 32
OF_A_SPEAKER = 4
"""Takes of one speaker side by side in a batch: their differences are learned too."""
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
WORDS_COUNT = 0.5
WITHIN_COUNTS = 1.0
"""How much words, and differences between takes of one speaker, count beside the aspects."""
IN_A_ROOM = 0.3


@dataclass(frozen=True, eq=False)
class RatedReading:
    """One take for the readers.

    reading: as recorded; in_a_room: the same take in a room, or None. take, room: the judge's
    standardised features of both. human: the raters' three aspects; words: their means of its
    words, () where the reading does not have as many units. All 0-10.
    """

    reading: Reading
    in_a_room: Reading | None
    take: NDArray[np.float64]
    room: NDArray[np.float64] | None
    human: NDArray[np.float64]
    words: tuple[float, ...]
    speaker: str


def train_reader(examples: Sequence[RatedReading], seed: int) -> Reader:
    """One reader; the same examples and seed give the same one. On one thread."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    reader = Reader(len(examples[0].take))
    _scales(reader, examples)
    rounds = _rounds(examples, random.Random(seed))
    optimiser = torch.optim.AdamW(reader.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=len(rounds), pct_start=0.2
    )
    reader.train()
    for chosen in rounds:
        loss = _loss(reader, chosen, rng)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return reader.eval()


def _rounds(examples: Sequence[RatedReading], rng: random.Random) -> list[list[RatedReading]]:
    """The batches of all epochs, made of a few takes each of several speakers."""
    speakers: dict[str, list[RatedReading]] = {}
    for one in examples:
        speakers.setdefault(one.speaker, []).append(one)
    rounds = []
    for _ in range(EPOCHS):
        parts = []
        for mine in speakers.values():
            order = rng.sample(mine, len(mine))
            parts += [order[k : k + OF_A_SPEAKER] for k in range(0, len(order), OF_A_SPEAKER)]
        rng.shuffle(parts)
        flat = [one for part in parts for one in part]
        # The last few that fill no batch wait for the next epoch's order.
        size = min(BATCH, len(flat))
        rounds += [flat[k : k + size] for k in range(0, len(flat) - size + 1, size)]
    return rounds


def _loss(reader: Reader, chosen: Sequence[RatedReading], rng: random.Random) -> Tensor:
    """Squared errors in deviations of the ratings: of aspects, of words, and between takes."""
    readings, takes = [], []
    for one in chosen:
        reading, take = one.reading, one.take
        if one.in_a_room is not None and one.room is not None and rng.random() < IN_A_ROOM:
            reading, take = one.in_a_room, one.room
        readings.append(reading)
        takes.append(take)
    read = batch(readings)
    said, words = reader(read, torch.from_numpy(np.stack(takes).astype(np.float32)))
    human = torch.from_numpy(np.stack([one.human for one in chosen])).float()
    error = (said - human) / reader.get_buffer("aspect_scale")
    return (
        error.square().mean()
        + WORDS_COUNT * _word_loss(reader, words, chosen)
        + WITHIN_COUNTS * _within(error, [one.speaker for one in chosen])
    )


def _word_loss(reader: Reader, words: Tensor, chosen: Sequence[RatedReading]) -> Tensor:
    wanted = torch.zeros_like(words)
    known = torch.zeros_like(words)
    for row, one in enumerate(chosen):
        wanted[row, : len(one.words)] = torch.tensor(one.words)
        known[row, : len(one.words)] = 1.0
    error = (words - wanted) / reader.get_buffer("word_scale")
    return (error.square() * known).sum() / known.sum().clamp(min=1.0)


def _within(error: Tensor, speakers: Sequence[str]) -> Tensor:
    """What differs between two takes of one speaker and did not to the raters, or the reverse."""
    names = np.array(speakers)
    same = torch.from_numpy((names[:, None] == names[None]) & ~np.eye(len(names), dtype=bool))
    gaps = (error[:, None] - error[None]).square().mean(dim=2)
    return (gaps * same).sum() / same.sum().clamp(min=1)


def _scales(reader: Reader, examples: Sequence[RatedReading]) -> None:
    inputs = np.concatenate([one.reading.inputs for one in examples])
    human = np.stack([one.human for one in examples])
    words = np.array([points for one in examples for points in one.words] or [0.0, 10.0])
    for name, values in (
        ("center", inputs.mean(axis=0)),
        ("scale", inputs.std(axis=0) + 1e-3),
        ("aspect_center", human.mean(axis=0)),
        ("aspect_scale", human.std(axis=0) + 1e-3),
        ("word_center", np.array(words.mean())),
        # Few words are bad, so their deviation is small; errors beyond it should not rule.
        ("word_scale", np.array(2.0)),
    ):
        with torch.no_grad():
            reader.get_buffer(name).copy_(torch.from_numpy(np.asarray(values, np.float32)))
