"""An exception that nobody caught lands on the failsafe screen, whichever thread raised it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PyQt5.QtCore import QObject, QThread, pyqtSignal

from pronounce_kiosk.app import guard
from pronounce_kiosk.session.states import State


class Clumsy(QObject):
    """A slot that raises in its own thread, as one of the sound thread's might."""

    asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self.fall)

    def fall(self) -> None:
        raise ZeroDivisionError("in another thread")


@pytest.fixture
def _hooks() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = before


@pytest.mark.usefixtures("_hooks")
@pytest.mark.parametrize("kind", ["Qt's", "Python's"])
def test_an_error_of_another_thread_is_told_in_the_window_s(
    make_hands: Callable, expected_log: Callable[[str], None], kind: str
) -> None:
    expected_log("ERROR pronounce_kiosk.gui.model: unexpected failure")
    hands = make_hands()
    guard(hands.kiosk)
    window_thread, seen = QThread.currentThread(), []
    hands.model.state_changed.connect(lambda: seen.append(QThread.currentThread()))
    thread, clumsy = QThread(), Clumsy()
    if kind == "Qt's":
        clumsy.moveToThread(thread)
        thread.start()
        clumsy.asked.emit()
    else:
        other = threading.Thread(target=clumsy.fall)
        other.start()
        other.join()
    hands.wait_for(State.FAILSAFE)
    thread.quit()
    thread.wait()
    assert set(seen) == {window_thread}
