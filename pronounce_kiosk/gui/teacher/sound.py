"""`TeacherSound`: microphone and speaker for the teacher's pages, apart from learners' takes."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.sound import Sound

FIRST_TURN = -1000
"""The teacher's turns count downwards from here: none is a learner's."""


class TeacherSound(QObject):
    """Record and play, one thing at a time; what an older request brings is dropped.

    level_changed: a `LevelView`. recorded: the take, after `finish`. played: a clip has ended.
    speech_ended: the speaker has finished. failed: an exception. learner_recorded: a learner's
    take, by the way.
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
        self._turn = FIRST_TURN
        sound.level.connect(self.level_changed)
        sound.recorded.connect(self._on_recorded)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.played.connect(self._on_played)
        sound.failed.connect(self._on_failed)

    def next_turn(self) -> int:
        """Begin another turn; outcomes of those before are dropped."""
        self._turn -= 1
        return self._turn

    def record(self) -> None:
        """Begin to record; `recorded` follows `finish`."""
        self._sound.record(self.next_turn())

    def finish(self) -> None:
        """End the recording."""
        self._sound.finish(self._turn)

    def play(self, clip: AudioClip, turn: int | None = None) -> None:
        """Play a clip; `played` follows. turn: one begun before; nothing where another began."""
        if turn is None:
            turn = self.next_turn()
        if turn == self._turn:
            self._sound.play(turn, clip)

    def stop_audio(self) -> None:
        """Stop playing and recording; no signal follows."""
        self.next_turn()
        self._sound.silence()

    def _on_recorded(self, turn: int, take: AudioClip) -> None:
        if turn == self._turn:
            self.recorded.emit(take)
        elif turn > FIRST_TURN:
            self.learner_recorded.emit(take)

    def _on_speech_ended(self, turn: int) -> None:
        if turn == self._turn:
            self.speech_ended.emit()

    def _on_played(self, turn: int) -> None:
        if turn == self._turn:
            self.played.emit()

    def _on_failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self.failed.emit(error)
