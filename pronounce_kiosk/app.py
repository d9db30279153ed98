"""The kiosk: builds all parts and wires them. Nothing heavy is loaded before the window is painted.

pronounce-kiosk kiosk [--windowed] [--demo DIR] [--language ko|en] [--list FILE]
                      [--microphone NAME]
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PyQt5.QtCore import (
    QMessageLogContext,
    QSocketNotifier,
    Qt,
    QtCriticalMsg,
    QtFatalMsg,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PyQt5.QtWidgets import QApplication, QLabel

from pronounce_kiosk.core.errors import KioskError, SentenceListError, UsageError
from pronounce_kiosk.core.lock import ALREADY_RUNNING as ALREADY_RUNNING_TEXTS
from pronounce_kiosk.core.lock import ProcessLock
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.service import in_journal, notify, watchdog_interval_s
from pronounce_kiosk.core.settings import Settings, load_settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.core.tuning import SCORING_THREADS
from pronounce_kiosk.demo.devices import DemoClock, DemoPower, FolderSticks
from pronounce_kiosk.devices.clock import Clock
from pronounce_kiosk.devices.microphone import Microphone
from pronounce_kiosk.devices.power import Power
from pronounce_kiosk.devices.programs import changed_environment
from pronounce_kiosk.devices.speaker import Speaker
from pronounce_kiosk.devices.stick import Sticks
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.bundle_watch import BundleWatch
from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.language import LANGUAGES, Language
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.scoring_jobs import ScoringJobs
from pronounce_kiosk.gui.sound import Sound
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.uncaught import UncaughtErrors
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.engine import PracticeEngine

if TYPE_CHECKING:
    from pronounce_kiosk.references.library import ReferenceLibrary

log = logging.getLogger(__name__)

DONE, ALREADY_RUNNING, FAILED = 0, 1, 2
LOCK_NAME = "kiosk.lock"
SAID_FOR_MS = 4000
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@dataclass(frozen=True)
class Kiosk:
    """All parts of a running kiosk, for whoever drives it: a person, the demo, a test."""

    window: KioskWindow
    model: KioskModel
    language: Language
    sound: Sound
    worker: Worker
    teacher: TeacherModel

    def start(self) -> None:
        """Show the window; once it is painted, load what is heavy behind it."""
        self.sound.start()
        self.worker.start()
        self.teacher.start()
        self.window.first_painted.connect(lambda: QTimer.singleShot(0, self.model.start))

    def close(self, timeout_ms: int = 6000) -> bool:
        """End both threads. False where one hangs in a device or still loads the model."""
        self.window.close()
        taught = self.teacher.close(timeout_ms)
        return self.model.close(timeout_ms) and taught


def main(argv: Sequence[str] | None = None) -> int:
    """Run the kiosk. 0: left in order; 1: another kiosk is running; 2: it cannot start."""
    options = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
    if options.demo is None:
        return _run_kiosk(options)
    return _run_demo(options)


def build_kiosk(
    settings: SettingsStore,
    lists: Sequence[SentenceList],
    language: str | None = None,
    make_microphone: Callable[[], Microphone] | None = None,
    make_speaker: Callable[[], Speaker] | None = None,
    sticks: Sticks | None = None,
    power: Power | None = None,
    clock: Clock | None = None,
) -> Kiosk:
    """Put the parts together; needs a QApplication. Nothing runs before `Kiosk.start`.

    lists: those that ship; the teacher's own come over them from the data folder.
    """
    paths = Paths.default()
    start = settings.current
    store = ListStore(paths.data_dir / "lists", lists)
    speech = Language(language or start.interface_language)

    def build() -> PracticeEngine:
        _warm_words()
        return build_engine(settings.current, Paths.default())

    jobs = ScoringJobs(build)

    def open_microphone() -> Microphone:
        return Microphone(settings.current.microphone_name or None)

    sound = Sound(
        make_microphone or open_microphone,
        make_speaker or Speaker,
        start.silence_end_ms,
        start.max_take_s,
    )
    model = KioskModel(
        store.visible(),
        jobs,
        sound,
        LearnerHistory(Worker("history"), lambda: HistoryStore(Paths.default().data_dir)),
        settings,
    )
    watch_bundle(model, Paths.default())
    teacher = TeacherModel(
        paths,
        settings,
        store,
        sticks or Sticks(),
        Worker("teacher"),
        sound,
        jobs.with_engine,
        power or Power(),
        lambda: build_library(settings.current, paths),
        clock or Clock(),
    )
    window = KioskWindow(model, speech, pronunciation, teacher=teacher)
    return Kiosk(window, model, speech, sound, jobs, teacher)


def build_library(settings: Settings, paths: Paths) -> ReferenceLibrary:
    """Make a reference library; each thread that uses one has its own."""
    from pronounce_kiosk.references.library import default_library

    return default_library(paths, settings)


def build_engine(settings: Settings, paths: Paths) -> PracticeEngine:
    """Library and scorer. Loads torch: seconds, so a job of the worker."""
    import torch

    from pronounce_kiosk.bundles.activation import start_bundle
    from pronounce_kiosk.session.warmup import warm_up

    torch.set_num_threads(settings.threads or SCORING_THREADS)
    name = settings.reference_engine
    library = build_library(settings, paths)
    scorer = start_bundle(paths).scorer
    warm_up(scorer)
    return PracticeEngine(library, scorer, None if name == "auto" else name)


def watch_bundle(model: KioskModel, paths: Paths) -> BundleWatch:
    """Take a bundle that is activated while the kiosk runs; say so where one does not work."""
    from pronounce_kiosk.bundles.activation import activation_file, newer_bundle, read_activation

    def newer(engine: PracticeEngine) -> PracticeEngine | None:
        bundle = newer_bundle(paths, engine.scorer.info)
        return None if bundle is None else engine.with_scorer(bundle.scorer)

    def has_failed() -> bool:
        return read_activation(paths).failed is not None

    return BundleWatch(model, activation_file(paths), newer, has_failed)


def pronunciation(sentence: Sentence) -> str:
    """How a Korean sentence is said, "" where it is said as written and for other languages."""
    if sentence.language != "ko":
        return ""
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation

    said = sentence.pronunciation or standard_pronunciation(sentence.text)
    return "" if said == sentence.text else said


def _warm_words() -> None:
    """Load the tables of Korean sound changes, which take a moment the first time."""
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation

    standard_pronunciation("준비")


def _run_kiosk(options: argparse.Namespace) -> int:
    settings = load_settings()
    paths = Paths.default()
    lock = ProcessLock(paths.data_dir / LOCK_NAME)
    if not lock.acquire():
        _say_already_running(options.language or settings.interface_language)
        return ALREADY_RUNNING
    with _application() as application, lock:
        lists, problem = _lists(options, paths)
        named = options.microphone
        for_this_run = {} if named is None else {"microphone_name": named}
        store = SettingsStore(settings, for_this_run)
        kiosk = build_kiosk(store, lists, options.language)
        guard(kiosk)
        if problem is not None:
            QTimer.singleShot(0, partial(kiosk.model.fail, problem))
        _tell_service_manager(kiosk.window)
        kiosk.start()
        if settings.fullscreen and not options.windowed:
            # A finger needs no arrow, and one left in the middle of the screen hides a word.
            application.setOverrideCursor(Qt.BlankCursor)
            kiosk.window.showFullScreen()
        else:
            kiosk.window.show()
        kiosk.window.ask_first_pin()
        with _quit_on_signals(application):
            code = int(application.exec_())
        if not kiosk.close():
            # Qt ends the program with a crash where a thread still runs; nothing is left to save.
            log.info("a thread did not end in time: leaving without it")
            lock.release()
            logging.shutdown()
            os._exit(code)
        return code


def _run_demo(options: argparse.Namespace) -> int:
    """The demonstration: a sound server and a home of its own; nothing of the user's is touched."""
    from pronounce_kiosk.demo.learner import run_demo
    from pronounce_kiosk.demo.sound import VirtualSound
    from pronounce_kiosk.demo.teacher import plug_in

    folder: Path = options.demo.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if not _has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with contextlib.ExitStack() as stack:
        if HOME_VARIABLE not in os.environ:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-demo-"))
            stack.enter_context(changed_environment({HOME_VARIABLE: home}))
        sound = stack.enter_context(VirtualSound())
        stack.enter_context(sound.applied())
        application = stack.enter_context(_application())
        lists, problem = _lists(options, Paths.default())
        if problem is not None:
            raise problem
        sticks = Paths.default().cache_dir / "demo-sticks"
        plug_in(sticks)
        kiosk = build_kiosk(
            SettingsStore(),
            lists,
            "ko",
            sticks=FolderSticks(sticks),
            power=DemoPower(),
            clock=DemoClock(),
        )
        guard(kiosk)
        kiosk.start()
        kiosk.window.show()
        try:
            with _quit_on_signals(application):
                return DONE if run_demo(kiosk.window, kiosk.model, sound, folder) else FAILED
        finally:
            # Nobody waits here for the device to be free, so the threads may take their time.
            kiosk.close(timeout_ms=120_000)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pronounce-kiosk kiosk", description="Open the kiosk's window."
    )
    parser.add_argument("--windowed", action="store_true", help="an 800x480 window, not the screen")
    parser.add_argument(
        "--demo",
        type=Path,
        metavar="DIR",
        help="play a learner's way through every screen; write PNGs and result.json to DIR",
    )
    parser.add_argument("--language", choices=LANGUAGES, help="language of the interface")
    parser.add_argument("--list", type=Path, metavar="FILE", help="a sentence list to offer first")
    parser.add_argument("--microphone", metavar="NAME", help="part of the microphone's name")
    return parser


