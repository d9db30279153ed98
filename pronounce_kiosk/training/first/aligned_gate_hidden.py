"""The Korean gate's hidden units: what no straight line through a take's numbers tells apart.

A few networks of one hidden layer, each from another start; their mean is one such network of all
their units side by side. Small, and taught with much noise: they learn from synthesis and learners
of English alone, and natives are neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.scoring.first.aligned_judge import hidden_layer

NETWORKS = 6
HIDDEN = 64
"""Of each network."""
EPOCHS = 30
BATCH = 256
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
DROPOUT = 0.5
NOISE = 0.3
"""Deviations of what is added to every number, anew each time it is seen."""


@dataclass(frozen=True, eq=False)
class HiddenLayer:
    """Log odds are those of `hidden_layer`, and bias.

    into: (hidden, n + 1); out: (hidden,).
    """

    into: NDArray[np.float64]
    out: NDArray[np.float64]
    bias: float

    def odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log odds of rows (rows, n), (rows,)."""
        return hidden_layer(rows, self.into, self.out) + self.bias


def train_hidden(
    rows: NDArray[np.float64], labels: NDArray[np.bool_], processes: int = 1
) -> HiddenLayer:
    """Of rows (rows, n), standardised, and whether each is the sentence; both kinds count as much.

    The same rows give the same layer, in however many processes.
    """
    jobs = [(rows.astype(np.float32), labels, seed) for seed in range(NETWORKS)]
    if processes == 1:
        return _side_by_side([_train(job) for job in jobs])
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        return _side_by_side(list(pool.map(_train, jobs)))


def _train(job: tuple[NDArray[np.float32], NDArray[np.bool_], int]) -> HiddenLayer:
    rows, labels, seed = job
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Linear(rows.shape[1], HIDDEN), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, 1)
    )
    seen, right = torch.from_numpy(rows), torch.from_numpy(labels.astype(np.float32))
    share = float(np.clip(labels.mean(), 1e-6, 1.0 - 1e-6))
    counts = torch.where(right > 0, 0.5 / share, 0.5 / (1.0 - share))
    steps = EPOCHS * (1 + (len(rows) - 1) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(rows)).split(BATCH):
            loss = _loss(network, seen[chosen], right[chosen], counts[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return _of(network)


def _loss(network: nn.Module, rows: Tensor, right: Tensor, counts: Tensor) -> Tensor:
    odds = network(rows + NOISE * torch.randn_like(rows))[:, 0]
    return nn.functional.binary_cross_entropy_with_logits(odds, right, counts)


def _of(network: nn.Sequential) -> HiddenLayer:
    state = {name: value.double().numpy() for name, value in network.state_dict().items()}
    into = np.column_stack([state["0.weight"], state["0.bias"]])
    return HiddenLayer(into, state["3.weight"][0], float(state["3.bias"][0]))


def _side_by_side(networks: Sequence[HiddenLayer]) -> HiddenLayer:
    return HiddenLayer(
        np.concatenate([one.into for one in networks]),
        np.concatenate([one.out for one in networks]) / len(networks),
        float(np.mean([one.bias for one in networks])),
    )
