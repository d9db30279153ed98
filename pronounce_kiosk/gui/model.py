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
from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.sound import Sound
from pronounce_kiosk.gui.view_models import ResultView, UnitView, result_view
from pronounce_kiosk.gui.worker import NoLongerWanted, Worker
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.advice import SaidUnit
from pronounce_kiosk.session.comparison import CloserLook
from pronounce_kiosk.session.early import EarlyScoring
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.progress import Past
from pronounce_kiosk.session.states import Event, KioskSession, State, event_for

log = logging.getLogger(__name__)

T = TypeVar("T")
HISTORY_NOTICE = "history"
AHEAD = 4
"""Sentences that are prepared before anybody asks for them."""
PAINTED_MS = 60
"""A score is on the screen by then. What nobody waits for is begun after it: the worker would take
the interpreter from the window that is painting."""
SplitUnits = Callable[[Sentence], Sequence[SaidUnit]]
NewerEngine = Callable[[PracticeEngine], PracticeEngine | None]
"""Given the engine in use, the one to take instead; None keeps it."""


class EngineKeeper:
    """Builds the practice engine at its first use; lives in the worker's jobs only.

    A failed build is tried again at the next use: a mended model needs no restart.
    """

    def __init__(self, build: Callable[[], PracticeEngine]) -> None:
        self._build = build
        self._engine: PracticeEngine | None = None

    def get(self) -> PracticeEngine:
        """The engine, built where it is missing. Raises whatever the build raises."""
        if self._engine is None:
            self._engine = self._build()
        return self._engine

    def renew(self, newer: NewerEngine) -> bool:
        """Take the engine that newer gives for the one in use; False where it gives none.

        One that was never built needs nothing: its build takes what is newest.
        """
        engine = None if self._engine is None else newer(self._engine)
        if engine is None:
            return False
        self._engine = engine
        return True


