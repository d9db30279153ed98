"""Running a function over many items in a few processes, in order, with a progress bar."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from multiprocessing import resource_tracker
from typing import TypeVar

from pronounce_kiosk.batch.cluster import Cluster, map_on_cluster

Item = TypeVar("Item")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1

CHUNK = 4
"""Items a worker gets at once: few enough that two workers finish together."""
CHUNKS_AHEAD = 4
"""Chunks a worker may be ahead of what was asked for: enough that none waits for the other's long
one, few enough that who stops asking soon has a quiet machine."""

Jobs = int | Cluster
"""Processes on this machine, or the cluster that does the work."""

DEFAULT_JOBS = min(2, os.cpu_count() or 1)
"""Two: each process holds a torch of its own, which is what a Pi's memory allows."""


def limit_threads(threads: int = 1) -> None:
    """Limit torch's threads in this process.

    With one each, processes share the cores fairly and a result does not depend on their number.
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
    """Yield function(item) for each item in order. function must be a module's own (picklable).

    jobs: How many processes, or the cluster that does the work. With one, or few items, it runs
    here. The bar is drawn on stderr where that is a terminal.
    """
    from tqdm import tqdm

    def bar(results: Iterator[Result]) -> Iterator[Result]:
        shown: Iterator[Result] = iter(
            tqdm(
                results,
                total=len(items),
                desc=label,
                disable=not sys.stderr.isatty(),
                leave=False,
            )
        )
        return shown

    if isinstance(jobs, Cluster):
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
        try:
            yield from bar(_in_chunks(pool, function, items, CHUNKS_AHEAD * jobs))
        except BaseException:
            # Leaving waits for the workers, and one that still loads torch would take ten seconds.
            # They are ended and the chunks not cancelled: the pool of Python 3.11 trips over both.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _in_chunks(
    pool: ProcessPoolExecutor,
    function: Callable[[Item], Result],
    items: Sequence[Item],
    ahead: int,
) -> Iterator[Result]:
    waiting = (items[first : first + CHUNK] for first in range(0, len(items), CHUNK))
    with _interrupts_held():  # the first ones begin the workers
        chunks = deque(pool.submit(_do_chunk, function, chunk) for chunk in islice(waiting, ahead))
    while chunks:
        results = chunks.popleft().result()
        chunks.extend(pool.submit(_do_chunk, function, chunk) for chunk in islice(waiting, 1))
        yield from results


def _do_chunk(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [function(item) for item in items]


def _begin_worker(initializer: Callable[..., None], initargs: tuple[object, ...]) -> None:
    """Die with the process that asked: killed outright, it would leave its workers waiting."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    initializer(*initargs)


@contextmanager
def _interrupts_held() -> Iterator[list[int]]:
    """Ctrl-C is for this process: its children, begun here, inherit that they do not hear it.

    Otherwise each of them would print a traceback of its own. Held back and not ignored: one that
    comes while they begin arrives at the end. The mask is what they inherit, but it is this
    thread's alone: a library's thread takes the signal, and Python would raise it in the middle of
    beginning a worker, which then waits for what never comes and prints a traceback. So the handler
    is another one meanwhile. Gives the signals that were held back so far.
    """
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    # It would lift the mask when it starts itself.
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
