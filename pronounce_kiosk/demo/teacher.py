"""The demonstration of the teacher's pages, by real taps, with a folder as a stick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui.teacher.area import TeacherArea
from pronounce_kiosk.gui.teacher.clock import ClockPage
from pronounce_kiosk.gui.teacher.edit import EditPage
from pronounce_kiosk.gui.teacher.home import TeacherHome
from pronounce_kiosk.gui.teacher.lists import ListsPage, SentencesPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.gui.teacher.navigation import MessagePage, Page
from pronounce_kiosk.gui.teacher.page_widgets import RowsView
from pronounce_kiosk.gui.teacher.recording import RecordPage
from pronounce_kiosk.gui.teacher.references import ReferencesPage
from pronounce_kiosk.gui.teacher.results import VIEWS, LearnerPage, ResultsPage
from pronounce_kiosk.gui.teacher.room import RoomPage
from pronounce_kiosk.gui.teacher.settings import TABS, SettingsPage
from pronounce_kiosk.gui.teacher.transfer import FilesPage, PreviewPage

P = TypeVar("P", bound=Page)

PIN = "4821"
STICK = "CLASS 3-2"
LIST_NAME = "3-2반.csv"
LIST = (
    "문장,번역\n오늘은 학교에서 친구들과 점심을 먹었습니다.,We had lunch at school today.\n"
    "=cmd|'/c calc'!A0,Run\n꽃잎이 떨어져요.,Petals are falling.\n"
    "꽃잎이 떨어져요.,The same again.\n"
)


class Hands(Protocol):
    """The demonstration's functions for taps, waiting, pictures and speech."""

    def tap(self, widget: QWidget) -> None:
        """Tap a widget."""

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Wait until it is done."""

    def shoot(self, name: str) -> None:
        """Take a picture of the window."""

    def speak(self) -> None:
        """Speak the sentence into the microphone."""


def plug_in(sticks: Path) -> Path:
    """Make a stick with a list that has two bad lines; return its folder."""
    folder = sticks / STICK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST_NAME).write_text(LIST, encoding="cp949")
    return folder


def walk(area: TeacherArea, hands: Hands) -> None:
    """Visit every page, from the PIN page and back to it."""
    _Walk(area, hands).run()


class _Walk:
    def __init__(self, area: TeacherArea, hands: Hands) -> None:
        self._area = area
        self._model = area.model
        self._hands = hands

    def run(self) -> None:
        self._pin()
        self._shoot("teacher")
        self._lists()
        self._voices()
        self._results()
        self._room_and_settings()
        self._switch_off()
        self._area.close_area()

    def _pin(self) -> None:
        if not self._model.pin.is_set():
            self._page(MessagePage)
            self._shoot("no-pin")
            self._area.ask_first_pin()
            self._shoot("first-pin")
            for _ in range(2):
                self._type_pin()
            self._page(TeacherHome)
            self._area.open()
        self._page(PinPage)
        self._shoot("pin")
        self._type_pin()
        home = self._page(TeacherHome)
        self._wait(lambda: bool(self._model.lists), "the lists")
        self._wait(lambda: home.tiles["eject"].isEnabled(), "the stick")

    def _type_pin(self) -> None:
        page = self._page(PinPage)
        for digit in PIN:
            self._hands.tap(page.digits[digit])
        self._hands.tap(page.done_key)
        self._settle()

    def _lists(self) -> None:
        self._open("lists")
        lists = self._page(ListsPage)
        self._hands.tap(lists.import_button)
        self._shoot("where")
        self._row(self._page(FilesPage).rows, 0)
        self._wait(lambda: self._area.title() == STICK, "the stick's files")
        self._settle()
        self._shoot("files")
        self._row(self._page(FilesPage).rows, 0)
        preview = self._page(PreviewPage)
        self._wait(preview.add_button.isEnabled, "the preview")
        self._shoot("preview")
        self._hands.tap(preview.add_button)
        message = self._page(MessagePage)
        self._shoot("imported")
        self._hands.tap(message.buttons[-1])
        self._row(lists.rows, 0)
        self._shoot("lists")
        self._hands.tap(lists.export_button)
        message = self._page(MessagePage)
        self._shoot("exported")
        self._hands.tap(message.buttons[-1])
        self._hands.tap(lists.open_button)
        sentences = self._page(SentencesPage)
        self._row(sentences.rows, 0)
        self._shoot("sentences-edit")
        self._hands.tap(sentences.edit_button)
        self._page(EditPage)
        self._shoot("edit")
        self._home()

    def _voices(self) -> None:
        self._open("references")
        page = self._area.page
        assert page is not None
        self._row(page.findChildren(RowsView)[0], 0)
        voices = self._page(ReferencesPage)
        self._hands.tap(voices.render_button)
        self._wait(lambda: not self._model.render.active, "the voices")
        self._row(voices.rows, 0)
        self._shoot("voices")
        self._hands.tap(voices.record_button)
        self._page(RecordPage)
        self._shoot("record-mine")
        self._home()

    def _results(self) -> None:
        self._open("results")
        page = self._page(ResultsPage)
        self._wait(lambda: page.results is not None, "the results")
        for view in VIEWS:
            self._hands.tap(page.choices.buttons[view])
            self._shoot(f"results-{view}")
        self._hands.tap(page.choices.buttons["learners"])
        if page.rows.rows:
            self._row(page.rows, 0)
            learner = self._page(LearnerPage)
            self._settle()
            self._shoot("learner")
            self._hands.tap(learner.forget_button)
            self._shoot("delete-learner")
        self._home()

    def _room_and_settings(self) -> None:
        self._open("room")
        room = self._page(RoomPage)
        self._shoot("room")
        self._hands.tap(room.start_button)
        self._shoot("room-quiet")
        room.quiet_ms = 2000
        self._wait(lambda: room.step == "speak", "the sentence to say")
        self._hands.speak()
        self._shoot("room-speak")
        self._wait(lambda: room.step == "report", "the room's report")
        self._shoot("room-report")
        self._home()
        self._open("settings")
        settings = self._page(SettingsPage)
        for tab in TABS:
            self._hands.tap(settings.tabs.buttons[tab])
            self._settle()
            self._shoot(f"settings-{tab}")
        self._hands.tap(settings.tabs.buttons["device"])
        self._hands.tap(settings.clock_button)
        self._page(ClockPage)
        self._shoot("clock")
        self._area.back_to(settings)
        self._hands.tap(settings.tabs.buttons["practice"])
        self._hands.tap(settings.keep.buttons[500])
        message = self._page(MessagePage)
        self._shoot("keep-takes")
        self._hands.tap(message.buttons[0])
        self._home()
        self._shoot("takes-kept")
        self._model.change_settings(keep_takes=False)

    def _switch_off(self) -> None:
        """Switch off, if the device's power is simulated."""
        home = self._page(TeacherHome)
        if not home.tiles["power"].isVisible():
            return
        self._hands.tap(home.tiles["power"])
        message = self._page(MessagePage)
        self._shoot("switch-off")
        self._hands.tap(message.buttons[0])
        self._settle()
        self._shoot("goodbye")
        self._model.switching_off.emit(False)

    # ---- helpers ----

    def _open(self, name: str) -> None:
        self._hands.tap(self._page(TeacherHome).tiles[name])
        self._settle()

    def _home(self) -> None:
        """Go back through all pages to the home page."""
        while not isinstance(self._area.page, TeacherHome):
            page = self._area.page
            assert page is not None
            self._area.close_page(page)

    def _page(self, kind: type[P]) -> P:
        self._wait(lambda: isinstance(self._area.page, kind), kind.__name__)
        page = self._area.page
        assert isinstance(page, kind)
        return page

    def _row(self, rows: RowsView, number: int) -> None:
        self._wait(lambda: len(rows.rows) > number, "the rows")
        index = rows.view.model().index(number, 0)
        rows.view.scrollTo(index)
        where = rows.view.visualRect(index).center()
        QTest.mouseClick(rows.view.viewport(), Qt.LeftButton, Qt.NoModifier, where)

    def _settle(self) -> None:
        self._wait(lambda: not self._model.busy, "the background")

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        self._hands.wait(done, what)

    def _shoot(self, name: str) -> None:
        self._settle()
        self._hands.shoot(name)
