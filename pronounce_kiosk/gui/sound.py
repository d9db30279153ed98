"""`Sound`: microphone and speaker on a thread of their own.

Opening and closing a stream can take long on a faulty sound server, so neither happens in the
window's thread; nor in the worker, which may be loading torch when a take begins.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PyQt5.QtCore import QObject, Qt, QThread, pyqtSignal, pyqtSlot

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.microphone import Microphone, MicrophoneStatus
from pronounce_kiosk.devices.recorder import Recorder, RecorderStatus
from pronounce_kiosk.devices.speaker import Speaker
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import LevelHints, LevelView

log = logging.getLogger(__name__)

RECORDING_POLL_MS = 50
IDLE_POLL_MS = 500
NOTICE_S = 4.0
"""Minimum time of a notice: some faults can only be detected while recording."""
GAINS_DB = (-18.0, -12.0, -6.0, 0.0, 6.0)
"""Audible steps, in addition to the loudspeaker's volume, which the teacher sets: a gain needs no
program, acts at once, and is alike on every sound server."""
USUAL_GAIN = 3


def _ignore(*_: object) -> None:
    """Do nothing with a result."""


@dataclass(frozen=True, eq=False)
class SoundUser:
    """Callbacks of an object that records or plays; they run in the window's thread.

    lost: gets a `DeviceError` where the device is gone. failed: gets any other exception. level:
    gets a `LevelView`, while recording. speech_ended: the speaker has finished, or the take has its
    maximum length. paused: gets the take so far, when a pause begins that may end it; None when
    speech continues. recorded: gets the take, after `Sound.finish`. played: the clip has ended.
    """

    lost: Callable[[DeviceError], object]
    failed: Callable[[Exception], object]
    level: Callable[[LevelView], object] = _ignore
    speech_ended: Callable[[], object] = _ignore
    paused: Callable[[AudioClip | None], object] = _ignore
    recorded: Callable[[AudioClip], object] = _ignore
    played: Callable[[], object] = _ignore


class Sound(QObject):
    """Controls the sound thread from the window's thread.

    There is one recording or playback at a time: the next one, or `stop_audio`, replaces it, and
    results of those before are dropped.

    level: a `LevelView`, while anybody is recording. recorded: a user and their finished take.
    notice: the key of a current sound problem, "" for none.
    """

    level = pyqtSignal(object)
    speech_ended = pyqtSignal()
    """In the sound's thread, at once: for measuring what follows."""
    recorded = pyqtSignal(object, object)
    notice = pyqtSignal(str)

    _call = pyqtSignal(object)

    def __init__(
        self,
        make_microphone: Callable[[], Microphone],
        make_speaker: Callable[[], Speaker],
        silence_end_ms: int = 1200,
        max_take_s: float = 20.0,
    ) -> None:
        super().__init__()
        self._user: SoundUser | None = None
        self._number = 0
        self._thread = QThread(self)
        self._thread.setObjectName("sound")
        self._devices = _Devices(
            make_speaker, lambda: Recorder(make_microphone(), max_take_s), silence_end_ms
        )
        self._devices.moveToThread(self._thread)
        self._thread.started.connect(self._devices.begin)
        self._call.connect(self._devices.call)
        self._devices.result.connect(self._on_result)
        self._devices.speech_ended.connect(  # type: ignore[call-arg]
            self.speech_ended, Qt.DirectConnection
        )
        self._devices.notice.connect(self.notice)

    def start(self) -> None:
        """Start watching the microphone."""
        self._thread.start()

    def record(self, user: SoundUser) -> None:
        """Start a take; playback stops."""
        self._replace(user)
        self._call.emit(partial(self._devices.record, self._number))

    def finish(self) -> None:
        """End the take; `SoundUser.recorded` follows."""
        self._call.emit(partial(self._devices.finish, self._number))

    def wait(self, take_so_far: AudioClip, silence_ms: int) -> None:
        """Set how much silence ends the take, for the pause that was reported with take_so_far.

        Does nothing where speech has continued. May be called in any thread.
        """
        self._call.emit(partial(self._devices.wait, take_so_far, silence_ms))

    def play(self, user: SoundUser, clip: AudioClip) -> None:
        """Play a clip; `SoundUser.played` follows."""
        self._replace(user)
        self._call.emit(partial(self._devices.play, self._number, clip))

    def set_gain_db(self, gain_db: float) -> None:
        """Set the playback gain, also of the clip under way."""
        self._call.emit(lambda: self._devices.speaker.set_gain_db(gain_db))

    @property
    def position_s(self) -> float:
        """Return the playback position while a clip is playing, in seconds from its start."""
        return self._devices.speaker.position_s

    def stop_audio(self) -> None:
        """Stop playback and drop a take under way; no result follows."""
        self._replace(None)
        self._call.emit(self._devices.stop_audio)

    def close(self, timeout_ms: int = 6000) -> bool:
        """End the thread; no result follows. False where a device hangs."""
        self._replace(None)
        running = self._thread.isRunning()
        if running:
            self._call.emit(self._devices.end)
        self.blockSignals(True)
        return bool(self._thread.wait(timeout_ms)) if running else True

    def _replace(self, user: SoundUser | None) -> None:
        self._number += 1
        self._user = user

    def _on_result(self, number: int, name: str, values: tuple[Any, ...]) -> None:
        user = self._user
        if user is None or number != self._number:
            return
        if name == "level":
            self.level.emit(*values)
        elif name == "recorded":
            self.recorded.emit(user, *values)
        elif name == "failed" and isinstance(values[0], DeviceError):
            # The notice in the top bar names the problem.
            log.info("sound lost: %s", values[0])
            name = "lost"
        getattr(user, name)(*values)


