"""Run a function over many items in several processes, in order, with a progress bar."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from typing import TypeVar

from pronounce_kiosk.batch.cluster import in_chunks, map_on_cluster

Item = TypeVar("Item")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1

CHUNK = 4
"""Items sent to a worker at once: few enough that two workers finish together."""
CHUNKS_AHEAD = 4
"""Chunks a worker may be ahead of the consumer: enough that none waits for a long chunk of the
other, few enough that little work is under way when the consumer stops."""

Jobs = int | str
"""Number of processes on this machine, or the address of a Dask scheduler (`map_on_cluster`)."""

DEFAULT_JOBS = min(2, os.cpu_count() or 1)
"""Two: each process loads torch, and a Pi's memory holds two."""


def limit_threads(threads: int = 1) -> None:
    """Limit torch's threads in this process.

    With one thread each, processes share the cores fairly and results do not depend on their
    number.
    """
    import torch

    torch.set_num_threads(threads)


def map_in_order(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: Jobs = DEFAULT_JOBS,
    label: str = "",
    initializer: Callable[..., None] = limit_threads,
    initargs: tuple[object, ...] = (),
) -> Iterator[Result]:
    """Yield function(item) for each item in order, with a progress bar on a terminal's stderr.

    Args:
        function: A module-level function (picklable).
        items: Its arguments.
        jobs: One process, or few items, run in this process.
        label: Text of the progress bar.
        initializer: Called in every process before the first item.
        initargs: Its arguments.
    """
    from tqdm import tqdm

    def bar(results: Iterator[Result]) -> Iterator[Result]:
        hidden = not sys.stderr.isatty()
        yield from tqdm(results, label, len(items), leave=False, disable=hidden)

    if isinstance(jobs, str):
        yield from bar(map_on_cluster(jobs, function, items, (initializer, initargs)))
        return
    if jobs <= 1 or len(items) < 4 * jobs:
        initializer(*initargs)
        yield from bar(map(function, items))
        return
    # Spawned, not forked: torch's threads and espeak-ng's state do not survive a fork.
    context = multiprocessing.get_context("spawn")
    start = partial(_begin_worker, initializer, initargs)
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, context, start) as pool:

        def submit(chunk: Sequence[Item]) -> Future[list[Result]]:
            return pool.submit(_do_chunk, function, chunk)

        try:
            # The first results start the workers.
            held = _interrupts_held()
            yield from bar(in_chunks(submit, items, CHUNK, CHUNKS_AHEAD * jobs, held))
        except BaseException:
            # Closing the pool waits for its workers, and one still loading torch takes ten seconds.
            # They are terminated and the chunks not cancelled: the pool of Python 3.11 fails on
            # both.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _do_chunk(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [function(item) for item in items]


def _begin_worker(initializer: Callable[..., None], initargs: tuple[object, ...]) -> None:
    """Make the worker end with its parent, also when that is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    initializer(*initargs)


@contextmanager
def _interrupts_held() -> Iterator[list[int]]:
    """Hold back Ctrl-C while workers start, and make them inherit a mask that blocks it.

    A worker would otherwise print a traceback of its own. The signal is held back, not ignored: it
    is delivered at the end. The mask covers this thread only, and another thread may take the
    signal; Python would then raise it in the middle of starting a worker, which would hang. So the
    handler is replaced meanwhile. Yields the signals held back so far.
    """
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    # It would unblock the signals when it starts by itself.
    resource_tracker.ensure_running()
    held: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: held.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if handler is None else handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if held:
            signal.raise_signal(signal.SIGINT)
