"""The watchdog is fed by the window's own thread: one that is blocked falls silent."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pronounce_kiosk.app import _tell_service_manager


class Window(QWidget):
    first_painted = pyqtSignal()


def test_a_window_that_hangs_falls_silent_and_one_that_turns_does_not(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)

        def told() -> list[bytes]:
            found = []
            while True:
                try:
                    found.append(listener.recv(100))
                except BlockingIOError:
                    return found

        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "150000")
        window = Window()
        qtbot.addWidget(window)
        _tell_service_manager(window)  # type: ignore[arg-type]
        window.first_painted.emit()
        assert told() == [b"READY=1"]
        qtbot.waitUntil(lambda: b"WATCHDOG=1" in told(), timeout=20_000)
        told()
        time.sleep(0.5)  # the window's thread is busy elsewhere
        assert told() == []
        qtbot.waitUntil(lambda: b"WATCHDOG=1" in told(), timeout=20_000)
