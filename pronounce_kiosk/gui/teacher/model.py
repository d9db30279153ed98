"""`TeacherModel`: data and actions of the teacher's pages.

Files, sticks, the history and the PIN are jobs of an own worker, so that a slow stick never delays
a learner's score; rendering has another worker (`Render`); work with the scoring engine is a job of
the kiosk's worker, which owns it. All signals are emitted in the window's thread.
"""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt5.QtCore import QFileSystemWatcher, QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.pin import Pin
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.devices.clock import Clock
from pronounce_kiosk.devices.panel import set_brightness, set_volume
from pronounce_kiosk.devices.power import Power
from pronounce_kiosk.devices.stick import Stick, Sticks
from pronounce_kiosk.gui.sound import Sound, SoundUser
from pronounce_kiosk.gui.teacher.render import Render
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.worker import OnFailure, Worker
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.stored import Change, StoredList
from pronounce_kiosk.session.drafts import Drafts
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.room import RoomReport, RoomWatch, measure_room

if TYPE_CHECKING:
    from pronounce_kiosk.references.library import ReferenceLibrary

log = logging.getLogger(__name__)

STICKS_LOOK_MS = 1500
T = TypeVar("T")


class TeacherSound(SoundUser):
    """Callbacks of a teacher's page, whose takes do not tell how loud learners' lessons are."""