def _lists(
    options: argparse.Namespace, paths: Paths
) -> tuple[tuple[SentenceList, ...], KioskError | None]:
    """The lists to offer; a problem with the bundled ones is shown rather than ending the kiosk."""
    own: tuple[SentenceList, ...] = ()
    if options.list is not None:
        result = read_list(options.list)
        for problem in result.problems:
            log.info("%s, line %d: %s", options.list, problem.line, problem.message)
        if not result.sentence_list.sentences:
            raise UsageError(f"There is no sentence in {options.list}: see lists check.")
        own = (result.sentence_list,)
    try:
        return (*own, *bundled_lists(paths.assets_dir)), None
    except SentenceListError as error:
        return own, None if own else error


def _has_screen() -> bool:
    return any(os.environ.get(name) for name in _SCREENS)


@contextlib.contextmanager
def _application() -> Iterator[QApplication]:
    """The QApplication with the kiosk's look."""
    before = qInstallMessageHandler(_on_qt_message)
    application = QApplication(["pronounce-kiosk"])
    application.setApplicationName("pronounce-kiosk")
    theme.apply(application)
    hooks = sys.excepthook, threading.excepthook
    try:
        yield application
    finally:
        sys.excepthook, threading.excepthook = hooks
        qInstallMessageHandler(before)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    """What Qt has to say goes to the log; a learner's screen has no terminal."""
    levels = {QtCriticalMsg: logging.ERROR, QtFatalMsg: logging.CRITICAL}
    log.log(levels.get(kind, logging.INFO), "Qt: %s", text)


