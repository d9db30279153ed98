"""`TeacherModel`: what the teacher's pages look at and talk to.

Files, sticks, the history and the PIN are jobs of a worker of its own, so that a slow stick never
holds up a learner's score; whatever needs the scoring engine is a job of the kiosk's worker, which
owns it. All signals come in the window's thread.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.pin import Pin
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, save_settings
from pronounce_kiosk.devices.panel import has_brightness, set_brightness, set_volume
from pronounce_kiosk.devices.power import Power
from pronounce_kiosk.devices.stick import Stick, Sticks
from pronounce_kiosk.gui.sound import Sound, SoundRequest
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.sentences.store import Change, ListStore, StoredList
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.room import RoomReport, RoomWatch, measure_room

log = logging.getLogger(__name__)

STICKS_LOOK_MS = 1500
MARGIN_S = 0.15
LOW_SCORE = 40.0
"""A recording under this against espeak-ng's reference is kept only when the teacher insists."""

LOOK_AT_ONCE = 40

T = TypeVar("T")
OnFailure = Callable[[Exception], None]


class EngineJobs(Protocol):
    """How to have something done with the practice engine: `KioskModel.with_engine`."""

    def __call__(
        self,
        name: str,
        work: Callable[[PracticeEngine], T],
        on_success: Callable[[T], None],
        on_failure: OnFailure,
        wanted: Callable[[], bool] = ...,
    ) -> None:
        """Run work with the engine on the scoring thread."""


