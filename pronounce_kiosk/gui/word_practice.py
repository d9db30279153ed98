"""`WordPractice`: state and actions of a sound's page.

It lives in the window's thread; rendering and scoring are jobs of other threads. Tries are not
stored: they are forgotten with their result.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.playback import POSITION_MS
from pronounce_kiosk.gui.scoring_jobs import ScoredTake
from pronounce_kiosk.gui.sound import SoundRequest
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import ResultView, UnitView, unit_views
from pronounce_kiosk.language.units import Unit, split_units
from pronounce_kiosk.session.advice import advise_unit
from pronounce_kiosk.session.naming import Advice
from pronounce_kiosk.session.pairs import Sounds
from pronounce_kiosk.session.visemes import REST, viseme_at
from pronounce_kiosk.session.voices import in_voice
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
"""Maximum number of tries shown, including the one in the sentence."""
EXAMPLE, MINE = "example", "mine"


class Activity(Enum):
    """Work under way, during which the learner waits."""

    NONE = "none"
    RECORDING = "recording"
    SCORING = "scoring"


@dataclass(frozen=True)
class Try:
    """A scored take of the word. first: index of the word's first unit in the score."""

    sentence: Sentence
    score: Score
    first: int = 0

    def unit(self, place: int) -> UnitScore | None:
        """Return the score of the word's unit at a place; None where the model gives none."""
        number = self.first + place
        return self.score.units[number] if number < len(self.score.units) else None

    def said(self) -> tuple[Unit, ...]:
        """Return the units of the sentence, with their pronunciation."""
        one = self.sentence
        return split_units(one.text, one.language, one.pronunciation)


class WordPractice(QObject):
    """changed: anything but level and position. level_changed: a `LevelView` while recording.

    moved: the unit at the playback position or the mouth's shape has changed.
    """

    changed = pyqtSignal()
    level_changed = pyqtSignal(object)
    moved = pyqtSignal()

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.word: Word | None = None
        self.place = 0
        """Index of the chosen unit in the word."""
        self.tries: tuple[Try, ...] = ()
        self.refused: Advice | None = None
        """Advice on the last take where it was not scored."""
        self.activity = Activity.NONE
        self.playing = ""
        """`EXAMPLE`, `MINE` or ""."""
        self.lit: int | None = None
        """Index in the word of the unit at the playback position."""
        self.viseme = REST
        self._model = model
        self._sound = model.sound
        self._result: ResultView | None = None
        self._spoken: dict[str, SpokenWord] = {}
        self._pause: AudioClip | None = None
        self._turn = 0
        self._position_timer = make_timer(self, POSITION_MS, self._read_position)
        model.state_changed.connect(self._on_state)
        model.closer_changed.connect(self._find_mine)
        self._sound.level.connect(self._on_level)
        self._sound.speech_ended.connect(self._on_speech_ended)
        self._sound.paused.connect(self._on_paused)
        self._sound.recorded.connect(self._on_recorded)
        self._sound.played.connect(self._on_played)
        self._sound.failed.connect(self._on_sound_failed)

    # ---- state ----

    @property
    def units(self) -> tuple[UnitView, ...]:
        """Return the word's units, graded by the last try."""
        if self.word is None:
            return ()
        scores = [self.tries[-1].unit(place) for place in range(self._count)]
        said = split_units(self.word.alone.text, self.word.alone.language)
        own = tuple(unit for unit in scores if unit is not None)
        return unit_views(self.word.alone.text, own, said)

    @property
    def advice(self) -> Advice | None:
        """Return the advice on the unit in the last take."""
        if self.refused is not None or not self.tries:
            return self.refused
        last = self.tries[-1]
        if last.unit(self.place) is None:
            return None
        return advise_unit(last.score, last.first + self.place, last.said())

    @property
    def pair(self) -> Sounds | None:
        """Return the sounds that were confused in the sentence or in a try."""
        units = [one.unit(self.place) for one in reversed(self.tries)]
        found = (
            named_pair(self.word.alone.language, unit)
            for unit in units
            if self.word is not None and unit is not None
        )
        return next((sounds for sounds in found if sounds is not None), None)

    def can_play(self, which: str) -> bool:
        """Return whether the clip `EXAMPLE` or `MINE` exists."""
        return which in self._spoken

    # ---- actions ----

    def open(self, number: int) -> None:
        """Practise a unit of the result, and play its word in the example."""
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
        """Choose another unit of the word."""
        self.place = place
        self.changed.emit()

    def play(self, which: str) -> None:
        """Play `EXAMPLE` or `MINE`; stop where it is playing already."""
        spoken, same = self._spoken.get(which), self.playing == which
        if self.activity is not Activity.NONE:
            return
        self._stop_audio()
        if spoken is not None and not same:
            self.playing = which
            self._sound.play(self._request(), spoken.clip)
            self._position_timer.start()
        self.changed.emit()

    def record(self) -> None:
        """Start recording the word alone."""
        if self.word is not None and self.activity is Activity.NONE:
            self._stop_audio()
            self._do(Activity.RECORDING)
            self._sound.record(self._request())

    def stop(self) -> None:
        """End the take and score it."""
        if self.activity is Activity.RECORDING:
            self._do(Activity.SCORING)
            self._sound.finish(self._request())

    def leave(self) -> None:
        """Stop playback and recording; tries are kept."""
        if self.word is not None:
            self._stop_audio()
            self._do(Activity.NONE)

    # ---- results of jobs ----

    def _begin(self, result: ResultView, word: Word) -> None:
        self._stop_audio()
        self._result, self.word = result, word
        self.tries = (Try(result.sentence, result.raw, word.first),)
        self._spoken = {}
        self._find_mine()
        turn, variant = self._turn, self._model.voice.variant
        self._model.jobs.with_engine(
            "word",
            lambda engine: word_in_example(in_voice(engine, variant), word),
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
        # Not after another action, or when the page was left.
        if turn == self._turn:
            self.play(EXAMPLE)

    def _find_mine(self) -> None:
        """Cut the word out of the sentence's take, once its times are known."""
        look = self._model.closer
        if self.word is None or look is None or len(self.tries) > 1:
            return
        mine = word_in_take(look, self.word)
        if mine is not None:
            self._spoken[MINE] = mine
        self.changed.emit()

    def _on_state(self) -> None:
        """Forget the word and its tries when the result is replaced."""
        if self.word is not None and self._model.result is not self._result:
            self._stop_audio()
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

    def _read_position(self) -> None:
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
            self._end_playback()
            self.changed.emit()

    def _on_failed(self, word: Word, error: Exception) -> None:
        if self.word is word:
            self._model.fail(error)

    def _on_sound_failed(self, request: SoundRequest, error: Exception) -> None:
        if request != self._request():
            return
        if isinstance(error, DeviceError):
            # The notice in the top bar names the problem.
            log.info("sound lost: %s", error)
            self._end_playback()
            self._do(Activity.NONE)
        else:
            self._model.fail(error)

    # ---- helpers ----

    @property
    def _count(self) -> int:
        return 0 if self.word is None else self.word.last - self.word.first + 1

    def _request(self) -> SoundRequest:
        return SoundRequest(self, self._turn)

    def _do(self, activity: Activity) -> None:
        self.activity = activity
        self.changed.emit()

    def _stop_audio(self) -> None:
        """Stop the sound and drop the results of earlier requests."""
        self._turn += 1
        self._sound.stop_audio()
        self._end_playback()

    def _end_playback(self) -> None:
        """Reset the state after playback has stopped."""
        self.playing = ""
        self._position_timer.stop()
        self._read_position()
