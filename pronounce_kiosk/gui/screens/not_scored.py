"""Not scored: the reason, and what to do, with a picture; never a low score."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget
from pronounce_kiosk.session.states import State

_PICTURE_PX = 236


class NotScoredScreen(TranslatedWidget):
    """State not_scored."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.picture = picture_label(self, None, _PICTURE_PX)
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
            self.picture.setPixmap(theme.picture(result.verdict.value, _PICTURE_PX))
            self.message_label.set_text(messages.verdict_title(result.verdict))
            self.advice_label.set_text(messages.advice_text(result.advice))
            self.sentence_label.set_text(result.sentence.text)

    _retranslate = refresh
