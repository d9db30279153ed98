"""Alignment: a line of phones against frames, and the frames of one take against its references.

Both are dynamic programmes over small tables, vectorised so that a Pi does them in milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.audio import FloatArray
from pronounce_kiosk.pipeline.phones import SILENCE

OFF_DIAGONAL = 0.15
"""What a step to the side costs beside its cell, or slow speech would find a cheap path anywhere
(Sakoe & Chiba 1978 weight such steps for the same reason)."""


@dataclass(frozen=True, eq=False)
class PhoneSpans:
    """Where each phone of a line lies: frames [start, end), both int64 (phones,).

    log_likelihood: of the whole path, all frames, silence among them.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    log_likelihood: float

    @property
    def frames(self) -> NDArray[np.int64]:
        """How long each phone is, in frames; at least 1."""
        return self.end - self.start


@dataclass(frozen=True, eq=False)
class Warp:
    """path: frame pairs (take, reference), int64 (steps, 2), from both starts to both ends.

    cost: the mean of the table along the path, side steps not counted extra.
    """

    path: NDArray[np.int64]
    cost: float


@dataclass(frozen=True, eq=False)
class _States:
    """The line as states from left to right; each array (states,).

    symbols: index in the phone set. phones: index in the line, -1 for silence. bridged: whether
    the state before it may be left out.
    """

    symbols: NDArray[np.int64]
    phones: NDArray[np.int64]
    bridged: NDArray[np.bool_]


def align_phones(
    log_likelihoods: FloatArray, phones: Sequence[int], units: Sequence[int]
) -> PhoneSpans | None:
    """Forced alignment (Viterbi): the phones in order, silence allowed at ends and between units.

    log_likelihoods: (frames, 1 + phones of the set), silence at 0. phones and units: one entry a
    phone, as in `PhoneLine`. None where there are fewer frames than phones, or no phones: nobody
    said that many phones in that time.
    """
    if not phones or len(log_likelihoods) < len(phones):
        return None
    states = _states(phones, units)
    path, total = _best_path(log_likelihoods[:, states.symbols].astype(np.float64), states.bridged)
    said = states.phones[path]
    at = np.flatnonzero(said >= 0)
    line = np.arange(len(phones))
    start = at[np.searchsorted(said[at], line, "left")]
    end = at[np.searchsorted(said[at], line, "right") - 1] + 1
    return PhoneSpans(start, end, total)


def _states(phones: Sequence[int], units: Sequence[int]) -> _States:
    symbols, owners = [SILENCE], [-1]
    for index, phone in enumerate(phones):
        if index and units[index] != units[index - 1]:
            symbols.append(SILENCE)
            owners.append(-1)
        symbols.append(phone)
        owners.append(index)
    phone_of = np.array([*owners, -1])
    bridged = np.zeros(len(phone_of), bool)
    bridged[2:] = phone_of[1:-1] < 0
    return _States(np.array([*symbols, SILENCE]), phone_of, bridged)


def _best_path(
    emission: NDArray[np.float64], bridged: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], float]:
    """The likeliest state of every frame, and the log likelihood of them all.

    emission: (frames, states). The path begins in one of the first two states and ends in one of
    the last two; a frame stays, goes one state on, or goes two where the second is `bridged`.
    """
    frames, size = emission.shape
    bridge = np.where(bridged, 0.0, -np.inf)
    # Two columns before the first state, where no path can be, spare every step its edge.
    best = np.full((frames, size + 2), -np.inf)
    best[0, 2:4] = emission[0, :2]
    for t in range(1, frames):
        before, now = best[t - 1], best[t, 2:]
        np.add(before[:-2], bridge, out=now)
        np.maximum(now, before[1:-1], out=now)
        np.maximum(now, before[2:], out=now)
        now += emission[t]
    stay, one, two = best[:-1, 2:], best[:-1, 1:-1], best[:-1, :-2] + bridge
    back = np.where(two > np.maximum(stay, one), 2, one > stay)
    state = size - 1 if best[-1, -1] >= best[-1, -2] else size - 2
    total = float(best[-1, 2 + state])
    path = np.empty(frames, np.int64)
    path[-1] = state
    for t in range(frames - 1, 0, -1):
        state -= int(back[t - 1, state])
        path[t - 1] = state
    return path, total


def warp(costs: Sequence[FloatArray], off_diagonal: float = OFF_DIAGONAL) -> list[Warp]:
    """Dynamic time warping of a whole take to each of its whole references, all in one pass.

    costs: one (take frames, reference frames) each, the same take frames in all, at least one of
    both. A step goes on in both clips, or in one of them for `off_diagonal` more.
    """
    sideways, rightwards = _steps(costs, off_diagonal)
    return [_traced(c, sideways[:, n], rightwards[:, n]) for n, c in enumerate(costs)]


def _steps(
    costs: Sequence[FloatArray], off_diagonal: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """How the best path comes into each cell: sideways or not; if so, rightwards or down.

    Rightwards stays in the take's frame. Both (diagonals, costs, reference frames): cell (i, j)
    is [i + j, cost, j].
    """
    rows, widest = len(costs[0]), max(cost.shape[1] for cost in costs)
    # The tables stand askew, so that an anti-diagonal, whose cells depend on the two before it
    # only, is one row. What lies outside a table costs infinitely much.
    askew = np.full((rows + widest - 1, len(costs), widest), np.inf, np.float32)
    for number, cost in enumerate(costs):
        for j in range(cost.shape[1]):
            askew[j : j + rows, number, j] = cost[:, j]
    sideways, rightwards = np.empty(askew.shape, bool), np.empty(askew.shape, bool)
    # Three diagonals in turn. Their first column is no cell: every path begins in it, once.
    now, before, earlier = np.full((3, len(costs), widest + 1), np.inf)
    earlier[:, 0] = 0.0
    side = np.empty((len(costs), widest))
    for diagonal, cells in enumerate(askew):
        straight, left, up = earlier[:, :-1], before[:, :-1], before[:, 1:]
        np.less(left, up, out=rightwards[diagonal])
        np.minimum(left, up, out=side)
        side += off_diagonal
        np.less(side, straight, out=sideways[diagonal])
        np.minimum(side, straight, out=side)
        np.add(side, cells, out=now[:, 1:])
        earlier[:, 0] = np.inf
        now, before, earlier = earlier, now, before
    return sideways, rightwards


def _traced(cost: FloatArray, sideways: NDArray[np.bool_], rightwards: NDArray[np.bool_]) -> Warp:
    """The path, followed back from the last cell. sideways, rightwards: one cost's of `_steps`."""
    i, j = cost.shape[0] - 1, cost.shape[1] - 1
    path = [(i, j)]
    while i > 0 or j > 0:
        if not sideways[i + j, j]:
            i, j = i - 1, j - 1
        elif rightwards[i + j, j]:
            j -= 1
        else:
            i -= 1
        path.append((i, j))
    pairs = np.array(path[::-1], np.int64)
    return Warp(pairs, float(cost[pairs[:, 0], pairs[:, 1]].mean()))
