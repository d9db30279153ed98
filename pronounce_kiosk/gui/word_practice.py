"""`WordPractice`: what a sound's page looks at and talks to.

It lives in the window's thread; rendering and scoring are jobs of the worker and the sound thread.
Nothing of it is kept: tries are forgotten with the result that they belong to.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.playback import LOOK_MS
from pronounce_kiosk.gui.scoring_jobs import ScoredTake
from pronounce_kiosk.gui.sound import SoundRequest
from pronounce_kiosk.gui.view_models import ResultView, UnitView, unit_views
from pronounce_kiosk.language.units import Unit, split_units
from pronounce_kiosk.session.advice import advise_unit
from pronounce_kiosk.session.naming import Advice
from pronounce_kiosk.session.pairs import Sounds
from pronounce_kiosk.session.visemes import REST, viseme_at
from pronounce_kiosk.session.word import (
    SpokenWord,
    Word,
    named_pair,
    word_alone,
    word_in_example,
    word_in_take,
    word_of,
)

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Tries that are shown, the one in the sentence among them."""
EXAMPLE, MINE = "example", "mine"


class Activity(Enum):
    """What is being done besides waiting for the learner."""

    NONE = "none"
    RECORDING = "recording"
    SCORING = "scoring"


@dataclass(frozen=True)
class Try:
    """A scored take of the word. first: number of the word's first unit in the score."""

    sentence: Sentence
    score: Score
    first: int = 0

    def unit(self, place: int) -> UnitScore | None:
        """Give the score of the word's unit at a place; None where the model gives none."""
        number = self.first + place
        return self.score.units[number] if number < len(self.score.units) else None

    def said(self) -> tuple[Unit, ...]:
        """List the units of what was to be said."""
        one = self.sentence
        return split_units(one.text, one.language, one.pronunciation)


