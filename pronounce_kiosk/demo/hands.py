"""A person at the kiosk: real taps, a synthetic voice, and pictures of what is seen."""

import time
from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QEventLoop, QPoint, Qt, QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractItemView, QAbstractScrollArea, QWidget

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.demo.sound import VirtualSound
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.session.states import State

VOICES = {"ko": "ko+f4", "en": "en-us+f4"}
"""espeak-ng's voices by the sentence's language; no scorer uses them for references."""
RATE_WPM, PITCH = 145, 60
TIMEOUT_S = 300.0
LOOK_MS = 5
ATTEMPTS = 4


class DemoFailedError(KioskError):
    """A step did not lead to the expected state."""

    key = "demo"


def voice(sentence: Sentence) -> AudioClip:
    """Synthesise the sentence as the person says it."""
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
    from pronounce_kiosk.references.espeak_library import EspeakLibrary

    text = sentence.text
    if sentence.language == "ko":
        text = sentence.pronunciation or standard_pronunciation(text)
    spoken = EspeakLibrary().speak(text, VOICES[sentence.language], RATE_WPM, PITCH)
    return AudioClip.from_array(spoken.samples, spoken.sample_rate_hz)


class Hands:
    """Uses a kiosk as a person does. ``shot`` names the picture of what a step leads to, "" none.

    Args:
        folder: Receives the pictures.
        pause_s: Time after each tap.

    Attributes:
        level: The last level of the microphone, since it was set to 0.
        language: The person's, named in the pictures' names.
        part: What the pictures' names begin with.
        screens: File, state and language of each picture.
        settled: Tells whether a screen is complete and its picture may be taken.
    """

    def __init__(
        self,
        window: KioskWindow,
        model: KioskModel,
        sound: VirtualSound,
        folder: Path = Path(),
        pause_s: float = 0.05,
    ) -> None:
        self.window = window
        self.model = model
        self.sound = sound
        self.level = 0.0
        self.language = "ko"
        self.part = ""
        self.screens: list[dict[str, str]] = []
        self.settled: Callable[[], bool] = lambda: True
        self._folder = folder
        self._pause_s = pause_s
        model.sound.level.connect(self._on_level)

    def rest(self, seconds: float) -> None:
        """Do nothing for a while."""
        _live(round(seconds * 1000), lambda: True)

    def wait(
        self, done: Callable[[], bool], what: str, shot: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        """Process the window's events until a condition holds.

        Raises:
            DemoFailedError: It does not in time.
        """
        deadline = time.monotonic() + timeout_s
        _live(LOOK_MS, lambda: done() or time.monotonic() > deadline)
        if not done():
            raise DemoFailedError(
                f"Waited in vain for {what} in state {self.model.state.value}, "
                f"error {self.model.error}, notice {self.model.notices.key!r}."
            )
        self.shoot(shot)

    def reach(self, state: State, shot: str = "") -> None:
        """Wait for a state."""
        self.wait(lambda: self.model.state is state, f"the state {state.value}", shot)

    def hear(self, sound: str, shot: str = "") -> None:
        """Wait for a sound (reference, take) to be played, or with "" for its end."""
        what = f"the {sound}'s sound" if sound else "the end of the sound"
        self.wait(lambda: self.model.playback.playing == sound, what, shot)

    def tap(self, widget: QWidget, shot: str = "") -> None:
        """Tap a widget in its middle.

        Raises:
            DemoFailedError: It is hidden or disabled.
        """
        if not (widget.isVisible() and widget.isEnabled()):
            name = widget.accessibleName() or type(widget).__name__
            raise DemoFailedError(f"“{name}” cannot be tapped in {self.model.state.value}.")
        self._click(widget, widget.rect().center(), shot)

    def tap_at(self, view: QAbstractScrollArea, where: QPoint, shot: str = "") -> None:
        """Tap a place of a view."""
        self._click(view.viewport(), where, shot)

    def tap_row(self, view: QAbstractItemView, row: int, shot: str = "") -> None:
        """Scroll to a row and tap it."""
        index = view.model().index(row, 0)
        view.scrollTo(index)
        self.rest(self._pause_s)
        self.tap_at(view, view.visualRect(index).center(), shot)

    def tap_card(self, card: QWidget, shot: str = "") -> None:
        """Scroll to a card of the home screen and tap it."""
        self.window.home.grid.scroll_to(card)
        self.rest(self._pause_s)
        self.tap(card, shot)

    def choose_language(self, language: str) -> None:
        """Make the interface speak a language."""
        self.language = language
        if self.window.language != language:
            self.tap(self.window.top_bar.language_button)
        self.wait(lambda: self.window.language == language, "the other language")

    def tap_list(self, sentence_list: SentenceList, shot: str = "") -> None:
        """Open a list from the home screen."""
        cards = self.window.home.cards
        self.tap_card(next(c for c in cards if c.sentence_list == sentence_list), shot)

    def say(self, sentence: Sentence, ended: Callable[[], bool] = lambda: False) -> bool:
        """Say a sentence once the microphone listens; False where it has ended before."""
        self.level = 0.0
        self.wait(lambda: ended() or self.level > 0.0, "the recording")
        if ended():
            return False
        self.sound.speak(voice(sentence), wait=False)
        self.wait(lambda: ended() or self.level > 0.5, "the voice")
        return True

    def say_into(self, button: QWidget, sentence: Sentence, ended: Callable[[], bool]) -> None:
        """Tap a microphone's button and say a sentence; again where the microphone was lost.

        On a loaded machine the sound server may stall.
        """
        for _ in range(ATTEMPTS):
            self.tap(button)
            if self.say(sentence, ended):
                return

    def shoot(self, name: str) -> None:
        """Save a picture of the complete screen; none without a name."""
        if name:
            self.rest(0.06)
            self.wait(self.settled, "the background")
            self.save(self.part + name)

    def save(self, name: str) -> None:
        """Save a picture of the window as it is now.

        Raises:
            DemoFailedError: The folder refuses it.
        """
        file = f"{len(self.screens) + 1:03d}-{self.language}-{name}.png"
        if not self.window.grab().save(str(self._folder / file)):
            raise DemoFailedError(f"{self._folder / file} could not be written: check the folder.")
        state = self.model.state.value
        self.screens.append({"file": file, "state": state, "language": self.language})

    def _click(self, widget: QWidget, where: QPoint, shot: str) -> None:
        QTest.mouseClick(widget, Qt.LeftButton, Qt.NoModifier, where)
        if self._pause_s:
            self.rest(self._pause_s)
        self.shoot(shot)

    def _on_level(self, level: LevelView) -> None:
        # 0 means no level yet, so a silent microphone counts as a little more.
        self.level = max(level.level, 0.001)


def _live(every_ms: int, done: Callable[[], bool]) -> None:
    """Process the window's events until a condition holds.

    `QTest.qWait` sleeps in between, which would block the window itself.
    """
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start(every_ms)
    loop.exec_()
    timer.stop()
