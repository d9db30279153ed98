"""What `rows_batch` measures, in a process of its own."""

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
"""Takes that two processes have done, or begun, before they are asked for."""


def rates(takes: list[tuple[str, str]], count: int, turns: int) -> list[list[float]]:
    """Takes a second, by one process and by two, in turns of `count` takes a process.

    One, two, one, two, ..., one: `turns` times two. In turns of a second or two, because the speed
    of a machine that is lent in parts swings by a quarter within seconds: what one process does is
    the mean of its turns before and after. Whoever is not asked rests.
    """
    found = []
    with (
        closing(_results(takes, count * (turns + 2), 1)) as alone,
        closing(_results(takes, (JOBS * count + AHEAD) * (turns + 2), JOBS)) as both,
    ):
        _take(alone, count)  # the models load, sentences are prepared
        _rest(AHEAD / _rate(both, JOBS * count))
        before = _rate(alone, count)
        for _ in range(turns):
            _take(both, AHEAD)  # done while they rested
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
    """Until two processes have done what they were ahead with; twice that is enough."""
    time.sleep(2 * busy_s)
