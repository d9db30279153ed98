"""The demonstration of a sound's page and of minimal pairs, by real taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.gui.word_practice import EXAMPLE, MINE
from pronounce_kiosk.session.pairs import Step
from pronounce_kiosk.session.visemes import REST

TRIES = 2


class Hands(Protocol):
    """The demonstration's functions for taps, waiting, pictures and speech."""

    def tap(self, widget: QWidget) -> None:
        """Tap a widget."""

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Wait until it is done."""

    def shoot(self, name: str) -> None:
        """Take a picture of the window."""

    def say(self, sentence: Sentence) -> None:
        """Say a sentence into the microphone once it listens."""


def walk(window: KioskWindow, unit: UnitView, hands: Hands) -> None:
    """Open a unit's page from the result, practise its word, and come back to the result."""
    view, practice, page = window.result.units_view, window.word_practice, window.sound_page
    for _ in range(2):
        box = view.box_of(unit)
        if box is not None:
            where = box.center().toPoint()
            QTest.mouseClick(view.viewport(), Qt.LeftButton, Qt.NoModifier, where)
        QTest.qWait(400)
    hands.wait(lambda: practice.playing == EXAMPLE and practice.viseme != REST, "the mouth")
    hands.shoot("example")
    hands.wait(lambda: practice.playing == "", "the example's end")
    hands.wait(lambda: practice.can_play(MINE), "the learner's word")
    hands.tap(page.mine_button)
    hands.wait(lambda: practice.lit is not None, "the learner's word")
    hands.shoot("mine")
    hands.wait(lambda: practice.playing == "", "the take's end")
    word = practice.word
    assert word is not None
    for number in range(TRIES):
        hands.tap(page.record_button)
        hands.say(word.alone)
        hands.shoot(f"record-{number + 1}")
        hands.wait(lambda: practice.activity is Activity.NONE, "the word's points")
        hands.shoot(f"try-{number + 1}")
    if page.pairs_button.isVisible():
        hands.tap(page.pairs_button)
        _tell_apart(window, hands)
    hands.tap(page.back_button)


def _tell_apart(window: KioskWindow, hands: Hands) -> None:
    """Choose the word that is heard, say it, and go back to the sound's page."""
    screen, model = window.pairs, window.pairs_model
    hands.wait(lambda: model.activity is Activity.NONE, "the two words")
    practice = model.practice
    assert practice is not None
    if practice.step is Step.CHOOSE:
        hands.shoot("pairs-choose")
        hands.tap(screen.cards[practice.target])
    hands.shoot("pairs-say")
    hands.tap(screen.main_button)
    hands.say(practice.pair.sentence(practice.target))
    hands.shoot("pairs-record")
    hands.wait(lambda: model.activity is not Activity.RECORDING, "the end of the word")
    hands.wait(lambda: model.activity is not Activity.JUDGING, "what was heard")
    hands.shoot("pairs-heard")
    hands.tap(window.top_bar.back_button)
