"""The result: score, aspects, the sentence with its units marked, advice, both mel images."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.view_models import ResultView
from pronounce_kiosk.gui.widgets.aspect_bar import AspectBar
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.mel_view import MelView
from pronounce_kiosk.gui.widgets.score_ring import ScoreRing
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.units_view import UnitsView
from pronounce_kiosk.session.states import State

_LEFT_PX = 212
_ASPECTS = ("accuracy", "fluency", "prosody")


class ResultScreen(QWidget):
    """State result."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._result: ResultView | None = None
        self.ring = ScoreRing(self)
        self.aspect_bars = {name: AspectBar(self) for name in _ASPECTS}
        self.units_view = UnitsView(44, 16, self)
        self.advice_label = FittedLabel(25, 19, "accent-dark", alignment=Qt.AlignLeft)
        self.reference_view = MelView(self)
        self.take_view = MelView(self)
        self.reference_button = self._play_button("reference")
        self.take_button = self._play_button("take")
        self.again_button = TextButton("again", "main", parent=self)
        self.next_button = TextButton("next", parent=self)
        self.again_button.clicked.connect(model.record)
        self.next_button.clicked.connect(model.next)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 10)
        layout.setSpacing(20)
        layout.addLayout(self._make_left())
        layout.addLayout(self._make_right(), 1)
        model.state_changed.connect(self.refresh)
        model.playing_changed.connect(self._on_playing)
        self.retranslate()

    def _make_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addStretch(1)
        left.addWidget(self.ring, 0, Qt.AlignHCenter)
        left.addStretch(1)
        for bar in self.aspect_bars.values():
            bar.setFixedWidth(_LEFT_PX)
            left.addWidget(bar)
        left.addStretch(1)
        self._keep = QWidget(self)
        self._keep.setFixedSize(_LEFT_PX, 0)
        left.addWidget(self._keep)
        return left

    def _make_right(self) -> QVBoxLayout:
        advice = QFrame(self)
        advice.setObjectName("advice-box")
        advice.setFixedHeight(54)
        sign = QLabel(advice)
        sign.setPixmap(theme.pixmap("advice", "accent", 34))
        row = QHBoxLayout(advice)
        row.setContentsMargins(14, 2, 14, 2)
        row.setSpacing(10)
        row.addWidget(sign)
        row.addWidget(self.advice_label, 1)
        images = QGridLayout()
        images.setHorizontalSpacing(8)
        images.setVerticalSpacing(5)
        images.addWidget(self.reference_button, 0, 0)
        images.addWidget(self.reference_view, 0, 1)
        images.addWidget(self.take_button, 1, 0)
        images.addWidget(self.take_view, 1, 1)
        images.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.again_button, 1)
        buttons.addWidget(self.next_button, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.units_view, 1)
        right.addWidget(advice)
        right.addLayout(images)
        right.addLayout(buttons)
        return right

    def _play_button(self, which: str) -> TextButton:
        button = TextButton("play", "play", 24, 52, self)
        button.setFixedWidth(150)
        button.clicked.connect(lambda: self._model.play(which))
        return button

    def refresh(self) -> None:
        """Show the model's result."""
        if self._model.state is not State.RESULT or self._model.result is None:
            return
        self._result = self._model.result
        self._show()

    def _show(self) -> None:
        result = self._result
        if result is None:
            return
        self.ring.set_score(result.score, result.stars)
        score_text = self.tr("Score {score} of 100").replace("{score}", str(result.score))
        self.ring.setAccessibleName(score_text)
        given = {aspect.name: aspect for aspect in result.aspects}
        for name, bar in self.aspect_bars.items():
            bar.setVisible(name in given)
            if name in given:
                bar.set_aspect(messages.aspect_name(name), given[name].value, given[name].grade)
        self.units_view.set_units(result.units, result.sentence.text)
        self.advice_label.set_text(messages.advice_text(result.advice))
        widths = [
            image.shape[1]
            for image in (result.take_image, result.reference_image)
            if image is not None
        ]
        widest = max(widths, default=0)
        self.take_view.set_image(result.take_image, widest)
        self.reference_view.set_image(result.reference_image, widest)

    def _on_playing(self, which: str) -> None:
        for name, button in (("reference", self.reference_button), ("take", self.take_button)):
            playing = name == which
            button.setProperty("playing", playing)
            button.set_icon("stop" if playing else "play")
            theme.repolish(button)

    def retranslate(self) -> None:
        """Words again."""
        self.reference_button.set_text(self.tr("Example"), self.tr("Play the example"))
        self.take_button.set_text(self.tr("Mine"), self.tr("Play my voice"))
        self.reference_view.setAccessibleName(self.tr("Picture of the example"))
        self.take_view.setAccessibleName(self.tr("Picture of my voice"))
        self.again_button.set_text(self.tr("Again"))
        self.next_button.set_text(self.tr("Next"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
