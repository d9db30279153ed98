"""`KioskModel`: what the screens look at and talk to. It joins session, worker and sound.

Screens call its methods (`listen`, `record`, ...) and repaint on its signals. All of it lives in
the window's thread; whatever takes time is a job of the worker or of the sound thread, and an
outcome that belongs to an older turn is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError, KioskError
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.notices import Notices
from pronounce_kiosk.gui.playback import Playback
from pronounce_kiosk.gui.scoring_jobs import ScoredTake, ScoringJobs, SplitUnits
from pronounce_kiosk.gui.sound import Sound, SoundRequest
from pronounce_kiosk.gui.view_models import ResultView, UnitView
from pronounce_kiosk.gui.voice import Voice
from pronounce_kiosk.gui.volume import Volume
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.session.comparison import CloserLook
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.engine_keeper import NewerEngine
from pronounce_kiosk.session.progress import Past
from pronounce_kiosk.session.spoken import Speed, SpokenExample
from pronounce_kiosk.session.states import Event, KioskSession, State, event_for

log = logging.getLogger(__name__)

T = TypeVar("T")
AHEAD = 4
"""Sentences that are prepared before anybody asks for them."""
PAINTED_MS = 60
"""A score is on the screen by then. What nobody waits for is begun after it: the worker would take
the interpreter from the window that is painting."""


class KioskModel(QObject):
    """Signals carry no data where the model holds it already.

    state_changed: after every change of state, and on Next, where the sentence changed.
    stage_changed: what is being done while the busy sign turns (a stage's name).
    closer_changed: the closer look at the result is there. settings_changed: other settings hold.
    What is playing is told by `playback`, what is wrong by `notices`.
    """

    state_changed = pyqtSignal()
    stage_changed = pyqtSignal(str)
    level_changed = pyqtSignal(object)
    ready_changed = pyqtSignal()
    lists_changed = pyqtSignal()
    closer_changed = pyqtSignal()
    settings_changed = pyqtSignal()

    def __init__(
        self,
        lists: Sequence[SentenceList],
        worker: Worker,
        sound: Sound,
        build_engine: Callable[[], PracticeEngine],
        history: LearnerHistory,
        settings: SettingsStore,
        split_units: SplitUnits = lambda sentence: (),
        warm_up: Callable[[], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.lists = tuple(lists)
        self.history = history
        self._settings = settings
        settings.subscribe(lambda _: self.settings_changed.emit())
        self.past = Past()
        self.closer: CloserLook | None = None
        self._said_slowly: Sentence | None = None
        """The sentence that has been said slowly and is said word by word the next time."""
        self.session = KioskSession()
        self.result: ResultView | None = None
        self.error: Exception | None = None
        self.stage = ""
        self.ready = False
        self.sound = sound
        self.jobs = ScoringJobs(worker, build_engine, split_units)
        self.playback = Playback(sound, self)
        self.notices = Notices(sound, history, self)
        self.volume = Volume(sound, history, self)
        self.voice = Voice(history, self)
        self._pause: AudioClip | None = None
        """The take so far, while a pause may be its end."""
        self._opened: SentenceList | None = None
        self._warm_up_first = warm_up
        sound.level.connect(self.level_changed)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.paused.connect(self._on_paused)
        sound.recorded.connect(self._on_recorded)
        sound.played.connect(self._on_played)
        sound.failed.connect(self._on_sound_failed)

    # ---- what screens look at ----

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings.current

    @property
    def state(self) -> State:
        """The session's state."""
        return self.session.state

    @property
    def sentence(self) -> Sentence | None:
        """The sentence being practised."""
        return self.session.sentence

    @property
    def slow_speed(self) -> Speed:
        """At which of the two slow speeds the example is said the next time."""
        known = self._said_slowly is not None and self._said_slowly is self.sentence
        return Speed.WORDS if known else Speed.SLOW

    @property
    def between_takes(self) -> bool:
        """Nobody is being listened to or scored."""
        return self.state in (State.CHOOSE, State.PROMPT, State.RESULT, State.NOT_SCORED)

    # ---- what screens ask for ----

    def start(self) -> None:
        """Load the engine behind the painted window; warm_up, which is quick, comes first."""
        self.history.start()
        self.jobs.load(self._warm_up_first, self._on_loaded, self.fail)

    def open_list(self, sentence_list: SentenceList) -> None:
        """Somebody looks at a list: its first sentences are got ready."""
        self._opened = sentence_list
        self._prepare_ahead(0)

    def choose(self, sentence_list: SentenceList, index: int) -> None:
        """Practise a sentence."""
        if self.session.choose(sentence_list, index):
            self._warm_up()
            self._changed()

    def idle(self) -> None:
        """Nobody has touched the screen for a while: home, and whoever it was is forgotten."""
        self.leave()
        self.history.choose(None)

    def set_lists(self, lists: Sequence[SentenceList]) -> None:
        """Offer these lists from now on; a teacher has changed them."""
        if tuple(lists) != self.lists:
            self.lists = tuple(lists)
            self.lists_changed.emit()

    def with_engine(
        self,
        name: str,
        work: Callable[[PracticeEngine], T],
        on_success: Callable[[T], None],
        on_failure: Callable[[Exception], None],
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Have something done with the engine, between two of a learner's jobs."""
        self.jobs.with_engine(name, work, on_success, on_failure, wanted)

    def leave(self) -> None:
        """Go back to waiting, whatever is under way."""
        self.hush()
        self._apply(Event.LEAVE)

    def listen_slowly(self) -> None:
        """Play the example at `slow_speed`; the time after, at the other of the two."""
        sentence, speed = self.sentence, self.slow_speed
        if self.state is State.LISTEN:
            self.cancel()
        has_words = sentence is not None and len(sentence.text.split()) > 1
        self._said_slowly = sentence if has_words and speed is Speed.SLOW else None
        self.listen(speed)

    def listen(self, speed: Speed = Speed.USUAL) -> None:
        """Play the reference, fetched, rendered or slowed first where it must be."""
        sentence = self.sentence
        if sentence is None or not self._apply(Event.LISTEN):
            return
        turn = self.session.turn
        self._set_stage("reference" if self.ready else "starting")
        self.jobs.reference(
            sentence,
            speed,
            self.voice.variant,
            partial(self._play_example, turn),
            partial(self._on_failed, turn),
            wanted=lambda: self.session.turn == turn,
        )

    def record(self) -> None:
        """Begin a take."""
        event = Event.AGAIN if self.state in (State.RESULT, State.NOT_SCORED) else Event.RECORD
        self.playback.end()
        if self._apply(event):
            self.sound.record(self._request())

    def stop(self) -> None:
        """End the take and score it."""
        if self.state is State.RECORD:
            self.stage = "level" if self.ready else "starting"
        if self._apply(Event.TAKE_ENDED):
            self.sound.finish(self._request())

    def cancel(self) -> None:
        """Drop the take, the scoring or the playing, and show the sentence."""
        self.hush()
        self._apply(Event.CANCEL)

    def next(self) -> None:
        """The next sentence; home after the last."""
        self.hush()
        if self._apply(Event.NEXT) and self.state is State.PROMPT:
            self._warm_up()

    def play(self, which: str) -> None:
        """Play ``take`` or ``reference`` of the result; the same again stops it."""
        if self.result is not None and self.state is State.RESULT:
            clip = self.result.take if which == "take" else self.result.reference
            self.playback.toggle(self._request(), [(which, clip)])

    def play_both(self) -> None:
        """Play the example, then the take; again stops it."""
        if self.result is not None and self.state is State.RESULT:
            pieces = [("reference", self.result.reference), ("take", self.result.take)]
            self.playback.toggle(self._request(), pieces, in_turn=True)

    def play_unit(self, unit: UnitView) -> None:
        """Play a unit of the result in the example, then in the take; again stops it."""
        if self.closer is None or not unit.numbers or self.state is not State.RESULT:
            return
        first, last = unit.numbers[0], unit.numbers[-1]
        reference = self.closer.reference_unit(first, last)
        pieces = [("reference", reference), ("take", self.closer.take_unit(first, last))]
        self.playback.toggle(self._request(), pieces if len(reference.samples) else [], unit=unit)

    def hush(self) -> None:
        """Stop playing, and a recording with it."""
        self.playback.hush()

    def practise(self, sentence_id: str) -> None:
        """From the list's summary back to one of its sentences."""
        sentence_list = self.session.sentence_list
        if sentence_list is None:
            return
        for row, sentence in enumerate(sentence_list.sentences):
            if sentence.id == sentence_id:
                self.choose(sentence_list, row)
                return

    def apology_over(self) -> None:
        """Leave the failsafe screen."""
        self.error = None
        self._apply(Event.APOLOGY_OVER)

    def fail(self, error: Exception) -> None:
        """Something broke: log it, apologise."""
        if isinstance(error, KioskError):
            log.warning("%s: %s", type(error).__name__, error)
        else:
            log.error("unexpected failure", exc_info=error)
        self.hush()
        self.error = error
        self._apply(Event.FAILED)

    def renew_engine(self, newer: NewerEngine, done: Callable[[], None]) -> None:
        """Let the worker take another engine; the takes it scores before and after are whole.

        newer runs in the worker. done is called in the window's thread, whatever came of it.
        """

        def renewed(taken: bool) -> None:
            if taken and self.state is State.PROMPT:
                self._warm_up()
            done()

        def failed(error: Exception) -> None:
            log.error("the engine in use is kept", exc_info=error)
            done()

        self.jobs.renew(newer, renewed, failed)

    def close(self, timeout_ms: int = 6000) -> bool:
        """Let sound and worker finish, for leaving the program. False where one hangs."""
        closed = [self.sound.close(timeout_ms), self.jobs.close(timeout_ms)]
        return all([*closed, self.history.close(timeout_ms)])

    # ---- outcomes ----

    def _apply(self, event: Event) -> bool:
        applied = self.session.handle(event)
        if applied:
            self._changed()
        return applied

    def _changed(self) -> None:
        if self.state not in (State.RESULT, State.NOT_SCORED):
            self.result = None
            self.closer = None
            self.past = Past()
        self.state_changed.emit()

    def _warm_up(self) -> None:
        """Compute what the sentence's reference gives while the learner reads it."""
        sentence = self.sentence
        if sentence is None:
            return

        def wanted() -> bool:
            return self.sentence is sentence and self.state is not State.CHOOSE

        def failed(error: Exception) -> None:
            if wanted():
                self._on_failed(self.session.turn, error)

        self.jobs.prepare(sentence, failed, wanted)
        self._opened = self.session.sentence_list
        # This one's melody, then the next ones.
        self._prepare_ahead(self.session.index)

    def _prepare_ahead(self, first: int) -> None:
        """Prepare a list's sentences from number `first` on, while nobody waits for anything."""
        opened = self._opened
        if opened is None:
            return
        self.jobs.prepare_ahead(
            opened.sentences[first : first + AHEAD],
            wanted=lambda: self.ready and self.between_takes and self._opened is opened,
        )

    def _on_loaded(self, engine: PracticeEngine) -> None:
        self.ready = True
        self.ready_changed.emit()
        self._prepare_ahead(0 if self.state is State.CHOOSE else self.session.index + 1)

    def _on_failed(self, turn: int, error: Exception) -> None:
        if turn == self.session.turn:
            self.fail(error)
        else:
            log.info("a job of an older turn failed: %s", error)

    def _request(self) -> SoundRequest:
        """What the sound is asked for now: its outcome counts as long as this stays the same."""
        return SoundRequest(self, self.session.turn)

    def _on_speech_ended(self, request: SoundRequest) -> None:
        if request == self._request():
            self.stop()

    def _on_paused(self, request: SoundRequest, take: AudioClip | None) -> None:
        """A pause began that may end the take (what was recorded so far), or it is over (None)."""
        self._pause = take
        sentence = self.sentence
        if take is None or sentence is None or request != self._request():
            return
        if not self.ready or self.state is not State.RECORD:
            return

        def wanted() -> bool:
            return self._pause is take and self._request() == request

        self.jobs.score_early(
            take,
            sentence,
            self.settings.pause_wait_ms,
            partial(self.sound.wait, take),
            wanted,
        )

    def _on_recorded(self, request: SoundRequest, recording: AudioClip) -> None:
        sentence, turn = self.sentence, self.session.turn
        if request != self._request() or self.state is not State.SCORE or sentence is None:
            return
        self._set_stage("level" if self.ready else "starting")
        self.jobs.score(
            recording,
            sentence,
            self.settings.strictness,
            lambda stage: self._set_stage(stage, turn),
            partial(self._on_scored, turn),
            partial(self._on_failed, turn),
            wanted=lambda: self.session.turn == turn,
        )

    def _on_scored(self, turn: int, scored: ScoredTake) -> None:
        """The attempt is on the disk before its score is on the screen."""
        sentence_list = self.session.sentence_list
        if turn != self.session.turn or self.state is not State.SCORE or sentence_list is None:
            return
        self.ready = True
        self.history.keep(
            sentence_list,
            scored.view.sentence,
            scored.view.raw,
            scored.take if self.settings.keep_takes else None,
            lambda past: self._show_result(turn, scored, past),
            lambda error: self._show_result(turn, scored, Past()),
            takes_limit_bytes=self.settings.kept_takes_mb * 1_000_000,
        )

    def _show_result(self, turn: int, scored: ScoredTake, past: Past) -> None:
        if turn != self.session.turn or self.state is not State.SCORE:
            return
        self.result = scored.view
        self.past = past
        self.notices.announce("")
        self._apply(event_for(scored.view.verdict))
        QTimer.singleShot(PAINTED_MS, partial(self._after_result, scored))

    def _after_result(self, scored: ScoredTake) -> None:
        if scored.view.verdict is Verdict.SCORED and self.result is scored.view:
            self._look_closer(scored)
        # What a take that came in between has put off.
        self._prepare_ahead(self.session.index + 1)

    def _look_closer(self, scored: ScoredTake) -> None:
        def wanted() -> bool:
            return self.result is scored.view

        def done(closer: CloserLook) -> None:
            if wanted():
                self.closer = closer
                self.closer_changed.emit()

        self.jobs.look_closer(scored.result, scored.view.sentence, done, wanted)

    def _on_played(self, request: SoundRequest) -> None:
        if request != self._request():
            return
        if self.state is State.RESULT and self.playback.go_on(request):
            return
        self.playback.end()
        self._apply(Event.PLAYBACK_ENDED)

    def _on_sound_failed(self, request: SoundRequest, error: Exception) -> None:
        if request != self._request():
            log.info("sound that is no longer wanted failed: %s", error)
            return
        self.playback.end()
        if not isinstance(error, DeviceError):
            self.fail(error)
            return
        log.info("sound lost: %s", error)
        self._apply(Event.SOUND_LOST)

    # ---- small things ----

    def _play_example(self, turn: int, example: SpokenExample) -> None:
        if turn == self.session.turn:
            self.playback.begin_example(self._request(), example)

    def _set_stage(self, stage: str, turn: int | None = None) -> None:
        if turn is None or turn == self.session.turn:
            self.stage = stage
            self.stage_changed.emit(stage)
