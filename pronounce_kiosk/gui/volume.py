"""`Volume`: the learner's playback volume."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.sound import Sound
from pronounce_kiosk.history.preferences import VOLUME

GAINS_DB = (-18.0, -12.0, -6.0, 0.0, 6.0)
"""Audible steps, in addition to the loudspeaker's volume, which the teacher sets: a gain needs no
program, acts at once, and is alike on every sound server."""
USUAL_STEP = 3


class Volume(QObject):
    """Holds a step, an index of `GAINS_DB`; changed follows it. Stored with the preferences."""

    changed = pyqtSignal()

    def __init__(
        self, sound: Sound, history: LearnerHistory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.step = USUAL_STEP
        self._sound = sound
        self._history = history
        history.preferences_changed.connect(self._follow)

    def next(self) -> None:
        """Set the next step; the quietest follows the loudest."""
        self._history.prefer(VOLUME, str((self.step + 1) % len(GAINS_DB)))

    def _follow(self) -> None:
        chosen = self._history.preferences.get(VOLUME, "")
        step = int(chosen) if chosen.isdecimal() else USUAL_STEP
        step = min(step, len(GAINS_DB) - 1)
        if step != self.step:
            self.step = step
            self._sound.set_gain_db(GAINS_DB[step])
            self.changed.emit()
