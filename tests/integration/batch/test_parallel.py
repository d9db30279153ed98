"""Mapping in processes gives what mapping here gives, in order."""

from __future__ import annotations

import math
import operator
import os
import signal
import threading
import time

import pytest

from pronounce_kiosk.batch.parallel import _interrupts_held, limit_threads, map_in_order


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_order(jobs: int) -> None:
    items = list(range(40))
    assert list(map_in_order(operator.neg, items, jobs=jobs)) == [-item for item in items]


def test_nothing_to_do() -> None:
    assert list(map_in_order(operator.neg, [], jobs=2)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_comes_back_and_stops_it(jobs: int) -> None:
    with pytest.raises(ValueError, match="math domain"):
        list(map_in_order(math.sqrt, [4.0] * 10 + [-1.0] + [4.0] * 10, jobs=jobs))


def test_threads_are_limited() -> None:
    import torch

    before = torch.get_num_threads()
    limit_threads(1)
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)


def test_an_interrupt_that_a_librarys_thread_takes_is_held_back_too() -> None:
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    done = threading.Event()
    # One such as numpy's, which began before and has the signal unmasked.
    other = threading.Thread(target=done.wait)
    other.start()
    came_so_far = False

    def begin_workers() -> None:
        nonlocal came_so_far
        with _interrupts_held() as held:
            os.kill(os.getpid(), signal.SIGINT)
            # The other thread takes it when the machine lets it run.
            for _ in range(10_000):
                if held:
                    break
                time.sleep(0.001)
            came_so_far = True

    try:
        with pytest.raises(KeyboardInterrupt):
            begin_workers()
        assert came_so_far
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    finally:
        done.set()
        other.join()
        signal.signal(signal.SIGINT, handler)