class KioskModel(QObject):
    """Signals carry no data where the model holds it already.

    state_changed: after every change of state, and on Next, where the sentence changed.
    stage_changed: what is being done while the busy sign turns (a stage's name).
    playing_changed: "", "reference" or "take". notice_changed: a notice's key, "" for none.
    closer_changed: the closer look at the result is there. settings_changed: other settings hold.
    """

    state_changed = pyqtSignal()
    stage_changed = pyqtSignal(str)
    level_changed = pyqtSignal(object)
    playing_changed = pyqtSignal(str)
    notice_changed = pyqtSignal(str)
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
        settings: Settings,
        split_units: SplitUnits = lambda sentence: (),
        warm_up: Callable[[], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.lists = tuple(lists)
        self.history = history
        self.settings = settings
        self.past = Past()
        self.closer: CloserLook | None = None
        self.in_turn = False
        """Whether example and take are being played one after the other."""
        self.unit: UnitView | None = None
        """The unit being played."""
        self._queue: list[tuple[str, AudioClip]] = []
        self._slow = False
        self.session = KioskSession()
        self.result: ResultView | None = None
        self.error: Exception | None = None
        self.stage = ""
        self.playing = ""
        self.notice = ""
        self._sound_notice = ""
        self._announced = ""
        self.ready = False
        self._worker = worker
        self._sound = sound
        self._keeper = EngineKeeper(build_engine)
        self._early = EarlyScoring()
        self._pause: AudioClip | None = None
        """The take so far, while a pause may be its end."""
        self._opened: SentenceList | None = None
        self._split_units = split_units
        self._warm_up_first = warm_up
        history.failed_changed.connect(lambda _: self._show_notice())
        sound.level.connect(self.level_changed)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.paused.connect(self._on_paused)
        sound.recorded.connect(self._on_recorded)
        sound.played.connect(self._on_played)
        sound.failed.connect(self._on_sound_failed)
        sound.notice.connect(self._set_sound_notice)

    # ---- what screens look at ----

    @property
    def state(self) -> State:
        """The session's state."""
        return self.session.state

    @property
    def sentence(self) -> Sentence | None:
        """The sentence being practised."""
        return self.session.sentence

    @property
    def slow(self) -> bool:
        """Whether the example being played is the slow one."""
        return self._slow and self.state is State.LISTEN

    @property
    def between_takes(self) -> bool:
        """Nobody is being listened to or scored."""
        return self.state in (State.CHOOSE, State.PROMPT, State.RESULT, State.NOT_SCORED)

    # ---- what screens ask for ----

    def start(self) -> None:
        """Load the engine behind the painted window; warm_up, which is quick, comes first."""
        self.history.start()
        if self._warm_up_first is not None:
            self._worker.submit("warm up", self._warm_up_first, lambda _: None, self.fail)
        self._worker.submit("load", self._keeper.get, self._on_loaded, self._on_load_failed)

    def open_list(self, sentence_list: SentenceList) -> None:
        """Somebody looks at a list: its first sentences are got ready."""
        self._opened = sentence_list
        self._prepare_ahead(0)

    def choose(self, sentence_list: SentenceList, index: int) -> None:
        """Practise a sentence."""
        if self.session.choose(sentence_list, index):
            self._warm_up()
            self._changed()

    def apply_settings(self, settings: Settings) -> None:
        """Other settings hold from now on: a teacher has changed them."""
        self.settings = settings
        self.settings_changed.emit()

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
        self._worker.submit(name, lambda: work(self._keeper.get()), on_success, on_failure, wanted)

    def leave(self) -> None:
        """Go back to waiting, whatever is under way."""
        self._hush()
        self._apply(Event.LEAVE)

    def listen(self, slow: bool = False) -> None:
        """Play the reference, fetched, rendered or slowed first where it must be."""
        sentence = self.sentence
        self._slow = slow
        if sentence is None or not self._apply(Event.LISTEN):
            return

        def clip() -> AudioClip:
            engine = self._keeper.get()
            return engine.slow_reference(sentence) if slow else engine.reference(sentence).clip

        turn = self.session.turn
        self._set_stage("reference" if self.ready else "starting")
        self._worker.submit(
            "reference",
            clip,
            lambda clip: self._play(turn, "reference", clip),
            partial(self._on_failed, turn),
            wanted=lambda: self.session.turn == turn,
        )

    def record(self) -> None:
        """Begin a take."""
        event = Event.AGAIN if self.state in (State.RESULT, State.NOT_SCORED) else Event.RECORD
        self._end_playing()
        if self._apply(event):
            self._sound.record(self.session.turn)

    def stop(self) -> None:
        """End the take and score it."""
        if self.state is State.RECORD:
            self.stage = "level" if self.ready else "starting"
        if self._apply(Event.TAKE_ENDED):
            self._sound.finish(self.session.turn)

    def cancel(self) -> None:
        """Drop the take, the scoring or the playing, and show the sentence."""
        self._hush()
        self._apply(Event.CANCEL)

    def next(self) -> None:
        """The next sentence; home after the last."""
        self._hush()
        if self._apply(Event.NEXT) and self.state is State.PROMPT:
            self._warm_up()

    def play(self, which: str) -> None:
        """Play ``take`` or ``reference`` of the result; the same again stops it."""
        if self.result is None or self.state is not State.RESULT:
            return
        same = self.playing == which and not self.in_turn and self.unit is None
        self._hush()
        if not same:
            clip = self.result.take if which == "take" else self.result.reference
            self._play(self.session.turn, which, clip)

    def play_both(self) -> None:
        """Play the example, then the take; again stops it."""
        if self.result is None or self.state is not State.RESULT:
            return
        same = self.in_turn
        self._hush()
        if not same:
            self.in_turn = True
            self._queue = [("take", self.result.take)]
            self._play(self.session.turn, "reference", self.result.reference)

    def play_unit(self, unit: UnitView) -> None:
        """Play a unit of the result in the example, then in the take; again stops it."""
        if self.closer is None or not unit.numbers or self.state is not State.RESULT:
            return
        same = self.unit is unit
        self._hush()
        if same:
            return
        first, last = unit.numbers[0], unit.numbers[-1]
        clip = self.closer.reference_unit(first, last)
        if not len(clip.samples):
            return
        self.unit = unit
        self._queue = [("take", self.closer.take_unit(first, last))]
        self._play(self.session.turn, "reference", clip)

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
        self._hush()
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

        self._worker.submit("renew", lambda: self._keeper.renew(newer), renewed, failed)

    def announce(self, key: str) -> None:
        """Show a notice until the next take is scored, unless the sound has one; "" takes it back.

        What is wrong with the microphone goes first: without it nobody can practise.
        """
        self._announced = key
        self._show_notice()

    def close(self, timeout_ms: int = 6000) -> bool:
        """Let sound and worker finish, for leaving the program. False where one hangs."""
        closed = [self._sound.close(timeout_ms), self._worker.close(timeout_ms)]
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
        sentence, turn = self.sentence, self.session.turn
        if sentence is None:
            return

        def wanted() -> bool:
            return self.sentence is sentence and self.state is not State.CHOOSE

        def failed(error: Exception) -> None:
            if wanted():
                self._on_failed(self.session.turn, error)

        self._worker.submit(
            f"prepare {turn}",
            lambda: self._keeper.get().prepare(sentence),
            lambda _: None,
            failed,
            wanted,
        )
        self._opened = self.session.sentence_list
        # This one's melody, then the next ones.
        self._prepare_ahead(self.session.index)

    def _prepare_ahead(self, first: int) -> None:
        """Prepare a list's sentences from number `first` on, while nobody waits for anything."""
        opened = self._opened
        if opened is None:
            return

        def submit(work: Callable[[], T], on_success: Callable[[T], None]) -> None:
            self._worker.submit(
                "prepare ahead",
                work,
                on_success,
                # Said when the learner comes to it.
                lambda error: log.info("nothing was prepared ahead: %s", error),
                wanted=lambda: self.ready and self.between_takes and self._opened is opened,
                idle=True,
            )

        def submit_all(parts: Sequence[Callable[[], object]]) -> None:
            for part in parts:
                submit(part, lambda _: None)

        for sentence in opened.sentences[first : first + AHEAD]:
            submit(partial(self._preparations, sentence), submit_all)

    def _preparations(self, sentence: Sentence) -> Sequence[Callable[[], object]]:
        """A job of the worker."""
        return self._keeper.get().preparations(sentence)

    def _on_loaded(self, engine: PracticeEngine) -> None:
        self.ready = True
        self.ready_changed.emit()
        self._prepare_ahead(0 if self.state is State.CHOOSE else self.session.index + 1)

    def _on_load_failed(self, error: Exception) -> None:
        self.fail(error)

    def _on_failed(self, turn: int, error: Exception) -> None:
        if turn == self.session.turn:
            self.fail(error)
        else:
            log.info("a job of an older turn failed: %s", error)

    def _on_speech_ended(self, turn: int) -> None:
        if turn == self.session.turn:
            self.stop()

    def _on_paused(self, turn: int, take: AudioClip | None) -> None:
        """A pause began that may end the take (what was recorded so far), or it is over (None)."""
        self._pause = take
        sentence = self.sentence
        if take is None or sentence is None or turn != self.session.turn:
            return
        if not self.ready or self.state is not State.RECORD:
            return

        def wanted() -> bool:
            return self._pause is take and self.session.turn == turn

        self._worker.submit(
            "score early",
            lambda: self._early.begin(self._keeper.get(), take, sentence, _only_while(wanted)),
            lambda _: None,
            # The take is scored once more at its end, and whatever is wrong is said then.
            lambda error: log.info("nothing was scored early: %s", error),
            wanted,
        )

    def _on_recorded(self, turn: int, recording: AudioClip) -> None:
        sentence = self.sentence
        if turn != self.session.turn or self.state is not State.SCORE or sentence is None:
            return
        self._set_stage("level" if self.ready else "starting")
        self._worker.submit(
            "score",
            lambda: self._score(recording, sentence, turn),
            partial(self._on_scored, turn),
            partial(self._on_failed, turn),
            wanted=lambda: self.session.turn == turn,
        )

    def _score(
        self, recording: AudioClip, sentence: Sentence, turn: int
    ) -> tuple[AudioClip, ResultView, TakeResult]:
        """A job of the worker: the take, what to show of it, all of it."""
        engine = self._keeper.get()
        go_on = _only_while(lambda: self.session.turn == turn)

        def on_stage(stage: str) -> None:
            go_on(stage)
            self._worker.later(lambda: self._set_stage(stage, turn))

        take, result = self._early.finish(engine, recording, sentence, on_stage)
        reference = engine.reference(sentence).clip
        said = self._split_units(sentence)
        view = result_view(sentence, result, reference, said, self.settings.strictness)
        return take, view, result

    def _on_scored(self, turn: int, scored: tuple[AudioClip, ResultView, TakeResult]) -> None:
        """The attempt is on the disk before its score is on the screen."""
        take, view, result = scored
        sentence_list = self.session.sentence_list
        if turn != self.session.turn or self.state is not State.SCORE or sentence_list is None:
            return
        self.ready = True
        self.history.keep(
            sentence_list,
            view.sentence,
            view.raw,
            take if self.settings.keep_takes else None,
            lambda past: self._show_result(turn, view, result, past),
            lambda error: self._show_result(turn, view, result, Past()),
        )

    def _show_result(self, turn: int, view: ResultView, result: TakeResult, past: Past) -> None:
        if turn != self.session.turn or self.state is not State.SCORE:
            return
        self.result = view
        self.past = past
        self.announce("")
        self._apply(event_for(view.verdict))
        QTimer.singleShot(PAINTED_MS, partial(self._after_result, view, result))

    def _after_result(self, view: ResultView, result: TakeResult) -> None:
        if view.verdict is Verdict.SCORED and self.result is view:
            self._look_closer(view, result)
        # What a take that came in between has put off.
        self._prepare_ahead(self.session.index + 1)

    def _look_closer(self, view: ResultView, result: TakeResult) -> None:
        def done(closer: CloserLook) -> None:
            if self.result is view:
                self.closer = closer
                self.closer_changed.emit()

        self._worker.submit(
            "look closer",
            lambda: self._keeper.get().look_closer(result, view.sentence),
            done,
            # The score stands without it.
            lambda error: log.error("no closer look at a take", exc_info=error),
            wanted=lambda: self.result is view,
        )

    def _on_played(self, turn: int) -> None:
        if turn != self.session.turn:
            return
        if self._queue and self.state is State.RESULT:
            self._play(turn, *self._queue.pop(0))
            return
        self._end_playing()
        self._apply(Event.PLAYBACK_ENDED)

    def _on_sound_failed(self, turn: int, error: Exception) -> None:
        if turn != self.session.turn:
            log.info("sound of an older turn failed: %s", error)
            return
        self._end_playing()
        if not isinstance(error, DeviceError):
            self.fail(error)
            return
        log.info("sound lost: %s", error)
        self._apply(Event.SOUND_LOST)

    # ---- small things ----

    def _play(self, turn: int, which: str, clip: AudioClip) -> None:
        if turn != self.session.turn:
            return
        self._set_playing(which)
        self._sound.play(turn, clip)

    def _hush(self) -> None:
        self._sound.silence()
        self._end_playing()

    def _end_playing(self) -> None:
        self._queue = []
        self.in_turn = False
        self.unit = None
        self._set_playing("")

    def _set_stage(self, stage: str, turn: int | None = None) -> None:
        if turn is None or turn == self.session.turn:
            self.stage = stage
            self.stage_changed.emit(stage)

    def _set_playing(self, which: str) -> None:
        if which != self.playing:
            self.playing = which
            self.playing_changed.emit(which)

    def _set_sound_notice(self, key: str) -> None:
        self._sound_notice = key
        self._show_notice()

    def _show_notice(self) -> None:
        lost = HISTORY_NOTICE if self.history.failed else ""
        key = self._sound_notice or self._announced or lost
        if key != self.notice:
            self.notice = key
            self.notice_changed.emit(key)


def _only_while(wanted: Callable[[], bool]) -> Callable[[str], None]:
    """An on_stage that ends a scoring which nobody waits for any more, between two stages."""

    def on_stage(stage: str) -> None:
        if not wanted():
            raise NoLongerWanted

    return on_stage
