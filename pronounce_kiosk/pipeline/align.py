"""Alignment: a line of phones against frames, and the frames of two clips against each other.

Both are dynamic programmes over small tables, vectorised so that a Pi does them in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.pipeline.phones import SILENCE

NEVER = -1e9


@dataclass(frozen=True, eq=False)
class PhoneSpans:
    """Where each phone of a line lies: frames [start, end), both int64 (phones,).

    log_likelihood: of the whole path, all frames, silence among them.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    log_likelihood: float


def align_phones(
    log_likelihoods: NDArray[np.float32], phones: tuple[int, ...], units: tuple[int, ...]
) -> PhoneSpans | None:
    """Forced alignment (Viterbi): the phones in order, silence allowed at ends and between units.

    log_likelihoods: (frames, 1 + phones of the set), silence at 0. None where there are fewer
    frames than phones: nobody said that many phones in that time.
    """
    frames = len(log_likelihoods)
    if not phones or frames < len(phones):
        return None
    states, optional, phone_of = _line(phones, units)
    emission = log_likelihoods[:, states]
    size = len(states)
    skip = np.zeros(size, bool)
    skip[2:] = optional[1:-1]
    best = np.full(size, NEVER)
    best[0], best[1] = emission[0, 0], emission[0, 1]
    back = np.zeros((frames, size), np.int8)
    for t in range(1, frames):
        one = np.concatenate([[NEVER], best[:-1]])
        two = np.where(skip, np.concatenate([[NEVER, NEVER], best[:-2]]), NEVER)
        step = np.where(two > np.maximum(best, one), 2, (one > best).astype(np.int8))
        best = np.maximum(np.maximum(best, one), two) + emission[t]
        back[t] = step
    state = size - 1 if best[-1] >= best[-2] else size - 2
    total = float(best[state])
    if total <= NEVER / 2:
        return None
    path = np.empty(frames, np.int64)
    for t in range(frames - 1, -1, -1):
        path[t] = state
        state -= back[t, state]
    which = phone_of[path]
    start = np.full(len(phones), frames, np.int64)
    end = np.zeros(len(phones), np.int64)
    at = np.flatnonzero(which >= 0)
    np.minimum.at(start, which[at], at)
    np.maximum.at(end, which[at], at + 1)
    return PhoneSpans(start, end, total)


def _line(
    phones: tuple[int, ...], units: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """States of the line: their symbols, whether they may be skipped, and their phone or -1."""
    symbols, optional, phone_of = [SILENCE], [True], [-1]
    for index, (phone, unit) in enumerate(zip(phones, units, strict=True)):
        if index and unit != units[index - 1]:
            symbols.append(SILENCE)
            optional.append(True)
            phone_of.append(-1)
        symbols.append(phone)
        optional.append(False)
        phone_of.append(index)
    symbols.append(SILENCE)
    optional.append(True)
    phone_of.append(-1)
    return np.array(symbols), np.array(optional), np.array(phone_of)


def warp(cost: NDArray[np.float32], off_diagonal: float = 0.15) -> tuple[NDArray[np.int64], float]:
    """Dynamic time warping of a whole take to a whole reference.

    cost: (take frames, reference frames). Steps to the side cost `off_diagonal` more each, or slow
    speech would find a cheap path anywhere (Sakoe & Chiba 1978 weight them for the same reason).
    Gives the path, (steps, 2) frame pairs from start to end, and the mean cost along it.
    """
    rows, columns = cost.shape
    table = np.full((rows + 1, columns + 1), np.inf)
    table[0, 0] = 0.0
    # Anti-diagonals: every cell of one depends on the two before it only.
    for diagonal in range(2, rows + columns + 1):
        i = np.arange(max(1, diagonal - columns), min(rows, diagonal - 1) + 1)
        j = diagonal - i
        ahead = np.minimum(table[i - 1, j], table[i, j - 1]) + off_diagonal
        table[i, j] = cost[i - 1, j - 1] + np.minimum(table[i - 1, j - 1], ahead)
    i, j = rows, columns
    path = []
    while i > 0 and j > 0:
        path.append((i - 1, j - 1))
        straight, up, left = table[i - 1, j - 1], table[i - 1, j], table[i, j - 1]
        if straight <= min(up, left) + off_diagonal:
            i, j = i - 1, j - 1
        elif up <= left:
            i -= 1
        else:
            j -= 1
    pairs = np.array(path[::-1], np.int64)
    return pairs, float(cost[pairs[:, 0], pairs[:, 1]].mean())
