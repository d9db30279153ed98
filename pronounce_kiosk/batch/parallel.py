"""Run a function over many items, in order: in processes, or on the workers of a Dask cluster.

Every worker of a cluster needs this package, the extra [cluster], and the files at the paths of
this machine (a shared folder). Dask gives the chunks of a dead worker to another one.
"""

from __future__ import annotations

import ctypes
import hashlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from itertools import islice
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, TypeVar

from pronounce_kiosk.core.errors import KioskError, UsageError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")
DoChunk = Callable[[Sequence[Item]], list[Result]]

_PR_SET_PDEATHSIG = 1

CHUNK = 4
"""Items sent to a worker at once: few enough that two workers finish together."""
CHUNKS_AHEAD = 4
"""Chunks a worker may be ahead of the consumer: enough that none waits for a long chunk of the
other, few enough that little work is under way when the consumer stops."""
CLUSTER_CHUNK = 16
"""Items sent at once. Raising it reduces traffic, and repeats more work when a worker dies."""
CLUSTER_CHUNKS_AHEAD = 3
"""Chunks queued at a worker. Raising it hides a slower network and needs more memory."""
CONNECT_TIMEOUT_S = 5

Jobs = int | str
"""Number of processes on this machine, or the address of a Dask scheduler, such as
``tcp://192.168.0.10:8786``."""

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

    Raises:
        UsageError: Dask is not installed, no scheduler answers, or it has no workers.
        KioskError: Workers of the cluster died repeatedly over one chunk.
    """
    from tqdm import tqdm

    def bar(results: Iterator[Result]) -> Iterator[Result]:
        hidden = not sys.stderr.isatty()
        yield from tqdm(results, label, len(items), leave=False, disable=hidden)

    do_chunk = _chunk_worker(function, initializer, initargs)
    if isinstance(jobs, str):
        yield from bar(_map_on_cluster(jobs, do_chunk, items))
        return
    if jobs <= 1 or len(items) < 4 * jobs:
        initializer(*initargs)
        yield from bar(map(function, items))
        return
    # Spawned, not forked: torch's threads and espeak-ng's state do not survive a fork.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, context, _end_with_parent) as pool:
        try:
            # The first results start the workers.
            chunks: Iterator[Result] = _in_chunks(
                lambda chunk: pool.submit(do_chunk, chunk),
                items,
                CHUNK,
                CHUNKS_AHEAD * jobs,
                while_starting=_interrupts_held(),
            )
            yield from bar(chunks)
        except BaseException:
            # Closing the pool waits for its workers, and one still loading torch takes ten seconds.
            # They are terminated and the chunks not cancelled: the pool of Python 3.11 fails on
            # both.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _map_on_cluster(
    address: str, do_chunk: DoChunk[Item, Result], items: Sequence[Item]
) -> Iterator[Result]:
    with _connected(address) as client:
        from distributed.scheduler import KilledWorker

        workers = sum(client.nthreads().values())
        if not workers:
            raise UsageError(
                f"The Dask scheduler at {address} has no workers: start some with "
                f"dask worker {address} --nthreads 1"
            )
        submit = partial(client.submit, do_chunk, pure=False)
        try:
            yield from _in_chunks(submit, items, CLUSTER_CHUNK, CLUSTER_CHUNKS_AHEAD * workers)
        except KilledWorker as error:
            raise KioskError(
                "Workers of the cluster died over the same takes again and again: see their logs "
                "(most often memory), then run it again."
            ) from error


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "A cluster needs more packages: run pip install 'pronounce-kiosk[cluster]'."
        ) from error
    try:
        return Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {address}: check the address, and that dask "
            "scheduler runs there."
        ) from error


def _in_chunks(
    submit: Callable[[Sequence[Item]], Any],
    items: Sequence[Item],
    size: int,
    ahead: int,
    while_starting: AbstractContextManager[object] | None = None,
) -> Iterator[Result]:
    """Yield the results of all items in order.

    Args:
        submit: Has a chunk of the items processed; returns a future of its results.
        size: Items of a chunk.
        ahead: Chunks submitted before the first result is asked for.
        while_starting: Entered meanwhile.
    """
    chunks = (items[first : first + size] for first in range(0, len(items), size))
    with while_starting or nullcontext():
        waiting = deque(submit(chunk) for chunk in islice(chunks, ahead))
    while waiting:
        results = waiting.popleft().result()
        waiting.extend(submit(chunk) for chunk in islice(chunks, 1))
        yield from results


def _chunk_worker(
    function: Callable[[Item], Result], initializer: Callable[..., None], initargs: tuple[Any, ...]
) -> DoChunk[Item, Result]:
    """Make a picklable function that processes a chunk in a worker, started before its first."""
    start = partial(initializer, *initargs)
    return partial(_do_chunk, function, start, hashlib.sha256(pickle.dumps(start)).hexdigest())


_lock = threading.Lock()
_started_key = ""


def _do_chunk(
    function: Callable[[Item], Result], start: Callable[[], None], key: str, items: Sequence[Item]
) -> list[Result]:
    """Process a chunk in a worker; one at a time, as an engine belongs to one thread."""
    global _started_key
    with _lock:
        if _started_key != key:
            start()
            _started_key = key
        return [function(item) for item in items]


def _end_with_parent() -> None:
    """Make this process end with its parent, also when that is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


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
