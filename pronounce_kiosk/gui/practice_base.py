"""`PracticeBase`: recording and playback of a page on which single words are practised."""

from collections.abc import Callable, Sequence
from enum import Enum

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.playback import Piece, Playback
from pronounce_kiosk.gui.sound import SoundUser


class Activity(Enum):
    """Work under way, during which the learner waits."""

    NONE = "none"
    PREPARING = "preparing"
    RECORDING = "recording"
    JUDGING = "judging"


class PracticeBase(QObject):
    """Lives in the window's thread; slow work is a job of other threads.

    changed: anything but level and position. level_changed: a `LevelView` while recording.
    """

    changed = pyqtSignal()
    level_changed = pyqtSignal(object)

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.activity = Activity.NONE
        self._model = model
        self._turn = 0
        self._user = SoundUser(
            self._on_lost,
            self._fail,
            level=self.level_changed.emit,
            speech_ended=self.stop,
            paused=self._on_paused,
            recorded=self._on_recorded,
        )
        self.playback = Playback(model.sound, self._user, self)
        self.playback.changed.connect(lambda _: self.changed.emit())

    def stop(self) -> None:
        """End the take and judge it."""
        if self.activity is Activity.RECORDING:
            self._do(Activity.JUDGING)
            self._model.sound.finish()

    def leave(self) -> None:
        """Stop playback, recording and judging."""
        self._stop_audio()
        self._do(Activity.NONE)

    def _on_paused(self, take: AudioClip | None) -> None:
        """Handle a pause that may end the take; None when speech continues."""

    def _on_recorded(self, take: AudioClip) -> None:
        """Judge a take."""

    def _on_lost(self, _: Exception) -> None:
        self.playback.end()
        self._do(Activity.NONE)

    def _fail(self, error: Exception) -> None:
        self.leave()
        self._model.fail(error)

    def _record(self) -> None:
        self._stop_audio()
        self._do(Activity.RECORDING)
        self._model.sound.record(self._user)

    def _play(self, pieces: Sequence[Piece]) -> None:
        """Play clips one after the other; an empty sequence only stops playback."""
        self._stop_audio()
        self.playback.begin(pieces)
        self.changed.emit()

    def _do(self, activity: Activity) -> None:
        self.activity = activity
        self.changed.emit()

    def _stop_audio(self) -> None:
        """Stop the sound and drop the results of earlier jobs."""
        self._turn += 1
        self.playback.stop_audio()

    def _same_turn(self) -> Callable[[], bool]:
        """Return a function that tells whether nothing was stopped since now."""
        turn = self._turn
        return lambda: self._turn == turn
