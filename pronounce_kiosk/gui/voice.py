"""`Voice`: the voice of the examples, chosen by the learner."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.history.preferences import VOICE
from pronounce_kiosk.session.voices import VARIANTS


class Voice(QObject):
    """Holds a number, an index of `VARIANTS`; changed follows it. Stored with the preferences."""

    changed = pyqtSignal()

    def __init__(self, history: LearnerHistory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self._history = history
        history.preferences_changed.connect(self._follow)

    @property
    def variant(self) -> str:
        """Return the variant of espeak-ng's voice; "" for the kiosk's default voice."""
        return VARIANTS[self.number]

    def next(self) -> None:
        """Choose the next voice; the default voice follows the last."""
        self._history.prefer(VOICE, str((self.number + 1) % len(VARIANTS)))

    def _follow(self) -> None:
        chosen = self._history.preferences.get(VOICE, "")
        number = int(chosen) if chosen.isdecimal() else 0
        if number >= len(VARIANTS):  # stored by a version with more voices
            number = 0
        if number != self.number:
            self.number = number
            self.changed.emit()
