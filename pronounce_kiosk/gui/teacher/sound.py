"""`TeacherSound`: microphone and speaker for the teacher's pages."""

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.sound import Sound, SoundRequest


class TeacherSound(QObject):
    """Records or plays; results of older requests are dropped.

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
        self._request = SoundRequest(self, 0)
        sound.level.connect(self.level_changed)
        sound.recorded.connect(self._on_recorded)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.played.connect(self._on_played)
        sound.failed.connect(self._on_failed)

    def next_request(self) -> SoundRequest:
        """Start another request; results of those before are dropped."""
        self._request = SoundRequest(self, self._request.turn + 1)
        return self._request

    def record(self) -> None:
        """Start recording; `recorded` follows `finish`."""
        self._sound.record(self.next_request())

    def finish(self) -> None:
        """End the recording."""
        self._sound.finish(self._request)

    def play(self, clip: AudioClip, request: SoundRequest | None = None) -> None:
        """Play a clip; `played` follows. request: an earlier one, if it is still the newest."""
        if request is None:
            request = self.next_request()
        if request == self._request:
            self._sound.play(request, clip)

    def stop_audio(self) -> None:
        """Stop playing and recording; no signal follows."""
        self.next_request()
        self._sound.stop_audio()

    def _on_recorded(self, request: SoundRequest, take: AudioClip) -> None:
        if request == self._request:
            self.recorded.emit(take)
        elif request.user is not self:
            self.learner_recorded.emit(take)

    def _on_speech_ended(self, request: SoundRequest) -> None:
        if request == self._request:
            self.speech_ended.emit()

    def _on_played(self, request: SoundRequest) -> None:
        if request == self._request:
            self.played.emit()

    def _on_failed(self, request: SoundRequest, error: Exception) -> None:
        if request == self._request:
            self.failed.emit(error)
