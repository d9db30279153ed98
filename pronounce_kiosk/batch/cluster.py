"""Map a function over many items on the workers of a Dask cluster.

Every worker needs this package, the extra [cluster], and the files at the paths of this machine (a
shared folder). Dask gives the chunks of a dead worker to another one.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pronounce_kiosk.core.errors import KioskError, UsageError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")
Start = tuple[Callable[..., None], tuple[object, ...]]

CONNECT_TIMEOUT_S = 5
CHUNK = 16
"""Items sent at once. Raising it reduces traffic, and repeats more work when a worker dies."""
CHUNKS_AHEAD = 3
"""Chunks queued at a worker. Raising it hides a slower network and needs more memory."""


def map_on_cluster(
    address: str, function: Callable[[Item], Result], items: Sequence[Item], start: Start
) -> Iterator[Result]:
    """Yield function(item) for each item, in order.

    Args:
        address: Of the Dask scheduler, such as ``tcp://192.168.0.10:8786``.
        function: A module-level function; it is pickled, as items and results are.
        items: Its arguments.
        start: A function and its arguments, called in every worker process before the first item.

    Raises:
        UsageError: Dask is not installed, no scheduler answers, or it has no workers.
        KioskError: Workers died repeatedly over one chunk.
    """
    with _connected(address) as client:
        from distributed.scheduler import KilledWorker

        workers = sum(client.nthreads().values())
        if not workers:
            raise UsageError(
                f"The Dask scheduler at {address} has no workers: start some with "
                f"dask worker {address} --nthreads 1"
            )
        key = hashlib.sha256(pickle.dumps(start)).hexdigest()

        def submit(chunk: Sequence[Item]) -> Any:
            return client.submit(_do_chunk, function, chunk, start, key, pure=False)

        try:
            yield from in_chunks(submit, items, CHUNK, CHUNKS_AHEAD * workers)
        except KilledWorker as error:
            raise KioskError(
                "Workers of the cluster died over the same takes again and again: see their logs "
                "(most often memory), then run it again."
            ) from error


def in_chunks(
    submit: Callable[[Sequence[Item]], Any],
    items: Sequence[Item],
    size: int,
    ahead: int,
    while_starting: AbstractContextManager[object] | None = None,
) -> Iterator[Result]:
    """Yield the results of all items in order.

    Args:
        submit: Has a chunk processed; returns a future of its results.
        items: All items.
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


_lock = threading.Lock()
_started_key = ""


def _do_chunk(
    function: Callable[[Item], Result], items: Sequence[Item], start: Start, key: str
) -> list[Result]:
    """Process a chunk in a worker; one at a time, as an engine belongs to one thread."""
    global _started_key
    with _lock:
        if _started_key != key:
            initializer, arguments = start
            initializer(*arguments)
            _started_key = key
        return [function(item) for item in items]
