"""`Sound`: microphone and speaker on a thread of their own.

Opening and closing a stream can take long on a faulty sound server, so neither happens in the
window's thread; nor in the worker, which may be loading torch when a take begins.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QThread, pyqtSignal, pyqtSlot

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.microphone import Microphone, MicrophoneStatus
from pronounce_kiosk.devices.recorder import Recorder, RecorderStatus
from pronounce_kiosk.devices.speaker import Speaker
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import LevelHints

log = logging.getLogger(__name__)

RECORDING_POLL_MS = 50
IDLE_POLL_MS = 500
NOTICE_S = 4.0
"""Minimum time of a notice: some faults can only be detected while recording."""


@dataclass(frozen=True)
class SoundRequest:
    """A recording or a playback.

    user: the object that made the request and alone handles its results. turn: number of the
    request.
    """

    user: object
    turn: int


class Sound(QObject):
    """Controls the sound thread from the window's thread. Every result carries its request.

    level: a `LevelView`, while recording. speech_ended: the speaker has finished, or the take has
    its maximum length. paused: the take so far, when a pause begins that may end it; None when
    speech continues. recorded: the take, after `finish`. played: the clip has ended. failed:
    request and exception; a `DeviceError` where the device is gone. notice: the key of a current
    sound problem, "" for none.
    """

    level = pyqtSignal(object)
    speech_ended = pyqtSignal(object)
    paused = pyqtSignal(object, object)
    recorded = pyqtSignal(object, object)
    played = pyqtSignal(object)
    failed = pyqtSignal(object, object)
    notice = pyqtSignal(str)

    _record = pyqtSignal(object)
    _finish = pyqtSignal(object)
    _play = pyqtSignal(object, object)
    _stop = pyqtSignal()
    _wait = pyqtSignal(object, int)
    _set_gain = pyqtSignal(float)
    _close = pyqtSignal()

    def __init__(
        self,
        make_microphone: Callable[[], Microphone],
        make_speaker: Callable[[], Speaker],
        silence_end_ms: int = 1200,
        max_take_s: float = 20.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("sound")
        self._devices = _Devices(make_microphone, make_speaker, silence_end_ms, max_take_s)
        self._devices.moveToThread(self._thread)
        self._thread.started.connect(self._devices.begin)
        self._record.connect(self._devices.record)
        self._finish.connect(self._devices.finish)
        self._play.connect(self._devices.play)
        self._stop.connect(self._devices.stop_audio)
        self._wait.connect(self._devices.wait)
        self._set_gain.connect(self._devices.set_gain_db)
        self._close.connect(self._devices.end)
        self._devices.level.connect(self.level)
        self._devices.speech_ended.connect(self.speech_ended)
        self._devices.paused.connect(self.paused)
        self._devices.recorded.connect(self.recorded)
        self._devices.played.connect(self.played)
        self._devices.failed.connect(self.failed)
        self._devices.notice.connect(self.notice)

    def start(self) -> None:
        """Start watching the microphone."""
        self._thread.start()

    def record(self, request: SoundRequest) -> None:
        """Start a take; playback stops."""
        self._record.emit(request)

    def finish(self, request: SoundRequest) -> None:
        """End the take; `recorded` follows."""
        self._finish.emit(request)

    def wait(self, take_so_far: AudioClip, silence_ms: int) -> None:
        """Set how much silence ends the take, for the pause that `paused` reported.

        Does nothing where speech has continued. May be called in any thread.
        """
        self._wait.emit(take_so_far, silence_ms)

    def play(self, request: SoundRequest, clip: AudioClip) -> None:
        """Play a clip; `played` follows."""
        self._play.emit(request, clip)

    def set_gain_db(self, gain_db: float) -> None:
        """Set the playback gain, also of the clip under way."""
        self._set_gain.emit(gain_db)

    @property
    def position_s(self) -> float:
        """Return the playback position, in seconds from the clip's start."""
        return self._devices.position_s

    def stop_audio(self) -> None:
        """Stop playback and drop a take under way; no signal follows."""
        self._stop.emit()

    def close(self, timeout_ms: int = 6000) -> bool:
        """End the thread; no signal follows. False where a device hangs."""
        running = self._thread.isRunning()
        if running:
            self._close.emit()
        self.blockSignals(True)
        return bool(self._thread.wait(timeout_ms)) if running else True


