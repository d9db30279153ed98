"""References: who speaks each sentence, and rendering ahead of time."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication
from PyQt5.QtWidgets import QProgressBar

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ActionBar, LazyRows, Row, RowsView
from pronounce_kiosk.gui.teacher.recording import RecordPage
from pronounce_kiosk.sentences.stored import StoredList

translate = QCoreApplication.translate


def engine_text(name: str) -> str:
    """Name a reference engine; "" where there is no reference yet."""
    return {
        "recording": translate("Teacher", "my recording"),
        "gtts": "gTTS",
        "espeak": "espeak-ng",
    }.get(name, "")


class ReferenceListsPage(Page):
    """Shows the lists."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area)
        self.rows = RowsView(keeps_choice=False, parent=self)
        self.rows.tapped.connect(lambda key: area.push(ReferencesPage(area, key)))
        self.body.addWidget(self.rows, 1)
        self.model.lists_changed.connect(self._retranslate)
        self.model.render.changed.connect(self._retranslate)
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "Voices: which list?")

    def _retranslate(self) -> None:
        self.rows.name(self.title())
        render = self.model.render
        rows = []
        for stored in self.model.lists:
            count = translate("Teacher", "Sentences: {n}")
            trailing = ""
            if render.active and render.list_id == stored.list.id:
                trailing = f"{render.done} / {render.total}"
            rows.append(
                Row(
                    stored.list.id,
                    self.area.name_of(stored.list.name),
                    count.replace("{n}", str(len(stored.list.sentences))),
                    "listen",
                    trailing,
                    stored.hidden,
                )
            )
        self.rows.set_rows(rows)


class ReferencesPage(Page):
    """Shows one list's sentences with the speaker of each."""

    def __init__(self, area: PageStack, list_id: str) -> None:
        super().__init__(area)
        self.list_id = list_id
        self._playing = False
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(True)
        self.rows = RowsView(parent=self)
        self.rows.tapped.connect(lambda _: self._show_actions())
        self.bar = ActionBar(self)
        self.render_button = self.bar.add("again", self._render)
        self.pause_button = self.bar.add("pause", self._pause)
        self.listen_button = self.bar.add("listen", self._listen)
        self.record_button = self.bar.add("record", self._record)
        self.remove_button = self.bar.add("delete", self._remove)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.bar)
        self.model.lists_changed.connect(self._retranslate)
        self.model.render.changed.connect(self._retranslate)
        self.model.sound.played.connect(self._on_played)
        self.model.sound.failed.connect(self._on_sound_failed)
        self._retranslate()
        if self.stored is not None:
            self.model.render.look(self.stored.list)

    @property
    def stored(self) -> StoredList | None:
        """Return the list; None after it was deleted."""
        return self.model.stored(self.list_id)

    @property
    def chosen(self) -> Sentence | None:
        """Return the chosen sentence."""
        stored, key = self.stored, self.rows.chosen
        if stored is None or key is None:
            return None
        return next((each for each in stored.list.sentences if each.id == key), None)

    def title(self) -> str:
        """Return the list's name."""
        if self.stored is None:
            return ""
        return self.area.name_of(self.stored.list.name)

    def left(self) -> None:
        """Stop playback; rendering continues."""
        self.model.sound.stop_audio()

    def _render(self) -> None:
        if self.stored is not None:
            self.model.render.start(self.stored.list)

    def _pause(self) -> None:
        render = self.model.render
        if render.paused:
            render.resume()
        else:
            render.pause()

    def _listen(self) -> None:
        if self._playing:
            self._playing = False
            self.model.sound.stop_audio()
        elif (sentence := self.chosen) is not None:
            self._playing = True
            self.model.listen(sentence)
        self._show_actions()

    def _on_played(self) -> None:
        self._playing = False
        self._show_actions()

    def _on_sound_failed(self, error: Exception) -> None:
        self._on_played()
        if self.area.page is self:
            self.area.show_error(error)

    def _record(self) -> None:
        if (sentence := self.chosen) is not None:
            self.area.push(RecordPage(self.area, self.list_id, sentence))

    def _remove(self) -> None:
        sentence = self.chosen
        if sentence is None:
            return

        def remove() -> None:
            self.model.change_lists(
                lambda store: store.set_recording(self.list_id, sentence.id, None),
                lambda _: self._look_again(),
            )

        self.area.ask(
            lambda: translate("Teacher", "Delete your recording of this sentence?"),
            lambda: translate("Teacher", "Delete"),
            remove,
            detail=lambda: sentence.text,
        )

    def _look_again(self) -> None:
        if self.stored is not None:
            self.model.render.look(self.stored.list)

    def _show_actions(self) -> None:
        render, sentence = self.model.render, self.chosen
        here = render.list_id == self.list_id and render.total > 0
        active = here and render.active
        self.progress.setVisible(here)
        if here:
            self.progress.setRange(0, render.total)
            self.progress.setValue(render.done)
            self.progress.setFormat(self._progress_text())
        self.render_button.setEnabled(self.stored is not None and not active)
        self.pause_button.setEnabled(active)
        paused = active and render.paused
        self.pause_button.set_icon("play" if paused else "pause")
        self.pause_button.set_text(
            translate("Teacher", "Resume") if paused else translate("Teacher", "Pause")
        )
        self.listen_button.setEnabled(self._playing or sentence is not None)
        self.listen_button.set_icon("stop" if self._playing else "listen")
        self.listen_button.set_text(
            translate("Teacher", "Stop") if self._playing else translate("Teacher", "Listen")
        )
        self.record_button.setEnabled(sentence is not None)
        self.remove_button.setEnabled(sentence is not None and sentence.audio is not None)

    def _progress_text(self) -> str:
        render = self.model.render
        text = translate("Teacher", "{done} of {total} ready")
        if render.failed:
            text = translate("Teacher", "{done} of {total} done, {failed} failed")
        elif render.active and render.paused:
            text = translate("Teacher", "Paused at {done} of {total}")
        for name, value in (
            ("done", render.done),
            ("total", render.total),
            ("failed", len(render.failed)),
        ):
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def _retranslate(self) -> None:
        stored = self.stored
        if stored is None:
            return
        self.rows.name(self.title())
        self.progress.setAccessibleName(translate("Teacher", "Progress"))
        render = self.model.render
        sentences, hidden_ids, here = (
            stored.list.sentences,
            stored.hidden_ids,
            render.list_id == self.list_id,
        )
        failed_text = translate("Teacher", "failed")

        def row(number: int) -> Row:
            sentence = sentences[number]
            name = render.engines.get((self.list_id, sentence.id), "")
            mine = sentence.audio is not None
            failed = here and sentence.id in render.failed
            return Row(
                sentence.id,
                sentence.text,
                sentence.translation,
                "person" if mine else "listen" if name else "",
                failed_text if failed else engine_text("recording" if mine else name),
                sentence.id in hidden_ids,
                "poor" if failed else "",
            )

        rows = LazyRows([sentence.id for sentence in sentences], row)
        self.rows.set_rows(rows)
        self.render_button.set_text(translate("Teacher", "Make all"))
        self.record_button.set_text(translate("Teacher", "Record mine"))
        self.remove_button.set_text(translate("Teacher", "Delete mine"))
        self._show_actions()
