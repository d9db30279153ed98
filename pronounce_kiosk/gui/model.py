"""`KioskModel`: state and actions of the learner's screens. It joins session, worker and sound.

Screens call its methods (`listen`, `record`, ...) and repaint on its signals. It lives in the
window's thread; slow work is a job of the worker or of the sound thread, and results of an older
turn are dropped.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.gui.history import LearnerHistory, NumberedChoice
from pronounce_kiosk.gui.notices import Notices
from pronounce_kiosk.gui.playback import Playback
from pronounce_kiosk.gui.scoring_jobs import ScoringJobs
from pronounce_kiosk.gui.sound import GAINS_DB, USUAL_GAIN, Sound, SoundUser
from pronounce_kiosk.gui.view_models import ResultView, UnitView
from pronounce_kiosk.history.preferences import VOICE, VOLUME
from pronounce_kiosk.session.comparison import CloserLook
from pronounce_kiosk.session.engine import NewerEngine, PracticeEngine
from pronounce_kiosk.session.progress import Past
from pronounce_kiosk.session.spoken import Speed, SpokenExample
from pronounce_kiosk.session.states import Event, KioskSession, State, event_for
from pronounce_kiosk.session.voices import VARIANTS, in_voice

log = logging.getLogger(__name__)

VOICES = ("reference", "take")
"""Names of the example's clip and of the learner's, in the order in which both are played."""
AHEAD = 4
"""Number of sentences prepared ahead."""
PAINTED_MS = 60
"""Time for painting a score. Low-priority jobs start after it, because they would delay painting:
both threads share the interpreter."""


class KioskModel(QObject):
    """Signals carry no data where the model holds it already.

    state_changed: after every change of state, and on Next, where the sentence changed.
    stage_changed: the name of the stage under way while scoring or loading. closer_changed: the
    comparison of the result is ready. settings_changed: `settings` is new. See also the signals of
    `playback`, `notices` and `volume`.
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
        jobs: ScoringJobs,
        sound: Sound,
        history: LearnerHistory,
        settings: SettingsStore,
    ) -> None:
        super().__init__()
        self.lists = tuple(lists)
        self.history = history
        self._settings = settings
        settings.subscribe(lambda _: self.settings_changed.emit())
        self.past = Past()
        self.closer: CloserLook | None = None
        self.example: SpokenExample | None = None
        """The example being played."""
        self._said_slowly: Sentence | None = None
        """The sentence that was played slowly last, and is played word by word next."""
        self.session = KioskSession()
        self.result: ResultView | None = None
        self.error: Exception | None = None
        self.stage = ""
        self.ready = False
        self._closed = False
        self.sound = sound
        self.jobs = jobs
        self._user = SoundUser(
            self._on_lost,
            self.fail,
            level=self.level_changed.emit,
            speech_ended=self.stop,
            paused=self._on_paused,
            recorded=self._on_recorded,
        )
        self.playback = Playback(sound, self._user, self)
        self.playback.ended.connect(lambda: self._apply(Event.PLAYBACK_ENDED))
        self.notices = Notices(sound, history, self)
        self.volume = NumberedChoice(history, VOLUME, len(GAINS_DB), USUAL_GAIN, self)
        self.volume.changed.connect(lambda number: sound.set_gain_db(GAINS_DB[number]))
        self.voice = NumberedChoice(history, VOICE, len(VARIANTS), 0, self)
        self._opened: SentenceList | None = None

    # ---- state ----

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        return self._settings.current

    @property
    def state(self) -> State:
        """Return the session's state."""
        return self.session.state

    @property
    def sentence(self) -> Sentence | None:
        """Return the sentence being practised."""
        return self.session.sentence

    @property
    def variant(self) -> str:
        """Return the variant of espeak-ng's voice; "" for the kiosk's default voice."""
        return VARIANTS[self.voice.number]

    @property
    def slow_speed(self) -> Speed:
        """Return which of the two slow speeds the next slow example has."""
        known = self._said_slowly is not None and self._said_slowly is self.sentence
        return Speed.WORDS if known else Speed.SLOW

    @property
    def between_takes(self) -> bool:
        """Return whether no take is being recorded or scored, and no example is played."""
        return self.state in (State.CHOOSE, State.PROMPT, State.RESULT, State.NOT_SCORED)

    # ---- actions ----

    def start(self) -> None:
        """Load the engine, after the window is painted; not where the kiosk was closed by then."""
        if not self._closed:
            self.history.start()
            self.jobs.with_engine("load", lambda engine: engine, self._on_loaded, self.fail)

    def open_list(self, sentence_list: SentenceList) -> None:
        """Prepare the first sentences of a list that is shown."""
        self._opened = sentence_list
        self._prepare_ahead(0)

    def choose(self, sentence_list: SentenceList, index: int) -> None:
        """Choose a sentence to practise."""
        if self.session.choose(sentence_list, index):
            self._warm_up()
            self._changed()

    def set_lists(self, lists: Sequence[SentenceList]) -> None:
        """Replace the lists on offer."""
        if tuple(lists) != self.lists:
            self.lists = tuple(lists)
            self.lists_changed.emit()

    def leave(self) -> None:
        """Return to the waiting state and cancel what is under way."""
        self.playback.stop_audio()
        self._apply(Event.LEAVE)

    def listen_slowly(self) -> None:
        """Play the example at `slow_speed`; the next call uses the other slow speed."""
        sentence, speed = self.sentence, self.slow_speed
        if self.state is State.LISTEN:
            self.cancel()
        has_words = sentence is not None and len(sentence.text.split()) > 1
        self._said_slowly = sentence if has_words and speed is Speed.SLOW else None
        self.listen(speed)

    def listen(self, speed: Speed = Speed.USUAL) -> None:
        """Play the example; it is fetched, rendered or slowed down first where needed."""
        sentence = self.sentence
        if sentence is None or not self._apply(Event.LISTEN):
            return

        def done(example: SpokenExample) -> None:
            self.example = example
            self.playback.begin([("reference", example.clip)])

        variant = self.variant
        self._set_stage("reference" if self.ready else "starting")
        self.jobs.with_engine(
            "reference",
            lambda engine: in_voice(engine, variant).spoken(sentence, speed),
            done,
            self.fail,
            self._same_turn(),
        )

    def record(self) -> None:
        """Start recording a take."""
        event = Event.AGAIN if self.state in (State.RESULT, State.NOT_SCORED) else Event.RECORD
        self.playback.end()
        if self._apply(event):
            self.sound.record(self._user)

    def stop(self) -> None:
        """End the take and score it."""
        if self.state is State.RECORD:
            self.stage = "level" if self.ready else "starting"
        if self._apply(Event.TAKE_ENDED):
            self.sound.finish()

    def cancel(self) -> None:
        """Cancel recording, scoring or playback, and show the sentence."""
        self.playback.stop_audio()
        self._apply(Event.CANCEL)

    def next(self) -> None:
        """Go to the next sentence; after the last to the summary."""
        self.playback.stop_audio()
        if self._apply(Event.NEXT) and self.state is State.PROMPT:
            self._warm_up()

    def play(self, *names: str) -> None:
        """Play ``take``, ``reference`` or both of the result; stop where it is playing already."""
        if self.result is not None and self.state is State.RESULT:
            clips = dict(zip(VOICES, (self.result.reference, self.result.scored.take), strict=True))
            self.playback.toggle([(name, clips[name]) for name in names])

    def play_unit(self, unit: UnitView) -> None:
        """Play a unit of the example, then of the take; stop where it is playing already."""
        look = self.closer
        if look is None or not unit.numbers or self.state is not State.RESULT:
            return
        first, last = unit.numbers[0], unit.numbers[-1]
        reference, take = look.reference_unit(first, last), look.take_unit(first, last)
        pieces = list(zip(VOICES, (reference, take), strict=True))
        self.playback.toggle(pieces if len(reference.samples) else [], unit)

    def apology_over(self) -> None:
        """Leave the failsafe screen."""
        self.error = None
        self._apply(Event.APOLOGY_OVER)

    def fail(self, error: Exception) -> None:
        """Log an error and show the failsafe screen."""
        if isinstance(error, KioskError):
            log.warning("%s: %s", type(error).__name__, error)
        else:
            log.error("unexpected failure", exc_info=error)
        self.playback.stop_audio()
        self.error = error
        self._apply(Event.FAILED)

    def renew_engine(self, newer: NewerEngine, done: Callable[[], None]) -> None:
        """Replace the engine, where there is a newer one; done is called after failure as well."""

        def renewed(taken: bool) -> None:
            if taken and self.state is State.PROMPT:
                self._warm_up()
            done()

        def failed(error: Exception) -> None:
            log.error("the engine in use is kept", exc_info=error)
            done()

        self.jobs.renew(newer, renewed, failed)

    def close(self, timeout_ms: int = 6000) -> bool:
        """End sound, worker and history before the program ends. False where one hangs."""
        self._closed = True
        for timer in self.findChildren(QTimer):
            timer.stop()
        closed = [self.sound.close(timeout_ms), self.jobs.close(timeout_ms)]
        return all([*closed, self.history.close(timeout_ms)])

    # ---- results of jobs ----

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
        if self.state is not State.LISTEN:
            self.example = None
        self.state_changed.emit()

    def _warm_up(self) -> None:
        """Compute the reference's data while the learner reads the sentence."""
        sentence = self.sentence
        if sentence is None:
            return

        def wanted() -> bool:
            return self.sentence is sentence and self.state is not State.CHOOSE

        self.jobs.prepare(sentence, self.fail, wanted)
        self._opened = self.session.sentence_list
        # This sentence's pitch curve comes first, then the next sentences.
        self._prepare_ahead(self.session.index)

    def _prepare_ahead(self, first: int) -> None:
        """Prepare the next sentences of the open list, from number `first` on, at low priority."""
        opened = self._opened
        if opened is None:
            return
        self.jobs.prepare_ahead(
            opened.sentences[first : first + AHEAD],
            wanted=lambda: self.ready and self.between_takes and self._opened is opened,
        )

    def _on_loaded(self, _: PracticeEngine) -> None:
        self.ready = True
        self.ready_changed.emit()
        self._prepare_ahead(0 if self.state is State.CHOOSE else self.session.index + 1)

    def _same_turn(self) -> Callable[[], bool]:
        """Return a function that tells whether the turn is the current one still."""
        turn = self.session.turn
        return lambda: self.session.turn == turn

    def _on_paused(self, take: AudioClip | None) -> None:
        """Start early scoring when a pause begins; take is None when speech continues."""
        if self.sentence is not None:
            self.jobs.score_early(
                take if self.ready and self.state is State.RECORD else None,
                self.sentence,
                self.settings.pause_wait_ms,
                self.sound.wait,
                self._same_turn(),
            )

    def _on_recorded(self, recording: AudioClip) -> None:
        sentence = self.sentence
        if self.state is not State.SCORE or sentence is None:
            return
        self.jobs.score(
            recording,
            sentence,
            self.settings.strictness,
            self._on_scored,
            self.fail,
            self._same_turn(),
            self._set_stage,
        )

    def _on_scored(self, result: ResultView) -> None:
        """Store the attempt before its score is shown."""
        sentence_list, same_turn = self.session.sentence_list, self._same_turn()
        if self.state is not State.SCORE or sentence_list is None:
            return
        self.ready = True

        def show(past: Past) -> None:
            if not same_turn() or self.state is not State.SCORE:
                return
            self.result, self.past = result, past
            self.notices.announce("")
            self._apply(event_for(result.verdict))
            QTimer.singleShot(PAINTED_MS, partial(self._after_result, result))

        self.history.keep(
            sentence_list,
            result.sentence,
            result.scored.score,
            result.recording if self.settings.keep_takes else None,
            self.settings.kept_takes_mb * 1_000_000,
            show,
        )

    def _after_result(self, result: ResultView) -> None:
        if result.verdict is Verdict.SCORED and self.result is result:
            self._look_closer(result)
        # Resume what the take has delayed.
        self._prepare_ahead(self.session.index + 1)

    def _look_closer(self, result: ResultView) -> None:
        """Compute the units' positions and the pitch curves of a scored take."""

        def done(closer: CloserLook) -> None:
            self.closer = closer
            self.closer_changed.emit()

        self.jobs.with_engine(
            "look closer",
            lambda engine: engine.look_closer(result.scored, result.sentence),
            done,
            # The result screen works without it.
            lambda error: log.error("no closer look at a take", exc_info=error),
            wanted=lambda: self.result is result,
        )

    def _on_lost(self, _: Exception) -> None:
        self.playback.end()
        self._apply(Event.SOUND_LOST)

    def _set_stage(self, stage: str) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)
