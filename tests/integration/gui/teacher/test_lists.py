"""Lists by touch: dragged and held rows, numbers, names, questions before a delete."""

from __future__ import annotations

import logging

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.teacher.edit import NamePage
from pronounce_kiosk.gui.teacher.lists import SentencesPage
from pronounce_kiosk.gui.teacher.page_widgets import RowsView
from pronounce_kiosk.gui.teacher.transfer import FilesPage
from tests.integration.gui.teacher.conftest import texts_of


def middle_of(rows: RowsView, number: int) -> QPoint:
    box = rows.view.visualRect(rows.view.model().index(number, 0))
    return QPoint(rows.grips.width() // 2, box.center().y())


def drag(qtbot: QtBot, rows: RowsView, start: int, end: int) -> None:
    grips = rows.grips
    qtbot.mousePress(grips, Qt.LeftButton, pos=middle_of(rows, start))
    qtbot.mouseMove(grips, middle_of(rows, end))
    qtbot.mouseRelease(grips, Qt.LeftButton, pos=middle_of(rows, end))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 2, ["둘.", "셋.", "하나."]),
        (2, 0, ["셋.", "하나.", "둘."]),
        (1, 1, ["하나.", "둘.", "셋."]),
    ],
)
def test_a_row_is_dragged_by_its_handle(
    in_list,  # type: ignore[no-untyped-def]
    qtbot: QtBot,
    start: int,
    end: int,
    expected: list[str],
) -> None:
    page = in_list.area.page
    drag(qtbot, page.rows, start, end)
    assert texts_of(in_list) == expected
    in_list.wait(lambda: [row.title for row in page.rows.rows] == expected)
    assert [row.number for row in page.rows.rows] == [1, 2, 3]


def carry(finger: QWidget, end: QPoint) -> None:
    """Move a finger that is down; `QTest.mouseMove` knows no finger."""
    where = QPointF(end), QPointF(finger.mapToGlobal(end))
    event = QMouseEvent(QEvent.MouseMove, *where, Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(finger, event)


def test_a_row_that_is_held_is_dragged_without_its_handle(in_list, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    page = in_list.area.page
    rows, finger = page.rows, page.rows.view.viewport()
    qtbot.mousePress(finger, Qt.LeftButton, pos=middle_of(rows, 0))
    qtbot.wait(1000)
    for row in (1, 2):
        carry(finger, middle_of(rows, row))
    qtbot.mouseRelease(finger, Qt.LeftButton, pos=middle_of(rows, 2))
    in_list.wait(lambda: texts_of(in_list) == ["둘.", "셋.", "하나."])


def test_a_row_that_is_flicked_stays_where_it_is(in_list, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    page = in_list.area.page
    rows, finger = page.rows, page.rows.view.viewport()
    qtbot.mousePress(finger, Qt.LeftButton, pos=middle_of(rows, 0))
    carry(finger, middle_of(rows, 1))
    qtbot.wait(1000)
    qtbot.mouseRelease(finger, Qt.LeftButton, pos=middle_of(rows, 2))
    assert texts_of(in_list) == ["하나.", "둘.", "셋."]


def test_a_held_row_of_a_long_list_is_dragged_and_a_flick_scrolls(desk, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    sentences = tuple(Sentence(f"s{i}", f"문장 {i}.", "ko") for i in range(30))
    desk.store.import_list(SentenceList("반", "반", "ko", sentences))
    desk.enter()
    page = SentencesPage(desk.area, "반")
    desk.area.push(page)
    rows, finger = page.rows, page.rows.view.viewport()
    held = middle_of(rows, 0)
    for _ in range(2):  # after the first the list flicks as before, and can be held again
        first = desk.model.stored("반").list.sentences[0].id
        qtbot.mousePress(finger, Qt.LeftButton, pos=held)
        qtbot.wait(1200)
        for row in (1, 2):
            carry(finger, middle_of(rows, row))
        assert rows.view.verticalScrollBar().value() == 0
        qtbot.mouseRelease(finger, Qt.LeftButton, pos=middle_of(rows, 2))
        desk.wait(lambda first=first: desk.model.stored("반").list.sentences[2].id == first)
    before = [sentence.id for sentence in desk.model.stored("반").list.sentences]
    qtbot.mousePress(finger, Qt.LeftButton, pos=middle_of(rows, 2))
    for row in (1, 0):
        carry(finger, middle_of(rows, row))
        qtbot.wait(50)
    qtbot.wait(1000)
    qtbot.mouseRelease(finger, Qt.LeftButton, pos=held)
    assert rows.view.verticalScrollBar().value() > 0
    assert [sentence.id for sentence in desk.model.stored("반").list.sentences] == before


def test_lists_are_dragged_too(in_list, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    in_list.back()
    page = in_list.area.page
    drag(qtbot, page.rows, 0, 1)
    in_list.wait(lambda: in_list.model.lists[1].list.id == "반")


def test_a_button_that_is_held_moves_on_and_the_view_follows(desk, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    sentences = tuple(Sentence(f"s{i}", f"문장 {i}.", "ko") for i in range(30))
    desk.store.import_list(SentenceList("반", "반", "ko", sentences))
    desk.enter()
    page = SentencesPage(desk.area, "반")
    desk.area.push(page)
    desk.tap_row(page.rows, "문장 0.")
    qtbot.mousePress(page.down_button, Qt.LeftButton)
    desk.wait(lambda: desk.model.stored("반").list.sentences[8].id == "s0")
    qtbot.mouseRelease(page.down_button, Qt.LeftButton)
    desk.wait(lambda: not desk.model.busy)
    number = next(i for i, row in enumerate(page.rows.rows) if row.key == "s0")
    box = page.rows.view.visualRect(page.rows.view.model().index(number, 0))
    assert number >= 8
    assert page.rows.view.viewport().rect().contains(box)


def test_a_list_gets_another_name(in_list) -> None:  # type: ignore[no-untyped-def]
    desk, page = in_list, in_list.area.page
    desk.tap(page.rename_button)
    desk.wait_for(NamePage)
    name_page = desk.area.page
    desk.tap(name_page.keyboard.backspace_key)
    desk.tap(name_page.keyboard.enter_key)
    assert name_page.problem_label.text() == "Type a name."
    name_page.keyboard.begin("", "ko")
    for key in "ㄴㅏ":
        desk.tap(name_page.keyboard.keys[key])
    desk.tap(name_page.keyboard.enter_key)
    desk.wait(lambda: desk.area.title() == "나")
    desk.tap(page.undo_button)
    assert desk.area.page.text_label.text() == "Undo rename: “반”?"
    desk.tap(desk.area.page.buttons[0])
    desk.wait(lambda: desk.area.title() == "반")


def test_the_kiosk_s_own_folder_has_a_name_for_people(desk) -> None:  # type: ignore[no-untyped-def]
    desk.enter()
    desk.area.push(FilesPage(desk.area, print))
    desk.tap_row(desk.area.page.rows, "Files on this kiosk")
    desk.wait(lambda: not desk.model.busy)
    assert desk.area.title() == "Files on this kiosk"


def test_what_a_teacher_can_mend_leaves_no_traceback(  # type: ignore[no-untyped-def]
    desk, caplog: pytest.LogCaptureFixture
) -> None:
    def spoilt() -> None:
        raise SentenceListError("list.xlsx is damaged", reason_key="workbook_damaged", name="list")

    desk.enter()
    with caplog.at_level(logging.INFO):
        desk.model.do("preview", spoilt)
        desk.wait(lambda: not desk.model.busy)
    assert [record.exc_info for record in caplog.records if "damaged" in record.message] == [None]