class _Devices(QObject):
    """Owns the devices, in the sound thread."""

    level = pyqtSignal(object)
    speech_ended = pyqtSignal(object)
    paused = pyqtSignal(object, object)
    recorded = pyqtSignal(object, object)
    played = pyqtSignal(object)
    failed = pyqtSignal(object, object)
    notice = pyqtSignal(str)

    def __init__(
        self,
        make_microphone: Callable[[], Microphone],
        make_speaker: Callable[[], Speaker],
        silence_end_ms: int,
        max_take_s: float,
    ) -> None:
        super().__init__()
        self._make_microphone = make_microphone
        self._make_speaker = make_speaker
        self._silence_end_ms = silence_end_ms
        self._max_take_s = max_take_s
        self._request: SoundRequest | None = None
        self._notice = ""
        self._notice_until_s = 0.0
        self._said_end = False
        self._pause: AudioClip | None = None

    @property
    def position_s(self) -> float:
        """Return the playback position; called in the window's thread, while a clip is playing."""
        return self._speaker.position_s

    @pyqtSlot()
    def begin(self) -> None:
        """Create the devices and the timer in the thread that uses them."""
        self._speaker = self._make_speaker()
        self._recorder = Recorder(self._make_microphone(), self._max_take_s)
        self._timer = make_timer(self, IDLE_POLL_MS, self._poll)
        self._timer.start()

    @pyqtSlot(object)
    def record(self, request: SoundRequest) -> None:
        from pronounce_kiosk.audio.vad import SpeechEndDetector

        self._request = request
        self._said_end = False
        self._pause = None
        self._hints = LevelHints()
        self._detector = SpeechEndDetector(self._silence_end_ms)
        self._recorder.on_16k = self._detector.feed
        try:
            self._speaker.stop()
            self._recorder.start()
        except Exception as error:
            self._fail(request, error)
            return
        self._timer.setInterval(RECORDING_POLL_MS)

    @pyqtSlot(object)
    def finish(self, request: SoundRequest) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        # A take that was lost has been reported as failed already.
        if request != self._request:
            return
        try:
            clip = self._recorder.finish()
        except Exception as error:
            self._fail(request, error)
            return
        self.recorded.emit(request, clip)

    @pyqtSlot(object, object)
    def play(self, request: SoundRequest, clip: AudioClip) -> None:
        try:
            self._speaker.play(clip, on_finished=lambda: self.played.emit(request))
        except DeviceError as error:
            is_dead = error.fields.get("status") == MicrophoneStatus.NO_SERVER
            self._set_notice(MicrophoneStatus.NO_SERVER.key if is_dead else "speaker_absent")
            self.failed.emit(request, error)
        except Exception as error:
            self.failed.emit(request, error)

    @pyqtSlot(object, int)
    def wait(self, take_so_far: AudioClip, silence_ms: int) -> None:
        if take_so_far is self._pause and self._detector.pausing:
            self._detector.wait(silence_ms)

    @pyqtSlot(float)
    def set_gain_db(self, gain_db: float) -> None:
        self._speaker.set_gain_db(gain_db)

    @pyqtSlot()
    def stop_audio(self) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        try:
            self._speaker.stop()
            self._recorder.cancel()
        except Exception:
            log.exception("stopping the sound failed")

    @pyqtSlot()
    def end(self) -> None:
        """Release the devices and leave the thread."""
        self._timer.stop()
        self.stop_audio()
        self._timer.stop()
        QThread.currentThread().quit()

    def _poll(self) -> None:
        try:
            status = self._recorder.poll()
        except Exception as error:
            self._fail(self._request, error)
            return
        if not status.microphone.usable:
            self._set_notice(status.microphone.key)
            if status.recording:
                lost = DeviceError(status.microphone.message, status=status.microphone)
                self._fail(self._request, lost)
        elif status.recording and status.microphone is not MicrophoneStatus.OK:
            self._set_notice(status.microphone.key)
        elif self._notice and time.monotonic() >= self._notice_until_s:
            self._set_notice("")
        if status.recording:
            self._emit_level(status)
            self._emit_pause()
        if (status.full or (status.recording and self._detector.ended)) and not self._said_end:
            self._said_end = True
            self.speech_ended.emit(self._request)

    def _emit_level(self, status: RecorderStatus) -> None:
        self.level.emit(
            self._hints.update(
                status.duration_s, status.rms_dbfs, status.peak_dbfs, self._detector.speaking
            )
        )

    def _emit_pause(self) -> None:
        if self._detector.pausing != (self._pause is not None):
            self._pause = self._recorder.so_far() if self._detector.pausing else None
            self.paused.emit(self._request, self._pause)

    def _fail(self, request: SoundRequest | None, error: Exception) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        self._request = None
        self._recorder.cancel()
        if isinstance(error, DeviceError):
            status = error.fields.get("status", MicrophoneStatus.ABSENT)
            if not self._notice and isinstance(status, MicrophoneStatus):
                self._set_notice(status.key)
        self.failed.emit(request, error)

    def _set_notice(self, key: str) -> None:
        if key:
            self._notice_until_s = time.monotonic() + NOTICE_S
        if key != self._notice:
            self._notice = key
            self.notice.emit(key)
