"""Alignment: a line of phones against frames, and the frames of one take against its references.

Both are dynamic programmes over small tables, vectorised so that a Pi does them in milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import SILENCE

OFF_DIAGONAL = 0.15
"""What a step to the side costs beside its cell, or slow speech would find a cheap path anywhere
(Sakoe & Chiba 1978 weight such steps for the same reason)."""
_GRAINS = 2.0**24
"""Costs are counted in whole parts of this size: one less a float32 between -1 and 1 is whole in
them, so that no sum rounds and a path does not hang on the order of adding."""
_NO_PATH = 2**60
_WALL = 2**44
"""What it costs to leave a table to the right: more than any path within one."""
_ROWS_AT_ONCE = 32
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


class Beside:
    """How the tables of a warp lie beside each other in one: each after a column of its own.

    widths: their columns. columns: all there are. firsts: each one's first, int64 (tables,).
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = np.array(widths, np.int64)
        ends = np.cumsum(self.widths + 1)
        self.columns = int(ends[-1])
        self.firsts = ends - self.widths


@dataclass(frozen=True, eq=False)
class Warps:
    """Paths of several warps, one after another, each from both starts to both ends.

    take, reference: int64 (steps,), the frames of each step. costs: float32 (steps,), the table
    there, side steps not counted extra. starts, steps: int64 (tables,), where each path begins
    among them all and how long it is.
    """

    take: NDArray[np.int64]
    reference: NDArray[np.int64]
    costs: FloatArray
    starts: NDArray[np.int64]
    steps: NDArray[np.int64]


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
    emissions = [logs[:, states.symbols] for logs in log_likelihoods]
    paths = _best_paths(emissions, states.bridged)
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
    emissions: Sequence[FloatArray], bridged: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], float]]:
    """The likeliest state of every frame, and the log likelihood of them all, of each view.

    emissions: (frames, states), one a view. A path begins in one of the first two states and ends
    in one of the last two; a frame stays, goes one state on, or goes two where the second is
    `bridged`.
    """
    frames, size = emissions[0].shape
    # The views lie side by side, two columns before each in which no path can be: they spare every
    # step its edge.
    width = size + 2
    likelihoods = np.full((frames, len(emissions) * width), -np.inf)
    bridge = np.full(len(emissions) * width, -np.inf)
    for view, emission in enumerate(emissions):
        likelihoods[:, view * width + 2 : (view + 1) * width] = emission
        bridge[view * width + 2 : (view + 1) * width][bridged] = 0.0
    over, heard = bridge[2:], likelihoods[:, 2:]
    best = np.full((frames, len(emissions) * width), -np.inf)
    for view, emission in enumerate(emissions):
        best[0, view * width + 2 : view * width + 4] = emission[0, :2]
    stay, one, two, now = best[:-1, 2:], best[:-1, 1:-1], best[:-1, :-2], best[1:, 2:]
    for a, b, c, into, here in zip(stay, one, two, now, heard[1:], strict=True):
        np.add(c, over, into)
        np.maximum(into, b, into)
        np.maximum(into, a, into)
        np.add(into, here, into)
    back = np.greater(one, stay).view(np.uint8)
    back[two + over > np.maximum(stay, one)] = 2
    return [
        _best_path(
            best[-1, view * width : (view + 1) * width],
            back[:, view * width : view * width + size].tobytes(),
        )
        for view in range(len(emissions))
    ]


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


def warp(table: FloatArray, beside: Beside, off_diagonal: float = OFF_DIAGONAL) -> Warps:
    """Dynamic time warping of a whole take to each of its whole references, all in one pass.

    table: (take frames, columns), what is beside each other as `beside` says, at least one frame
    of take and references; the columns between are not looked at. A step goes on in both clips, or
    in one of them for `off_diagonal` more.
    """
    moves = _moves(table, beside, round(off_diagonal * _GRAINS)).tobytes()
    width = beside.columns - 1
    back = (width + 1, width, 1, 1)
    cells: list[int] = []
    steps = []
    for first, columns in zip(beside.firsts.tolist(), beside.widths.tolist(), strict=True):
        # `_moves` has no column for what comes before the first table.
        goal = first - 1
        cell = (len(table) - 1) * width + goal + columns - 1
        path = [cell]
        while cell != goal:
            cell -= back[moves[cell]]
            path.append(cell)
        cells += path[::-1]
        steps.append(len(path))
    flat = np.array(cells, np.int64)
    take = flat // width
    column = flat - take * width + 1
    count = np.array(steps, np.int64)
    return Warps(
        take,
        column - np.repeat(beside.firsts, count),
        table[take, column],
        np.cumsum(count) - count,
        count,
    )


def _moves(table: FloatArray, beside: Beside, off_diagonal: int) -> NDArray[np.uint8]:
    """The last step of the best path into each cell, (take frames, columns - 1): all but the first.

    `_RIGHTWARDS` and more is a step to the right. Row by row, for all tables at once. Within a row
    each cell may come from the one on its left, which is a running minimum once what it costs to
    come along the row from its beginning (`along`) is taken off: `best` is kept so.
    """
    rows, columns = table.shape
    walls = beside.firsts - 1
    moves = np.empty((rows, columns - 1), np.uint8)
    size = min(rows, _ROWS_AT_ONCE)
    best = np.zeros((size + 1, columns), np.int64)
    # Above the first row every path begins in the column before its table.
    best[0] = _NO_PATH
    best[0, walls] = 0
    over = np.empty((size, columns), np.int64)
    down, nearest = np.empty((2, size, columns - 1), np.int64)
    last = np.zeros(columns, np.int64)
    for first in range(0, rows, size):
        count = min(size, rows - first)
        cells = np.rint(table[first : first + count] * np.float32(_GRAINS)).astype(np.int64)
        cells[:, walls] = _WALL
        cells += off_diagonal
        along = np.cumsum(cells, axis=1)
        fresh = np.empty_like(along)
        np.subtract(last, along[0], out=fresh[0])
        np.subtract(along[:-1], along[1:], out=fresh[1:])
        last = along[-1]
        # A step on in both clips costs nothing here, so one to the side costs twice as much more:
        # every row is `off_diagonal` too dear in all its cells alike.
        cells += off_diagonal
        for above, step, side, route, straight, up, low, near, now in zip(
            best,
            fresh,
            cells[:, 1:],
            over,
            over[:, :-1],
            over[:, 1:],
            down,
            nearest,
            best[1:, 1:],
            strict=False,
        ):
            np.add(above, step, route)
            np.add(up, side, low)
            np.minimum(low, straight, near)
            _running_minimum(near, 0, None, now)
        part = moves[first : first + count]
        np.less(best[1 : count + 1, 1:], nearest[:count], out=part.view(np.bool_))
        part *= _RIGHTWARDS
        part |= np.less(down[:count], over[:count, :-1]).view(np.uint8)
        best[0] = best[count]
    return moves


_running_minimum = np.minimum.accumulate