class TeacherModel(QObject):
    """Signals carry no data where the model holds it already.

    lists_changed: `lists` is new. visible_changed: the learners' lists (a tuple of SentenceList).
    sticks_changed, settings_changed, room_changed: likewise. failed: an exception to show to the
    teacher. switching_off: True when the device was asked to switch off, False where it failed.
    with_engine: `ScoringJobs.with_engine`.
    """

    lists_changed = pyqtSignal()
    visible_changed = pyqtSignal(object)
    sticks_changed = pyqtSignal()
    settings_changed = pyqtSignal(object)
    room_changed = pyqtSignal()
    switching_off = pyqtSignal(bool)
    failed = pyqtSignal(object)

    def __init__(
        self,
        paths: Paths,
        settings: SettingsStore,
        store: ListStore,
        sticks: Sticks,
        worker: Worker,
        sound: Sound,
        with_engine: Callable[..., None],
        power: Power,
        make_library: Callable[[], "ReferenceLibrary"],
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.paths, self.store, self._settings = paths, store, settings
        settings.subscribe(self.settings_changed.emit)
        self.pin = Pin(paths.teacher_pin_file)
        self.drafts = Drafts(paths.data_dir / "drafts.json")
        self.room = RoomWatch(paths.data_dir / "room.json")
        self.clock, self.power = clock, power
        self.lists: tuple[StoredList, ...] = ()
        self.undoable: Change | None = None
        self.sticks: tuple[Stick, ...] = ()
        self.can_power_off = False
        self.render = Render(make_library, self)
        self.sound = sound
        self._sticks, self._worker, self._with_engine = sticks, worker, with_engine
        self.later = worker.later
        """Call a function in the window's thread, to report a job's progress."""
        self._running = 0
        self._sticks_timer = make_timer(self, STICKS_LOOK_MS, self._look_for_sticks)
        # Every change and undo, also of another process, adds or deletes a file there.
        self._states = QFileSystemWatcher(self)
        self._states.directoryChanged.connect(lambda _: self.refresh_lists())
        sound.recorded.connect(self._update_room)
        self.render.rendered.connect(self._forget_reference)

    def do(
        self,
        name: str,
        work: Callable[[], T],
        then: Callable[[T], None] = lambda _: None,
        on_failure: OnFailure | None = None,
    ) -> None:
        """Run work in the background; without on_failure, a failure is shown."""
        self._running += 1

        def succeeded(value: T) -> None:
            self._running -= 1
            then(value)

        def failed(error: Exception) -> None:
            self._running -= 1
            (on_failure or self.fail)(error)

        self._worker.submit(f"teacher: {name}", work, succeeded, failed)

    def with_engine(
        self,
        name: str,
        work: Callable[[PracticeEngine], T],
        then: Callable[[T], None] = lambda _: None,
        on_failure: OnFailure | None = None,
    ) -> None:
        """Run work with the practice engine, in the kiosk's worker."""
        self._with_engine(f"teacher: {name}", work, then, on_failure or self.fail)

    @property
    def busy(self) -> bool:
        """Return whether a job of the own worker runs."""
        return self._running > 0

    def fail(self, error: Exception) -> None:
        """Show an error to the teacher."""
        # Expected errors need no traceback in the log.
        expected = isinstance(error, KioskError | OSError)
        log.info("for the teacher: %s", error, exc_info=None if expected else error)
        self.failed.emit(error)

    def refresh_lists(self, then: Callable[[], None] = lambda: None) -> None:
        """Read the lists from the store."""

        def got(found: tuple[tuple[StoredList, ...], Change | None]) -> None:
            if found != (self.lists, self.undoable):
                self.lists, self.undoable = found
                shown = (each.visible for each in self.lists if not each.hidden)
                self.lists_changed.emit()
                self.visible_changed.emit(tuple(each for each in shown if each.sentences))
            then()

        self.do("lists", lambda: (self.store.lists(), self.store.undoable()), got)

    def change_lists(
        self, work: Callable[[ListStore], T], then: Callable[[T], None] = lambda _: None
    ) -> None:
        """Change the store, read the lists again, then call then with the change's result."""
        self.do(
            "change lists",
            lambda: work(self.store),
            lambda value: self.refresh_lists(lambda: then(value)),
        )

    def stored(self, list_id: str | None) -> StoredList | None:
        """Return a list by its id; None where it does not exist."""
        return next((each for each in self.lists if each.list.id == list_id), None)

    def watch_sticks(self, on: bool) -> None:
        """Read the sticks now and, while on, after changes of the kernel's tables."""
        if not on:
            self._sticks_timer.stop()
            return
        self.do("sticks", self._sticks.list, self._set_sticks)
        self._sticks_timer.start()

    def open_stick(self, stick: Stick, then: Callable[[Stick], None]) -> None:
        """Mount a stick; then gets it with its folder."""
        self.do("open stick", lambda: self._sticks.open(stick), then)

    def write_to(self, stick: Stick, work: Callable[[Path], T], then: Callable[[T], None]) -> None:
        """Write to a stick; succeeds only where the stick is present before and after."""

        def write() -> T:
            opened = self._sticks.open(stick)
            assert opened.folder is not None
            try:
                return work(opened.folder)
            finally:
                # "It was pulled out" says more than "no such file".
                self._sticks.check(opened)

        self.do("write", write, then)

    def eject(self, stick: Stick, then: Callable[[], None]) -> None:
        """Unmount a stick."""
        self.do("eject", lambda: self._sticks.eject(stick), lambda _: then())

    def _look_for_sticks(self) -> None:
        def look() -> tuple[Stick, ...] | None:
            return self._sticks.list() if self._sticks.changed() else None

        if not self.busy:
            self._quietly("sticks", look, self._set_sticks)

    def _set_sticks(self, sticks: tuple[Stick, ...] | None) -> None:
        if sticks is not None and sticks != self.sticks:
            self.sticks = sticks
            self.sticks_changed.emit()

    def with_history(
        self,
        name: str,
        work: Callable[[HistoryStore], T],
        then: Callable[[T], None] = lambda _: None,
    ) -> None:
        """Read or change the history with a store of its own: a store belongs to one thread."""

        def ask() -> T:
            with HistoryStore(self.paths.data_dir) as history:
                return work(history)

        self.do(name, ask, then)

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        return self._settings.current

    def change_settings(self, **values: object) -> None:
        """Change settings and store them in the background; volume and brightness act at once."""
        try:
            self._settings.change(**values)
        except KioskError as error:
            self.fail(error)
            return
        changed = self.settings

        def keep() -> None:
            self._settings.save()
            if "volume" in values:
                set_volume(changed.volume)
            if "brightness" in values and changed.brightness:
                set_brightness(changed.brightness)

        self.do("settings", keep)

    def look_at_power(self, then: Callable[[bool], None]) -> None:
        """Find out whether the device can be switched off from here."""

        def got(can: bool) -> None:
            self.can_power_off = can
            then(can)

        self.do("power", self.power.can_power_off, got)

    def power_off(self, on_refused: OnFailure) -> None:
        """Switch the device off; the kiosk is ended in order."""

        def refused(error: Exception) -> None:
            self.switching_off.emit(False)
            on_refused(error)

        self.switching_off.emit(True)
        self.do("power off", self.power.power_off, on_failure=refused)

    def _forget_reference(self, sentence: Sentence) -> None:
        """Drop the engine's cached data of a reference that was rendered again."""
        self.with_engine("forget", lambda engine: engine.forget(sentence))

    def measure_room(
        self, quiet: AudioClip, spoken: AudioClip, at: str, then: Callable[[RoomReport], None]
    ) -> None:
        """Evaluate the two clips of a room check and store the report."""

        def measure() -> RoomReport:
            report = measure_room(quiet, spoken, at)
            if report.microphone != "no_voice":
                self.room.keep(report)
            return report

        def got(report: RoomReport) -> None:
            self.room_changed.emit()
            then(report)

        self.do("room", measure, got)

    def _update_room(self, user: SoundUser, take: AudioClip) -> None:
        if isinstance(user, TeacherSound):
            return
        before = self.room.changed_db

        def heard(_: None) -> None:
            if (self.room.changed_db is None) != (before is None):
                self.room_changed.emit()

        self._quietly("room", lambda: self.room.hear(take), heard)

    def start(self) -> None:
        """Start the workers; the volume and the brightness that were set hold again."""
        self._worker.start()
        with contextlib.suppress(OSError):
            (self.store.folder / "states").mkdir(parents=True, exist_ok=True)
        self._states.addPath(str(self.store.folder / "states"))
        settings = self.settings
        self._quietly("panel", lambda: _apply_panel(settings), lambda _: None)

    def close(self, timeout_ms: int = 5000) -> bool:
        """End the workers. False where one hangs."""
        self._sticks_timer.stop()
        self._states.blockSignals(True)
        rendered = self.render.close(timeout_ms)
        return self._worker.close(timeout_ms) and rendered

    def _quietly(self, name: str, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run work that the teacher has not asked for: a failure is only logged."""
        self._worker.submit(name, work, then, lambda error: log.info("%s", error))


def _apply_panel(settings: Settings) -> None:
    if settings.volume != Settings().volume:
        set_volume(settings.volume)
    if settings.brightness:
        set_brightness(settings.brightness)
