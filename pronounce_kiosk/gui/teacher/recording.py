"""Recording a sentence in the teacher's own voice."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QHBoxLayout

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.level_meter import LevelMeter
from pronounce_kiosk.gui.widgets.round_button import RoundButton
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.session.recording_check import CheckedRecording

translate = QCoreApplication.translate


class RecordPage(Page):
    """A teacher says a sentence; it is kept only when it can be heard and is that sentence."""

    def __init__(self, area: PageStack, list_id: str, sentence: Sentence) -> None:
        super().__init__(area)
        self._list_id, self._sentence = list_id, sentence
        self._checked: CheckedRecording | None = None
        self._state = "ready"  # ready, recording, checking, checked, trouble
        self.sentence_label = FittedLabel(40, 22, parent=self)
        self.sentence_label.set_text(sentence.text)
        self.meter = LevelMeter(self)
        self.hint_label = FittedLabel(26, 19, "muted", True, parent=self)
        self.record_button = RoundButton("record", 112, "main", self)
        self.record_button.clicked.connect(self._toggle)
        self.play_button = TextButton("play", "", 34, 76, self)
        self.keep_button = TextButton("check", "", 34, 76, self)
        self.play_button.clicked.connect(self._play)
        self.keep_button.clicked.connect(self._keep)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.play_button, 1)
        foot.addWidget(self.record_button)
        foot.addWidget(self.keep_button, 1)
        self.body.addWidget(self.sentence_label, 3)
        self.body.addWidget(self.meter)
        self.body.addWidget(self.hint_label, 2)
        self.body.addLayout(foot)
        self.body.setAlignment(foot, Qt.AlignBottom)
        model = self.model
        model.sound.level_changed.connect(self._on_level)
        model.sound.speech_ended.connect(self._on_speech_ended)
        model.sound.recorded.connect(self._on_recorded)
        model.sound.failed.connect(self._on_sound_failed)
        self.retranslate()

    def title(self) -> str:
        """What one does here."""
        return translate("Teacher", "Record mine")

    def left(self) -> None:
        """Nothing goes on recording."""
        self.model.sound.stop_audio()

    def _toggle(self) -> None:
        if self._state == "recording":
            self._end()
        elif self._state != "checking":
            self._checked = None
            self._state = "recording"
            self.model.sound.record()
        self.retranslate()

    def _end(self) -> None:
        self._state = "checking"
        self.model.sound.finish()
        self.retranslate()

    def _on_level(self, level: LevelView) -> None:
        if self._state == "recording":
            self.meter.set_level(level.level, level.tone)
            self.hint_label.set_text(messages.hint_text(level.hint))

    def _on_speech_ended(self) -> None:
        if self._state == "recording":
            self._end()

    def _on_recorded(self, take: AudioClip) -> None:
        if self._state == "checking":
            self.model.check_recording(take, self._sentence, self.here(self._on_checked))

    def _on_checked(self, checked: CheckedRecording) -> None:
        if self._state == "checking":
            self._checked, self._state = checked, "checked"
            self.retranslate()

    def _on_sound_failed(self, error: Exception) -> None:
        if self._state in ("recording", "checking"):
            self._state = "ready"
            self.retranslate()
            self.area.show_error(error)

    def _play(self) -> None:
        if self._checked is not None:
            self.model.sound.play(self._checked.clip)

    def _keep(self) -> None:
        checked = self._checked
        if checked is None or not checked.usable:
            return
        self.keep_button.setEnabled(False)
        list_id, sentence_id = self._list_id, self._sentence.id

        def kept(sentence: Sentence) -> None:
            self.model.render.set_speaker(list_id, sentence_id, "recording")
            self.area.close_page(self)

        self.model.change_lists(
            lambda store: store.set_recording(list_id, sentence_id, checked.clip), kept
        )

    def _words(self) -> str:
        checked = self._checked
        if self._state == "recording":
            return messages.hint_text("waiting")
        if self._state == "checking":
            return translate("Teacher", "Checking level and words…")
        if checked is None and self._sentence.language == "ko":
            return translate(
                "Teacher", "Say it once, clearly. Learners' syllables are compared with yours."
            )
        if checked is None:
            return translate("Teacher", "Tap the microphone and say the sentence once, clearly.")
        if not checked.usable:
            return messages.verdict_title(checked.verdict)
        if checked.doubtful:
            return translate(
                "Teacher", "It differs much from the machine's voice. Listen before you keep it."
            )
        return translate("Teacher", "Good: the level is right and it is this sentence.")

    def retranslate(self) -> None:
        """Words again."""
        recording = self._state == "recording"
        self.record_button.set_face(
            "stop" if recording else "record",
            "stop" if recording else "main",
            translate("Teacher", "Stop") if recording else translate("Teacher", "Record"),
        )
        self.record_button.setEnabled(self._state != "checking")
        if not recording:
            self.meter.set_level(0.0, "good")
        self.hint_label.set_text(self._words())
        self.play_button.set_text(translate("Teacher", "Play mine"))
        self.keep_button.set_text(translate("Teacher", "Keep it"))
        self.play_button.setEnabled(self._checked is not None)
        self.keep_button.setEnabled(self._checked is not None and self._checked.usable)
