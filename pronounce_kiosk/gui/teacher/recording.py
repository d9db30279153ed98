"""Record a sentence in the teacher's own voice."""

import logging
from functools import partial

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.denoise import without_noise
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.model import TeacherSound
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import choice_button
from pronounce_kiosk.gui.view_models import SILENT, LevelView
from pronounce_kiosk.gui.widgets.bars import LevelMeter
from pronounce_kiosk.gui.widgets.buttons import RoundButton, TextButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.recording_check import CheckedRecording, check_recording

log = logging.getLogger(__name__)


CHOICES = ("recorded", "cleaned")


class RecordPage(Page):
    """Records a sentence; only an audible recording of this sentence can be kept.

    The teacher hears it as recorded and without the room's noise, and chooses. Then the list's next
    sentence can follow.
    """

    def __init__(self, area: PageStack, list_id: str, sentence: Sentence) -> None:
        super().__init__(area)
        stored = self.model.stored(list_id)
        self._list_id, self._sentence = list_id, sentence
        self._sentences = () if stored is None else stored.list.sentences
        self._checked: CheckedRecording | None = None
        self._state = "ready"  # ready, recording, checking, checked, kept
        self._clips: dict[str, AudioClip] = {}
        self._cleaning = False
        self.choice = "recorded"
        self.sentence_label = FittedLabel(40, 22, parent=self)
        self.meter = LevelMeter(self)
        self.hint_label = FittedLabel(26, 19, "muted", True, parent=self)
        self.choices = {
            name: choice_button("play", icon_px=28, parent=self, act=partial(self._choose, name))
            for name in CHOICES
        }
        for button in self.choices.values():
            button.setCheckable(True)
        self.keep_button = TextButton("check", "", 34, 76, self, act=self._keep)
        self.record_button = RoundButton("record", 112, "main", self, act=self._toggle)
        self.next_button = TextButton("next", "", 34, 76, self, act=self._next)
        choices = hbox(*((button, 1) for button in self.choices.values()), spacing_px=16)
        foot = hbox((self.keep_button, 1), self.record_button, (self.next_button, 1), spacing_px=16)
        labels = (self.sentence_label, 3), self.meter, (self.hint_label, 2)
        self.lay_out(*labels, choices, foot)
        self._user = TeacherSound(
            self._on_sound_failed,
            self._on_sound_failed,
            level=self._on_level,
            speech_ended=self._on_speech_ended,
            recorded=self._on_recorded,
        )

    def left(self) -> None:
        """Stop recording and playback."""
        self.model.sound.stop_audio()

    def title(self) -> str:
        """Return the title, with the sentence's place in the list."""
        text, number = translate("Teacher", "Record mine"), self._number()
        return f"{text}  ·  {number} / {len(self._sentences)}" if number else text

    def _number(self) -> int:
        """Return the sentence's place in the list, from 1; 0 where it is not there."""
        ids = [each.id for each in self._sentences]
        return ids.index(self._sentence.id) + 1 if self._sentence.id in ids else 0

    def _next(self) -> None:
        """Go on to the list's next sentence."""
        self.model.sound.stop_audio()
        self._sentence = self._sentences[self._number()]
        self._begin("ready")
        self.area.title_changed.emit()

    def _begin(self, state: str) -> None:
        """Drop the recording and enter a state."""
        self._checked, self._clips, self._cleaning = None, {}, False
        self.choice = "recorded"
        self._state = state
        self._retranslate()

    def _toggle(self) -> None:
        if self._state == "recording":
            self._end()
        elif self._state != "checking":
            self._begin("recording")
            self.model.sound.record(self._user)
        self._retranslate()

    def _end(self) -> None:
        self._state = "checking"
        self.model.sound.finish()
        self._retranslate()

    def _on_level(self, level: LevelView) -> None:
        if self._state == "recording":
            self.meter.set_level(level)
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
        """Remove the noise; offer the result where the sentence is still recognised."""
        sentence, self._cleaning = self._sentence, True

        def clean(engine: PracticeEngine) -> CheckedRecording | None:
            clip = without_noise(checked.clip, checked.pause)
            return None if clip is None else check_recording(engine, clip, sentence)

        def failed(error: Exception) -> None:
            log.warning("a recording is kept as it is: %s", error)
            done(None)

        def done(again: CheckedRecording | None) -> None:
            if self._checked is not checked:
                return
            self._cleaning = False
            if again is not None and again.usable:
                self._clips["cleaned"] = again.clip
            elif again is not None:
                log.info("the cleaned recording is not offered: %s", again.verdict.value)
            self._retranslate()

        self.model.with_engine("clean", clean, self.here(done), self.here(failed))

    def _on_sound_failed(self, error: Exception) -> None:
        if self._state in ("recording", "checking"):
            self._state = "ready"
            self._retranslate()
            self.area.show_error(error)

    def _choose(self, name: str) -> None:
        """Play one version, which is then the one to keep."""
        self.choice = name
        if (clip := self._clips.get(name)) is not None:
            self.model.sound.play(self._user, clip)
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
        if checked is None:
            if self._sentence.language == "ko":
                return translate(
                    "Teacher", "Say it once, clearly. Learners' syllables are compared with yours."
                )
            return translate("Teacher", "Tap the microphone and say the sentence once, clearly.")
        if not checked.usable:
            return messages.verdict_title(checked.verdict)
        if checked.doubtful:
            return translate(
                "Teacher", "It differs much from the machine's voice. Listen before you keep it."
            )
        return translate("Teacher", "Good: the level is right and it is this sentence.")

    def _retranslate(self) -> None:
        if self._state == "recording":
            self.record_button.set_face("stop", "stop", translate("Teacher", "Stop"))
        else:
            self.record_button.set_face("record", "main", translate("Teacher", "Record"))
            self.meter.set_level(SILENT)
        self.record_button.setEnabled(self._state != "checking")
        self.sentence_label.set_text(self._sentence.text)
        self.hint_label.set_text(self._words())
        self.keep_button.set_text(translate("Teacher", "Keep it"))
        self.keep_button.setEnabled(self._checked is not None and self._checked.usable)
        self.next_button.set_text(translate("Teacher", "Next sentence"))
        idle, last = self._state not in ("recording", "checking"), len(self._sentences)
        self.next_button.setEnabled(idle and 0 < self._number() < last)
        cleaning, cleaned = translate("Teacher", "Cleaning…"), translate("Teacher", "Without noise")
        texts = {
            "recorded": translate("Teacher", "As recorded"),
            "cleaned": cleaning if self._cleaning else cleaned,
        }
        for name, button in self.choices.items():
            button.set_text(texts[name])
            button.setEnabled(name in self._clips)
            button.setChecked(name == self.choice and name in self._clips)
