"""`Worker`: a background thread that runs jobs in order.

The window's thread never computes and never waits: it submits a job (any callable) with callbacks
for success and failure, which run in the window's thread.
"""

import contextlib
import itertools
import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PyQt5.QtCore import QObject, QThread, pyqtSignal

log = logging.getLogger(__name__)

T = TypeVar("T")
OnFailure = Callable[[Exception], None]


class NoLongerWanted(Exception):  # noqa: N818 (nothing went wrong)
    """Raised by a job that learns it is no longer wanted; it then ends silently."""


@dataclass(frozen=True)
class _Job:
    name: str
    work: Callable[[], Any]
    on_success: Callable[[Any], None]
    on_failure: OnFailure
    wanted: Callable[[], bool]


class Worker(QThread):
    """Runs all computing: objects that are not thread-safe belong to the jobs of one worker."""

    _came_back = pyqtSignal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        # Idle jobs last, others in their order.
        self._jobs: queue.PriorityQueue[tuple[bool, int, _Job | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._closed = False
        # This object lives in the window's thread, so Qt queues calls from run() to that thread.
        self._came_back.connect(self._deliver)

    def submit(
        self,
        name: str,
        work: Callable[[], T],
        on_success: Callable[[T], None],
        on_failure: OnFailure,
        wanted: Callable[[], bool] = lambda: True,
        idle: bool = False,
    ) -> None:
        """Run work here, then on_success(result) or on_failure(exception) in the window's thread.

        name: describes the job in the log. wanted: called just before the job begins, and before a
        callback; False drops it. idle: run it only when no other job waits.
        """
        self._put(_Job(name, work, on_success, on_failure, wanted), idle)

    def later(self, function: Callable[[], None]) -> None:
        """Call a function in the window's thread, to report a job's progress."""
        self._came_back.emit(function)

    def close(self, timeout_ms: int = 5000) -> bool:
        """Finish the current job, drop the others, end the thread. False where it hangs.

        Callbacks are no longer called from now on, as after `finish`.
        """
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        self._put(None)
        return self._end(timeout_ms)

    def finish(self, timeout_ms: int = 5000) -> bool:
        """Run all submitted jobs, then end the thread. False where one hangs."""
        self._put(None, idle=True)
        return self._end(timeout_ms)

    def run(self) -> None:
        """Run jobs until the thread is ended."""
        while (job := self._jobs.get()[-1]) is not None:
            if job.wanted():
                self._do(job)

    def _end(self, timeout_ms: int) -> bool:
        self._closed = True
        return bool(self.wait(timeout_ms)) if self.isRunning() else True

    def _put(self, job: _Job | None, idle: bool = False) -> None:
        self._jobs.put((idle, next(self._numbers), job))

    def _do(self, job: _Job) -> None:
        try:
            value = job.work()
        except NoLongerWanted:
            return
        except Exception as error:
            failure = error
            self.later(lambda: self._fail(job, failure))
            return
        self.later(lambda: job.on_success(value) if job.wanted() else None)

    @staticmethod
    def _fail(job: _Job, error: Exception) -> None:
        # on_failure decides what to log: a KioskError is an expected failure.
        if job.wanted():
            job.on_failure(error)
        else:
            log.info("%s failed, but is no longer wanted: %s", job.name, error)

    def _deliver(self, function: Callable[[], None]) -> None:
        if not self._closed:
            function()
