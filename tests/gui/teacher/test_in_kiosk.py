"""The teacher's part in the whole kiosk: its door, what learners see after a change, idling."""

from __future__ import annotations

from collections.abc import Callable

from pronounce_kiosk.gui.teacher.area import TeacherHome
from pronounce_kiosk.gui.teacher.lists import ListsPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.session.states import State


def enter(hands):  # type: ignore[no-untyped-def]
    """Through the door, setting the PIN."""
    window = hands.window
    hands.tap(window.top_bar.teacher_button)
    area = window.teacher
    assert isinstance(area.page, PinPage)
    for _ in range(2):
        for digit in "1234":
            hands.tap(area.page.digits[digit])
        hands.tap(area.page.done_key)
    hands.wait(lambda: isinstance(area.page, TeacherHome))
    hands.wait(lambda: bool(hands.kiosk.teacher.lists))
    return area


def test_a_hidden_list_is_gone_from_home(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    before = len(window.home.cards)
    area = enter(hands)
    hands.tap(area.page.tiles["lists"])
    page = area.page
    assert isinstance(page, ListsPage)
    page.rows.choose(hands.kiosk.teacher.lists[0].list.id)
    page.rows.tapped.emit(page.rows.chosen)
    hands.tap(page.hide_button)
    hands.wait(lambda: len(hands.model.lists) == before - 1)
    hands.tap(window.top_bar.back_button)
    hands.tap(window.top_bar.back_button)
    assert window.stack.currentWidget() is window.home
    assert len(window.home.cards) == before - 1


def test_settings_reach_the_learner_s_screens_at_once(make_hands: Callable) -> None:
    hands = make_hands()
    enter(hands)
    hands.kiosk.teacher.change_settings(strictness="strict", idle_s=60)
    assert hands.model.settings.strictness == "strict"
    assert hands.window.idle_timer.interval() == 60_000
    hands.wait(lambda: not hands.kiosk.teacher.busy)


def test_idling_locks_the_door(make_hands: Callable) -> None:
    hands = make_hands()
    area = enter(hands)
    hands.window.idle_timer.setInterval(20)
    hands.window.idle_timer.start()
    hands.wait(lambda: hands.window.stack.currentWidget() is hands.window.home)
    assert area.page is None
    hands.tap(hands.window.top_bar.teacher_button)
    assert isinstance(area.page, PinPage)


def test_the_door_is_on_the_home_screen_only(make_hands: Callable) -> None:
    hands = make_hands()
    assert hands.window.top_bar.teacher_button.isVisible()
    hands.open_sentence()
    assert not hands.window.top_bar.teacher_button.isVisible()
    hands.window.open_teacher()
    assert hands.model.state is State.PROMPT
    assert hands.window.stack.currentWidget() is not hands.window.teacher
