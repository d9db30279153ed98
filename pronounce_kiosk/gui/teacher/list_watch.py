"""`ListWatch`: notice that a command, over ssh for instance, has changed the lists."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.timers import make_timer

INTERVAL_MS = 2000


class ListWatch(QObject):
    """Look at the date of the store's folder of states, which every change and undo renews.

    changed: somebody, perhaps this program, has changed the lists.
    """

    changed = pyqtSignal()

    def __init__(self, states_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states_dir = states_dir
        self._seen = self._stamp()
        self._timer = make_timer(self, INTERVAL_MS, self.look)

    def start(self) -> None:
        """Begin to look, now and then."""
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Tell where something has changed since the last look."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self.changed.emit()

    def _stamp(self) -> int:
        try:
            return self._states_dir.stat().st_mtime_ns
        except OSError:
            return 0
