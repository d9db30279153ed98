"""Record a sentence in the teacher's own voice."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, Qt

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.denoise import without_noise
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ChoiceButton
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.level_meter import LevelMeter
from pronounce_kiosk.gui.widgets.round_button import RoundButton
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.session.recording_check import CheckedRecording, check_recording

log = logging.getLogger(__name__)
translate = QCoreApplication.translate


CHOICES = ("recorded", "cleaned")


class RecordPage(Page):
    """Records a sentence; only an audible recording of this sentence can be kept.

    The teacher hears it as recorded and without the room's noise, and chooses. Then the list's next
    sentence can follow.
    """

    def __init__(self, area: PageStack, list_id: str, sentence: Sentence) -> None:
        super().__init__(area)
        self._list_id, self._sentence = list_id, sentence
        self._checked: CheckedRecording | None = None
        self._state = "ready"  # ready, recording, checking, checked, kept
        self._clips: dict[str, AudioClip] = {}
        self._cleaning = False
        self.choice = "recorded"
        self.sentence_label = FittedLabel(40, 22, parent=self)
        self.meter = LevelMeter(self)
        self.hint_label = FittedLabel(26, 19, "muted", True, parent=self)
        self.record_button = RoundButton("record", 112, "main", self, act=self._toggle)
        self.choices: dict[str, ChoiceButton] = {}
        choices = hbox(spacing_px=16)
        for name in CHOICES:
            button = self._choice_button(name)
            choices.addWidget(button, 1)
            self.choices[name] = button
        self.keep_button = TextButton("check", "", 34, 76, self, act=self._keep)
        self.next_button = TextButton("next", "", 34, 76, self, act=self._next)
        foot = hbox((self.keep_button, 1), self.record_button, (self.next_button, 1), spacing_px=16)
        self.body.addWidget(self.sentence_label, 3)
        self.body.addWidget(self.meter)
        self.body.addWidget(self.hint_label, 2)
        self.body.addLayout(choices)
        self.body.addLayout(foot)
        self.body.setAlignment(foot, Qt.AlignBottom)
        model = self.model
        model.sound.level_changed.connect(self._on_level)
        model.sound.speech_ended.connect(self._on_speech_ended)
        model.sound.recorded.connect(self._on_recorded)
        model.sound.failed.connect(self._on_sound_failed)
        self._retranslate()

    def _choice_button(self, name: str) -> ChoiceButton:
        button = ChoiceButton("play", icon_px=28, parent=self, act=lambda: self._choose(name))
        button.setCheckable(True)
        return button

    def title(self) -> str:
        """Return the title, with the sentence's place in the list."""
        place = self._place()
        text = translate("Teacher", "Record mine")
        return text if place is None else f"{text}  ·  {place[0] + 1} / {len(place[1])}"

    def _place(self) -> tuple[int, tuple[Sentence, ...]] | None:
        """Return the sentence's index in its list, and the list's sentences."""
        stored = self.model.stored(self._list_id)
        sentences = () if stored is None else stored.list.sentences
        for number, sentence in enumerate(sentences):
            if sentence.id == self._sentence.id:
                return number, sentences
        return None

    def _following(self) -> Sentence | None:
        """Return the sentence after this one; None after the last."""
        place = self._place()
        if place is None or place[0] + 1 >= len(place[1]):
            return None
        return place[1][place[0] + 1]

    def _next(self) -> None:
        """Go on to the list's next sentence."""
        following = self._following()
        if following is None:
            return
        self.model.sound.stop_audio()
        self._sentence = following
        self._begin("ready")
        self.area.title_changed.emit()

    def _begin(self, state: str) -> None:
        """Drop the recording and enter a state."""
        self._checked, self._clips, self._cleaning = None, {}, False
        self.choice = "recorded"
        self._state = state
        self._retranslate()

    def left(self) -> None:
        """Stop recording and playback."""
        self.model.sound.stop_audio()

    def _toggle(self) -> None:
        if self._state == "recording":
            self._end()
        elif self._state != "checking":
            self._begin("recording")
            self.model.sound.record()
        self._retranslate()

    def _end(self) -> None:
        self._state = "checking"
        self.model.sound.finish()
        self._retranslate()

    def _on_level(self, level: LevelView) -> None:
        if self._state == "recording":
            self.meter.set_level(level.level, level.tone)
            self.hint_label.set_text(messages.hint_text(level.hint))

    def _on_speech_ended(self) -> None:
        if self._state == "recording":
            self._end()

    def _on_recorded(self, take: AudioClip) -> None:
        if self._state == "checking":
            sentence = self._sentence
            self.model.with_engine(
                "check",
                lambda engine: check_recording(engine, take, sentence),
                self.here(self._on_checked),
            )

    def _on_checked(self, checked: CheckedRecording) -> None:
        if self._state == "checking":
            self._checked, self._state = checked, "checked"
            self._clips["recorded"] = checked.clip
            if checked.usable:
                self._clean(checked)
            self._retranslate()

    def _clean(self, checked: CheckedRecording) -> None:
        self._cleaning = True

        def cleaned(found: CheckedRecording | None) -> None:
            if self._checked is not checked:
                return
            self._cleaning = False
            if found is not None:
                self._clips["cleaned"] = found.clip
            self._retranslate()

        clean_recording(self.model, checked, self._sentence, self.here(cleaned))

    def _on_sound_failed(self, error: Exception) -> None:
        if self._state in ("recording", "checking"):
            self._state = "ready"
            self._retranslate()
            self.area.show_error(error)

    def _choose(self, name: str) -> None:
        """Play one version, which is then the one to keep."""
        self.choice = name
        if (clip := self._clips.get(name)) is not None:
            self.model.sound.play(clip)
        self._retranslate()

    def _keep(self) -> None:
        checked, clip = self._checked, self._clips.get(self.choice)
        if checked is None or not checked.usable or clip is None:
            return
        self.keep_button.setEnabled(False)
        list_id, sentence_id = self._list_id, self._sentence.id

        def kept(sentence: Sentence) -> None:
            self.model.render.set_speaker(list_id, sentence_id, "recording")
            if self._sentence.id == sentence_id and self._state == "checked":
                self._begin("kept")

        self.model.change_lists(
            lambda store: store.set_recording(list_id, sentence_id, clip), self.here(kept)
        )

    def _words(self) -> str:
        checked = self._checked
        if self._state == "kept":
            return translate("Teacher", "Kept: learners hear you from now on.")
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

    def _retranslate(self) -> None:
        recording = self._state == "recording"
        self.record_button.set_face(
            "stop" if recording else "record",
            "stop" if recording else "main",
            translate("Teacher", "Stop") if recording else translate("Teacher", "Record"),
        )
        self.record_button.setEnabled(self._state != "checking")
        if not recording:
            self.meter.set_level(0.0, "good")
        self.sentence_label.set_text(self._sentence.text)
        self.hint_label.set_text(self._words())
        self.keep_button.set_text(translate("Teacher", "Keep it"))
        self.keep_button.setEnabled(self._checked is not None and self._checked.usable)
        self.next_button.set_text(translate("Teacher", "Next sentence"))
        self.next_button.setEnabled(
            self._following() is not None and self._state not in ("recording", "checking")
        )
        cleaning = translate("Teacher", "Cleaning…")
        texts = {
            "recorded": translate("Teacher", "As recorded"),
            "cleaned": cleaning if self._cleaning else translate("Teacher", "Without noise"),
        }
        for name, button in self.choices.items():
            button.set_text(texts[name])
            button.setEnabled(name in self._clips)
            button.setChecked(name == self.choice and name in self._clips)


def clean_recording(
    model: TeacherModel,
    checked: CheckedRecording,
    sentence: Sentence,
    then: Callable[[CheckedRecording | None], None],
) -> None:
    """Remove a recording's noise, and check that the sentence is still recognised.

    Args:
        model: Cleaning is a job of its worker, the check one of the kiosk's worker.
        checked: The recording.
        sentence: The recorded sentence.
        then: Gets the cleaned recording; None where there was no noise or the check failed.
    """

    def failed(error: Exception) -> None:
        log.warning("a recording is kept as it is: %s", error)
        then(None)

    def cleaned(clip: AudioClip | None) -> None:
        if clip is None:
            then(None)
            return
        model.with_engine(
            "check", lambda engine: check_recording(engine, clip, sentence), compared, failed
        )

    def compared(again: CheckedRecording) -> None:
        if not again.usable:
            log.info("the cleaned recording is not offered: %s", again.verdict.value)
        then(again if again.usable else None)

    model.do("clean", lambda: without_noise(checked.clip, checked.pause), cleaned, failed)