class TeacherModel(QObject):
    """Signals carry no data where the model holds it already.

    lists_changed: `lists` is new. visible_changed: what learners see (a tuple of SentenceList).
    sticks_changed, settings_changed, render_changed, room_changed: likewise. busy_changed: whether
    a job of the own worker runs. failed: an exception to tell the teacher. switching_off: the
    device was asked to (True), or would not (False).
    """

    lists_changed = pyqtSignal()
    visible_changed = pyqtSignal(object)
    sticks_changed = pyqtSignal()
    settings_changed = pyqtSignal(object)
    render_changed = pyqtSignal()
    room_changed = pyqtSignal()
    switching_off = pyqtSignal(bool)
    busy_changed = pyqtSignal(bool)
    failed = pyqtSignal(object)
    level_changed = pyqtSignal(object)
    recorded = pyqtSignal(object)
    played = pyqtSignal()
    sound_failed = pyqtSignal(object)
    speech_ended = pyqtSignal()

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        store: ListStore,
        sticks: Sticks,
        worker: Worker,
        sound: Sound,
        with_engine: EngineJobs,
        power: Power,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.paths = paths
        self.settings = settings
        self.store = store
        self.pin = Pin(paths.config_dir / "teacher-pin.json")
        self.room = RoomWatch(paths.data_dir / "room.json")
        self.lists: tuple[StoredList, ...] = ()
        self.undoable: Change | None = None
        self.sticks: tuple[Stick, ...] = ()
        self.has_brightness = False
        self.can_power_off = False
        self.render = Render(self)
        self._sticks = sticks
        self.power = power
        self._worker = worker
        self._sound = sound
        self._with_engine = with_engine
        self._request = SoundRequest(self, 0)
        self._running = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STICKS_LOOK_MS)
        self._timer.timeout.connect(self._look_for_sticks)
        sound.level.connect(self.level_changed)
        sound.recorded.connect(self._on_recorded)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.played.connect(self._on_played)
        sound.failed.connect(self._on_sound_failed)

    # ---- jobs ----

    def do(
        self,
        name: str,
        work: Callable[[], T],
        then: Callable[[T], None] = lambda _: None,
        on_failure: OnFailure | None = None,
    ) -> None:
        """Do work() in the background; failures are told unless somebody takes them."""
        self._set_running(1)

        def succeeded(value: T) -> None:
            self._set_running(-1)
            then(value)

        def failed(error: Exception) -> None:
            self._set_running(-1)
            (on_failure or self._fail)(error)

        self._worker.submit(f"teacher: {name}", work, succeeded, failed)

    def later(self, function: Callable[[], None]) -> None:
        """For progress, from inside a job."""
        self._worker.later(function)

    def with_engine(
        self,
        name: str,
        work: Callable[[PracticeEngine], T],
        then: Callable[[T], None],
        on_failure: OnFailure | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """The same with the practice engine, in the kiosk's worker."""
        self._with_engine(f"teacher: {name}", work, then, on_failure or self._fail, wanted)

    @property
    def busy(self) -> bool:
        """Whether a job of the own worker runs."""
        return self._running > 0

    def _set_running(self, change: int) -> None:
        before = self.busy
        self._running += change
        if self.busy != before:
            self.busy_changed.emit(self.busy)

    def _fail(self, error: Exception) -> None:
        log.info("for the teacher: %s", error, exc_info=error)
        self.failed.emit(error)

    # ---- lists ----

    def refresh_lists(self, then: Callable[[], None] = lambda: None) -> None:
        """Look at the store."""

        def got(found: tuple[tuple[StoredList, ...], Change | None]) -> None:
            self.lists, self.undoable = found
            self.lists_changed.emit()
            self.visible_changed.emit(visible_lists(self.lists))
            then()

        self.do("lists", lambda: (self.store.lists(), self.store.undoable()), got)

    def change_lists(
        self, work: Callable[[ListStore], T], then: Callable[[T], None] = lambda _: None
    ) -> None:
        """Change the store, then look at it, then go on with what the change gave."""
        self.do(
            "change lists",
            lambda: work(self.store),
            lambda value: self.refresh_lists(lambda: then(value)),
        )

    def stored(self, list_id: str) -> StoredList | None:
        """A list by its id; None where it is gone."""
        return next((each for each in self.lists if each.list.id == list_id), None)

    # ---- sticks ----

    def watch_sticks(self, on: bool) -> None:
        """Look now and, while the teacher's part is open, whenever the kernel's tables change."""
        if not on:
            self._timer.stop()
            return
        self.do("sticks", self._sticks.list, self._set_sticks)
        self._timer.start()

    def open_stick(self, stick: Stick, then: Callable[[Stick], None]) -> None:
        """The stick with its folder."""
        self.do("open stick", lambda: self._sticks.open(stick), then)

    def write_to(self, stick: Stick, work: Callable[[Path], T], then: Callable[[T], None]) -> None:
        """Write something to a stick; told as done only when it was there before and after."""

        def write() -> T:
            opened = self._sticks.open(stick)
            assert opened.folder is not None
            try:
                value = work(opened.folder)
            except Exception:
                self._sticks.check(opened)  # "it was pulled out" says more than "no such file"
                raise
            self._sticks.check(opened)
            return value

        self.do("write", write, then)

    def eject(self, stick: Stick, then: Callable[[], None]) -> None:
        """Let go of a stick."""

        def ejected(_: None) -> None:
            self._look_for_sticks(always=True)
            then()

        self.do("eject", lambda: self._sticks.eject(stick), ejected)

    def _look_for_sticks(self, always: bool = False) -> None:
        if self.busy and not always:
            return

        def look() -> tuple[Stick, ...] | None:
            return self._sticks.list() if self._sticks.changed() or always else None

        self._worker.submit("sticks", look, self._set_sticks, lambda error: log.info("%s", error))

    def _set_sticks(self, sticks: tuple[Stick, ...] | None) -> None:
        if sticks is not None and sticks != self.sticks:
            self.sticks = sticks
            self.sticks_changed.emit()

    # ---- history ----

    def with_history(
        self,
        name: str,
        work: Callable[[HistoryStore], T],
        then: Callable[[T], None] = lambda _: None,
    ) -> None:
        """Ask or change the kept attempts, by a store of its own: one belongs to one thread."""

        def ask() -> T:
            with HistoryStore(self.paths.data_dir) as history:
                return work(history)

        self.do(name, ask, then)

    # ---- settings ----

    def change_settings(self, **values: object) -> None:
        """Keep new values and tell the kiosk; volume and brightness are set at once."""
        try:
            changed = self.settings.changed(**values)
        except Exception as error:
            self._fail(error)
            return
        self.settings = changed
        self.settings_changed.emit(changed)

        def keep() -> None:
            save_settings(changed)
            if "volume" in values:
                set_volume(changed.volume)
            if "brightness" in values and changed.brightness:
                set_brightness(changed.brightness)

        self.do("settings", keep)

    def look_at_panel(self, then: Callable[[bool], None]) -> None:
        """Whether the screen's brightness can be changed."""

        def got(found: bool) -> None:
            self.has_brightness = found
            then(found)

        self.do("panel", has_brightness, got)

    # ---- the device ----

    def look_at_power(self, then: Callable[[], None]) -> None:
        """Find out whether the device may be switched off from here."""

        def got(can: bool) -> None:
            self.can_power_off = can
            then()

        self.do("power", self.power.can_power_off, got)

    def power_off(self, on_refused: OnFailure) -> None:
        """Switch the device off; what it ends, the kiosk among it, is ended in order."""

        def refused(error: Exception) -> None:
            self.switching_off.emit(False)
            on_refused(error)

        self.switching_off.emit(True)
        self.do("power off", self.power.power_off, on_failure=refused)

    # ---- sound ----

    def record(self) -> None:
        """Begin to record; `recorded` follows `finish`."""
        self._sound.record(self._next_request())

    def finish(self) -> None:
        """End the recording."""
        self._sound.finish(self._request)

    def play(self, clip: AudioClip) -> None:
        """Play a clip; `played` follows."""
        self._sound.play(self._next_request(), clip)

    def hush(self) -> None:
        """Stop playing and recording; no signal follows."""
        self._next_request()
        self._sound.silence()

    def listen(self, sentence: Sentence) -> None:
        """Play a sentence's reference."""
        request = self._next_request()

        def got(clip: AudioClip) -> None:
            if request == self._request:
                self._sound.play(request, clip)

        def failed(error: Exception) -> None:
            self.played.emit()
            self._fail(error)

        self.with_engine("listen", lambda engine: engine.reference(sentence).clip, got, failed)

    def _next_request(self) -> SoundRequest:
        self._request = SoundRequest(self, self._request.turn + 1)
        return self._request

    def _on_recorded(self, request: SoundRequest, take: AudioClip) -> None:
        if request == self._request:
            self.recorded.emit(take)
        elif request.user is not self:
            self._hear_room(take)

    def _on_speech_ended(self, request: SoundRequest) -> None:
        if request == self._request:
            self.speech_ended.emit()

    def _on_played(self, request: SoundRequest) -> None:
        if request == self._request:
            self.played.emit()

    def _on_sound_failed(self, request: SoundRequest, error: Exception) -> None:
        if request == self._request:
            self.sound_failed.emit(error)

    # ---- recording a reference ----

    def judge_recording(
        self, take: AudioClip, sentence: Sentence, then: Callable[[JudgedRecording], None]
    ) -> None:
        """Check a teacher's recording for level and content, against espeak-ng's reference."""
        self.with_engine("judge", lambda engine: judge_recording(engine, take, sentence), then)

    # ---- the room ----

    def measure_room(
        self, quiet: AudioClip, spoken: AudioClip, at: str, then: Callable[[RoomReport], None]
    ) -> None:
        """Judge the two clips of a room check and keep the result."""

        def measure() -> RoomReport:
            report = measure_room(quiet, spoken, at)
            if report.microphone != "no_voice":
                self.room.keep(report)
            return report

        def got(report: RoomReport) -> None:
            self.room_changed.emit()
            then(report)

        self.do("room", measure, got)

    def _hear_room(self, take: AudioClip) -> None:
        before = self.room.changed_db

        def heard(_: None) -> None:
            if (self.room.changed_db is None) != (before is None):
                self.room_changed.emit()

        self._worker.submit(
            "room", lambda: self.room.hear(take), heard, lambda error: log.info("%s", error)
        )

    def start(self) -> None:
        """Begin to take jobs."""
        self._worker.start()
        changed = self.settings
        if changed != Settings():
            self._worker.submit(
                "panel", lambda: _apply_panel(changed), lambda _: None, lambda error: None
            )

    def close(self, timeout_ms: int = 5000) -> bool:
        """End the worker. False where it hangs."""
        self._timer.stop()
        return self._worker.close(timeout_ms)


def _apply_panel(settings: Settings) -> None:
    """What a teacher chose holds after a power cut too."""
    defaults = Settings()
    if settings.volume != defaults.volume:
        set_volume(settings.volume)
    if settings.brightness:
        set_brightness(settings.brightness)


class JudgedRecording:
    """A teacher's recording with what the scorer says of it. clip: cut to the voice.

    verdict: ``scored`` or why it is of no use. score: against espeak-ng's reference.
    """

    def __init__(self, clip: AudioClip, verdict: Verdict, score: float) -> None:
        self.clip, self.verdict, self.score = clip, verdict, score

    @property
    def usable(self) -> bool:
        """Whether it may be kept at all."""
        return self.verdict is Verdict.SCORED

    @property
    def doubtful(self) -> bool:
        """Whether the teacher should listen once more before keeping it."""
        return self.score < LOW_SCORE


def judge_recording(engine: PracticeEngine, take: AudioClip, sentence: Sentence) -> JudgedRecording:
    """See `TeacherModel.judge_recording`; a job of the kiosk's worker."""
    from pronounce_kiosk.audio.vad import trim

    against = PracticeEngine(engine.library, engine.scorer, "espeak")
    score = against.score(take, replace(sentence, audio=None)).score
    at_16k = take.resampled(PIPELINE_SAMPLE_RATE_HZ)
    voice = trim(at_16k)
    clip = at_16k.slice_s(voice.start_s - MARGIN_S, voice.end_s + MARGIN_S)
    return JudgedRecording(clip, score.verdict, score.score or 0.0)


def visible_lists(stored: Sequence[StoredList]) -> tuple[SentenceList, ...]:
    """What learners see."""
    shown = (each.visible for each in stored if not each.hidden)
    return tuple(each for each in shown if each.sentences)


class Render(QObject):
    """Renders the references of a list, a sentence a job.

    It goes on while the teacher does something else.

    engines: who will speak each sentence, by its id, as far as is known.
    """

    def __init__(self, model: TeacherModel) -> None:
        super().__init__(model)
        self._model = model
        self._todo: list[Sentence] = []
        self._run = self._look_run = 0
        self._under_way: int | None = None
        self._network = True
        self.list_id = ""
        self.total = 0
        self.done = 0
        self.failed: dict[str, str] = {}
        self.paused = False
        self.engines: dict[tuple[str, str], str] = {}

    @property
    def active(self) -> bool:
        """Whether there is something left to render."""
        return bool(self.list_id) and self.done < self.total

    def start(self, sentence_list: SentenceList) -> None:
        """Render a list from its first sentence; what is cached takes no time."""
        self.stop()
        self.list_id = sentence_list.id
        self._todo = list(sentence_list.sentences)
        self.total, self.done = len(self._todo), 0
        self.failed, self.paused, self._network = {}, False, True
        self._next()

    def pause(self) -> None:
        """Stop after the sentence under way."""
        self.paused = True
        self._changed()

    def resume(self) -> None:
        """Go on."""
        if self.active and self.paused:
            self.paused = False
            self._next()

    def stop(self) -> None:
        """Forget it."""
        self._run += 1
        self.list_id, self._todo, self.total, self.done = "", [], 0, 0
        self._changed()

    def look(self, sentence_list: SentenceList) -> None:
        """Find out who speaks each sentence, without rendering any."""
        self._look_run += 1
        self._look_from(sentence_list, 0, self._look_run)

    def _look_from(self, sentence_list: SentenceList, start: int, run: int) -> None:
        """A few sentences a job: a learner's score must not wait for a list of thousands."""
        few = sentence_list.sentences[start : start + LOOK_AT_ONCE]
        if not few or run != self._look_run:
            return

        def work(engine: PracticeEngine) -> dict[tuple[str, str], str]:
            return {(sentence_list.id, each.id): speaker(engine, each) for each in few}

        def got(engines: dict[tuple[str, str], str]) -> None:
            self.engines.update(engines)
            self._changed()
            self._look_from(sentence_list, start + LOOK_AT_ONCE, run)

        self._model.with_engine("who speaks", work, got)

    def _next(self) -> None:
        self._changed()
        if not self._todo or self.paused or self._under_way == self._run:
            return
        self._under_way = self._run
        sentence, run, network = self._todo[0], self._run, self._network

        def work(engine: PracticeEngine) -> tuple[str, str, bool]:
            return render_one(engine, sentence, network)

        def wanted() -> bool:
            return run == self._run

        def got(outcome: tuple[str, str, bool]) -> None:
            if not wanted():
                return
            self._under_way = None
            name, failure, self._network = outcome
            self.engines[self.list_id, sentence.id] = name
            if failure:
                self.failed[sentence.id] = failure
            self._todo.pop(0)
            self.done += 1
            self._next()

        def failed(error: Exception) -> None:
            got(("", str(error), network))

        self._model.with_engine("render", work, got, failed, wanted)

    def _changed(self) -> None:
        self._model.render_changed.emit()


def render_one(engine: PracticeEngine, sentence: Sentence, network: bool) -> tuple[str, str, bool]:
    """Render a sentence.

    Returns:
        Who speaks it, why it failed ("" where not), and whether the network may be asked again.
    """
    from pronounce_kiosk.references.render import render_list

    report = render_list(
        engine.library,  # type: ignore[arg-type]
        SentenceList("", "", sentence.language, (sentence,)),
        engine=None if network else "espeak",
    )
    engine.forget(sentence)
    failure = report.failed[0][1] if report.failed else ""
    return speaker(engine, sentence), failure, network and not report.gtts_stopped


def speaker(engine: PracticeEngine, sentence: Sentence) -> str:
    """Who speaks a sentence: ``recording``, ``gtts``, ``espeak``; "" where none was rendered."""
    library = engine.library
    if sentence.audio is not None and sentence.audio.is_file():
        return "recording"
    for name in ("gtts", "espeak"):
        with contextlib.suppress(Exception):
            if library.has(sentence, name):  # type: ignore[attr-defined]
                return name
    return ""
