"""`UncaughtErrors`: exceptions that nobody caught, brought to the window's thread."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

from PyQt5.QtCore import QObject, pyqtSignal


class UncaughtErrors(QObject):
    """happened: an exception that nobody caught in any thread; Qt would end the program.

    ended: something that is no `Exception`, such as KeyboardInterrupt.
    Both come in the thread of the object that they are connected to.
    """

    happened = pyqtSignal(object)
    ended = pyqtSignal()

    def install(self) -> None:
        """Take over Python's hooks."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def _on_error(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self.happened.emit(error)
        else:
            self.ended.emit()

    def _on_thread_error(self, details: threading.ExceptHookArgs) -> None:
        # A thread that ends itself (SystemExit) ends nothing else.
        if isinstance(details.exc_value, Exception):
            self.happened.emit(details.exc_value)