def _tell_service_manager(window: KioskWindow) -> None:
    """Tell systemd that the window is painted, and then that it is alive.

    The window's own thread says so: a frozen window is restarted. No service: nothing happens.
    """
    window.first_painted.connect(lambda: notify("READY=1"))
    interval_s = watchdog_interval_s()
    if interval_s is not None:
        timer = QTimer(window)
        timer.timeout.connect(lambda: notify("WATCHDOG=1"))
        timer.start(round(interval_s * 1000))


def _say_already_running(language: str) -> None:
    """In one sentence, on the terminal and, where somebody started it by hand, on the screen."""
    text = ALREADY_RUNNING_TEXTS[language]
    print(text, file=sys.stderr)
    if in_journal() or not _has_screen():
        return
    with _application() as application:
        label = QLabel(text)
        label.setObjectName("window")
        label.setContentsMargins(40, 40, 40, 40)
        label.show()
        QTimer.singleShot(SAID_FOR_MS, application.quit)
        application.exec_()


def guard(kiosk: Kiosk) -> None:
    """Show the failsafe screen for an exception that nobody caught; Qt would end the program."""
    errors = UncaughtErrors(kiosk.window)
    errors.happened.connect(kiosk.model.fail)
    errors.ended.connect(lambda: QApplication.exit(FAILED))
    errors.install()


@contextlib.contextmanager
def _quit_on_signals(application: QApplication) -> Iterator[None]:
    """Leave in order on SIGTERM and SIGINT.

    Python sees a signal only when its code runs: its number comes through a socket that Qt's
    event loop watches.
    """

    def on_signal(number: int, frame: FrameType | None) -> None:
        application.quit()

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Read)  # type: ignore[arg-type]
    notifier.activated.connect(lambda: reader.recv(64))
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        notifier.setEnabled(False)
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        reader.close()
        writer.close()
