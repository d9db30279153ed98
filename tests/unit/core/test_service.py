"""What the service manager is told, and what the journal gets."""

from __future__ import annotations

import io
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pronounce_kiosk.core.service import JournalHandler, in_journal, notify, watchdog_interval_s


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", listener.getsockname())
        listener.settimeout(5.0)
        yield listener


def test_it_is_told(manager: socket.socket) -> None:
    assert notify("READY=1\nSTATUS=마이크")
    assert manager.recv(4096).decode() == "READY=1\nSTATUS=마이크"


def test_an_abstract_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("")  # the kernel chooses an abstract name
        name = listener.getsockname()
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + os.fsdecode(name[1:]))
        assert notify("WATCHDOG=1")
        assert listener.recv(100) == b"WATCHDOG=1"


def test_nobody_listening_is_no_error_and_no_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not notify("READY=1")


def test_a_manager_that_reads_nothing_is_not_waited_for(manager: socket.socket) -> None:
    sent = [notify("WATCHDOG=1") for _ in range(10_000)]
    assert sent[0]
    assert not sent[-1], "its queue is full, and this returned all the same"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 10.0),
        # Beneath a compositor the kiosk is not the process that the variable names.
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, 1.0),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "nonsense"}, None),
    ],
)
def test_how_often_it_is_due(
    environment: dict[str, str], expected: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert watchdog_interval_s() == expected


def test_the_journal_reads_levels_on_every_line() -> None:
    stream = io.StringIO()
    handler = JournalHandler()
    handler.setStream(stream)
    for level, text in (
        (logging.DEBUG, "a"),
        (logging.INFO, "b"),
        (logging.WARNING, "c\nd"),
        (logging.CRITICAL, "e"),
    ):
        handler.emit(logging.LogRecord("x", level, "", 0, text, None, None))
    assert stream.getvalue().splitlines() == ["<7>x: a", "<6>x: b", "<4>x: c", "<4>d", "<3>x: e"]


def test_a_terminal_inside_a_service_is_no_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    assert not in_journal()
    monkeypatch.setenv("JOURNAL_STREAM", "1:1")
    assert not in_journal()
