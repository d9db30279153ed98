"""Every page of the teacher's in both languages, asked of Qt: nothing clipped, overlapping, outside
the window, too small for a finger or without a name; and every control reached by Tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import pytest
from PyQt5.QtCore import QEvent, QPoint, QRect, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError, SentenceListError
from pronounce_kiosk.core.score import BundleInfo, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.teacher import settings as settings_module
from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.chart import DayChart
from pronounce_kiosk.gui.teacher.clock import ClockPage
from pronounce_kiosk.gui.teacher.edit import FIELDS, EditPage, NamePage
from pronounce_kiosk.gui.teacher.home import TeacherHome
from pronounce_kiosk.gui.teacher.lists import ListsPage, SentencesPage
from pronounce_kiosk.gui.teacher.lock import Dots, PinPage, no_pin_page
from pronounce_kiosk.gui.teacher.recording import RecordPage
from pronounce_kiosk.gui.teacher.references import ReferencesPage, VoicesPage
from pronounce_kiosk.gui.teacher.report import Results
from pronounce_kiosk.gui.teacher.results import VIEWS, LearnerPage, ResultsPage
from pronounce_kiosk.gui.teacher.room import RoomPage
from pronounce_kiosk.gui.teacher.settings import TABS, SettingsPage
from pronounce_kiosk.gui.teacher.sticks import StickPage, eject_action
from pronounce_kiosk.gui.teacher.transfer import FilesPage, PreviewPage
from pronounce_kiosk.gui.widgets.buttons import RoundButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.history.records import Confusion, DayRow, Learner, LearnerRow
from pronounce_kiosk.sentences.messages import LIST_ERROR_MESSAGES, PROBLEM_MESSAGES, Problem
from pronounce_kiosk.sentences.stored import Change
from pronounce_kiosk.session.recording_check import CheckedRecording
from pronounce_kiosk.session.room import DISTANCE_KEYS, MICROPHONE_KEYS, ROOM_KEYS, RoomReport

CHANGES = (
    *("import", "edit", "add", "move", "rename", "hide", "show", "delete"),
    *("record", "restore"),
)
LANGUAGES = ("ko", "en")
LONG = "우리는 내일 아침 일찍 기차를 타고 할머니께서 사시는 시골 마을에 놀러 가기로 했습니다."


def visible(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.width() and widget.height():
            yield widget


def place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def faults(root: QWidget) -> Iterator[str]:
    things: list[QWidget] = []
    for widget in visible(root):
        text = widget.text() if callable(getattr(widget, "text", None)) else ""
        name = f"{type(widget).__name__} {widget.accessibleName() or text!r}"
        if isinstance(widget, FittedLabel) and not widget.fitted().fits:
            yield f"does not fit: {name} in {widget.size()}"
        if isinstance(widget, QLabel) and text:
            box = widget.contentsRect()
            flags = int(Qt.TextWordWrap) if widget.wordWrap() else 0
            needed = widget.fontMetrics().boundingRect(box, flags, text)
            if needed.width() > box.width() or needed.height() > box.height():
                yield f"clipped: {name} needs {needed} has {box}"
        if isinstance(widget, QPushButton) and text:
            icon = 0 if widget.icon().isNull() else widget.iconSize().width() + 4
            needed_px = widget.fontMetrics().horizontalAdvance(text) + icon
            if needed_px > widget.contentsRect().width():
                yield f"clipped: {name} needs {needed_px}"
        if isinstance(widget, QToolButton) and widget.sizeHint().width() > widget.width():
            yield f"clipped: {name} needs {widget.sizeHint()} has {widget.size()}"
        if isinstance(widget, QAbstractButton):
            main = isinstance(widget, RoundButton) or widget.objectName() == "main"
            least = theme.MAIN_TOUCH_PX if main else theme.TOUCH_PX
            if min(widget.width(), widget.height()) < least:
                yield f"too small: {name} {widget.size()}"
        if isinstance(widget, QAbstractButton | QAbstractItemView) and not widget.accessibleName():
            yield f"no name: {name}"
        ungrouped = isinstance(widget, QAbstractButton) and not widget.group()
        if ungrouped and widget.focusPolicy() == Qt.NoFocus:
            yield f"no Tab: {name}"
        if isinstance(widget, QAbstractButton | QLabel | FittedLabel | DayChart | Dots):
            things.append(widget)
            if not root.rect().contains(place(widget, root)):
                yield f"outside: {name} {place(widget, root)}"
    for one, other in combinations(things, 2):
        if not one.isAncestorOf(other) and not other.isAncestorOf(one):
            shared = place(one, root) & place(other, root)
            if shared.width() > 0 and shared.height() > 0:
                yield f"overlap: {one.accessibleName()!r} and {other.accessibleName()!r}: {shared}"
    yield from out_of_reach(root)


def out_of_reach(root: QWidget) -> Iterator[str]:
    """What Tab does not come to, going round once; a group of choices is one stop."""
    root.activateWindow()
    wanted = [
        each
        for each in visible(root)
        if isinstance(each, QAbstractButton | QAbstractItemView)
        and each.isEnabled()
        and not (isinstance(each, QAbstractButton) and each.group())
    ]
    reached: list[QWidget] = []
    for _ in range(len(wanted) + 20):
        root.focusNextPrevChild(True)
        reached.append(root.focusWidget())
    for widget in wanted:
        if widget not in reached:
            yield f"not reached by Tab: {widget.accessibleName()!r}"


def redraw(page: QWidget) -> None:
    """Have a page show its state again, as after a change of the language."""
    QApplication.sendEvent(page, QEvent(QEvent.LanguageChange))


def check(desk, where: str) -> None:  # type: ignore[no-untyped-def]
    QTest.qWait(20)
    found = list(faults(desk.frame))
    assert not found, f"{where}: {found}"


@pytest.fixture
def room_for(make_desk: Callable):  # type: ignore[no-untyped-def]
    """A desk with a stick, lists and no engine."""

    def make(language: str):  # type: ignore[no-untyped-def]
        desk = make_desk(language)
        desk.model.with_engine = lambda *args, **kwargs: None
        desk.plug("3학년 2반 선생님의 아주 긴 이름을 가진 USB")
        long_list = SentenceList(
            "긴 이름을 가진 목록 3-2반 2026년 1학기 국어 시간에 쓰는 것",
            "긴 이름을 가진 목록 3-2반 2026년 1학기 국어 시간에 쓰는 것",
            "ko",
            (Sentence("a", LONG, "ko", "A translation that is long too. " * 4),),
        )
        desk.store.import_list(long_list)
        desk.enter()
        desk.wait(lambda: bool(desk.model.sticks))
        return desk

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_door_lists_and_files(room_for: Callable, language: str) -> None:
    desk = room_for(language)
    area, model = desk.area, desk.model
    assert isinstance(area.page, TeacherHome)
    check(desk, "home")
    model.change_settings(keep_takes=True)
    redraw(area.page)
    check(desk, "home with a notice")
    for mode in ("check", "set"):
        page = PinPage(area, mode, lambda: None)
        area.push(page)
        desk.type_pin("12345678")
        check(desk, f"PIN {mode}")
        area.close_page(page)
    lists = ListsPage(area)
    area.push(lists)
    for stored in model.lists:
        lists.rows.choose(stored.list.id)
        lists._show_actions()
        check(desk, "lists")
    area.push(SentencesPage(area, model.lists[0].list.id))
    area.page.rows.choose("a")
    area.page._show_actions()
    check(desk, "sentences")
    area.push(FilesPage(area, print))
    check(desk, "where")
    area.push(FilesPage(area, print, desk.root / "sticks", "sticks"))
    desk.wait(lambda: not model.busy)
    check(desk, "files")
    area.push(FilesPage(area, print, model.sticks[0].folder, "empty"))
    desk.wait(lambda: not model.busy)
    check(desk, "no files")
    area.push(StickPage(area, print))
    check(desk, "which stick")
    file = desk.root / "긴 이름을 가진 목록 3-2반 2026년 1학기 국어 시간에 쓰는 것.csv"
    file.write_text("문장\n=1\n안녕하세요.\n" + "네.\n" * 12000, encoding="utf-8")
    area.push(PreviewPage(area, file, lists))
    check(desk, "reading")
    desk.wait(lambda: bool(area.page.rows.rows))
    check(desk, "preview")


@pytest.mark.parametrize("language", LANGUAGES)
def test_editing(room_for: Callable, language: str) -> None:
    desk = room_for(language)
    page = EditPage(desk.area, "x", Sentence("a", LONG * 3, "ko"))
    desk.area.push(page)
    for field in FIELDS:
        page.choose_field(field)
        check(desk, field)
    for key in (page.keyboard.shift_key, page.keyboard.language_key, page.keyboard.shift_key):
        desk.tap(key)
        check(desk, page.keyboard.layer)
    desk.tap(page.keyboard.signs_key)
    check(desk, "signs")
    for key in PROBLEM_MESSAGES:
        page.problem_label.setText(texts.problem_text(problem_of(key)))
        check(desk, key)


def problem_of(key: str) -> Problem:
    names = ("path", "value", "code", "other", "language", "length", "limit", "count", "expected")
    fields: dict[str, str | int] = dict.fromkeys((*names, "said", "written"), "12345")
    return Problem(3, "text", key, PROBLEM_MESSAGES[key].for_command(fields), fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message(room_for: Callable, language: str) -> None:
    """Each has its words in both languages, and they fit, with the longest names too."""
    desk = room_for(language)
    area = desk.area
    fields = {"name": "가" * 40 + "….csv", "line": 12345, "count": 12345}
    errors = [SentenceListError("x", reason_key=key, **fields) for key in LIST_ERROR_MESSAGES]
    told: list[tuple[Exception, str]] = [(error, "stick") for error in errors]
    for device, messages in texts.DEVICE_MESSAGES.items():
        told += [(DeviceError("x", reason_key=key), device) for key in messages]
        assert all(re.search("[가-힣]", message.ko) for message in messages.values())
    for error, device in told:
        text = texts.error_text(error, device)
        assert "{" not in text, text
        area.show_error(error, device)
        check(desk, text)
        area.close_page(area.page)
    for key in PROBLEM_MESSAGES:
        assert "{" not in texts.problem_text(problem_of(key))
    for key in (
        "import",
        "edit",
        "add",
        "move",
        "hide",
        "show",
        "delete",
        "record",
        "rename",
        "restore",
    ):
        text = texts.change_text(Change(key, "x"))
        area.ask(lambda text=text: f"{text}: “{LONG}”?", lambda text=text: text, lambda: None)
        check(desk, key)
        area.close_page(area.page)
    area.show_message(lambda: "x", actions=[eject_action(area, desk.model.sticks[0])])
    check(desk, "eject")


@pytest.mark.parametrize("language", LANGUAGES)
def test_voices(room_for: Callable, language: str) -> None:
    desk = room_for(language)
    area, model = desk.area, desk.model
    area.push(VoicesPage(area))
    check(desk, "voices of which list")
    list_id = model.lists[1].list.id
    page = ReferencesPage(area, list_id)
    area.push(page)
    check(desk, "voices")
    page.rows.choose(page.rows.rows[0].key)
    for paused in (False, True):
        model.render.start(model.lists[1].list)
        model.render.paused = paused
        model.render.failed = {"x": "y"} if not paused else {}
        redraw(page)
        check(desk, "rendering")
    sentence = Sentence("a", LONG, "ko")
    record = RecordPage(area, list_id, sentence)
    area.push(record)
    clip = AudioClip.from_array([0.0], 16_000)
    for state in ("ready", "recording", "checking"):
        record._state = state
        redraw(record)
        check(desk, state)
    record._state = "checked"
    for verdict in Verdict:
        for score in (20.0, 90.0):
            record._checked = CheckedRecording(clip, clip, verdict, score)
            redraw(record)
            check(desk, verdict.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_room_settings(
    room_for: Callable, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = room_for(language)
    area = desk.area
    results = ResultsPage(area)
    area.push(results)
    check(desk, "results, reading")
    desk.wait(lambda: results.results is not None)
    row = LearnerRow(Learner(1, "가나다라마바사아자차카타", "tiger"), 12345, 50.0, 99.0, None)
    days = tuple(DayRow(f"2026-03-{d:02d}", d, 3.0 * d, d > 2) for d in range(1, 31))
    sounds = "ㄱㄲㅋㅓㅗㅡㅜㄴㅇㄹ"
    found = [Confusion("ko", one, other, 9, 2) for one, other in pairwise(sounds)]
    found += [Confusion("en", "TH", "S", 30, 3), Confusion("en", "R", "", 1, 1)]
    results._got(
        Results(
            (row,), days=days, attempts=100_000, confusions=tuple(found), groups={1: "가나다라마바"}
        )
    )
    for view in VIEWS:
        results.show_view(view)
        check(desk, view)
    area.push(LearnerPage(area, row, "가나다라마바사아자차카타"))
    area.page.chart.set_days(days)
    check(desk, "learner")
    room = RoomPage(area)
    area.push(room)
    for step in ("report", "quiet", "speak", "measuring"):
        room.step = step
        redraw(room)
        check(desk, step)
    room.step = "report"
    for microphone in MICROPHONE_KEYS:
        for distance in DISTANCE_KEYS:
            for key in ROOM_KEYS:
                room._fresh = RoomReport(-30.0, -60.0, microphone, distance, key, "2026-03-02T10")
                redraw(room)
                check(desk, f"{microphone} {distance} {key}")
    area.push(ClockPage(area))
    check(desk, "clock")
    area.push(NamePage(area, lambda: "x", LONG, "ko", print))
    check(desk, "name")
    area.push(PinPage(area, "first", print))
    check(desk, "first PIN")
    area.push(no_pin_page(area))
    desk.wait(area.page.buttons[0].isVisible)
    check(desk, "no PIN")
    settings = SettingsPage(area)
    area.push(settings)
    settings._got_bundle(BundleInfo("aligned-2", "0" * 64))
    for tab in TABS:
        settings.show_tab(tab)
        check(desk, tab)
    monkeypatch.setattr(settings_module, "has_brightness", lambda: True)
    settings = SettingsPage(area)
    area.push(settings)
    settings.show_tab("device")
    check(desk, "brightness")


def test_the_other_language_comes_at_once(room_for: Callable) -> None:
    desk = room_for("en")
    desk.go("lists")
    assert desk.frame.top_bar.title.text() == "Lists"
    desk.language.set(desk.language.other)
    QTest.qWait(20)
    assert desk.frame.top_bar.title.text() == "목록"
    check(desk, "switched")


def test_tab_reaches_every_control(room_for: Callable) -> None:
    desk = room_for("en")
    desk.frame.activateWindow()
    desk.frame.top_bar.back_button.setFocus(Qt.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(30):
        desk.frame.focusNextPrevChild(True)
        seen.append(desk.frame.focusWidget())
    tiles = list(desk.area.page.tiles.values())
    reached = [widget for widget in seen if widget in tiles]
    assert reached[: len(tiles)] == tiles  # in the order they are read