class WordPractice(QObject):
    """changed: anything but level and position. level_changed: a `LevelView` while recording.

    moved: another unit is being said, or the mouth has another shape.
    """

    changed = pyqtSignal()
    level_changed = pyqtSignal(object)
    moved = pyqtSignal()

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.word: Word | None = None
        self.place = 0
        """The unit the page is about, counted in the word."""
        self.tries: tuple[Try, ...] = ()
        self.refused: Advice | None = None
        """What to tell of the last take, where it could not be scored."""
        self.activity = Activity.NONE
        self.playing = ""
        """`EXAMPLE`, `MINE` or ""."""
        self.lit: int | None = None
        """The unit being said, counted in the word."""
        self.viseme = REST
        self._model = model
        self._sound = model.sound
        self._result: ResultView | None = None
        self._spoken: dict[str, SpokenWord] = {}
        self._pause: AudioClip | None = None
        self._turn = 0
        self._look_timer = QTimer(self)
        self._look_timer.setInterval(LOOK_MS)
        self._look_timer.timeout.connect(self._look)
        model.state_changed.connect(self._on_state)
        model.closer_changed.connect(self._find_mine)
        self._sound.level.connect(self._on_level)
        self._sound.speech_ended.connect(self._on_speech_ended)
        self._sound.paused.connect(self._on_paused)
        self._sound.recorded.connect(self._on_recorded)
        self._sound.played.connect(self._on_played)
        self._sound.failed.connect(self._on_sound_failed)

    # ---- what the page looks at ----

    @property
    def units(self) -> tuple[UnitView, ...]:
        """The word with its units graded by the last try."""
        if self.word is None:
            return ()
        scores = [self.tries[-1].unit(place) for place in range(self._count)]
        said = split_units(self.word.alone.text, self.word.alone.language)
        own = tuple(unit for unit in scores if unit is not None)
        return unit_views(self.word.alone.text, own, said)

    @property
    def advice(self) -> Advice | None:
        """What to tell of the unit in the last take."""
        if self.refused is not None or not self.tries:
            return self.refused
        last = self.tries[-1]
        if last.unit(self.place) is None:
            return None
        return advise_unit(last.score, last.first + self.place, last.said())

    @property
    def pair(self) -> Sounds | None:
        """The sounds to tell apart, that were confused in the sentence or since."""
        units = [one.unit(self.place) for one in reversed(self.tries)]
        found = (
            named_pair(self.word.alone.language, unit)
            for unit in units
            if self.word is not None and unit is not None
        )
        return next((sounds for sounds in found if sounds is not None), None)

    def can_play(self, which: str) -> bool:
        """Tell whether `EXAMPLE` or `MINE` is there to be heard."""
        return which in self._spoken

    # ---- what the page asks for ----

    def open(self, number: int) -> None:
        """Practise a unit of the result, and hear its word in the example."""
        result = self._model.result
        if result is None:
            return
        word = word_of(result.sentence, number)
        known = self._result is result and self.word == word
        if not known:
            self._begin(result, word)
        self.refused = None
        self.choose(number - word.first)
        if known:
            self.play(EXAMPLE)

    def choose(self, place: int) -> None:
        """Look at another unit of the word."""
        self.place = place
        self.changed.emit()

    def play(self, which: str) -> None:
        """Play `EXAMPLE` or `MINE`; the same again stops it."""
        spoken, same = self._spoken.get(which), self.playing == which
        if self.activity is not Activity.NONE:
            return
        self._quiet()
        if spoken is not None and not same:
            self.playing = which
            self._sound.play(self._request(), spoken.clip)
            self._look_timer.start()
        self.changed.emit()

    def record(self) -> None:
        """Say the word alone."""
        if self.word is not None and self.activity is Activity.NONE:
            self._quiet()
            self._do(Activity.RECORDING)
            self._sound.record(self._request())

    def stop(self) -> None:
        """End the take and have it scored."""
        if self.activity is Activity.RECORDING:
            self._do(Activity.SCORING)
            self._sound.finish(self._request())

    def leave(self) -> None:
        """Stop whatever is under way; what was said is remembered."""
        if self.word is not None:
            self._quiet()
            self._do(Activity.NONE)

    # ---- outcomes ----

    def _begin(self, result: ResultView, word: Word) -> None:
        self._quiet()
        self._result, self.word = result, word
        self.tries = (Try(result.sentence, result.raw, word.first),)
        self._spoken = {}
        self._find_mine()
        turn = self._turn
        self._model.with_engine(
            "word",
            lambda engine: word_in_example(engine, word),
            partial(self._on_example, word, turn),
            partial(self._on_failed, word),
            wanted=lambda: self.word is word,
        )
        self._model.jobs.prepare(
            word.alone, partial(self._on_failed, word), wanted=lambda: self.word is word
        )

    def _on_example(self, word: Word, turn: int, example: SpokenWord) -> None:
        if self.word is not word:
            return
        self._spoken[EXAMPLE] = example
        self.changed.emit()
        # Unless something else was asked for, or the page was left.
        if turn == self._turn:
            self.play(EXAMPLE)

    def _find_mine(self) -> None:
        """Take the word out of the sentence's take, once its times are known."""
        look = self._model.closer
        if self.word is None or look is None or len(self.tries) > 1:
            return
        mine = word_in_take(look, self.word)
        if mine is not None:
            self._spoken[MINE] = mine
        self.changed.emit()

    def _on_state(self) -> None:
        """Forget everything with the result that it belongs to."""
        if self.word is not None and self._model.result is not self._result:
            self._quiet()
            self.word = self._result = self.refused = None
            self.tries, self._spoken = (), {}
            self._do(Activity.NONE)

    def _on_level(self, level: object) -> None:
        if self.activity is Activity.RECORDING:
            self.level_changed.emit(level)

    def _on_speech_ended(self, request: SoundRequest) -> None:
        if request == self._request():
            self.stop()

    def _on_paused(self, request: SoundRequest, take: AudioClip | None) -> None:
        self._pause = take
        if request != self._request() or take is None or self.word is None:
            return
        self._model.jobs.score_early(
            take,
            self.word.alone,
            self._model.settings.pause_wait_ms,
            partial(self._sound.wait, take),
            wanted=lambda: self._pause is take and self._request() == request,
        )

    def _on_recorded(self, request: SoundRequest, recording: AudioClip) -> None:
        word, turn = self.word, self._turn
        if request != self._request() or word is None:
            return
        self._model.jobs.score(
            recording,
            word.alone,
            self._model.settings.strictness,
            lambda stage: None,
            partial(self._on_scored, turn),
            lambda error: self._on_failed(word, error),
            wanted=lambda: self._turn == turn,
        )

    def _on_scored(self, turn: int, scored: ScoredTake) -> None:
        if turn != self._turn or self.word is None:
            return
        view = scored.view
        if view.verdict is Verdict.SCORED:
            self.refused = None
            self.tries = (*self.tries, Try(view.sentence, view.raw))[-MOST_TRIES:]
            self._spoken[MINE] = word_alone(scored.result)
        else:
            self.refused = view.advice
        self._do(Activity.NONE)

    def _look(self) -> None:
        spoken = self._spoken.get(self.playing)
        lit, viseme = None, REST
        if spoken is not None:
            position_s = self._sound.position_s
            lit = spoken.unit_at(position_s)
            viseme = viseme_at(spoken.moves, position_s)
        if (lit, viseme) != (self.lit, self.viseme):
            self.lit, self.viseme = lit, viseme
            self.moved.emit()

    def _on_played(self, request: SoundRequest) -> None:
        if request == self._request():
            self._still()
            self.changed.emit()

    def _on_failed(self, word: Word, error: Exception) -> None:
        if self.word is word:
            self._model.fail(error)

    def _on_sound_failed(self, request: SoundRequest, error: Exception) -> None:
        if request != self._request():
            return
        if isinstance(error, DeviceError):
            # What is wrong with the sound is told by its notice.
            log.info("sound lost: %s", error)
            self._still()
            self._do(Activity.NONE)
        else:
            self._model.fail(error)

    # ---- small things ----

    @property
    def _count(self) -> int:
        return 0 if self.word is None else self.word.last - self.word.first + 1

    def _request(self) -> SoundRequest:
        return SoundRequest(self, self._turn)

    def _do(self, activity: Activity) -> None:
        self.activity = activity
        self.changed.emit()

    def _quiet(self) -> None:
        """Stop the sound; what was under way no longer counts."""
        self._turn += 1
        self._sound.silence()
        self._still()

    def _still(self) -> None:
        """Nothing is being played any more."""
        self.playing = ""
        self._look_timer.stop()
        self._look()
