"""The teacher's part in the whole kiosk: its door, what learners see after a change, idling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt5.QtWidgets import QAbstractButton

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, load_settings
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.teacher.home import TeacherHome
from pronounce_kiosk.gui.teacher.lists import ListsPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.gui.teacher.navigation import MessagePage
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.room import RoomReport
from pronounce_kiosk.session.states import State


def enter(hands):  # type: ignore[no-untyped-def]
    """Through the door, with a PIN."""
    window = hands.window
    hands.kiosk.teacher.pin.set("1234")
    hands.tap(window.top_bar.teacher_button)
    area = window.teacher
    assert isinstance(area.page, PinPage)
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


def test_lists_that_a_command_brought_are_offered(make_hands: Callable) -> None:
    """`lists import` in another process, over ssh, while the kiosk runs."""
    hands = make_hands()
    before = len(hands.window.home.cards)
    folder = Paths.default().data_dir / "lists"
    other = ListStore(folder, bundled_lists(Paths.default().assets_dir))
    other.import_list(SentenceList("반", "반", "ko", (Sentence("a", "네.", "ko"),)))
    hands.wait(lambda: len(hands.window.home.cards) == before + 1)
    other.undo()
    hands.wait(lambda: len(hands.window.home.cards) == before)


def test_a_microphone_given_for_one_run_is_not_kept(make_hands: Callable) -> None:
    hands = make_hands(overrides={"microphone_name": "Desk"})
    assert hands.kiosk.teacher.settings.microphone_name == "Desk"
    hands.kiosk.teacher.change_settings(strictness="strict")
    hands.wait(lambda: not hands.kiosk.teacher.busy)
    assert load_settings() == Settings(strictness="strict")
    assert hands.model.settings == Settings(strictness="strict", microphone_name="Desk")


def test_no_child_sets_the_first_pin(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    hands.tap(window.top_bar.teacher_button)
    assert isinstance(window.teacher.page, MessagePage)
    assert "no teacher's PIN yet" in window.teacher.page.text_label.text()
    hands.wait(lambda: hands.kiosk.teacher.can_power_off and not hands.kiosk.teacher.busy)
    hands.tap(window.teacher.page.buttons[-1])
    assert window.stack.currentWidget() is window.home
    assert not hands.kiosk.teacher.pin.is_set()


def test_the_start_asks_the_adult_for_a_pin(make_hands: Callable) -> None:
    hands = make_hands()
    window, pin = hands.window, hands.kiosk.teacher.pin
    window.ask_first_pin()
    hands.tap(window.teacher.page.later_button)
    assert window.stack.currentWidget() is window.home
    window.ask_first_pin()
    page = window.teacher.page
    for _ in range(2):
        for digit in "4821":
            hands.tap(page.digits[digit])
        hands.tap(page.done_key)
    hands.wait(lambda: isinstance(window.teacher.page, TeacherHome))
    assert pin.check("4821")
    window.teacher.close_area()
    window.ask_first_pin()
    assert window.stack.currentWidget() is window.home


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


def test_goodbye_covers_everything_until_the_screen_is_dark(make_hands: Callable) -> None:
    hands = make_hands()
    window, goodbye = hands.window, hands.window.goodbye
    area = enter(hands)
    hands.wait(lambda: area.page.tiles["power"].isVisible())
    hands.tap(area.page.tiles["power"])
    hands.tap(area.page.buttons[0])
    hands.wait(lambda: hands.power.times_off == 1)
    assert window.stack.currentWidget() is goodbye
    assert not window.top_bar.isVisible()
    assert not [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    assert "screen is dark" in goodbye.message_label.text()
    window._on_idle()
    assert window.stack.currentWidget() is goodbye
    # A device that hangs on its way down.
    goodbye.timer.setInterval(1)
    goodbye.timer.start()
    hands.wait(lambda: "pull the plug now" in goodbye.message_label.text())


def test_goodbye_goes_where_the_device_stays_on(make_hands: Callable) -> None:
    hands = make_hands()
    hands.power.refuses = "refused"
    area = enter(hands)
    hands.wait(lambda: area.page.tiles["power"].isVisible())
    hands.tap(area.page.tiles["power"])
    hands.tap(area.page.buttons[0])
    hands.wait(lambda: hands.window.stack.currentWidget() is hands.window.teacher)
    assert hands.window.top_bar.isVisible()
    assert "busy" in area.page.text_label.text()


def test_a_louder_room_is_said_while_somebody_practises(make_hands: Callable) -> None:
    """For a moment, in nobody's way, and once; what is wrong with the microphone goes first."""
    hands = make_hands()
    bar, teacher = hands.window.top_bar, hands.kiosk.teacher
    teacher.room.keep(RoomReport(-60.0, -20.0, "good", "good", "good"))
    hands.open_sentence()
    rng = np.random.default_rng(1)
    loud = AudioClip.from_array(rng.normal(0, 0.03, 16_000).astype(np.float32), 16_000)
    for _ in range(8):
        hands.kiosk.sound.recorded.emit("a learner", loud)
    hands.wait(lambda: bar.notice.isVisible())
    assert bar.notice.text() == messages.notice_text("room")
    assert hands.model.state is State.PROMPT
    assert bar.notice.property("tone") == "quiet"
    bar.set_notice("microphone_absent")
    assert bar.notice.text() == messages.notice_text("microphone_absent")
    bar.set_notice("")
    assert bar.notice.text() == messages.notice_text("room")
    bar.pass_notice("room", 1)
    hands.wait(lambda: not bar.notice.isVisible())
    assert bar.title.isVisible()
    hands.kiosk.sound.recorded.emit("a learner", loud)
    hands.wait(lambda: not teacher.busy)
    assert not bar.notice.isVisible()


def test_idling_speaks_the_usual_language_again(make_hands: Callable) -> None:
    hands = make_hands(language="ko")
    window = hands.window
    hands.tap(window.top_bar.language_button)
    assert window.language == "en"
    window._on_idle()
    assert window.language == "ko"
    # Unless the teacher has made another one the usual one.
    hands.kiosk.language.set_usual("en")
    window._on_idle()
    assert window.language == "en"
