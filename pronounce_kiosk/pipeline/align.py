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
_GRAINS = 2.0**24
"""Costs are counted in whole parts of this size: one less a float32 between -1 and 1 is whole in
them, so that no sum rounds and a path does not hang on the order of adding."""
_NO_PATH = 2**60
_ROWS_AT_ONCE = 64
"""Of the tables of a warp: enough to spare calls, few enough for a cache and for a small memory."""
_STRAIGHT, _DOWN, _RIGHTWARDS = 0, 1, 2


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
    found = align_each([log_likelihoods], phones, units)
    return None if found is None else found[0]


def align_each(
    log_likelihoods: Sequence[FloatArray], phones: Sequence[int], units: Sequence[int]
) -> list[PhoneSpans] | None:
    """The same for several views of one clip, each (frames, 1 + phones of the set), in one pass."""
    if not phones or len(log_likelihoods[0]) < len(phones):
        return None
    states = _states(phones, units)
    emissions = np.stack([logs[:, states.symbols] for logs in log_likelihoods], axis=1)
    paths = _best_paths(emissions.astype(np.float64), states.bridged)
    return [_spans(states.phones[path], len(phones), total) for path, total in paths]


def _spans(said: NDArray[np.int64], phones: int, total: float) -> PhoneSpans:
    """said: (frames,), the phone of every frame, -1 for silence."""
    at = np.flatnonzero(said >= 0)
    line = np.arange(phones)
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


def _best_paths(
    emissions: NDArray[np.float64], bridged: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], float]]:
    """The likeliest state of every frame, and the log likelihood of them all, of each view.

    emissions: (frames, views, states). A path begins in one of the first two states and ends in
    one of the last two; a frame stays, goes one state on, or goes two where the second is
    `bridged`.
    """
    frames, views, size = emissions.shape
    bridge = np.where(bridged, 0.0, -np.inf)
    # Two columns before the first state, where no path can be, spare every step its edge.
    best = np.full((frames, views, size + 2), -np.inf)
    best[0, :, 2:4] = emissions[0, :, :2]
    for before, now, emission in zip(best, best[1:, :, 2:], emissions[1:], strict=False):
        np.add(before[:, :-2], bridge, out=now)
        np.maximum(now, before[:, 1:-1], out=now)
        np.maximum(now, before[:, 2:], out=now)
        now += emission
    stay, one, two = best[:-1, :, 2:], best[:-1, :, 1:-1], best[:-1, :, :-2] + bridge
    back = np.where(two > np.maximum(stay, one), np.uint8(2), (one > stay).view(np.uint8))
    return [_best_path(best[-1, view], back[:, view].tobytes()) for view in range(views)]


def _best_path(last: NDArray[np.float64], back: bytes) -> tuple[NDArray[np.int64], float]:
    """One view's path, followed back. last: (2 + states,). back: (frames - 1, states)."""
    size = len(last) - 2
    state = size - 1 if last[-1] >= last[-2] else size - 2
    total = float(last[2 + state])
    path = [state]
    for row in range(len(back) - size, -1, -size):
        state -= back[row + state]
        path.append(state)
    return np.array(path[::-1], np.int64), total


def warp(costs: Sequence[FloatArray], off_diagonal: float = OFF_DIAGONAL) -> list[Warp]:
    """Dynamic time warping of a whole take to each of its whole references, all in one pass.

    costs: one (take frames, reference frames) each, the same take frames in all, at least one of
    both. A step goes on in both clips, or in one of them for `off_diagonal` more.
    """
    moves = _moves(costs, round(off_diagonal * _GRAINS))
    return [_traced(cost, moves[:, n].tobytes()) for n, cost in enumerate(costs)]


def _moves(costs: Sequence[FloatArray], off_diagonal: int) -> NDArray[np.uint8]:
    """The last step of the best path into each cell, (take frames, costs, most reference frames).

    Row by row, for all tables at once. Within a row each cell may come from the one on its left,
    which is a running minimum once what it costs to come along the row is taken off.
    """
    rows, widest = len(costs[0]), max(cost.shape[1] for cost in costs)
    moves = np.empty((rows, len(costs), widest), np.uint8)
    # Before the first column no path can be, and above the first row one: every path's beginning.
    best = np.full((_ROWS_AT_ONCE + 1, len(costs), widest + 1), _NO_PATH)
    best[0, :, 0] = 0
    into, lowest = np.empty((2, len(costs), widest), np.int64)
    for first in range(0, rows, _ROWS_AT_ONCE):
        count = min(_ROWS_AT_ONCE, rows - first)
        # What lies right of a table never reaches it.
        cells = np.zeros((count, len(costs), widest), np.int64)
        for number, cost in enumerate(costs):
            grains = cost[first : first + count] * np.float32(_GRAINS)
            cells[:, number, : cost.shape[1]] = np.rint(grains)
        along = np.cumsum(cells + off_diagonal, axis=2)
        before = along - cells
        for above, now, here, left_of in zip(best, best[1:, :, 1:], along, before, strict=False):
            np.add(above[:, 1:], off_diagonal, out=into)
            np.minimum(into, above[:, :-1], out=into)
            np.subtract(into, left_of, out=into)
            np.minimum.accumulate(into, axis=1, out=lowest)
            np.add(lowest, here, out=now)
        straight, up = best[:count, :, :-1], best[:count, :, 1:]
        left = best[1 : count + 1, :, :-1]
        sideways = np.minimum(left, up) + off_diagonal < straight
        step = np.where(left < up, np.uint8(_RIGHTWARDS), np.uint8(_DOWN))
        moves[first : first + count] = step * sideways
        best[0] = best[count]
    return moves


def _traced(cost: FloatArray, moves: bytes) -> Warp:
    """The path, followed back from the last cell. moves: one table's of `_moves`."""
    width = len(moves) // len(cost)
    cell = (cost.shape[0] - 1) * width + cost.shape[1] - 1
    back = {_STRAIGHT: width + 1, _DOWN: width, _RIGHTWARDS: 1}
    path = [cell]
    while cell:
        cell -= back[moves[cell]]
        path.append(cell)
    pairs = np.stack(np.divmod(np.array(path[::-1], np.int64), width), axis=1)
    return Warp(pairs, float(cost[pairs[:, 0], pairs[:, 1]].mean()))
