"""`UncaughtErrors`: report uncaught exceptions of any thread in the window's thread."""

import sys
import threading

from PyQt5.QtCore import QObject, pyqtSignal


class UncaughtErrors(QObject):
    """Replaces Python's hooks, after which Qt would end the program.

    happened: an uncaught exception. ended: something that is no `Exception`, such as
    KeyboardInterrupt. Both are delivered in the thread of the connected object.
    """

    happened = pyqtSignal(object)
    ended = pyqtSignal()

    def install(self) -> None:
        """Install the hooks."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def _on_error(self, kind: object, error: BaseException, traceback: object) -> None:
        if isinstance(error, Exception):
            self.happened.emit(error)
        else:
            self.ended.emit()

    def _on_thread_error(self, details: threading.ExceptHookArgs) -> None:
        # SystemExit in a thread ends that thread only.
        if isinstance(details.exc_value, Exception):
            self.happened.emit(details.exc_value)
