"""Goodbye: the device is switching off; when it may be unplugged."""

from __future__ import annotations

from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.bars import BusyRing
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget

STILL_ON_MS = 90_000
"""Longer than any service's stop timeout: by then the device should be off."""
_PICTURE_PX = 240
_BUSY_PX = 72


class GoodbyeScreen(TranslatedWidget):
    """Has no controls: the screen turns off with the device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still_on = False
        picture = picture_label(self, theme.picture("goodbye", _PICTURE_PX), _PICTURE_PX)
        self.goodbye_label = FittedLabel(44, 28, alignment=LOWER_LEFT, parent=self)
        self.message_label = FittedLabel(30, 22, "accent-dark", True, UPPER_LEFT, self)
        self.busy = BusyRing(_BUSY_PX, self)
        self.timer = make_timer(self, STILL_ON_MS, self._on_still_on, once=True)
        texts = vbox(
            1, (self.goodbye_label, 2), (self.message_label, 3), self.busy, 1, spacing_px=12
        )
        hbox(picture, (texts, 1), margins_px=(40, 24, 40, 24), spacing_px=36, parent=self)
        self._retranslate()

    def begin(self) -> None:
        """Start the timer: the device was asked to switch off."""
        self._still_on = False
        self.timer.start()
        self._retranslate()

    def end(self) -> None:
        """Stop the timer: the device stays on."""
        self.timer.stop()

    def _on_still_on(self) -> None:
        self._still_on = True
        self._retranslate()

    def _retranslate(self) -> None:
        self.busy.setVisible(not self._still_on)
        self.goodbye_label.set_text(self.tr("See you next time!"))
        if self._still_on:
            self.message_label.set_text(self.tr("Everything is saved. You can pull the plug now."))
        else:
            self.message_label.set_text(
                self.tr("Switching off. When the screen is dark, you can pull the plug.")
            )
