"""Closer look: example and take on one time axis, unit under unit, with both pitch curves."""

from collections.abc import Callable

from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.model import VOICES, KioskModel
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.gui.widgets.voices_view import VoicesView

_LEFT_PX = 134


class CloserScreen(TranslatedWidget):
    """Second page of state result."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.view = VoicesView(self)
        self.reference_button = self._left_button(lambda: model.play("reference"))
        self.take_button = self._left_button(lambda: model.play("take"))
        self.both_button = TextButton("both", "play", 26, 72, self, lambda: model.play(*VOICES))
        self.score_button = TextButton("back", "play", 26, 72, self)
        self.earlier_button = self._page_button("left", -1)
        self.later_button = self._page_button("right", 1)
        self.melody_label = text_label(self, "melody")
        self.example_key = text_label(self, "key-example")
        self.mine_key = text_label(self, "key-mine")
        self.view.tapped.connect(model.play_unit)
        keys = vbox(1, self.melody_label, self.example_key, self.mine_key, 1, spacing_px=0)
        left = vbox(
            (self.reference_button, 1),
            (self.take_button, 1),
            (keys, 1),
            spacing_px=6,
            margins_px=(0, 34, 0, 0),
        )
        upper = hbox(left, (self.view, 1), spacing_px=10)
        buttons = hbox(
            (self.score_button, 1),
            (self.both_button, 1),
            self.earlier_button,
            self.later_button,
            spacing_px=12,
        )
        vbox((upper, 1), buttons, margins_px=(16, 0, 16, 10), spacing_px=8, parent=self)
        bar = self.view.horizontalScrollBar()
        bar.rangeChanged.connect(self._show_paging)
        bar.valueChanged.connect(self._show_paging)
        model.closer_changed.connect(self.refresh)
        model.playback.changed.connect(lambda _: self._on_playing())
        self._retranslate()

    def _left_button(self, act: Callable[[], None]) -> TextButton:
        button = TextButton("play", "play", 26, theme.TOUCH_PX, self, act)
        button.setFixedWidth(_LEFT_PX)
        button.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Expanding)
        return button

    def _page_button(self, icon: str, direction: int) -> TextButton:
        button = TextButton(icon, "play", 26, 72, self, lambda: self.view.page(direction))
        button.setFixedWidth(84)
        return button

    def _show_paging(self) -> None:
        """Show the page buttons where the view is wider than the screen."""
        bar = self.view.horizontalScrollBar()
        for button in (self.earlier_button, self.later_button):
            button.setVisible(bar.maximum() > 0)
        self.earlier_button.setEnabled(bar.value() > 0)
        self.later_button.setEnabled(bar.value() < bar.maximum())

    def refresh(self) -> None:
        """Show the model's comparison."""
        result = self._model.result
        if result is not None:
            self.view.set_look(self._model.closer, result.units)

    def _on_playing(self) -> None:
        playback = self._model.playback
        self.reference_button.show_playing(playback.alone == "reference", "play")
        self.take_button.show_playing(playback.alone == "take", "play")
        self.both_button.show_playing(playback.in_turn, "both")
        self.view.mark(playback.unit)

    def _retranslate(self) -> None:
        self.reference_button.set_text(self.tr("Example"), self.tr("Play the example"))
        self.take_button.set_text(self.tr("Mine"), self.tr("Play my voice"))
        self.both_button.set_text(self.tr("Both"), self.tr("Play the example, then my voice"))
        self.score_button.set_text(self.tr("Back to the score"))
        self.earlier_button.set_text("", self.tr("The syllables before"))
        self.later_button.set_text("", self.tr("The syllables after"))
        self.melody_label.setText(self.tr("Melody"))
        self.example_key.setText("━ " + self.tr("Example"))
        self.mine_key.setText("┅ " + self.tr("Mine"))
        self.view.setAccessibleName(self.tr("Both voices, syllable under syllable"))
        self._show_paging()
