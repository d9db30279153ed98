"""Alignment against the plainest way to compute the same: every segmentation, every cell."""

from __future__ import annotations

from itertools import groupby, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pronounce_kiosk.scoring.alignment import Beside, PhoneSpans, align_each, align_phones, warp

SYMBOLS = 5
SILENT = -1


def table(seed: int, frames: int) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    return np.log(random.dirichlet(np.full(SYMBOLS, 0.5), frames) + 1e-6).astype(np.float32)


def is_said(labels: tuple[int, ...], units: tuple[int, ...]) -> bool:
    """Whether frames labelled so say the whole line, silent only where that is allowed."""
    runs = [label for label, _ in groupby(labels)]
    if [label for label in runs if label != SILENT] != list(range(len(units))):
        return False
    inner = [(a, b) for a, silent, b in zip(runs, runs[1:], runs[2:], strict=False) if silent < 0]
    return all(units[a] != units[b] for a, b in inner)


def likelihood(
    logs: NDArray[np.float32], labels: tuple[int, ...], phones: tuple[int, ...]
) -> float:
    symbols = [0 if label == SILENT else phones[label] for label in labels]
    return float(logs[np.arange(len(logs)), symbols].astype(np.float64).sum())


def labels_of(spans: PhoneSpans, frames: int) -> tuple[int, ...]:
    labels = [SILENT] * frames
    for phone, (start, end) in enumerate(zip(spans.start, spans.end, strict=True)):
        labels[start:end] = [phone] * int(end - start)
    return tuple(labels)


@given(
    st.integers(0, 10_000),
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(1, SYMBOLS - 1), st.integers(0, 1)), min_size=1, max_size=3),
)
def test_phones_lie_where_the_best_of_all_segmentations_puts_them(
    seed: int, frames: int, line: list[tuple[int, int]]
) -> None:
    phones = tuple(phone for phone, _ in line)
    units = tuple(int(unit) for unit in np.cumsum([step for _, step in line]))
    logs = table(seed, frames)
    spans = align_phones(logs, phones, units)
    possible = [
        labels
        for labels in product(range(SILENT, len(phones)), repeat=frames)
        if is_said(labels, units)
    ]
    if not possible:
        assert spans is None
        return
    assert spans is not None
    assert is_said(labels_of(spans, frames), units)
    best = max(likelihood(logs, labels, phones) for labels in possible)
    assert spans.log_likelihood == pytest.approx(best)
    assert likelihood(logs, labels_of(spans, frames), phones) == pytest.approx(best)


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(0, 60))
def test_spans_are_in_order_and_do_not_overlap(seed: int, count: int, more: int) -> None:
    random = np.random.default_rng(seed)
    phones = tuple(int(phone) for phone in random.integers(1, SYMBOLS, count))
    units = tuple(int(unit) for unit in np.sort(random.integers(0, 4, count)))
    spans = align_phones(table(seed, count + more), phones, units)
    assert spans is not None
    assert (spans.frames >= 1).all()
    assert spans.start[0] >= 0
    assert spans.end[-1] <= count + more
    gaps = spans.start[1:] - spans.end[:-1]
    assert (gaps >= 0).all()
    assert (gaps[np.diff(units) == 0] == 0).all(), "silence inside a unit"


def test_too_few_frames_or_no_phones_give_nothing() -> None:
    assert align_phones(table(0, 2), (1, 2, 3), (0, 0, 1)) is None
    assert align_phones(table(0, 2), (), ()) is None
    assert align_phones(table(0, 0), (1,), (0,)) is None
    tight = align_phones(table(0, 3), (1, 2, 3), (0, 0, 1))
    assert tight is not None
    assert tight.start.tolist() == [0, 1, 2]


def weighted(cost: NDArray[np.float32], path: NDArray[np.int64], off_diagonal: float) -> float:
    """What a path costs with its side steps, after checking that it is one."""
    assert path[0].tolist() == [0, 0]
    assert path[-1].tolist() == [cost.shape[0] - 1, cost.shape[1] - 1]
    sides = 0
    for (i, j), (k, m) in pairwise(path.tolist()):
        assert (k - i, m - j) in {(1, 1), (1, 0), (0, 1)}
        sides += (k - i, m - j) != (1, 1)
    return float(cost[path[:, 0], path[:, 1]].astype(np.float64).sum()) + off_diagonal * sides


