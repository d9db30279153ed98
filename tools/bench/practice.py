"""A simulated learner: a real kiosk in an offscreen window, a real sound server, real taps.

Only the voice (espeak-ng's) and the screen are simulated.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PyQt5.QtCore import QEvent, QObject, Qt, QTimer
from PyQt5.QtWidgets import QApplication

from pronounce_kiosk.app import Kiosk, build_kiosk
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.demo.devices import FolderSticks
from pronounce_kiosk.demo.hands import DemoFailedError, Hands, voice
from pronounce_kiosk.demo.sound import VirtualSound
from pronounce_kiosk.gui import theme
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.session.states import State

PEAK = 0.5
ENDS = (State.RESULT, State.NOT_SCORED, State.PROMPT, State.FAILSAFE)


@contextlib.contextmanager
def practice(
    settings: Settings | None = None,
    lists: tuple[SentenceList, ...] | None = None,
    sticks: Path | None = None,
) -> Iterator[Learner]:
    """Start a kiosk with its own sound server, and end both in order.

    Raises:
        DemoFailedError: It does not become ready, or a thread does not end.
    """
    with VirtualSound() as sound, sound.applied():
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            application = QApplication(["practice"])
        theme.apply(application)
        found = lists or bundled_lists(Paths.default().assets_dir)
        folder = FolderSticks(sticks or Paths.default().cache_dir / "no-sticks")
        kiosk = build_kiosk(SettingsStore(settings), found, "ko", sticks=folder)
        learner = Learner(kiosk, sound)
        try:
            kiosk.start()
            kiosk.window.show()
            learner.wait(lambda: kiosk.model.ready, "the model")
            yield learner
        finally:
            if not kiosk.close(timeout_ms=60_000):
                raise DemoFailedError("A thread of the kiosk did not end.")
            kiosk.window.deleteLater()
            application.processEvents()


class Learner(Hands):
    """A simulated person at the kiosk, who loses no time."""

    def __init__(self, kiosk: Kiosk, sound: VirtualSound) -> None:
        super().__init__(kiosk.window, kiosk.model, sound, pause_s=0.0)
        self.kiosk = kiosk
        self._files: dict[tuple[str, str], Path] = {}

    def open(self, sentence_list: SentenceList, row: int) -> Sentence:
        """Go from home to a sentence."""
        self.tap_list(sentence_list)
        self.rest(0.05)
        self.tap_row(self.window.sentences.view, row)
        self.reach(State.PROMPT)
        return sentence_list.sentences[row]

    def home(self) -> None:
        """Go back to the home screen from any screen."""
        for _ in range(6):
            if self.window.stack.currentWidget() is self.window.home:
                return
            if self.model.state is State.FAILSAFE:
                self.tap(self.window.failsafe.home_button)
            else:
                self.tap(self.window.top_bar.back_button)
        raise DemoFailedError("There is no way home.")

    def begin_take(self) -> bool:
        """Tap the microphone and wait for samples; False where it is lost meanwhile."""
        screens = {
            State.RESULT: self.window.result.again_button,
            State.NOT_SCORED: self.window.not_scored.again_button,
        }
        self.level = 0.0
        self.tap(screens.get(self.model.state, self.window.practice.record_button))
        self.wait(lambda: self.level > 0.0 or self.model.state in ENDS, "the microphone")
        return self.model.state is State.RECORD

    def speak(self, sentence: Sentence) -> None:
        """Speak the sentence into the microphone, without waiting."""
        self.sound.speak(self._file(sentence), wait=False)

    def until_the_end(self) -> None:
        """Wait for the result of a take."""
        self.wait(lambda: self.model.state in ENDS, "the score")

    def take(self, sentence: Sentence) -> State:
        """Record a take that the kiosk ends by itself; return the state after it."""
        if self.begin_take():
            self.speak(sentence)
            self.until_the_end()
        return self.model.state

    def prepare_voice(self, sentence: Sentence) -> None:
        """Synthesise the audio of `speak` ahead, as espeak-ng takes its time."""
        self._file(sentence)

    def _file(self, sentence: Sentence) -> Path:
        """Synthesise a sentence into a file, once: the disk may be full later."""
        key = (sentence.language, sentence.text)
        if key not in self._files:
            said = voice(sentence)
            loudest = max(float(np.abs(said.samples).max()), 1e-6)
            clip = AudioClip.from_array(said.samples / loudest * PEAK, said.sample_rate_hz)
            path = Paths.default().cache_dir / f"said-{len(self._files)}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_clip(path, clip)
            self._files[key] = path
        return self._files[key]


class ShownWatch(QObject):
    """Measures the time from the declared end of speech to the painted score."""

    def __init__(self, learner: Learner) -> None:
        super().__init__()
        self._learner = learner
        self._declared: float | None = None
        self.delays_s: list[float] = []
        # Direct: in the sound thread, without delay.
        learner.kiosk.sound.speech_ended.connect(  # type: ignore[call-arg]
            self._on_declared, Qt.DirectConnection
        )
        for screen in (learner.window.result, learner.window.not_scored):
            screen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt names it)
        """Note the time after this event has painted the screen."""
        if event.type() == QEvent.Paint and self._declared is not None:
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_declared(self, request: object) -> None:
        self._declared = time.perf_counter()

    def _on_painted(self) -> None:
        if self._declared is not None:
            self.delays_s.append(time.perf_counter() - self._declared)
            self._declared = None


class HoldWatch:
    """Measures how long the window's thread was blocked: the delay of its heartbeat, in seconds.

    Time in which the thread was ready to run but no processor was free is subtracted.
    """

    BEAT_MS = 2

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        # Of this thread: create the object in the window's thread.
        self._schedule = Path("/proc/thread-self/schedstat").resolve().open(encoding="ascii")

    def begin(self) -> None:
        """Restart measuring."""
        self.held_s: list[float] = []
        self.by_the_clock_s = 0.0
        self._last = (time.perf_counter(), self._waited_s())
        self._timer.start(self.BEAT_MS)

    def end(self) -> list[float]:
        """Return all delays, longest first."""
        self._timer.stop()
        return sorted(self.held_s, reverse=True)

    def _beat(self) -> None:
        now = (time.perf_counter(), self._waited_s())
        held_s = now[0] - self._last[0] - self.BEAT_MS / 1000
        self.by_the_clock_s = max(self.by_the_clock_s, held_s)
        self.held_s.append(held_s - (now[1] - self._last[1]))
        self._last = now

    def _waited_s(self) -> float:
        self._schedule.seek(0)
        return int(self._schedule.read().split()[1]) / 1e9
