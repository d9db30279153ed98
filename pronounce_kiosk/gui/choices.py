"""`NumberedChoice`: a preference with a few values, such as the volume."""

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.history import LearnerHistory

GAINS_DB = (-18.0, -12.0, -6.0, 0.0, 6.0)
"""Audible steps, in addition to the loudspeaker's volume, which the teacher sets: a gain needs no
program, acts at once, and is alike on every sound server."""
USUAL_GAIN = 3


class NumberedChoice(QObject):
    """Holds a number from 0 to below count; changed carries it. Stored with the preferences.

    name: one of `history.preferences`. usual: the number until the learner chooses.
    """

    changed = pyqtSignal(int)

    def __init__(
        self, history: LearnerHistory, name: str, count: int, usual: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.number = usual
        self._history = history
        self._name, self._count, self._usual = name, count, usual
        history.preferences_changed.connect(self._follow)

    def next(self) -> None:
        """Choose the next number; 0 follows the last."""
        self._history.prefer(self._name, str((self.number + 1) % self._count))

    def _follow(self) -> None:
        chosen = self._history.preferences.get(self._name, "")
        number = int(chosen) if chosen.isdecimal() else self._usual
        if number >= self._count:  # stored by a version with more values
            number = self._usual
        if number != self.number:
            self.number = number
            self.changed.emit(number)
