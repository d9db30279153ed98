"""Pages that consist of rows, or of one list's sentences; pages that record."""

from __future__ import annotations

from typing import Any

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.page_widgets import Rows, RowsView
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.bars import LevelMeter
from pronounce_kiosk.sentences.stored import StoredList


class RowsPage(Page):
    """Calls `_tapped` with the key of a tapped row."""

    def __init__(
        self, area: PageStack, title: Text = str, keeps_choice: bool = False, movable: bool = False
    ) -> None:
        super().__init__(area, title)
        self.rows = RowsView(keeps_choice, movable, self)
        self.rows.tapped.connect(self._tapped)

    def _show_rows(self, rows: Rows, empty: str = "") -> None:
        """Show rows, or a text where there are none."""
        self.rows.name(self.title())
        self.rows.set_rows(rows, empty)

    def _tapped(self, key: Any) -> None:
        """React to a tap."""


class OneList(RowsPage):
    """Shows sentences of one list; their keys are the sentences' ids."""

    list_id: str

    @property
    def stored(self) -> StoredList | None:
        """Return the list; None after it was deleted."""
        return self.model.stored(self.list_id)

    @property
    def chosen(self) -> Sentence | None:
        """Return the chosen sentence."""
        sentences = () if self.stored is None else self.stored.list.sentences
        return next((each for each in sentences if each.id == self.rows.chosen), None)

    def title(self) -> str:
        """Return the list's name."""
        return "" if self.stored is None else self.area.name_of(self.stored.list.name)


class RecordingPage(Page):
    """Records with the model's sound; it has a meter for the level."""

    def __init__(self, area: PageStack, title: Text = str) -> None:
        super().__init__(area, title)
        self.meter = LevelMeter(self)
        sound = self.model.sound
        sound.level_changed.connect(self._on_level)
        sound.speech_ended.connect(self._on_speech_ended)
        sound.recorded.connect(self._on_recorded)
        sound.failed.connect(self._on_sound_failed)

    def left(self) -> None:
        """Stop recording and playback."""
        self.model.sound.stop_audio()

    def _on_level(self, level: LevelView) -> None:
        self.meter.set_level(level.level, level.tone)

    def _on_speech_ended(self) -> None:
        """React to the speaker's end."""

    def _on_recorded(self, take: AudioClip) -> None:
        """Take the recording."""

    def _on_sound_failed(self, error: Exception) -> None:
        """React to a microphone or a speaker that does not work."""
