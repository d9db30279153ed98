"""`WordPractice`: state and actions of a sound's page."""

from dataclasses import dataclass

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.practice_base import Activity, PracticeBase
from pronounce_kiosk.gui.view_models import ResultView, UnitView, unit_views
from pronounce_kiosk.language.units import split_units
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

MOST_TRIES = 5
"""Maximum number of tries shown, including the one in the sentence."""
EXAMPLE, MINE = "example", "mine"


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


class WordPractice(PracticeBase):
    """The clips `EXAMPLE` and `MINE` are played. Tries are forgotten with their result.

    moved: the unit at the playback position or the mouth's shape has changed.
    """

    moved = pyqtSignal()

    def __init__(self, model: KioskModel, parent: QObject | None = None) -> None:
        super().__init__(model, parent)
        self.word: Word | None = None
        self.place = 0
        """Index of the chosen unit in the word."""
        self.tries: tuple[Try, ...] = ()
        self.refused: Advice | None = None
        """Advice on the last take where it was not scored."""
        self.lit: int | None = None
        """Index in the word of the unit at the playback position."""
        self.viseme = REST
        self._result: ResultView | None = None
        self.spoken: dict[str, SpokenWord] = {}
        """`EXAMPLE` and `MINE`, once they are there."""
        self.playback.moved.connect(self._on_moved)
        model.state_changed.connect(self._on_state)
        model.closer_changed.connect(self._find_mine)

    @property
    def units(self) -> tuple[UnitView, ...]:
        """Return the word's units, graded by the last try."""
        if self.word is None:
            return ()
        last, count = self.tries[-1], self.word.last - self.word.first + 1
        own = last.score.units[last.first : last.first + count]
        said = split_units(self.word.alone.text, self.word.alone.language)
        return unit_views(self.word.alone.text, own, said)

    @property
    def advice(self) -> Advice | None:
        """Return the advice on the unit in the last take."""
        if self.refused is not None or not self.tries:
            return self.refused
        last = self.tries[-1]
        if last.unit(self.place) is None:
            return None
        one = last.sentence
        said = split_units(one.text, one.language, one.pronunciation)
        return advise_unit(last.score, last.first + self.place, said)

    @property
    def pair(self) -> Sounds | None:
        """Return the sounds that were confused in the sentence or in a try."""
        if self.word is None:
            return None
        language = self.word.alone.language
        units = (one.unit(self.place) for one in reversed(self.tries))
        found = (named_pair(language, unit) for unit in units if unit is not None)
        return next(filter(None, found), None)

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
        if self.activity is Activity.NONE:
            spoken = self.spoken.get(which) if self.playback.playing != which else None
            self._play([] if spoken is None else [(which, spoken.clip)])

    def record(self) -> None:
        """Start recording the word alone."""
        if self.word is not None and self.activity is Activity.NONE:
            self._record()

    def leave(self) -> None:
        """Stop playback and recording; tries are kept."""
        if self.word is not None:
            super().leave()

    def _begin(self, result: ResultView, word: Word) -> None:
        self._stop_audio()
        self._result, self.word = result, word
        self.tries = (Try(result.sentence, result.scored.score, word.first),)
        self.spoken = {}
        self._find_mine()
        variant, stayed = self._model.variant, self._same_turn()

        def wanted() -> bool:
            return self.word is word

        def done(example: SpokenWord) -> None:
            self.spoken[EXAMPLE] = example
            self.changed.emit()
            # Not after another action, or when the page was left.
            if stayed():
                self.play(EXAMPLE)

        self._model.jobs.with_engine(
            "word",
            lambda engine: word_in_example(in_voice(engine, variant), word),
            done,
            self._fail,
            wanted,
        )
        self._model.jobs.prepare(word.alone, self._fail, wanted)

    def _find_mine(self) -> None:
        """Cut the word out of the sentence's take, once its times are known."""
        look = self._model.closer
        if self.word is None or look is None or len(self.tries) > 1:
            return
        mine = word_in_take(look, self.word)
        if mine is not None:
            self.spoken[MINE] = mine
        self.changed.emit()

    def _on_state(self) -> None:
        """Forget the word and its tries when the result is replaced."""
        if self.word is not None and self._model.result is not self._result:
            self._stop_audio()
            self.word = self._result = self.refused = None
            self.tries, self.spoken = (), {}
            self._do(Activity.NONE)

    def _on_paused(self, take: AudioClip | None) -> None:
        model = self._model
        if self.word is not None:
            wait_ms, wait = model.settings.pause_wait_ms, model.sound.wait
            model.jobs.score_early(take, self.word.alone, wait_ms, wait, self._same_turn())

    def _on_recorded(self, take: AudioClip) -> None:
        if self.word is not None:
            self._model.jobs.score(
                take,
                self.word.alone,
                self._model.settings.strictness,
                self._on_scored,
                self._fail,
                self._same_turn(),
            )

    def _on_scored(self, result: ResultView) -> None:
        if result.verdict is Verdict.SCORED:
            self.refused = None
            self.tries = (*self.tries, Try(result.sentence, result.scored.score))[-MOST_TRIES:]
            self.spoken[MINE] = word_alone(result.scored)
        else:
            self.refused = result.advice
        self._do(Activity.NONE)

    def _on_moved(self, position_s: float) -> None:
        spoken = self.spoken.get(self.playback.playing)
        lit, viseme = None, REST
        if spoken is not None:
            lit, viseme = spoken.unit_at(position_s), viseme_at(spoken.moves, position_s)
        if (lit, viseme) != (self.lit, self.viseme):
            self.lit, self.viseme = lit, viseme
            self.moved.emit()
