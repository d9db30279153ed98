"""`TeacherSound`: microphone and speaker for the teacher's pages."""

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.sound import Sound, SoundUser


class TeacherSound(QObject):
    """Records or plays.

    level_changed: a `LevelView`. recorded: the take, after `finish`. played: a clip has ended.
    speech_ended: the speaker has finished. failed: an exception. learner_recorded: a learner's
    take, for the room's noise level.
    """

    level_changed = pyqtSignal(object)
    recorded = pyqtSignal(object)
    played = pyqtSignal()
    speech_ended = pyqtSignal()
    failed = pyqtSignal(object)
    learner_recorded = pyqtSignal(object)

    def __init__(self, sound: Sound, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sound = sound
        self._turn = 0
        self._user = SoundUser(
            self.failed.emit,
            self.failed.emit,
            level=self.level_changed.emit,
            speech_ended=self.speech_ended.emit,
            recorded=self.recorded.emit,
            played=self.played.emit,
        )
        sound.recorded.connect(self._on_recorded)

    def next_turn(self) -> int:
        """Start another turn; clips of those before are not played any more."""
        self._turn += 1
        return self._turn

    def record(self) -> None:
        """Start recording; `recorded` follows `finish`."""
        self.next_turn()
        self._sound.record(self._user)

    def finish(self) -> None:
        """End the recording."""
        self._sound.finish()

    def play(self, clip: AudioClip, turn: int | None = None) -> None:
        """Play a clip; `played` follows. turn: an earlier one, if it is still the newest."""
        if turn is None:
            turn = self.next_turn()
        if turn == self._turn:
            self._sound.play(self._user, clip)

    def stop_audio(self) -> None:
        """Stop playing and recording; no signal follows."""
        self.next_turn()
        self._sound.stop_audio()

    def _on_recorded(self, user: object, take: AudioClip) -> None:
        if user is not self._user:
            self.learner_recorded.emit(take)
