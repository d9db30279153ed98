"""`Notices`: the most important problem to show."""

from functools import partial

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.sound import Sound


class Notices(QObject):
    """Chooses one notice; sound problems come first: without a microphone nobody can practise.

    key: a key of `messages.notice_text`, "" for none; changed carries it.
    """

    changed = pyqtSignal(str)

    def __init__(self, sound: Sound, history: LearnerHistory, parent: QObject) -> None:
        super().__init__(parent)
        self.key = ""
        self._keys = ["", "", ""]
        """Of the sound, from outside, and of the history."""
        sound.notice.connect(partial(self._set, 0))
        history.stored.connect(lambda stored: self._set(2, "" if stored else "history"))

    def announce(self, key: str) -> None:
        """Set a notice from outside; "" removes it."""
        self._set(1, key)

    def _set(self, place: int, key: str) -> None:
        self._keys[place] = key
        key = next(filter(None, self._keys), "")
        if key != self.key:
            self.key = key
            self.changed.emit(key)
