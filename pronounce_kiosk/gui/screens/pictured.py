"""Screens of a picture and a few words: a take that was not scored, a failure, the end."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.bars import BusyRing
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import LOWER_LEFT, UPPER_LEFT, FittedLabel, picture_label
from pronounce_kiosk.session.states import State

RETURN_AFTER_MS = 15_000
STILL_ON_MS = 90_000
"""Longer than any service's stop timeout: by then the device should be off."""
_VERDICT_PX, _SORRY_PX, _GOODBYE_PX = 236, 220, 240
_BUSY_PX = 72


class NotScoredScreen(TranslatedWidget):
    """State not_scored: the reason, and what to do; never a low score."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.picture = picture_label(self, None, _VERDICT_PX)
        self.message_label = FittedLabel(42, 26, alignment=LOWER_LEFT, parent=self)
        self.advice_label = FittedLabel(28, 22, "accent", alignment=UPPER_LEFT, parent=self)
        self.sentence_label = FittedLabel(28, 20, "muted", False, Qt.AlignLeft, self)
        self.again_button = TextButton("again", "main", parent=self, act=model.record)
        self.listen_button = TextButton("listen", parent=self, act=model.listen)
        self.next_button = TextButton("next", parent=self, act=model.next)
        texts = vbox(
            (self.message_label, 3), (self.advice_label, 3), (self.sentence_label, 2), spacing_px=12
        )
        upper = hbox(self.picture, (texts, 1), margins_px=(16, 0, 16, 0), spacing_px=28)
        buttons = hbox(
            (self.listen_button, 1), (self.again_button, 1), (self.next_button, 1), spacing_px=12
        )
        vbox((upper, 1), buttons, margins_px=(16, 0, 16, 16), spacing_px=12, parent=self)
        model.state_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the model's verdict."""
        self.listen_button.set_text(self.tr("Listen"))
        self.again_button.set_text(self.tr("Again"))
        self.next_button.set_text(self.tr("Next"))
        result = self._model.result
        if self._model.state is State.NOT_SCORED and result is not None:
            self.picture.setPixmap(theme.picture(result.verdict.value, _VERDICT_PX))
            self.message_label.set_text(messages.verdict_title(result.verdict))
            self.advice_label.set_text(messages.advice_text(result.advice))
            self.sentence_label.set_text(result.sentence.text)

    _retranslate = refresh


class FailsafeScreen(TranslatedWidget):
    """State failsafe: an apology, and what to do. The reason is in the log."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        picture = picture_label(self, theme.picture("sorry", _SORRY_PX), _SORRY_PX)
        self.sorry_label = FittedLabel(44, 28, alignment=LOWER_LEFT, parent=self)
        self.message_label = FittedLabel(28, 22, "muted", False, UPPER_LEFT, self)
        self.home_button = TextButton("home", "main", parent=self, act=model.apology_over)
        self.home_button.setFixedWidth(380)
        self.timer = make_timer(self, RETURN_AFTER_MS, model.apology_over, once=True)
        texts = vbox((self.sorry_label, 2), (self.message_label, 3), spacing_px=14)
        upper = hbox(picture, (texts, 1), spacing_px=28)
        home = (self.home_button, 0, Qt.AlignHCenter)
        vbox((upper, 1), home, margins_px=(32, 0, 32, 20), spacing_px=12, parent=self)
        model.state_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the error, and start the timer that leaves the screen."""
        self.sorry_label.set_text(self.tr("Sorry!"))
        self.home_button.set_text(self.tr("Back to the start"))
        if self._model.state is not State.FAILSAFE:
            self.timer.stop()
            return
        if self._model.error is not None:
            self.message_label.set_text(messages.error_text(self._model.error))
        if not self.timer.isActive():
            self.timer.start()

    _retranslate = refresh


class GoodbyeScreen(TranslatedWidget):
    """The device is switching off; when it may be unplugged. The screen turns off with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still_on = False
        picture = picture_label(self, theme.picture("goodbye", _GOODBYE_PX), _GOODBYE_PX)
        self.goodbye_label = FittedLabel(44, 28, alignment=LOWER_LEFT, parent=self)
        self.message_label = FittedLabel(30, 22, "accent-dark", True, UPPER_LEFT, self)
        self.busy = BusyRing(_BUSY_PX, self)
        self.timer = make_timer(self, STILL_ON_MS, lambda: self._show(still_on=True), once=True)
        texts = vbox(
            1, (self.goodbye_label, 2), (self.message_label, 3), self.busy, 1, spacing_px=12
        )
        hbox(picture, (texts, 1), margins_px=(40, 24, 40, 24), spacing_px=36, parent=self)
        self._retranslate()

    def begin(self) -> None:
        """Start the timer: the device was asked to switch off."""
        self.timer.start()
        self._show(still_on=False)

    def end(self) -> None:
        """Stop the timer: the device stays on."""
        self.timer.stop()

    def _show(self, still_on: bool) -> None:
        self._still_on = still_on
        self._retranslate()

    def _retranslate(self) -> None:
        self.busy.setVisible(not self._still_on)
        self.goodbye_label.set_text(self.tr("See you next time!"))
        text = self.tr("Switching off. When the screen is dark, you can pull the plug.")
        if self._still_on:
            text = self.tr("Everything is saved. You can pull the plug now.")
        self.message_label.set_text(text)
