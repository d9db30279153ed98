"""A whole kiosk in an offscreen window: real pipeline, library and threads, faked sound devices."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import QCoreApplication, Qt, QTranslator
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pronounce_kiosk import app
from pronounce_kiosk.app import Kiosk, build_kiosk
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.devices.microphone import MicrophoneStatus
from pronounce_kiosk.gui import language, sound, theme
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.states import State
from tests.fakes.devices import FakeClock, FakePower
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.speaker import FakeSpeaker

SCORE_MS = 60_000


@pytest.fixture(scope="session", autouse=True)
def _look(qapp: QApplication) -> None:
    theme.apply(qapp)


@pytest.fixture(autouse=True)
def _own_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A failed test keeps its window, and with it a translation that the next would get."""
    installed: list[QTranslator] = []
    install = QCoreApplication.installTranslator

    def remember(translator: QTranslator) -> bool:
        installed.append(translator)
        return install(translator)

    monkeypatch.setattr(language.QCoreApplication, "installTranslator", remember)
    yield
    for translator in installed:
        with contextlib.suppress(RuntimeError):  # deleted with its window, as it should be
            QCoreApplication.removeTranslator(translator)


@pytest.fixture(scope="session")
def lists() -> tuple[SentenceList, ...]:
    """Those that ship but for the lessons, which have tests of their own."""
    found = bundled_lists(Paths.default().assets_dir)
    return tuple(made for made in found if not made.targets)


@pytest.fixture(scope="session")
def scorer():  # type: ignore[no-untyped-def]
    """The classic pipeline with untrained weights: every stage is real, the score means nothing."""
    import torch

    from pronounce_kiosk.audio.mel import MelParameters
    from pronounce_kiosk.scoring.calibration import Calibration
    from pronounce_kiosk.scoring.classic.network import ClassicSiamese
    from pronounce_kiosk.scoring.classic.scorer import ClassicScorer

    torch.manual_seed(0)
    info = BundleInfo("untrained", "0" * 64)
    calibration = Calibration((0.0, 1.0), (0.0, 100.0))
    return ClassicScorer(ClassicSiamese(), MelParameters(), calibration, 2.0, info)


@pytest.fixture
def engine(scorer) -> PracticeEngine:  # type: ignore[no-untyped-def]
    from pronounce_kiosk.references.library import default_library

    return PracticeEngine(default_library(Paths.default(), Settings()), scorer)


def spoken(sentence: Sentence) -> AudioClip:
    """A learner: another voice of espeak-ng's, slower, after half a second of room."""
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
    from pronounce_kiosk.references.espeak_library import EspeakLibrary

    korean = sentence.language == "ko"
    text = standard_pronunciation(sentence.text) if korean else sentence.text
    said = EspeakLibrary().speak(text, "ko+f4" if korean else "en-us+f4", 145)
    room = np.random.default_rng(1).normal(0, 3e-4, said.sample_rate_hz // 2).astype(np.float32)
    return AudioClip.from_array(np.concatenate([room, said.samples]), said.sample_rate_hz)


class PatientMicrophone(FakeMicrophone):
    """Its time stands still ``hold_at_s`` into every take: what a test does in the middle of one
    is in the middle of it, however slow the machine is today. None lets the take go on.

    holding: whether it has come so far.
    """

    hold_at_s: float | None = None
    holding = False

    def poll(self) -> MicrophoneStatus:
        started_s, hold_s = self._started_s, self.hold_at_s
        self.holding = (
            started_s is not None and hold_s is not None and self._now_s - started_s >= hold_s
        )
        self._step_s = 0.0 if self.holding else 0.1
        return super().poll()


class Hands:
    """A learner's finger, and eyes that wait."""

    def __init__(
        self,
        kiosk: Kiosk,
        qtbot: QtBot,
        mic: PatientMicrophone,
        speaker: FakeSpeaker,
        power: FakePower,
    ) -> None:
        self.kiosk = kiosk
        self.window = kiosk.window
        self.model = kiosk.model
        self.microphone = mic
        self.speaker = speaker
        self.power = power
        self.taps = 0
        self._qtbot = qtbot

    def tap(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.taps += 1
        self._qtbot.mouseClick(widget, Qt.LeftButton)

    def tap_row(self, row: int) -> None:
        view = self.window.sentences.view
        index = self.window.sentences.model.index(row)
        view.scrollTo(index)
        where = view.visualRect(index).center()
        self.taps += 1
        self._qtbot.mouseClick(view.viewport(), Qt.LeftButton, pos=where)

    def wait(self, done: Callable[[], bool]) -> None:
        """Until it is so, or was: asked at each of the model's changes too, for what is over
        before anybody looks again."""
        was: list[bool] = []

        def look(*_: object) -> None:
            if not was and done():
                was.append(True)

        model = self.model
        changes = (
            model.state_changed,
            model.playback.changed,
            model.notices.changed,
            model.level_changed,
            model.closer_changed,
        )
        for change in changes:
            change.connect(look)
        try:
            self._qtbot.waitUntil(lambda: bool(was) or done(), timeout=SCORE_MS)
        finally:
            for change in changes:
                change.disconnect(look)

    def wait_for(self, *states: State) -> None:
        self.wait(lambda: self.model.state in states)

    def play_out(self) -> None:
        """The clip that is played comes to its end, once the sound's thread has begun it."""
        self.wait(lambda: self.speaker.playing)
        self.speaker.finish()

    def open_sentence(self, list_number: int = 1, row: int = 0) -> None:
        self.tap(self.window.home.cards[list_number])
        self.tap_row(row)
        assert self.model.state is State.PROMPT


@pytest.fixture
def make_hands(
    qtbot: QtBot,
    lists: tuple[SentenceList, ...],
    monkeypatch: pytest.MonkeyPatch,
    engine: PracticeEngine,
) -> Iterator[Callable[..., Hands]]:
    """Makes a running kiosk. take: what the learner says, a quiet room where None."""
    kiosks: list[Kiosk] = []

    def make(
        take: AudioClip | None = None,
        language: str = "en",
        build: Callable[[], PracticeEngine] = lambda: engine,
        settings: Settings | None = None,
        overrides: Mapping[str, object] | None = None,
    ) -> Hands:
        monkeypatch.setattr(app, "build_engine", lambda settings, paths: build())
        silence = AudioClip.from_array(np.zeros(0, np.float32), 16_000)
        microphone = PatientMicrophone(silence if take is None else take)
        # Its time is its own: 0.1 s a look, so a take need not last.
        monkeypatch.setattr(sound, "RECORDING_POLL_MS", 10)
        monkeypatch.setattr(sound, "IDLE_POLL_MS", 100)
        speaker = FakeSpeaker()
        power = FakePower()
        kiosk = build_kiosk(
            SettingsStore(settings, overrides),
            lists,
            language,
            lambda: microphone,
            lambda: speaker,
            power=power,
            clock=FakeClock(),
        )
        kiosks.append(kiosk)
        qtbot.addWidget(kiosk.window)
        kiosk.start()
        with qtbot.waitExposed(kiosk.window, timeout=SCORE_MS):
            kiosk.window.show()
        return Hands(kiosk, qtbot, microphone, speaker, power)

    yield make
    for kiosk in kiosks:
        assert kiosk.close(timeout_ms=60_000)


@pytest.fixture
def take(lists: tuple[SentenceList, ...]) -> AudioClip:
    """The first everyday sentence, said by another voice."""
    return spoken(lists[1].sentences[0])


@pytest.fixture
def repository() -> Path:
    return Path(__file__).resolve().parents[3]
