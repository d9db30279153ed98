"""Measurements of `rows_batch`, in a process of their own."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from pronounce_kiosk.batch.parallel import CHUNK, CHUNKS_AHEAD
from pronounce_kiosk.batch.scoring import BatchResult, BatchRow, score_rows
from tools.bench.probe_compute import open_engine

JOBS = 2
AHEAD = CHUNK * CHUNKS_AHEAD * JOBS
"""Takes that two processes have finished, or begun, before they are asked for."""


def rates(takes: list[tuple[str, str]], count: int, turns: int) -> list[list[float]]:
    """Measure takes a second of one process and of two, in turns of `count` takes a process.

    One, two, one, two, ..., one: `turns` times two. Turns last a second or two, because the speed
    of a shared machine varies by a quarter within seconds; the figure for one process is the mean
    of the turns before and after. The others pause meanwhile.
    """
    found = []
    with (
        closing(_results(takes, count * (turns + 2), 1)) as alone,
        closing(_results(takes, (JOBS * count + AHEAD) * (turns + 2), JOBS)) as both,
    ):
        _take(alone, count)  # loads the models and prepares the sentences
        _rest(AHEAD / _rate(both, JOBS * count))
        before = _rate(alone, count)
        for _ in range(turns):
            _take(both, AHEAD)  # finished during the pause
            two = _rate(both, JOBS * count)
            _rest(AHEAD / two)
            after = _rate(alone, count)
            found.append([(before + after) / 2, two])
            before = after
    return found


def _results(
    takes: list[tuple[str, str]], count: int, jobs: int
) -> Generator[BatchResult, None, None]:
    rows = [
        BatchRow(str(number), Path(path), text, "ko")
        for number, (path, text) in enumerate(islice(cycle(takes), count))
    ]
    yield from score_rows(rows, partial(open_engine, 1), jobs)


def _rate(results: Iterator[BatchResult], count: int) -> float:
    begun_s = time.perf_counter()
    _take(results, count)
    return count / (time.perf_counter() - begun_s)


def _take(results: Iterator[BatchResult], count: int) -> None:
    for result in islice(results, count):
        if result.problem:
            raise RuntimeError(result.problem)


def _rest(busy_s: float) -> None:
    """Wait until two processes have finished the work queued for them.

    Twice that work's time is enough.
    """
    time.sleep(2 * busy_s)
