"""The teacher's area in a frame like the kiosk's window: real store, sticks as folders, real worker
threads, the real engine where a test asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.demo.devices import FolderSticks
from pronounce_kiosk.devices.microphone import OnBlock
from pronounce_kiosk.gui import sound, theme
from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.sound import Sound
from pronounce_kiosk.gui.teacher import model
from pronounce_kiosk.gui.teacher.area import TeacherArea
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.page_widgets import RowsView
from pronounce_kiosk.gui.widgets.top_bar import TopBar
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.language.korean.jamo import decompose, is_hangul_syllable
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.references.library import ReferenceLibrary, default_library
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.engine import PracticeEngine
from tests.fakes.devices import FakeClock, FakePower
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.speaker import FakeSpeaker

WAIT_MS = 60_000
PIN = "1234"


@pytest.fixture(scope="session", autouse=True)
def _look(qapp: QApplication) -> None:
    theme.apply(qapp)


@pytest.fixture(scope="session")
def lists() -> tuple[SentenceList, ...]:
    return bundled_lists(Paths.default().assets_dir)


class Unreachable(GttsEngine):
    def render(self, sentence: Sentence) -> Reference:
        raise ReferenceFailedError("no network", reason="unreachable")


def library_without_network() -> ReferenceLibrary:
    library = default_library(Paths.default(), Settings())
    library.gtts = Unreachable()
    return library


class Frame(QWidget):
    """Top bar and area, as the kiosk's window has them."""

    def __init__(self, model: TeacherModel, language: Language) -> None:
        super().__init__()
        self.setObjectName("window")
        self.top_bar = TopBar(self)
        self.area = TeacherArea(model, language, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.area, 1)
        self.resize(800, 480)
        self.top_bar.back_button.clicked.connect(self.area.back)
        self.area.title_changed.connect(
            lambda: self.top_bar.set_title(self.area.title(), has_back=True)
        )


class Microphones:
    """A microphone that hears the next clip at every start, the last one from then on."""

    name = "Fake Microphone"

    def __init__(self) -> None:
        self.clips: list[AudioClip] = []
        self._now = FakeMicrophone(AudioClip.from_array(np.zeros(0, np.float32), 16_000))

    def hear(self, *clips: AudioClip) -> None:
        """What the coming recordings hear."""
        self.clips = list(clips)

    def start(self, on_block: OnBlock) -> None:
        if self.clips:
            clip = self.clips.pop(0) if len(self.clips) > 1 else self.clips[0]
            self._now = FakeMicrophone(clip)
        self._now.start(on_block)

    def __getattr__(self, name: str) -> object:
        return getattr(self._now, name)


