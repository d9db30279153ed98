"""The demonstration of the teacher's pages, by real taps, with a folder as a stick."""

from pathlib import Path
from typing import TypeVar

from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.demo.hands import Hands, voice
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


def plug_in(sticks: Path) -> Path:
    """Make a stick with a list that has two bad lines; return its folder."""
    folder = sticks / STICK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST_NAME).write_text(LIST, encoding="cp949")
    return folder


def walk(hands: Hands, area: TeacherArea) -> None:
    """Visit every page, from the PIN page and back to it."""
    _Walk(hands, area).run()


class _Walk:
    def __init__(self, hands: Hands, area: TeacherArea) -> None:
        self._hands = hands
        self._area = area
        self._model = area.model
        self._tap = hands.tap
        self._shoot = hands.shoot
        self._wait = hands.wait

    def run(self) -> None:
        self._hands.part = "teacher-"
        self._hands.settled = lambda: not self._model.busy
        self._pin()
        self._shoot("teacher")
        self._lists()
        self._voices()
        self._results()
        self._room()
        self._settings()
        self._switch_off()
        self._area.close_area()
        self._hands.part = ""

    def _pin(self) -> None:
        if not self._model.pin.is_set():
            self._page(MessagePage, "no-pin")
            self._area.ask_first_pin()
            self._shoot("first-pin")
            for _ in range(2):
                self._type_pin()
            self._page(TeacherHome)
            self._area.open()
        self._page(PinPage, "pin")
        self._type_pin()
        home = self._page(TeacherHome)
        self._wait(lambda: bool(self._model.lists), "the lists")
        self._wait(lambda: home.tiles["eject"].isEnabled(), "the stick")

    def _type_pin(self) -> None:
        page = self._page(PinPage)
        for digit in PIN:
            self._tap(page.digits[digit])
        self._tap(page.done_key)
        self._settle()

    def _lists(self) -> None:
        lists = self._open("lists", ListsPage)
        self._tap(lists.import_button, "where")
        self._row(self._page(FilesPage).rows)
        self._wait(lambda: self._area.title() == STICK, "the stick's files", "files")
        self._row(self._page(FilesPage).rows)
        preview = self._page(PreviewPage)
        self._wait(preview.add_button.isEnabled, "the preview", "preview")
        self._ask(preview.add_button, "imported", answer=-1)
        self._row(lists.rows, "lists")
        self._ask(lists.export_button, "exported", answer=-1)
        self._tap(lists.open_button)
        sentences = self._page(SentencesPage)
        self._row(sentences.rows, "sentences-edit")
        self._tap(sentences.edit_button)
        self._page(EditPage, "edit")
        self._home()

    def _voices(self) -> None:
        page = self._open("references", Page)
        self._row(page.findChildren(RowsView)[0])
        voices = self._page(ReferencesPage)
        self._tap(voices.render_button)
        self._wait(lambda: not self._model.render.active, "the voices")
        self._row(voices.rows, "voices")
        self._tap(voices.record_button)
        self._page(RecordPage, "record-mine")
        self._home()

    def _results(self) -> None:
        page = self._open("results", ResultsPage)
        self._wait(lambda: page.results is not None, "the results")
        for view in VIEWS:
            self._tap(page.choices.buttons[view], f"results-{view}")
        self._tap(page.choices.buttons["learners"])
        if page.rows.rows:
            self._row(page.rows)
            learner = self._page(LearnerPage, "learner")
            self._tap(learner.forget_button, "delete-learner")
        self._home()

    def _room(self) -> None:
        room = self._open("room", RoomPage, "room")
        self._tap(room.start_button, "room-quiet")
        room.quiet_ms = 2000
        self._wait(lambda: room.step == "speak", "the sentence to say")
        hands = self._hands
        lists = [found for found in hands.model.lists if found.language == hands.language]
        hands.sound.speak(voice(lists[0].sentences[0]), wait=False)
        self._shoot("room-speak")
        self._wait(lambda: room.step == "report", "the room's report", "room-report")
        self._home()

    def _settings(self) -> None:
        settings = self._open("settings", SettingsPage)
        tabs = settings.tabs.buttons
        for tab in TABS:
            self._tap(tabs[tab], f"settings-{tab}")
        self._tap(tabs["device"])
        self._tap(settings.clock_button)
        self._page(ClockPage, "clock")
        self._area.back_to(settings)
        self._tap(tabs["practice"])
        self._ask(settings.keep.buttons[500], "keep-takes", answer=0)
        self._home()
        self._shoot("takes-kept")
        self._model.change_settings(keep_takes=False)

    def _switch_off(self) -> None:
        """Switch off; the demonstration's device stays on."""
        home = self._page(TeacherHome)
        if not home.tiles["power"].isVisible():
            return
        self._ask(home.tiles["power"], "switch-off", answer=0)
        self._shoot("goodbye")
        self._model.switching_off.emit(False)

    def _open(self, name: str, kind: type[P], shot: str = "") -> P:
        self._tap(self._page(TeacherHome).tiles[name])
        self._settle()
        return self._page(kind, shot)

    def _home(self) -> None:
        """Go back through all pages to the home page."""
        while not isinstance(self._area.page, TeacherHome):
            self._area.close_page(self._page(Page))

    def _page(self, kind: type[P], shot: str = "") -> P:
        self._wait(lambda: isinstance(self._area.page, kind), kind.__name__, shot)
        page = self._area.page
        assert isinstance(page, kind)
        return page

    def _ask(self, button: QWidget, shot: str, answer: int) -> None:
        """Tap a button whose message is answered by one of its buttons."""
        self._tap(button)
        message = self._page(MessagePage, shot)
        self._tap(message.buttons[answer])

    def _row(self, rows: RowsView, shot: str = "") -> None:
        """Tap the first row."""
        self._wait(lambda: len(rows.rows) > 0, "the rows")
        self._hands.tap_row(rows.view, 0, shot)

    def _settle(self) -> None:
        self._wait(self._hands.settled, "the background")
