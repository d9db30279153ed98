"""Fit the English heads: phone-sequence networks that predict ratings and acceptance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from pronounce_kiosk.scoring.english.network import ASPECTS, PhoneSequenceNetwork, batch
from pronounce_kiosk.training.aligned.english_rows import EnglishRow
from pronounce_kiosk.training.data.corpus import CorpusTake

EPOCHS = 24
BATCH = 32
OF_A_SPEAKER = 4
"""Takes of one speaker in a batch, whose differences are learned; more mix fewer speakers."""
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
WORDS_COUNT = 0.5
WITHIN_COUNTS = 1.0
ACCEPTANCE_COUNTS = 1.0
"""Weights in the loss of words, of differences between takes of one speaker, and of acceptance;
aspects weigh 1."""
CHANGED_SHARE = 0.3
"""Share of takes that are drawn in another room or in noise; a higher share favours robustness."""
_WORD_SCALE = 2.0

AfterEpoch = Callable[[PhoneSequenceNetwork, float], None]


@dataclass(frozen=True, eq=False)
class RatedTake:
    """A take to fit networks on.

    Attributes:
        rows: As recorded, then changed.
        negatives: Rows that must be refused.
        aspects: The raters' means by `ASPECTS`, 0-10.
        words: The raters' means of its said units, 0-10; NaN where the text has another number
            of words.
    """

    rows: tuple[EnglishRow, ...]
    negatives: tuple[EnglishRow, ...]
    aspects: NDArray[np.float64]
    words: NDArray[np.float64]
    speaker: str


def rated_take(
    take: CorpusTake, rows: Sequence[EnglishRow], negatives: Sequence[EnglishRow] = ()
) -> RatedTake:
    """Join a take's rows and ratings."""
    said = rows[0].line.said_units
    words: NDArray[np.float64] = np.full(len(said), np.nan)
    if len(take.word_accuracy) == len(take.sentence.text.split()) > int(said[-1]):
        words = np.array(take.word_accuracy)[said]
    aspects = np.array([take.human(aspect) for aspect in ASPECTS])
    return RatedTake(tuple(rows), tuple(negatives), aspects, words, take.speaker)


def fit_network(
    takes: Sequence[RatedTake], seed: int, after_epoch: AfterEpoch = lambda network, loss: None
) -> PhoneSequenceNetwork:
    """Fit one network on training speakers; the same takes and seed give the same weights.

    after_epoch: Called with the network and the epoch's mean loss.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = PhoneSequenceNetwork()
    _standardise(network, takes)
    epochs = [_batches(takes, rng) for _ in range(EPOCHS)]
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=sum(map(len, epochs)), pct_start=0.2
    )
    network.train()
    for batches in epochs:
        losses = []
        for chosen in batches:
            loss = _loss(network, chosen, rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        after_epoch(network, float(np.mean(losses)))
    return network.eval()


def _batches(takes: Sequence[RatedTake], rng: random.Random) -> list[list[RatedTake]]:
    """Draw an epoch's batches, each of a few takes of several speakers."""
    speakers: dict[str, list[RatedTake]] = {}
    for one in takes:
        speakers.setdefault(one.speaker, []).append(one)
    parts = []
    for mine in speakers.values():
        order = rng.sample(mine, len(mine))
        parts += [order[k : k + OF_A_SPEAKER] for k in range(0, len(order), OF_A_SPEAKER)]
    rng.shuffle(parts)
    flat = [one for part in parts for one in part]
    # The remainder that fills no batch is left out of this epoch.
    size = min(BATCH, len(flat))
    return [flat[k : k + size] for k in range(0, len(flat) - size + 1, size)]


def _loss(network: PhoneSequenceNetwork, chosen: Sequence[RatedTake], rng: random.Random) -> Tensor:
    """Sum the losses: squared errors of aspects, words and between takes, and acceptance."""
    rows = [
        rng.choice(one.rows[1:]) if len(one.rows) > 1 and rng.random() < CHANGED_SHARE
        else one.rows[0]
        for one in chosen
    ]  # fmt: skip
    negatives = [rng.choice(one.negatives) for one in chosen if one.negatives]
    whole = [*rows, *negatives]
    found = network(batch([row.features for row in whole], [row.line for row in whole]))
    aspects, words = found.aspects[: len(rows)], found.words[: len(rows)]
    right = torch.cat([torch.ones(len(rows)), torch.zeros(len(negatives))])
    wanted = torch.from_numpy(np.stack([one.aspects for one in chosen])).float()
    error = (aspects - wanted) / network.get_buffer("aspects_scale")
    return (
        error.square().mean()
        + WORDS_COUNT * _word_loss(words, chosen)
        + WITHIN_COUNTS * _within(error, [one.speaker for one in chosen])
        + ACCEPTANCE_COUNTS * F.binary_cross_entropy_with_logits(found.acceptance, right)
    )


def _word_loss(words: Tensor, chosen: Sequence[RatedTake]) -> Tensor:
    wanted = torch.full_like(words, torch.nan)
    for row, one in enumerate(chosen):
        wanted[row, : len(one.words)] = torch.from_numpy(one.words).float()
    known = ~wanted.isnan()
    error = (words - wanted)[known] / _WORD_SCALE
    return error.square().sum() / max(int(known.sum()), 1)


def _within(error: Tensor, speakers: Sequence[str]) -> Tensor:
    """Compute the squared error of differences between two takes of one speaker."""
    names = np.array(speakers)
    same = torch.from_numpy((names[:, None] == names[None]) & ~np.eye(len(names), dtype=bool))
    gaps = (error[:, None] - error[None]).square().mean(dim=2)
    return (gaps * same).sum() / same.sum().clamp(min=1)


def _standardise(network: PhoneSequenceNetwork, takes: Sequence[RatedTake]) -> None:
    features = [one.rows[0].features for one in takes]
    values = {
        "numbers": np.concatenate([one.numbers for one in features]),
        "vectors": np.concatenate([one.hidden for one in features]),
        "take": np.stack([one.take for one in features]),
        "aspects": np.stack([one.aspects for one in takes]),
    }
    with torch.no_grad():
        for name, one in values.items():
            centre, scale = one.mean(axis=0), one.std(axis=0) + 1e-3
            network.get_buffer(f"{name}_centre").copy_(torch.from_numpy(centre))
            network.get_buffer(f"{name}_scale").copy_(torch.from_numpy(scale))
