"""Typing Hangul and Latin on the kiosk's own keyboard."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from pronounce_kiosk.gui.teacher.composer import Composer
from pronounce_kiosk.gui.teacher.keyboard import LAYERS, Keyboard
from pronounce_kiosk.language.korean.jamo import decompose
from tests.integration.gui.teacher.conftest import keys_of

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


def typed(keys: str) -> str:
    composer = Composer()
    for key in keys:
        composer.type(key)
    return composer.text


@given(st.text(st.one_of(SYLLABLES, st.sampled_from(" .?!a1"))))
def test_every_text_can_be_typed(text: str) -> None:
    # ㄲ and the like have keys of their own; a coda before the same onset is where it may break.
    assert typed(keys_of(text)) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ㄷㅏㄹㄱ", "닭"),
        ("ㄷㅏㄹㄱㅣ", "달기"),
        ("ㅇㅣㅆㅇㅓㅛ", "있어ㅛ"),
        ("ㄱㅗㅏㄴ", "관"),
        ("ㅗㅏ", "ㅘ"),
        ("ㅇㅓㅣ", "어ㅣ"),
        ("ㄱㄱ", "ㄱㄱ"),
        ("ㅂㅏㅃㅏ", "바빠"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㅎㅏㄴㅏ", "하나"),
        ("ㅎㅏㄴ ㅏ", "한 ㅏ"),
        ("ㅇㅓㅂㅅㅇㅓ", "없어"),
    ],
)
def test_how_jamo_meet(keys: str, text: str) -> None:
    assert typed(keys) == text


def test_backspace_takes_back_jamo_by_jamo_then_characters() -> None:
    composer = Composer("가 ")
    for key in "ㄷㅗㅏㄹㄱ":
        composer.type(key)
    seen = [composer.text]
    for _ in range(8):
        composer.backspace()
        seen.append(composer.text)
    assert seen == ["가 돩", "가 돨", "가 돠", "가 도", "가 ㄷ", "가 ", "가", "", ""]


@given(st.text(st.sampled_from("ㄱㄴㄷㄹㅁㅂㅅㅇㅃㅏㅓㅗㅜㅣㅡ .<"), max_size=30))
def test_whatever_is_pressed_is_one_text(keys: str) -> None:
    composer = Composer()
    for key in keys:
        if key == "<":
            before = composer.text
            composer.backspace()
            assert len(composer.text) <= len(before)
        else:
            composer.type(key)
    text = composer.text
    assert unicodedata.normalize("NFC", text) == text
    for ch in text:
        if "가" <= ch <= "힣":
            assert all(decompose(ch)[:2])


def test_every_letter_has_a_key() -> None:
    korean = "".join(LAYERS["ko"]) + "".join(LAYERS["ko-shift"])
    assert set("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ") <= set(korean)
    english = "".join(LAYERS["en"]) + "".join(LAYERS["en-shift"])
    assert len(set(english)) == 52
    assert {len(layer[row]) for layer in LAYERS.values() for row in (0,)} == {10}


@pytest.fixture
def keyboard(qtbot: QtBot) -> Keyboard:
    keyboard = Keyboard()
    keyboard.resize(768, 240)
    qtbot.addWidget(keyboard)
    keyboard.show()
    return keyboard


def press(qtbot: QtBot, keyboard: Keyboard, keys: str) -> None:
    for key in keys:
        if key == " ":
            qtbot.mouseClick(keyboard.space_key, Qt.LeftButton)
        elif key == ".":
            qtbot.mouseClick(keyboard.stop_key, Qt.LeftButton)
        else:
            if key not in keyboard.keys:
                qtbot.mouseClick(keyboard.shift_key, Qt.LeftButton)
            qtbot.mouseClick(keyboard.keys[key], Qt.LeftButton)


def test_a_korean_sentence_by_taps(qtbot: QtBot, keyboard: Keyboard) -> None:
    keyboard.begin("", "ko")
    press(qtbot, keyboard, keys_of("꽃이 예뻐요."))
    assert keyboard.text == "꽃이 예뻐요."
    assert keyboard.layer == "ko"  # shift holds for one letter


def test_an_english_sentence_and_signs_by_taps(qtbot: QtBot, keyboard: Keyboard) -> None:
    keyboard.begin("", "en")
    press(qtbot, keyboard, "Hi there")
    qtbot.mouseClick(keyboard.signs_key, Qt.LeftButton)
    press(qtbot, keyboard, "!2&")
    qtbot.mouseClick(keyboard.signs_key, Qt.LeftButton)
    qtbot.mouseClick(keyboard.language_key, Qt.LeftButton)
    press(qtbot, keyboard, "ㄱㅏ")
    assert keyboard.text == "Hi there!2&가"


def test_a_text_has_an_end(qtbot: QtBot, keyboard: Keyboard) -> None:
    keyboard.begin("x" * 299, "en")
    press(qtbot, keyboard, "ab")
    assert keyboard.text == "x" * 299 + "a"
