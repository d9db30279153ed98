"""Practice: the sentence, Listen, Record; the level while recording, a busy sign while scoring."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.busy_ring import BusyRing
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.level_meter import LevelMeter
from pronounce_kiosk.gui.widgets.round_button import RoundButton
from pronounce_kiosk.session.states import State

_SIDE_PX = 104
_MAIN_PX = 124
_LONG_CHARACTERS = 44
"""What one line holds at the smallest size of the pronunciation; twice that of Latin letters."""


class PracticeScreen(QWidget):
    """States prompt, listen, record and score."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hint = "waiting"
        self.sentence_label = FittedLabel(60, 18, parent=self)
        self.pronunciation_label = FittedLabel(30, 20, "accent", parent=self)
        self.translation_label = FittedLabel(26, 20, "muted", bold=False, parent=self)
        self.pronunciation_label.setFixedHeight(38)
        self.translation_label.setFixedHeight(36)
        self.strip = self._make_strip()
        self.left_button = RoundButton("listen", _SIDE_PX, parent=self)
        self.record_button = RoundButton("record", _MAIN_PX, "main", self)
        self.right_button = RoundButton("next", _SIDE_PX, parent=self)
        self.busy = BusyRing(_MAIN_PX, self)
        self.left_button.clicked.connect(self._on_left)
        self.record_button.clicked.connect(self._on_record)
        self.right_button.clicked.connect(model.next)
        self._main = QStackedWidget(self)
        for widget in (self.record_button, self._centred(self.busy)):
            self._main.addWidget(widget)
        self._main.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
        for button in (self.left_button, self.right_button):
            policy = button.sizePolicy()
            # Hidden buttons keep their place, so that nothing jumps under a finger.
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(40, 0, 40, 0)
        buttons.addWidget(self.left_button, 0, Qt.AlignBottom)
        buttons.addStretch()
        buttons.addWidget(self._main, 0, Qt.AlignBottom)
        buttons.addStretch()
        buttons.addWidget(self.right_button, 0, Qt.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 4, 24, 10)
        layout.setSpacing(4)
        layout.addWidget(self.sentence_label, 1)
        layout.addWidget(self.pronunciation_label)
        layout.addWidget(self.translation_label)
        layout.addWidget(self.strip)
        layout.addLayout(buttons)
        model.state_changed.connect(self.refresh)
        model.stage_changed.connect(self._on_stage)
        model.playing_changed.connect(lambda _: self._show_hint())
        model.level_changed.connect(self._on_level)
        self.refresh()

    def _make_strip(self) -> QWidget:
        """Hint and level meter share a strip of fixed height."""
        strip = QWidget(self)
        strip.setFixedHeight(48)
        self.hint_label = QLabel(strip)
        self.hint_label.setObjectName("hint")
        self.hint_label.setAlignment(Qt.AlignCenter)
        self.meter = LevelMeter(strip)
        layout = QHBoxLayout(strip)
        layout.setContentsMargins(24, 0, 24, 0)
        layout.setSpacing(24)
        layout.addWidget(self.meter, 1)
        layout.addWidget(self.hint_label, 1)
        return strip

    @staticmethod
    def _centred(widget: QWidget) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget, 0, Qt.AlignHCenter | Qt.AlignTop)
        return box

    def show_sentence(self, sentence: Sentence, pronunciation: str) -> None:
        """pronunciation: as said, "" where it is not shown."""
        self.sentence_label.set_text(sentence.text)
        self.pronunciation_label.set_text(f"[{pronunciation}]" if pronunciation else "")
        # A long sentence needs the room itself.
        self.pronunciation_label.setVisible(0 < len(pronunciation) <= _LONG_CHARACTERS)
        self.translation_label.set_text(sentence.translation)
        short = len(sentence.translation) <= 2 * _LONG_CHARACTERS
        self.translation_label.setVisible(bool(sentence.translation) and short)

    def refresh(self) -> None:
        """Show the state."""
        state = self._model.state
        recording = state is State.RECORD
        scoring = state is State.SCORE
        cancellable = recording or scoring or state is State.LISTEN
        if cancellable:
            text = self.tr("Stop") if state is State.LISTEN else self.tr("Cancel")
            icon = "stop" if state is State.LISTEN else "cancel"
            self.left_button.set_face(icon, "plain", text)
        else:
            self.left_button.set_face("listen", "plain", self.tr("Listen"))
        if recording:
            self.record_button.set_face("stop", "stop", self.tr("Done"))
        else:
            self.record_button.set_face("record", "main", self.tr("Speak"))
        self.right_button.set_face("next", "plain", self.tr("Next"))
        self.right_button.setVisible(not (recording or scoring))
        self._main.setCurrentIndex(1 if scoring else 0)
        self.meter.setVisible(recording)
        if recording:
            self._hint = "waiting"
            self.meter.set_level(0.0, "good")
            self.record_button.set_level(0.0)
        self._show_hint()

    def _show_hint(self) -> None:
        tone = ""
        state = self._model.state
        if state is State.RECORD:
            tone = {"good": "good", "quiet": "fair", "loud": "poor"}.get(self._hint, "")
            text = messages.hint_text(self._hint)
        elif state is State.SCORE:
            text = messages.stage_text(self._model.stage)
        elif state is State.LISTEN:
            text = (
                self.tr("Listen carefully.")
                if self._model.playing
                else messages.stage_text(self._model.stage)
            )
        else:
            text = self.tr("Listen, then tap the microphone and say it.")
        self.hint_label.setText(text)
        if self.hint_label.property("tone") != tone:
            self.hint_label.setProperty("tone", tone)
            theme.repolish(self.hint_label)

    def _on_left(self) -> None:
        if self._model.state is State.PROMPT:
            self._model.listen()
        else:
            self._model.cancel()

    def _on_record(self) -> None:
        if self._model.state is State.RECORD:
            self._model.stop()
        else:
            self._model.record()

    def _on_stage(self, stage: str) -> None:
        self._show_hint()

    def _on_level(self, level: LevelView) -> None:
        if self._model.state is not State.RECORD:
            return
        self.meter.set_level(level.level, level.tone)
        self.record_button.set_level(level.level)
        if level.hint != self._hint:
            self._hint = level.hint
            self._show_hint()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.refresh()
        super().changeEvent(event)
