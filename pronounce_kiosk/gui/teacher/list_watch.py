"""`ListWatch`: detect changes of the lists by another process."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.timers import make_timer

INTERVAL_MS = 2000


class ListWatch(QObject):
    """Checks the date of the store's folder of states, which every change and undo renews.

    changed: the lists were changed, perhaps by this program.
    """

    changed = pyqtSignal()

    def __init__(self, states_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states_dir = states_dir
        self._seen = self._stamp()
        self._timer = make_timer(self, INTERVAL_MS, self.look)

    def start(self) -> None:
        """Start checking."""
        self._timer.start()

    def stop(self) -> None:
        """Stop checking."""
        self._timer.stop()

    def look(self) -> None:
        """Emit `changed` after a change since the last check."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self.changed.emit()

    def _stamp(self) -> int:
        try:
            return self._states_dir.stat().st_mtime_ns
        except OSError:
            return 0
