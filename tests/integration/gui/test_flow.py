"""The learner's way through the window, and what may go wrong on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui import messages, sound
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.states import State


def test_choose_listen_record_score_again_next(
    make_hands: Callable, take: AudioClip, lists: tuple[SentenceList, ...]
) -> None:
    hands = make_hands(take)
    window, model = hands.window, hands.model
    assert window.stack.currentWidget() is window.home
    hands.open_sentence()
    assert window.practice.sentence_label.text() == "오늘은 삼겹살을 먹었어요."
    # How it is said and what it means come on tap, one at a time.
    reveal = window.practice.reveal_label
    assert not reveal.isVisible()
    hands.tap(window.practice.said_button)
    assert reveal.text() == "[오느른 삼겹싸를 머거써요.]"
    # What the list says about its sounds, in the interface's language.
    korean, english = lists[1].sentences[0].note.split(" | ")
    assert window.practice.note_label.isVisible()
    assert window.practice.note_label.text() == english
    hands.tap(window.top_bar.language_button)
    hands.wait(lambda: window.practice.note_label.text() == korean)
    hands.tap(window.top_bar.language_button)
    hands.tap(window.practice.meaning_button)
    assert reveal.text() == lists[1].sentences[0].translation
    hands.tap(window.practice.meaning_button)
    assert not reveal.isVisible()

    hands.tap(window.practice.left_button)
    hands.wait(lambda: model.playback.playing == "reference")
    hands.wait(lambda: bool(hands.speaker.played))
    assert hands.speaker.played[0].duration_s > 1.0
    hands.play_out()
    hands.wait_for(State.PROMPT)

    # Slowly: the same at 0.75 of its tempo.
    hands.tap(window.practice.slow_button)
    hands.wait(lambda: len(hands.speaker.played) == 2)
    normal, slow = hands.speaker.played
    assert slow.duration_s == pytest.approx(normal.duration_s / 0.75, rel=0.05)
    hands.play_out()
    hands.wait_for(State.PROMPT)

    hands.tap(window.practice.record_button)
    # By itself: the speaker has finished.
    hands.wait_for(State.RESULT)
    assert window.stack.currentWidget() is window.result
    assert model.result.sentence is lists[1].sentences[0]
    assert 0 <= model.result.score <= 100
    assert window.result.advice_box.label.text() == messages.advice_text(model.result.advice)

    hands.tap(window.result.take_button)
    hands.wait(lambda: len(hands.speaker.played) == 3)
    assert hands.speaker.played[2] is model.result.scored.take
    hands.tap(window.result.reference_button)
    hands.wait(lambda: len(hands.speaker.played) == 4)
    hands.tap(window.result.reference_button)
    assert model.playback.playing == ""

    # Both, one after the other.
    hands.tap(window.result.both_button)
    hands.wait(lambda: model.playback.playing == "reference" and len(hands.speaker.played) == 5)
    hands.play_out()
    hands.wait(lambda: model.playback.playing == "take" and len(hands.speaker.played) == 6)
    hands.play_out()
    hands.wait(lambda: model.playback.playing == "")

    # What the ear does not find, the eye may.
    hands.wait(lambda: window.result.look_button.isEnabled())
    hands.tap(window.result.look_button)
    assert window.stack.currentWidget() is window.closer
    assert model.closer.reference_image.size
    assert model.closer.take_image.size
    assert np.isfinite(model.closer.reference_pitch).any()
    assert np.isfinite(model.closer.take_pitch).any()
    hands.tap(window.top_bar.back_button)
    assert window.stack.currentWidget() is window.result

    hands.tap(window.result.again_button)
    assert model.state is State.RECORD
    hands.wait_for(State.RESULT)
    hands.tap(window.result.next_button)
    assert model.state is State.PROMPT
    assert window.practice.sentence_label.text() == lists[1].sentences[1].text


def test_the_busy_sign_moves_while_scoring(
    make_hands: Callable, take: AudioClip, engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    real = engine.scorer.score

    def slow(*arguments: object) -> object:
        assert go_on.wait(60)
        return real(*arguments)

    monkeypatch.setattr(engine.scorer, "score", slow, raising=False)
    hands = make_hands(take)
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.SCORE)
    busy = hands.window.practice.busy
    assert busy.isVisible()
    seen = busy.angle_degrees
    hands.wait(lambda: busy.angle_degrees != seen)
    go_on.set()
    hands.wait_for(State.RESULT)


def test_a_tap_ends_a_take_and_cancel_drops_it(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    hands.microphone.hold_at_s = 1.5
    hands.open_sentence()
    practice = hands.window.practice
    hands.tap(practice.record_button)
    hands.wait(lambda: practice.meter.isVisible())
    hands.tap(practice.left_button)
    assert hands.model.state is State.PROMPT
    hands.tap(practice.record_button)
    hands.wait(lambda: "good" in practice.hint_label.property("tone"))
    hands.tap(practice.record_button)
    hands.wait_for(State.RESULT, State.NOT_SCORED)


def test_going_home_while_scoring_drops_the_score(
    make_hands: Callable, take: AudioClip, engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()
    real = engine.scorer.score

    def slow(*arguments: object) -> object:
        begun.set()
        assert go_on.wait(60)
        try:
            return real(*arguments)
        finally:
            done.set()

    monkeypatch.setattr(engine.scorer, "score", slow, raising=False)
    hands = make_hands(take)
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait(begun.is_set)
    hands.tap(hands.window.top_bar.back_button)
    assert hands.window.stack.currentWidget() is hands.window.sentences
    go_on.set()
    hands.wait(done.is_set)
    hands.tap(hands.window.top_bar.back_button)
    assert hands.model.state is State.CHOOSE
    assert hands.model.result is None
    assert hands.window.stack.currentWidget() is hands.window.home


def test_nothing_said_is_a_screen_of_its_own(make_hands: Callable) -> None:
    hands = make_hands()
    hands.microphone.hold_at_s = 1.0
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait(lambda: hands.window.practice.meter.isVisible())
    hands.wait(lambda: hands.microphone.holding)
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.NOT_SCORED)
    screen = hands.window.not_scored
    assert hands.window.stack.currentWidget() is screen
    assert screen.message_label.text() == "I did not hear anything"
    assert "microphone" in screen.advice_label.text()
    assert not screen.picture.pixmap().isNull()
    hands.tap(screen.listen_button)
    assert hands.model.state is State.LISTEN
    assert hands.window.stack.currentWidget() is hands.window.practice
    hands.wait(lambda: bool(hands.speaker.played))
    example = hands.speaker.played[0]
    hands.play_out()
    hands.wait_for(State.PROMPT)
    hands.tap(hands.window.practice.left_button)
    hands.wait(lambda: len(hands.speaker.played) == 2)
    assert hands.speaker.played[1].duration_s == example.duration_s, "both at the usual speed"


def test_a_microphone_pulled_out_is_said_and_works_again(
    make_hands: Callable, take: AudioClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "NOTICE_S", 0.2)
    hands = make_hands(take)
    hands.microphone.hold_at_s = 0.5
    hands.open_sentence()
    top_bar = hands.window.top_bar
    hands.tap(hands.window.practice.record_button)
    hands.wait(lambda: hands.microphone.holding)
    hands.microphone.unplug()
    hands.wait_for(State.PROMPT)
    hands.wait(lambda: top_bar.notice.isVisible())
    assert top_bar.notice.text() == "No microphone. Please plug it in."
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.PROMPT)
    hands.microphone.plug_in()
    hands.microphone.hold_at_s = None
    hands.wait(lambda: not top_bar.notice.isVisible())
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)


def test_no_speaker_is_said_and_the_sentence_stays(make_hands: Callable) -> None:
    hands = make_hands()
    hands.speaker.present = False
    hands.open_sentence()
    hands.tap(hands.window.practice.left_button)
    hands.wait(lambda: hands.model.notices.key == "speaker_absent")
    hands.wait_for(State.PROMPT)


def test_a_broken_model_is_said_and_tried_again(
    make_hands: Callable,
    take: AudioClip,
    engine: PracticeEngine,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("WARNING pronounce_kiosk.gui.model: BundleError")
    broken = [BundleError("The bundle is damaged: copy it again.")]

    def build() -> PracticeEngine:
        if broken:
            raise broken.pop()
        return engine

    hands = make_hands(take, build=build)
    hands.wait_for(State.FAILSAFE)
    failsafe = hands.window.failsafe
    assert hands.window.stack.currentWidget() is failsafe
    assert failsafe.message_label.text().startswith("The scoring model is missing")
    hands.tap(failsafe.home_button)
    assert hands.window.stack.currentWidget() is hands.window.home
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)


def test_any_exception_lands_on_the_failsafe_screen(
    make_hands: Callable,
    take: AudioClip,
    engine: PracticeEngine,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("ERROR pronounce_kiosk.gui.model: unexpected failure")

    def explode(*arguments: object) -> object:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(engine.scorer, "score", explode, raising=False)
    hands = make_hands(take)
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.FAILSAFE)
    text = hands.window.failsafe.message_label.text()
    assert text == messages.error_text(Exception())
    assert "secret" not in text


def test_the_failsafe_screen_leaves_by_itself(
    make_hands: Callable, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    expected_log("WARNING pronounce_kiosk.gui.model: BundleError")
    hands = make_hands()
    failsafe = hands.window.failsafe
    failsafe.timer.setInterval(10)
    hands.model.fail(BundleError("broken"))
    assert failsafe.isVisible()
    hands.wait_for(State.CHOOSE)
    assert hands.window.stack.currentWidget() is hands.window.home


def test_the_language_switches_while_running(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take, language="ko")
    window = hands.window
    switch = window.top_bar.language_button
    assert window.top_bar.title.text() == "무엇을 연습할까요?"
    assert window.home.cards[0].accessibleName().startswith("인사와 안부")
    hands.tap(switch)
    hands.wait(lambda: window.top_bar.title.text() == "What shall we practise?")
    assert window.home.cards[0].accessibleName().startswith("Greetings")
    assert switch.accessibleName() == "한국어"
    hands.open_sentence()
    hands.microphone.hold_at_s = 0.5
    hands.tap(window.practice.record_button)
    hands.tap(switch)
    hands.wait(lambda: window.practice.record_button.text() == "끝")
    hands.microphone.hold_at_s = None
    hands.wait_for(State.RESULT)
    assert window.result.again_button.accessibleName() == "다시"
    korean = window.result.advice_box.label.text()
    hands.tap(switch)
    hands.wait(lambda: window.result.again_button.accessibleName() == "Again")
    assert window.result.advice_box.label.text() != korean


def test_four_taps_from_the_first_screen_to_the_first_score(
    make_hands: Callable, take: AudioClip, engine: PracticeEngine
) -> None:
    """From the very first picture, with nothing chosen before and the model not yet loaded."""
    loaded = threading.Event()

    def build() -> PracticeEngine:
        assert loaded.wait(60)
        return engine

    hands = make_hands(take, build=build)
    assert hands.window.stack.currentWidget() is hands.window.home
    assert hands.window._painted
    assert not hands.model.ready
    assert hands.model.history.is_guest
    loaded.set()
    hands.tap(hands.window.home.cards[1])
    hands.tap_row(0)
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)
    assert hands.window.stack.currentWidget() is hands.window.result
    assert hands.taps == 3


def test_again_is_one_tap(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)
    hands.tap(hands.window.result.again_button)
    hands.wait_for(State.RECORD)
    hands.wait_for(State.RESULT)


def test_how_it_is_said_in_latin_letters_stays_on(
    make_hands: Callable, take: AudioClip, lists: tuple[SentenceList, ...]
) -> None:
    hands = make_hands(take)
    practice = hands.window.practice
    hands.open_sentence()
    hands.tap(practice.letters_button)
    assert practice.reveal_label.text() == "[oneureun samgyeopssareul meogeosseoyo.]"
    hands.tap(practice.letters_button)
    assert "s͈" in practice.reveal_label.text()
    practice.show_sentence(Sentence("x", "값이", "ko"), "갑씨")
    assert "k" in practice.reveal_label.text()
    hands.tap(practice.letters_button)
    assert not practice.reveal_label.isVisible()
    hands.tap(practice.letters_button)
    assert practice.reveal_label.text() == "[gapssi]"
    practice.show_sentence(Sentence("y", "Hello.", "en"), "")
    assert not practice.letters_button.isVisible()
    assert not practice.reveal_label.isVisible()