class Desk:
    """A teacher's finger, and eyes that wait."""

    def __init__(
        self,
        qtbot: QtBot,
        root: Path,
        language: str,
        settings: Settings,
        overrides: Mapping[str, object],
    ) -> None:
        self._qtbot = qtbot
        self.root = root
        self.microphone = Microphones()
        self.speaker = FakeSpeaker()
        self.sticks = FolderSticks(root / "sticks")
        self.power = FakePower()
        self.clock = FakeClock()
        paths = Paths.default()
        self.store = ListStore(paths.data_dir / "lists", bundled_lists(paths.assets_dir))
        self.language = Language(language)
        self.sound = Sound(lambda: self.microphone, lambda: self.speaker)
        self.engine_worker = Worker("engine")
        self.library = library_without_network()
        self.engine: Callable[[], PracticeEngine] = lambda: pytest.fail("no engine here")
        self.model = TeacherModel(
            paths,
            SettingsStore(settings, overrides),
            self.store,
            self.sticks,
            Worker("teacher"),
            self.sound,
            self._submit,
            self.power,
            lambda: self.library,
            self.clock,
        )
        self.frame = Frame(self.model, self.language)
        self.area = self.frame.area
        qtbot.addWidget(self.frame)
        self.sound.start()
        self.engine_worker.start()
        self.model.start()
        with qtbot.waitExposed(self.frame, timeout=WAIT_MS):
            self.frame.show()

    def _submit(self, name, work, ok, fail, wanted=lambda: True):  # type: ignore[no-untyped-def]
        self.engine_worker.submit(name, lambda: work(self.engine()), ok, fail, wanted)

    def plug(self, name: str = "CLASS") -> Path:
        """Plug a stick in; its folder."""
        folder = self.root / "sticks" / name
        folder.mkdir(parents=True)
        return folder

    def tap(self, widget: QWidget) -> None:
        assert widget.isVisible(), widget.accessibleName()
        assert widget.isEnabled(), widget.accessibleName()
        self._qtbot.mouseClick(widget, Qt.LeftButton)

    def tap_row(self, rows: RowsView, start: str) -> None:
        """The row whose title begins so."""
        self.wait(lambda: any(row.title.startswith(start) for row in rows.rows))
        number = next(i for i, row in enumerate(rows.rows) if row.title.startswith(start))
        index = rows.view.model().index(number, 0)
        rows.view.scrollTo(index)
        where = rows.view.visualRect(index).center()
        self._qtbot.mouseClick(rows.view.viewport(), Qt.LeftButton, pos=where)

    def wait(self, done: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(done, timeout=WAIT_MS)

    def wait_for(self, kind: type) -> None:
        self.wait(lambda: isinstance(self.area.page, kind))

    def type_pin(self, pin: str = PIN) -> None:
        page = self.area.page
        for digit in pin:
            self.tap(page.digits[digit])
        self.tap(page.done_key)

    def enter(self) -> None:
        """Through the door, with a PIN."""
        from pronounce_kiosk.gui.teacher.home import TeacherHome

        if not self.model.pin.is_set():
            self.model.pin.set(PIN)
        self.area.open()
        self.type_pin()
        self.wait_for(TeacherHome)
        self.wait(lambda: bool(self.model.lists) and not self.model.busy)

    def go(self, name: str) -> None:
        """From the teacher's home to a page."""
        self.tap(self.area.page.tiles[name])
        self.wait(lambda: not self.model.busy)

    def back(self) -> None:
        self.tap(self.frame.top_bar.back_button)

    def buttons(self) -> list[QAbstractButton]:
        return [b for b in self.frame.findChildren(QAbstractButton) if b.isVisible()]

    def close(self) -> bool:
        closed = [self.model.close(WAIT_MS), self.engine_worker.close(WAIT_MS)]
        return all([*closed, self.sound.close(WAIT_MS)])


@pytest.fixture
def make_desk(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []
    # The fake microphone's time is its own, and a stick is seen soon.
    monkeypatch.setattr(sound, "RECORDING_POLL_MS", 10)
    monkeypatch.setattr(model, "STICKS_LOOK_MS", 100)

    def make(language: str = "en", settings: Settings | None = None, **overrides: object) -> Desk:
        desk = Desk(qtbot, tmp_path, language, settings or Settings(), overrides)
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        assert desk.close()
        desk.language.set("en")


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture(scope="session")
def scorer():  # type: ignore[no-untyped-def]
    """The shipped model: what it says of a recording decides whether it is kept."""
    from pronounce_kiosk.bundles.load import load_bundle

    return load_bundle(Paths.default().models_dir / "aligned-2").scorer


@pytest.fixture
def engine(scorer) -> PracticeEngine:  # type: ignore[no-untyped-def]
    return PracticeEngine(library_without_network(), scorer)


@pytest.fixture
def in_list(desk):  # type: ignore[no-untyped-def]
    """A desk with a list of three sentences open."""
    texts = ("하나.", "둘.", "셋.")
    sentences = tuple(Sentence(f"s{i}", text, "ko") for i, text in enumerate(texts))
    desk.store.import_list(SentenceList("반", "반", "ko", sentences))
    from pronounce_kiosk.gui.teacher.lists import SentencesPage

    desk.enter()
    desk.go("lists")
    desk.tap_row(desk.area.page.rows, "반")
    desk.tap(desk.area.page.open_button)
    desk.wait_for(SentencesPage)
    return desk


def texts_of(desk) -> list[str]:  # type: ignore[no-untyped-def]
    desk.wait(lambda: not desk.model.busy)
    return [sentence.text for sentence in desk.store.get("반").list.sentences]


def message(desk) -> str:  # type: ignore[no-untyped-def]
    from pronounce_kiosk.gui.teacher.navigation import MessagePage

    desk.wait_for(MessagePage)
    return str(desk.area.page.text_label.text())


_WHOLES = "ㅗㅏㅘ ㅗㅐㅙ ㅗㅣㅚ ㅜㅓㅝ ㅜㅔㅞ ㅜㅣㅟ ㅡㅣㅢ "
_WHOLES += "ㄱㅅㄳ ㄴㅈㄵ ㄴㅎㄶ ㄹㄱㄺ ㄹㅁㄻ ㄹㅂㄼ ㄹㅅㄽ ㄹㅌㄾ ㄹㅍㄿ ㄹㅎㅀ ㅂㅅㅄ"
_PARTS = {each[2]: each[:2] for each in _WHOLES.split()}


def keys_of(text: str) -> str:
    """The keys that type a text: the inverse of `Composer`."""
    keys = ""
    for ch in text:
        for jamo in decompose(ch) if is_hangul_syllable(ch) else ch:
            keys += _PARTS.get(jamo, jamo)
    return keys