def cheapest(cost: NDArray[np.float32], off_diagonal: float) -> float:
    """Dynamic time warping cell by cell."""
    best = np.full((cost.shape[0] + 1, cost.shape[1] + 1), np.inf)
    best[0, 0] = 0.0
    for i in range(1, cost.shape[0] + 1):
        for j in range(1, cost.shape[1] + 1):
            side = min(best[i - 1, j], best[i, j - 1]) + off_diagonal
            best[i, j] = float(cost[i - 1, j - 1]) + min(best[i - 1, j - 1], side)
    return float(best[-1, -1])


Path = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Frame pairs (steps, 2) and what the table costs there."""


def paths(costs: list[NDArray[np.float32]], off_diagonal: float = 0.15) -> list[Path]:
    """Each table's, all warped beside each other."""
    beside = Beside([cost.shape[1] for cost in costs])
    table = np.full((len(costs[0]), beside.columns), 0.5, np.float32)
    for first, cost in zip(beside.firsts, costs, strict=True):
        table[:, first : first + cost.shape[1]] = cost
    found = warp(table, beside, off_diagonal)
    pairs = np.stack([found.take, found.reference], axis=1)
    ends = found.starts + found.steps
    return [
        (pairs[a:b], found.costs[a:b])
        for a, b in zip(found.starts.tolist(), ends.tolist(), strict=True)
    ]


@given(
    st.integers(0, 10_000),
    st.integers(1, 9),
    st.lists(st.integers(1, 9), min_size=1, max_size=3),
    st.sampled_from([0.0, 0.15, 1.0]),
    st.sampled_from([2, 1000]),
)
def test_each_warp_is_the_cheapest_path(
    seed: int, rows: int, columns: list[int], off_diagonal: float, steps: int
) -> None:
    """steps: of how many values a cost is one; where they are few, many paths cost the same."""
    random = np.random.default_rng(seed)
    costs = [(random.integers(0, steps + 1, (rows, w)) / steps).astype(np.float32) for w in columns]
    found = paths(costs, off_diagonal)
    assert len(found) == len(costs)
    for cost, (path, along) in zip(costs, found, strict=True):
        best = cheapest(cost, off_diagonal)
        assert weighted(cost, path, off_diagonal) == pytest.approx(best)
        np.testing.assert_array_equal(along, cost[path[:, 0], path[:, 1]])


@pytest.mark.parametrize("rows", [31, 32, 33, 70, 200])
def test_a_table_beside_others_is_warped_as_alone(rows: int) -> None:
    random = np.random.default_rng(rows)
    costs = [1.0 - random.uniform(-1, 1, (rows, w)).astype(np.float32) for w in (90, 1, 33, 140)]
    for cost, (path, along) in zip(costs, paths(costs), strict=True):
        ((own, own_along),) = paths([cost])
        np.testing.assert_array_equal(path, own)
        np.testing.assert_array_equal(along, own_along)
        assert weighted(cost, path, 0.15) == pytest.approx(cheapest(cost, 0.15))


def test_views_of_a_clip_are_aligned_as_each_alone() -> None:
    random = np.random.default_rng(5)
    phones = tuple(int(phone) for phone in random.integers(1, SYMBOLS, 20))
    units = tuple(n // 3 for n in range(20))
    views = [table(seed, 60) for seed in range(3)]
    found = align_each(views, phones, units)
    assert found is not None
    for spans, logs in zip(found, views, strict=True):
        alone = align_phones(logs, phones, units)
        assert alone is not None
        assert spans.start.tolist() == alone.start.tolist()
        assert spans.end.tolist() == alone.end.tolist()
        assert spans.log_likelihood == alone.log_likelihood


def test_alike_clips_warp_along_the_diagonal_at_no_cost() -> None:
    frames = np.random.default_rng(0).standard_normal((40, 8)).astype(np.float32)
    frames /= np.linalg.norm(frames, axis=1, keepdims=True)
    cost = np.maximum(1.0 - frames @ frames.T, 0.0)
    ((path, along),) = paths([cost])
    assert (path[:, 0] == path[:, 1]).all()
    assert len(path) == 40
    assert float(along.mean()) == pytest.approx(0.0, abs=1e-6)


def test_a_clip_said_at_half_the_pace_is_followed() -> None:
    frames = np.eye(12, dtype=np.float32)
    ((path, along),) = paths([1.0 - np.repeat(frames, 2, axis=0) @ frames.T])
    assert not along.any()
    assert (path[:, 0] // 2 == path[:, 1]).all()
