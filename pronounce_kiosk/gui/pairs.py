"""`PairsModel`: state and actions of the minimal pairs screen."""

import logging

from PyQt5.QtCore import QObject

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.practice_base import Activity, PracticeBase
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.session.pairs import (
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


class PairsModel(PracticeBase):
    """The word being played is named by itself."""

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(model, parent)
        self.practice: PairPractice | None = None
        self._voices: PairVoices | None = None
        self._praise_timer = make_timer(self, PRAISE_MS, self._go_on, once=True)

    def open(self, language: str, sounds: Sounds) -> None:
        """Start practising two sounds."""
        self.practice = PairPractice(pairs_of(language, sounds))
        self._prepare(self.practice)

    def leave(self) -> None:
        """Stop playback, recording and recognition."""
        if self.practice is not None:
            self.practice = None
            super().leave()

    def tap(self, number: int) -> None:
        """Choose a word where the learner is asked to; otherwise play it."""
        practice = self.practice
        if practice is None or self.activity is not Activity.NONE:
            return
        if practice.step is not Step.CHOOSE:
            self._say(number)
            return
        practice.choose(number)
        if number == practice.target:
            self._say()
        else:
            self._say(number, 1 - number)

    def listen(self) -> None:
        """Play the target word again."""
        if self.practice is not None and self.activity is Activity.NONE:
            self._say(self.practice.target)

    def record(self) -> None:
        """Start recording the target word."""
        practice = self.practice
        if practice is None or self.activity is not Activity.NONE:
            return
        if practice.step in (Step.SAY, Step.UNHEARD, Step.MISSAID):
            self._record()

    def again(self) -> None:
        """Start another round after a wrong choice."""
        if self.practice is not None and self.practice.step is Step.MISHEARD:
            self._begin_round(self.practice)

    def skip(self) -> None:
        """Go on to the next pair."""
        if self.practice is not None:
            self.practice.next_pair()
            self._prepare(self.practice)

    def _prepare(self, practice: PairPractice) -> None:
        self._stop_audio()
        self._do(Activity.PREPARING)

        def done(voices: PairVoices) -> None:
            self._voices = voices
            practice.begin(voices.apart)
            self._do(Activity.NONE)
            if practice.step is Step.CHOOSE:
                self._say(practice.target)

        pair = practice.pair
        self._model.jobs.with_engine(
            "pair", lambda engine: pair_voices(engine, pair), done, self._fail, self._same_turn()
        )

    def _begin_round(self, practice: PairPractice) -> None:
        practice.again()
        if practice.step is Step.CHOOSE:
            self._say(practice.target)
        else:
            self._say()

    def _go_on(self) -> None:
        practice = self.practice
        if practice is None or practice.step is not Step.RIGHT:
            return
        if practice.done:
            self.skip()
        else:
            self._begin_round(practice)

    def _on_paused(self, take: AudioClip | None) -> None:
        if take is not None:
            self._model.sound.wait(take, WORD_END_MS)

    def _on_recorded(self, take: AudioClip) -> None:
        practice = self.practice
        if practice is None:
            return
        pair, target = practice.pair, practice.target

        def done(ratio: float | None) -> None:
            log.info("Likelihood ratio of %s: %s", " and ".join(pair.words), ratio)
            practice.hear(ratio)
            self._do(Activity.NONE)
            if practice.step is Step.RIGHT:
                self._praise_timer.start()

        self._model.jobs.with_engine(
            "judge pair",
            lambda engine: likelihood_ratio(engine, take, pair, target),
            done,
            self._fail,
            self._same_turn(),
        )

    def _say(self, *numbers: int) -> None:
        """Play words one after the other; without any, only stop playback."""
        voices, practice = self._voices, self.practice
        if voices is not None and practice is not None:
            words = practice.pair.words
            self._play([(words[number], voices.clips[number]) for number in numbers])

    def _stop_audio(self) -> None:
        self._praise_timer.stop()
        super()._stop_audio()
