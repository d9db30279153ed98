"""Failsafe: apologise, say what to do, return to the waiting state."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget
from pronounce_kiosk.session.states import State

RETURN_AFTER_MS = 15_000
_PICTURE_PX = 220


class FailsafeScreen(TranslatedWidget):
    """State failsafe. The reason is in the log."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        picture = picture_label(self, theme.picture("sorry", _PICTURE_PX), _PICTURE_PX)
        self.sorry_label = FittedLabel(44, 28, alignment=LOWER_LEFT, parent=self)
        self.message_label = FittedLabel(28, 22, "muted", False, UPPER_LEFT, self)
        self.home_button = TextButton("home", "main", parent=self, act=model.apology_over)
        self.home_button.setFixedWidth(380)
        self.timer = make_timer(self, RETURN_AFTER_MS, model.apology_over, once=True)
        texts = vbox((self.sorry_label, 2), (self.message_label, 3), spacing_px=14)
        upper = hbox(picture, (texts, 1), spacing_px=28)
        vbox(
            (upper, 1),
            (self.home_button, 0, Qt.AlignHCenter),
            margins_px=(32, 0, 32, 20),
            spacing_px=12,
            parent=self,
        )
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
