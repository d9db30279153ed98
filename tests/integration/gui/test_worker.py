"""The background thread: jobs in order, outcomes in the window's thread, nothing waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pronounce_kiosk.gui.worker import NoLongerWanted, Worker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    worker = Worker("test")
    worker.start()
    yield worker
    assert worker.close(timeout_ms=60_000)


def test_work_is_elsewhere_and_outcomes_are_here(worker: Worker, qtbot: QtBot) -> None:
    here = threading.get_ident()
    seen: list[tuple[str, int, object]] = []

    def work() -> int:
        return threading.get_ident()

    def broken() -> None:
        raise ValueError("broken")

    worker.submit("a", work, lambda v: seen.append(("ok", threading.get_ident(), v)), seen.append)
    worker.submit(
        "b", broken, seen.append, lambda e: seen.append(("failed", threading.get_ident(), e))
    )
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=60_000)
    assert [entry[:2] for entry in seen] == [("ok", here), ("failed", here)]
    assert seen[0][2] != here
    assert isinstance(seen[1][2], ValueError)


def test_jobs_keep_their_order_and_unwanted_ones_are_dropped(worker: Worker, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(20):
        worker.submit(
            str(number),
            lambda number=number: number,
            seen.append,
            lambda error: None,
            wanted=lambda number=number: number % 2 == 0,
        )
    qtbot.waitUntil(lambda: len(seen) == 10, timeout=60_000)
    assert seen == list(range(0, 20, 2))


def test_progress_comes_before_the_outcome(worker: Worker, qtbot: QtBot) -> None:
    seen: list[str] = []

    def work() -> str:
        worker.later(lambda: seen.append("half"))
        return "done"

    worker.submit("a", work, seen.append, lambda error: None)
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=60_000)
    assert seen == ["half", "done"]


def test_close_drops_what_has_not_begun(qtbot: QtBot) -> None:
    worker = Worker("test")
    begun, go_on, seen = threading.Event(), threading.Event(), []
    worker.start()

    def slow() -> None:
        begun.set()
        go_on.wait(30)

    worker.submit("slow", slow, lambda _: None, lambda error: None)
    worker.submit("late", lambda: seen.append("late"), lambda _: None, lambda error: None)
    assert begun.wait(30)
    threading.Timer(0.05, go_on.set).start()
    assert worker.close(timeout_ms=60_000)
    assert seen == []


def test_a_worker_that_never_started_closes(qtbot: QtBot) -> None:
    assert Worker("test").close(timeout_ms=60_000)


def test_idle_jobs_give_way(worker: Worker, qtbot: QtBot) -> None:
    seen: list[str] = []
    go_on = threading.Event()

    def submit(name: str, idle: bool) -> None:
        worker.submit(name, lambda: name, seen.append, lambda error: None, idle=idle)

    worker.submit("first", lambda: go_on.wait(30), lambda _: None, lambda error: None)
    for name, idle in (("ahead 1", True), ("score", False), ("ahead 2", True), ("look", False)):
        submit(name, idle)
    go_on.set()
    qtbot.waitUntil(lambda: len(seen) == 4, timeout=60_000)
    assert seen == ["score", "look", "ahead 1", "ahead 2"]


def test_a_job_that_nobody_waits_for_any_more_ends_silently(worker: Worker, qtbot: QtBot) -> None:
    seen: list[object] = []

    def given_up() -> None:
        raise NoLongerWanted

    worker.submit("given up", given_up, seen.append, seen.append)
    worker.submit("next", lambda: "next", seen.append, seen.append)
    qtbot.waitUntil(lambda: bool(seen), timeout=60_000)
    assert seen == ["next"]


def test_no_outcome_comes_after_the_end(qtbot: QtBot) -> None:
    worker = Worker("test")
    worker.start()
    seen: list[str] = []
    done = threading.Event()

    def work() -> str:
        done.set()
        return "too late"

    worker.submit("a", work, seen.append, lambda error: None)
    assert done.wait(30)
    assert worker.finish(timeout_ms=60_000)
    qtbot.wait(20)
    assert seen == []
