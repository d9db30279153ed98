"""What `rows_batch` measures, in a process of its own."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from pronounce_kiosk.bench.probe_compute import open_engine
from pronounce_kiosk.session.batch import BatchRow, score_rows


def rate(takes: list[tuple[str, str]], count: int, jobs: int) -> float:
    """Takes a second, once every process is at work."""
    rows = [
        BatchRow(str(n), Path(takes[n % len(takes)][0]), takes[n % len(takes)][1], "ko")
        for n in range(count)
    ]
    first = count // 2  # by then each process has loaded its model
    begun_s = 0.0
    for number, result in enumerate(score_rows(rows, partial(open_engine, 1), jobs), start=1):
        if result.problem:
            raise RuntimeError(result.problem)
        if number == first:
            begun_s = time.perf_counter()
    return (count - first) / (time.perf_counter() - begun_s)