class _Devices(QObject):
    """Owns the devices, in the sound thread.

    result: the number of a recording or playback, a field of `SoundUser`, and its arguments.
    """

    result = pyqtSignal(int, str, tuple)
    speech_ended = pyqtSignal()
    notice = pyqtSignal(str)

    def __init__(
        self,
        make_speaker: Callable[[], Speaker],
        make_recorder: Callable[[], Recorder],
        silence_end_ms: int,
    ) -> None:
        super().__init__()
        self._make_speaker = make_speaker
        self._make_recorder = make_recorder
        self._silence_end_ms = silence_end_ms
        self._number = 0
        """Number of the take under way; 0 for none."""
        self._notice = ""
        self._notice_until_s = 0.0
        self._said_end = False
        self._pause: AudioClip | None = None

    @pyqtSlot()
    def begin(self) -> None:
        """Create the devices and the timer in the thread that uses them."""
        self.speaker = self._make_speaker()
        self._recorder = self._make_recorder()
        self._timer = make_timer(self, IDLE_POLL_MS, self._poll)
        self._timer.start()

    @pyqtSlot(object)
    def call(self, act: Callable[[], None]) -> None:
        act()

    def record(self, number: int) -> None:
        from pronounce_kiosk.audio.vad import SpeechEndDetector

        self._number = number
        self._said_end = False
        self._pause = None
        self._hints = LevelHints()
        self._detector = SpeechEndDetector(self._silence_end_ms)
        self._recorder.on_16k = self._detector.feed
        try:
            self.speaker.stop()
            self._recorder.start()
            self._timer.setInterval(RECORDING_POLL_MS)
        except Exception as error:
            self._fail(error)

    def finish(self, number: int) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        # A take that was lost has been reported as failed already.
        if number != self._number:
            return
        try:
            self._tell("recorded", self._recorder.finish())
            self._number = 0
        except Exception as error:
            self._fail(error)

    def play(self, number: int, clip: AudioClip) -> None:
        try:
            self.speaker.play(clip, on_finished=lambda: self.result.emit(number, "played", ()))
        except Exception as error:
            if isinstance(error, DeviceError):
                is_dead = error.fields.get("status") == MicrophoneStatus.NO_SERVER
                self._set_notice(MicrophoneStatus.NO_SERVER.key if is_dead else "speaker_absent")
            self.result.emit(number, "failed", (error,))

    def wait(self, take_so_far: AudioClip, silence_ms: int) -> None:
        if take_so_far is self._pause and self._detector.pausing:
            self._detector.wait(silence_ms)

    def stop_audio(self) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        try:
            self.speaker.stop()
            self._recorder.cancel()
        except Exception:
            log.exception("stopping the sound failed")

    def end(self) -> None:
        """Release the devices and leave the thread."""
        self._timer.stop()
        self.stop_audio()
        QThread.currentThread().quit()

    def _poll(self) -> None:
        try:
            status = self._recorder.poll()
        except Exception as error:
            self._fail(error)
            return
        if not status.microphone.usable:
            self._set_notice(status.microphone.key)
            if status.recording:
                self._fail(DeviceError(status.microphone.message, status=status.microphone))
        elif status.recording and status.microphone is not MicrophoneStatus.OK:
            self._set_notice(status.microphone.key)
        elif self._notice and time.monotonic() >= self._notice_until_s:
            self._set_notice("")
        if status.recording:
            self._report(status)
        if (status.full or (status.recording and self._detector.ended)) and not self._said_end:
            self._said_end = True
            self._tell("speech_ended")
            self.speech_ended.emit()

    def _report(self, status: RecorderStatus) -> None:
        detector = self._detector
        measured = status.duration_s, status.rms_dbfs, status.peak_dbfs
        self._tell("level", self._hints.update(*measured, detector.speaking))
        if detector.pausing != (self._pause is not None):
            self._pause = self._recorder.so_far() if detector.pausing else None
            self._tell("paused", self._pause)

    def _fail(self, error: Exception) -> None:
        self._timer.setInterval(IDLE_POLL_MS)
        self._recorder.cancel()
        if isinstance(error, DeviceError):
            status = error.fields.get("status", MicrophoneStatus.ABSENT)
            if not self._notice and isinstance(status, MicrophoneStatus):
                self._set_notice(status.key)
        self._tell("failed", error)
        self._number = 0

    def _tell(self, name: str, *values: object) -> None:
        """Report a result of the take under way."""
        self.result.emit(self._number, name, values)

    def _set_notice(self, key: str) -> None:
        if key:
            self._notice_until_s = time.monotonic() + NOTICE_S
        if key != self._notice:
            self._notice = key
            self.notice.emit(key)
