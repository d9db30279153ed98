"""`Notices`: the most important problem to show."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.sound import Sound

HISTORY_NOTICE = "history"


class Notices(QObject):
    """Chooses one notice; sound problems come first: without a microphone nobody can practise.

    key: a key of `messages.notice_text`, "" for none; changed carries it.
    """

    changed = pyqtSignal(str)

    def __init__(
        self, sound: Sound, history: LearnerHistory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.key = ""
        self._sound = ""
        self._announced = ""
        self._history = history
        history.failed_changed.connect(lambda _: self._show())
        sound.notice.connect(self._set_sound)

    def announce(self, key: str) -> None:
        """Set a notice from outside; "" removes it."""
        self._announced = key
        self._show()

    def _set_sound(self, key: str) -> None:
        self._sound = key
        self._show()

    def _show(self) -> None:
        lost = HISTORY_NOTICE if self._history.failed else ""
        key = self._sound or self._announced or lost
        if key != self.key:
            self.key = key
            self.changed.emit(key)
