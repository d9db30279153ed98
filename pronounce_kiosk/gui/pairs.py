"""`PairsModel`: state and actions of the minimal pairs screen.

It lives in the window's thread; playback, recording and recognition are jobs of other threads.
"""

from __future__ import annotations

import logging
from enum import Enum
from functools import partial

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.sound import SoundRequest
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.session.pairs import (
    Pair,
    PairPractice,
    PairVoices,
    Sounds,
    Step,
    likelihood_ratio,
    pair_voices,
    pairs_of,
)

log = logging.getLogger(__name__)

PRAISE_MS = 1200
"""Time for which a correct round is shown."""
WORD_END_MS = 500
"""Silence that ends a take; short, because words have no pauses."""


class Activity(Enum):
    """Work under way, during which the learner waits."""

    NONE = "none"
    PREPARING = "preparing"
    RECORDING = "recording"
    JUDGING = "judging"


class PairsModel(QObject):
    """changed: anything but the level. level_changed: a `LevelView` while recording."""

    changed = pyqtSignal()
    level_changed = pyqtSignal(object)

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.practice: PairPractice | None = None
        self.activity = Activity.NONE
        self.playing: int | None = None
        """Index of the word being played."""
        self._model = model
        self._sound = model.sound
        self._turn = 0
        self._voices: PairVoices | None = None
        self._queue: list[int] = []
        self._praise_timer = make_timer(self, PRAISE_MS, self._go_on, once=True)
        self._sound.level.connect(self._on_level)
        self._sound.speech_ended.connect(self._on_speech_ended)
        self._sound.paused.connect(self._on_paused)
        self._sound.recorded.connect(self._on_recorded)
        self._sound.played.connect(self._on_played)
        self._sound.failed.connect(self._on_sound_failed)

    # ---- actions ----

    def open(self, language: str, sounds: Sounds) -> None:
        """Start practising two sounds."""
        self.practice = PairPractice(pairs_of(language, sounds))
        self._prepare()

    def leave(self) -> None:
        """Stop playback, recording and recognition."""
        if self.practice is not None:
            self._stop_audio()
            self.practice = None
            self.activity = Activity.NONE
            self.changed.emit()

    def tap(self, number: int) -> None:
        """Choose a word where the learner is asked to; otherwise play it."""
        practice = self.practice
        if practice is None or self.activity is not Activity.NONE:
            return
        if practice.step is not Step.CHOOSE:
            self._play([number])
            return
        practice.choose(number)
        self._play([] if number == practice.target else [number, 1 - number])

    def listen(self) -> None:
        """Play the target word again."""
        if self.practice is not None and self.activity is Activity.NONE:
            self._play([self.practice.target])

    def record(self) -> None:
        """Start recording the target word."""
        practice = self.practice
        if practice is None or self.activity is not Activity.NONE:
            return
        if practice.step in (Step.SAY, Step.UNHEARD, Step.MISSAID):
            self._stop_audio()
            self._do(Activity.RECORDING)
            self._sound.record(self._request())

    def stop(self) -> None:
        """End the take and recognise the word."""
        if self.activity is Activity.RECORDING:
            self._do(Activity.JUDGING)
            self._sound.finish(self._request())

    def again(self) -> None:
        """Start another round after a wrong choice."""
        if self.practice is not None and self.practice.step is Step.MISHEARD:
            self._begin_round()

    def skip(self) -> None:
        """Go on to the next pair."""
        if self.practice is not None:
            self.practice.next_pair()
            self._prepare()

    # ---- results of jobs ----

    def _prepare(self) -> None:
        practice = self.practice
        assert practice is not None
        self._stop_audio()
        self._voices = None
        self._do(Activity.PREPARING)
        turn, pair = self._turn, practice.pair
        self._model.jobs.with_engine(
            "pair",
            lambda engine: pair_voices(engine, pair),
            partial(self._on_voices, turn),
            partial(self._on_failed, turn),
            wanted=lambda: self._turn == turn,
        )

    def _on_voices(self, turn: int, voices: PairVoices) -> None:
        practice = self.practice
        if turn != self._turn or practice is None:
            return
        self._voices = voices
        practice.begin(voices.apart)
        self._do(Activity.NONE)
        if practice.step is Step.CHOOSE:
            self._play([practice.target])

    def _begin_round(self) -> None:
        practice = self.practice
        assert practice is not None
        practice.again()
        self._play([practice.target] if practice.step is Step.CHOOSE else [])

    def _go_on(self) -> None:
        practice = self.practice
        if practice is None or practice.step is not Step.RIGHT:
            return
        if practice.done:
            self.skip()
        else:
            self._begin_round()

    def _on_level(self, level: object) -> None:
        if self.activity is Activity.RECORDING:
            self.level_changed.emit(level)

    def _on_speech_ended(self, request: SoundRequest) -> None:
        if request == self._request():
            self.stop()

    def _on_paused(self, request: SoundRequest, take: AudioClip | None) -> None:
        if request == self._request() and take is not None:
            self._sound.wait(take, WORD_END_MS)

    def _on_recorded(self, request: SoundRequest, take: AudioClip) -> None:
        practice = self.practice
        if request != self._request() or practice is None:
            return
        turn, pair, target = self._turn, practice.pair, practice.target
        self._model.jobs.with_engine(
            "judge pair",
            lambda engine: likelihood_ratio(engine, take, pair, target),
            partial(self._on_judged, turn, pair),
            partial(self._on_failed, turn),
            wanted=lambda: self._turn == turn,
        )

    def _on_judged(self, turn: int, pair: Pair, ratio: float | None) -> None:
        practice = self.practice
        if turn != self._turn or practice is None:
            return
        log.info("Likelihood ratio of %s: %s", " and ".join(pair.words), ratio)
        practice.hear(ratio)
        self._do(Activity.NONE)
        if practice.step is Step.RIGHT:
            self._praise_timer.start()

    def _on_played(self, request: SoundRequest) -> None:
        if request == self._request():
            self._play_next()

    def _on_failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self.leave()
            self._model.fail(error)

    def _on_sound_failed(self, request: SoundRequest, error: Exception) -> None:
        if request != self._request():
            return
        self._queue = []
        self.playing = None
        if isinstance(error, DeviceError):
            # The notice in the top bar names the problem.
            log.info("sound lost: %s", error)
            self._do(Activity.NONE)
        else:
            self._on_failed(self._turn, error)

    # ---- helpers ----

    def _request(self) -> SoundRequest:
        return SoundRequest(self, self._turn)

    def _do(self, activity: Activity) -> None:
        self.activity = activity
        self.changed.emit()

    def _stop_audio(self) -> None:
        """Stop the sound and drop the results of earlier requests."""
        self._turn += 1
        self._praise_timer.stop()
        self._queue = []
        self.playing = None
        self._sound.stop_audio()

    def _play(self, numbers: list[int]) -> None:
        """Play words one after the other; an empty sequence only stops playback."""
        self._stop_audio()
        self._queue = numbers
        self._play_next()

    def _play_next(self) -> None:
        self.playing = self._queue.pop(0) if self._queue and self._voices is not None else None
        if self.playing is not None and self._voices is not None:
            self._sound.play(self._request(), self._voices.clips[self.playing])
        self.changed.emit()
