"""A touch that a panel reports twice counts once; a finger that types quickly is not slowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication, QWidget

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.double_touch import LIMIT_MS, TYPING_LIMIT_MS
from pronounce_kiosk.session.states import State
from tests.integration.gui.test_layout import result_of


class Panel:
    """What a touch panel reports: presses and releases of the window, each at its own time."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000

    def touch(self, widget: QWidget, after_ms: int = 5_000, off: QPoint | None = None) -> None:
        """A touch of 60 ms in a widget's middle, so long after the last one's end."""
        where = widget.mapToGlobal(widget.rect().center()) + (off or QPoint(0, 0))
        self.touch_at(widget, where, after_ms)

    def touch_at(self, widget: QWidget, where: QPoint, after_ms: int) -> None:
        window = widget.window().windowHandle()
        self.now_ms += after_ms
        for kind, later_ms in ((QEvent.MouseButtonPress, 0), (QEvent.MouseButtonRelease, 60)):
            self.now_ms += later_ms
            buttons = Qt.LeftButton if kind == QEvent.MouseButtonPress else Qt.NoButton
            place = QPointF(where)
            event = QMouseEvent(
                kind,
                place - QPointF(window.position()),
                place,
                Qt.LeftButton,
                buttons,
                Qt.NoModifier,
            )
            event.setTimestamp(self.now_ms)
            QApplication.sendEvent(window, event)

    def twice(self, widget: QWidget, after_ms: int = 40) -> None:
        """One touch that arrives twice."""
        where = widget.mapToGlobal(widget.rect().center())
        self.touch_at(widget, where, 5_000)
        self.touch_at(widget, where, after_ms)


@pytest.fixture
def panel() -> Iterator[Panel]:
    return Panel()


def test_speak_touched_twice_does_not_end_the_take(
    make_hands: Callable, take: AudioClip, panel: Panel
) -> None:
    hands = make_hands(take)
    hands.microphone.hold_at_s = 0.5
    hands.open_sentence()
    speak = hands.window.practice.record_button
    panel.twice(speak, LIMIT_MS - 1)
    assert hands.model.state is State.RECORD
    # A finger that means it does end it.
    panel.touch(speak, LIMIT_MS)
    assert hands.model.state is not State.RECORD


def test_a_list_s_card_touched_twice_opens_no_sentence(make_hands: Callable, panel: Panel) -> None:
    hands = make_hands()
    card = hands.window.home.cards[1]
    where = card.mapToGlobal(card.rect().center())
    panel.touch_at(card, where, 5_000)
    hands.wait(lambda: hands.window.stack.currentWidget() is hands.window.sentences)
    panel.touch_at(hands.window, where + QPoint(3, -4), LIMIT_MS - 1)
    # Flicking holds every press for a moment before the row gets it.
    hands._qtbot.wait(400)
    assert hands.model.state is State.CHOOSE
    panel.touch_at(hands.window, where, LIMIT_MS)
    hands.wait_for(State.PROMPT)


def test_a_touch_that_arrives_three_times_counts_once(
    make_hands: Callable, take: AudioClip, panel: Panel
) -> None:
    hands = make_hands(take)
    hands.microphone.hold_at_s = 0.5
    hands.open_sentence()
    speak = hands.window.practice.record_button
    panel.twice(speak, 200)
    panel.touch(speak, 200)
    assert hands.model.state is State.RECORD


def test_another_place_is_another_touch(make_hands: Callable, panel: Panel) -> None:
    hands = make_hands()
    hands.open_sentence()
    practice = hands.window.practice
    panel.touch(practice.said_button)
    panel.touch(practice.meaning_button, 30)
    assert practice.meaning_button.isChecked()


def test_the_same_letter_is_typed_twice(make_hands: Callable, panel: Panel) -> None:
    hands = make_hands()
    window = hands.window
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.new_card)
    hands.tap(window.sign_in.animals.cards["owl"])
    key = window.sign_in.nickname.keyboard.keys["a"]
    panel.touch(key)
    panel.touch(key, TYPING_LIMIT_MS)
    assert window.sign_in.nickname.name_label.text() == "aa"
    panel.touch(key, TYPING_LIMIT_MS - 1)
    assert window.sign_in.nickname.name_label.text() == "aa"
    # The key that ends the name is none that types.
    panel.twice(window.sign_in.nickname.keyboard.enter_key, TYPING_LIMIT_MS)
    assert window.stack.currentWidget() is window.home


def test_the_same_digit_of_a_pin_is_typed_twice(make_hands: Callable, panel: Panel) -> None:
    hands = make_hands()
    hands.kiosk.teacher.pin.set("1122")
    hands.tap(hands.window.top_bar.teacher_button)
    page = hands.window.teacher.page
    counted: list[int] = []
    page.dots.set_count = counted.append  # what is typed is not shown
    panel.touch(page.digits["1"])
    panel.touch(page.digits["1"], TYPING_LIMIT_MS)
    panel.touch(page.digits["1"], TYPING_LIMIT_MS - 1)
    assert counted[-1] == 2


def test_a_unit_touched_twice_by_a_bouncing_panel_opens_no_page(
    make_hands: Callable, panel: Panel
) -> None:
    hands = make_hands()
    window, model = hands.window, hands.model
    model.choose(model.lists[0], 0)
    model.result = result_of(model.sentence)
    model.session.state = State.RESULT
    model.state_changed.emit()
    hands._qtbot.wait(50)
    view = window.result.units_view
    box = view.box_of(model.result.units[0])
    where = view.viewport().mapToGlobal(box.center().toPoint())
    panel.touch_at(view, where, 5_000)
    panel.touch_at(view, where, LIMIT_MS - 1)
    assert window.stack.currentWidget() is window.result
    panel.touch_at(view, where, LIMIT_MS)
    assert window.stack.currentWidget() is window.sound_page
