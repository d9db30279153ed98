"""`BundleWatch`: use a newly activated bundle without a restart."""

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject

from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.session.engine import NewerEngine

INTERVAL_MS = 2000
NOTICE = "bundle_failed"


class BundleWatch(QObject):
    """Checks the activation file's date between takes; loading is a job of the model's worker.

    has_failed: whether the file names a bundle that did not work.
    """

    def __init__(
        self, model: KioskModel, file: Path, newer: NewerEngine, has_failed: Callable[[], bool]
    ) -> None:
        super().__init__(model)
        self._model = model
        self._file = file
        self._newer = newer
        self._has_failed = has_failed
        self._seen = self._stamp()
        self._busy = False
        self._timer = make_timer(self, INTERVAL_MS, self.look)
        # The first engine's bundle may be outdated already.
        model.ready_changed.connect(self._timer.start)
        model.ready_changed.connect(self._announce)

    def look(self) -> None:
        """Load a newly activated bundle, unless a take is under way."""
        stamp = self._stamp()
        if stamp == self._seen or self._busy or not self._model.between_takes:
            return
        self._seen = stamp
        self._busy = True
        self._model.renew_engine(self._newer, self._renewed)

    def _renewed(self) -> None:
        self._busy = False
        self._announce()

    def _announce(self) -> None:
        self._model.notices.announce(NOTICE if self._has_failed() else "")

    def _stamp(self) -> tuple[int, int] | None:
        """Return a value that changes whenever the file is replaced; None without a file."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino
