"""Practice: the sentence, Listen, Record; the level meter while recording.

Pronunciation and meaning are shown on tap, one at a time: learners who read along do not listen.
"""

from functools import partial

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.language import TranslatedWidget, localised
from pronounce_kiosk.gui.layouts import ANYHOW, centred_row, hbox, keep_place, stack, vbox
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.view_models import SILENT, LevelView
from pronounce_kiosk.gui.widgets.bars import BusyRing, LevelMeter
from pronounce_kiosk.gui.widgets.buttons import RoundButton, TextButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel, text_label
from pronounce_kiosk.language.korean.romanisation import ipa, romanise
from pronounce_kiosk.session.spoken import Speed
from pronounce_kiosk.session.states import State

_SIDE_PX = 104
_MAIN_PX = 124
_REVEAL_PX = 46
_LONG_REVEAL_PX = 78
_SAID_WIDTH_PX = 196
_MEANING_WIDTH_PX = 160
_LETTERS_WIDTH_PX = 60
_LONG_CHARACTERS = 40
"""Hangul characters that fit one line at a readable size; of Latin letters twice as many."""


class PracticeScreen(TranslatedWidget):
    """States prompt, listen, record and score."""

    def __init__(self, model: KioskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._level = SILENT
        self._sentence = Sentence("", "", "en")
        self._pronunciation = ""
        self._letters = 0
        """1 for the romanisation, 2 for IPA, 0 for neither."""
        self.sentence_label = FittedLabel(60, 18, parent=self)
        self.reveal_label = FittedLabel(32, 17, "accent", parent=self)
        # Tab follows the order in which the buttons are created.
        self.left_button = RoundButton("listen", _SIDE_PX, parent=self, act=self._on_left)
        self.slow_button = RoundButton("slow", _SIDE_PX, parent=self, act=model.listen_slowly)
        self.record_button = RoundButton("record", _MAIN_PX, "main", self, act=self._on_record)
        self.right_button = RoundButton("next", _SIDE_PX, parent=self, act=model.next)
        self.said_button = self._reveal_button("mouth", _SAID_WIDTH_PX)
        self.letters_button = self._reveal_button("letters", _LETTERS_WIDTH_PX)
        self.meaning_button = self._reveal_button("language", _MEANING_WIDTH_PX)
        self._reveal_buttons = (self.said_button, self.letters_button, self.meaning_button)
        for button in (self.said_button, self.meaning_button):
            button.clicked.connect(partial(self._reveal, button))
        self.letters_button.clicked.connect(self._on_letters)
        self.kept_label = text_label(self, "kept", centred=True)
        self.hint_label = text_label(self, "hint", centred=True)
        self.meter = LevelMeter(self)
        self.note_label = FittedLabel(22, 16, "ink", False, parent=self)
        self.busy = BusyRing(_MAIN_PX, self)
        busy_page = QWidget()
        vbox((self.busy, 0, Qt.AlignHCenter | Qt.AlignTop), parent=busy_page)
        self._main = stack(self, self.record_button, busy_page, fixed=True)
        self._lay_out()
        model.state_changed.connect(self.refresh)
        model.stage_changed.connect(lambda _: self._show_hint())
        model.playback.changed.connect(lambda _: self._show_hint())
        model.playback.moved.connect(self._light_said)
        model.level_changed.connect(self._on_level)
        model.settings_changed.connect(self.refresh)
        self.refresh()

    def _reveal_button(self, icon: str, width_px: int) -> TextButton:
        button = TextButton(icon, "reveal", 28, theme.TOUCH_PX, self)
        button.setCheckable(True)
        button.setFixedWidth(width_px)
        return button

    def _lay_out(self) -> None:
        keep_place(self.left_button, self.slow_button, self.right_button)
        left = hbox(
            (self.left_button, 0, Qt.AlignBottom),
            (self.slow_button, 0, Qt.AlignBottom),
            1,
            spacing_px=4,
        )
        buttons = centred_row(
            (left, ANYHOW),
            (self._main, Qt.AlignBottom),
            (self.right_button, Qt.AlignRight | Qt.AlignBottom),
            margins_px=(8, 0, 24, 0),
        )
        buttons.setColumnMinimumWidth(2, 2 * _SIDE_PX + 56)
        reveal = hbox(
            *self._reveal_buttons, (self.kept_label, 1), margins_px=(24, 0, 24, 0), spacing_px=8
        )
        # Hint and level meter share a strip of fixed height.
        self.strip = QWidget(self)
        self.strip.setFixedHeight(48)
        hbox(
            *((part, 1) for part in (self.meter, self.hint_label, self.note_label)),
            margins_px=(24, 0, 24, 0),
            spacing_px=24,
            parent=self.strip,
        )
        vbox(
            (self.sentence_label, 1),
            self.reveal_label,
            reveal,
            self.strip,
            buttons,
            margins_px=(24, 0, 24, 8),
            spacing_px=4,
            parent=self,
        )

    def show_sentence(self, sentence: Sentence, pronunciation: str) -> None:
        """Show a sentence; the switch to Latin letters keeps its state.

        pronunciation: "" where it is said as written.
        """
        self._sentence, self._pronunciation = sentence, pronunciation
        self.sentence_label.set_text(sentence.text)
        korean = sentence.language == "ko"
        self.said_button.setVisible(bool(pronunciation or sentence.note))
        self.meaning_button.setVisible(bool(sentence.translation))
        self.letters_button.setVisible(korean)
        in_letters = korean and self._letters > 0
        self.letters_button.setChecked(in_letters)
        self._reveal(self.letters_button if in_letters else None)

    def _reveal(self, tapped: TextButton | None, _: bool = False) -> None:
        """Show the text of a button; a second tap hides it."""
        for button in self._reveal_buttons:
            if button is not tapped:
                button.setChecked(False)
        text = self._revealed()
        wide = sum(2 if ord(letter) > 0x2FF else 1 for letter in text)
        self.reveal_label.set_text(text)
        self.reveal_label.setFixedHeight(
            _LONG_REVEAL_PX if wide > 2 * _LONG_CHARACTERS else _REVEAL_PX
        )
        # While it is empty, the sentence uses its room.
        self.reveal_label.setVisible(bool(text))
        self._show_hint()

    def _revealed(self) -> str:
        if self.letters_button.isChecked():
            spelled = (romanise, ipa)[self._letters - 1]
            return f"[{spelled(self._pronunciation or self._sentence.text)}]"
        if self.said_button.isChecked() and self._pronunciation:
            return f"[{self._pronunciation}]"
        return self._sentence.translation if self.meaning_button.isChecked() else ""

    def _on_letters(self) -> None:
        """Show the romanisation, then IPA, then neither; the choice holds for the next sentence."""
        # The tap has already toggled the button: now unchecked, it was showing letters.
        shown = not self.letters_button.isChecked()
        self._letters = (self._letters + 1) % 3 if shown or not self._letters else self._letters
        self.letters_button.setChecked(bool(self._letters))
        self._reveal(self.letters_button)

    def refresh(self) -> None:
        """Show the session's state."""
        state = self._model.state
        recording, scoring = state is State.RECORD, state is State.SCORE
        if state is State.LISTEN:
            self.left_button.set_face("stop", "plain", self.tr("Stop"))
        elif recording or scoring:
            self.left_button.set_face("cancel", "plain", self.tr("Cancel"))
        else:
            self.left_button.set_face("listen", "plain", self.tr("Listen"))
        if recording:
            self.record_button.set_face("stop", "stop", self.tr("Done"))
        else:
            self.record_button.set_face("record", "main", self.tr("Speak"))
        self.right_button.set_face("next", "plain", self.tr("Next"))
        if self._model.slow_speed is Speed.WORDS:
            self.slow_button.set_face("words", "plain", self.tr("By words"))
        else:
            self.slow_button.set_face("slow", "plain", self.tr("Slowly"))
        for button in (self.slow_button, self.right_button):
            button.setVisible(not (recording or scoring))
        self.said_button.set_text(self.tr("How to say it"))
        self.meaning_button.set_text(self.tr("Meaning"))
        self.letters_button.set_text("", self.tr("In Latin letters, or in phonetic signs"))
        kept = self._model.settings.keep_takes
        self.kept_label.setText(self.tr("● Your voice is being kept.") if kept else "")
        self.kept_label.setVisible(kept)
        self._main.setCurrentIndex(1 if scoring else 0)
        self.meter.setVisible(recording)
        if recording:
            self._on_level(SILENT)
        self._show_hint()

    _retranslate = refresh

    def _show_hint(self) -> None:
        tone = ""
        state = self._model.state
        if state is State.RECORD:
            tone = "" if self._level.hint == "waiting" else self._level.tone
            text = messages.hint_text(self._level.hint)
        elif state is State.LISTEN and self._model.playback.playing:
            text = self.tr("Listen carefully.")
        elif state in (State.LISTEN, State.SCORE):
            text = messages.stage_text(self._model.stage)
        else:
            text = self.tr("Listen, then tap the microphone and say it.")
        # Notes on the sounds are shown before speaking, not while recording.
        note = ""
        if state in (State.PROMPT, State.LISTEN) and self.said_button.isChecked():
            note = localised(self._sentence.note)
        self.note_label.set_text(note)
        self.note_label.setVisible(bool(note))
        self.hint_label.setVisible(not note)
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

    def _light_said(self, position_s: float) -> None:
        """Highlight the unit at the example's playback position."""
        example = self._model.example
        said = example.unit_at(position_s) if example is not None else None
        self.sentence_label.light(None if said is None else (said.first, said.last))

    def _on_level(self, level: LevelView) -> None:
        self.meter.set_level(level)
        self.record_button.set_level(level)
        before, self._level = self._level, level
        if level.hint != before.hint:
            self._show_hint()
