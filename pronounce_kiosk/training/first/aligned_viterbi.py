"""Forced alignment of a batch: which phone each frame belongs to."""

from __future__ import annotations

import torch
from torch import Tensor

NEVER = -1e9


def viterbi(
    emission: Tensor, frames: Tensor, states: Tensor, optional: Tensor, counts: Tensor
) -> Tensor:
    """The best path through a left-to-right line of states.

    emission (batch, frames, symbols) log likelihoods; frames (batch,); states (batch, n) symbols;
    optional (batch, n) bool: may be skipped, which also needs its neighbours to differ; counts
    (batch,) states in use. Gives (batch, frames) state indices; -1 beyond an item's frames.
    """
    batch, longest, _ = emission.shape
    size = states.shape[1]
    likelihood = emission.gather(2, states[:, None].expand(-1, longest, -1))
    used = torch.arange(size, device=emission.device)[None] < counts[:, None]
    likelihood = likelihood.masked_fill(~used[:, None], NEVER)
    differs = torch.ones_like(optional)
    differs[:, 2:] = states[:, 2:] != states[:, :-2]
    skip = torch.zeros_like(optional)
    skip[:, 2:] = optional[:, 1:-1] & differs[:, 2:]
    best = torch.full((batch, size), NEVER, device=emission.device)
    best[:, 0] = likelihood[:, 0, 0]
    best[:, 1] = torch.where(optional[:, 0], likelihood[:, 0, 1], best[:, 1])
    back = torch.zeros(batch, longest, size, dtype=torch.int8, device=emission.device)
    pad = torch.full((batch, 2), NEVER, device=emission.device)
    for t in range(1, longest):
        one = torch.cat([pad[:, :1], best[:, :-1]], 1)
        two = torch.cat([pad, best[:, :-2]], 1).masked_fill(~skip, NEVER)
        value, step = torch.stack([best, one, two]).max(dim=0)
        alive = (t < frames)[:, None]
        back[:, t] = torch.where(alive, step, 0).to(torch.int8)
        best = torch.where(alive, value + likelihood[:, t], best)
    last = counts - 1
    rows = torch.arange(batch, device=emission.device)
    before = (last - 1).clamp(min=0)
    ends_early = optional[rows, last] & (best[rows, before] > best[rows, last])
    state = torch.where(ends_early, before, last)
    path = torch.full((batch, longest), -1, dtype=torch.long, device=emission.device)
    for t in range(longest - 1, -1, -1):
        alive = t < frames
        path[:, t] = torch.where(alive, state, -1)
        state = torch.where(alive, state - back[rows, t, state].long(), state)
    return path
