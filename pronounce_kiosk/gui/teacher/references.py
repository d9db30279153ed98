"""References: who speaks each sentence, and rendering ahead of time."""

from typing import Any

from PyQt5.QtWidgets import QProgressBar

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.language import localised
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.model import TeacherSound
from pronounce_kiosk.gui.teacher.navigation import PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ActionBar, LazyRows, OneList, Row, RowsPage
from pronounce_kiosk.gui.teacher.recording import RecordPage
from pronounce_kiosk.gui.teacher.texts import count_text
from pronounce_kiosk.sentences.stored import StoredList


def engine_text(name: str) -> str:
    """Name a reference engine; "" where there is no reference yet."""
    mine = translate("Teacher", "my recording")
    return {"recording": mine, "gtts": "gTTS", "espeak": "espeak-ng"}.get(name, "")


class VoicesPage(RowsPage):
    """Shows the lists."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "Voices: which list?"))
        self.lay_out((self.rows, 1))
        self.model.lists_changed.connect(self._retranslate)
        self.model.render.changed.connect(self._retranslate)

    def _tapped(self, key: Any) -> None:
        self.area.push(ReferencesPage(self.area, key))

    def _retranslate(self) -> None:
        self._show_rows([self._row(stored) for stored in self.model.lists])

    def _row(self, stored: StoredList) -> Row:
        render, found = self.model.render, stored.list
        here = render.active and render.list_id == found.id
        progress = f"{render.done} / {render.total}" if here else ""
        name = localised(found.name)
        return Row(found.id, name, count_text(found), "listen", progress, stored.hidden)


class ReferencesPage(OneList):
    """Shows one list's sentences with the speaker of each."""

    def __init__(self, area: PageStack, list_id: str) -> None:
        super().__init__(area, keeps_choice=True)
        self.list_id = list_id
        self._playing: Sentence | None = None
        self._user = TeacherSound(self._on_failed, self._on_failed, played=self._on_played)
        self.progress = QProgressBar(self)
        self.bar = ActionBar(self)
        self.lay_out(self.progress, (self.rows, 1), self.bar)
        self.render_button = self.bar.add("again", self._render)
        self.pause_button = self.bar.add("pause", self._pause)
        self.listen_button = self.bar.add("listen", self._listen)
        self.record_button = self.bar.add("record", self._record)
        self.remove_button = self.bar.add("delete", self._remove)
        self.model.lists_changed.connect(self._retranslate)
        self.model.render.changed.connect(self._retranslate)
        self._look()

    def left(self) -> None:
        """Stop playback; rendering continues."""
        self.model.sound.stop_audio()

    def _look(self) -> None:
        """Find out who speaks."""
        if self.stored is not None:
            self.model.render.look(self.stored.list)

    def _render(self) -> None:
        if self.stored is not None:
            self.model.render.start(self.stored.list)

    def _pause(self) -> None:
        self.model.render.pause(not self.model.render.paused)

    def _listen(self) -> None:
        if self._playing is not None:
            self._stop()
        elif (sentence := self.chosen) is not None:
            self._playing = sentence
            self.model.with_engine(
                "listen",
                lambda engine: engine.reference(sentence).clip,
                self.here(lambda clip: self._play(sentence, clip)),
                self.here(self._on_failed),
            )
            self._show_actions()

    def _play(self, sentence: Sentence, clip: AudioClip) -> None:
        """Play a clip, unless it was stopped or replaced before it was ready."""
        if self._playing is sentence:
            self.model.sound.play(self._user, clip)

    def _stop(self) -> None:
        self.model.sound.stop_audio()
        self._on_played()

    def _on_played(self) -> None:
        self._playing = None
        self._show_actions()

    def _on_failed(self, error: Exception) -> None:
        self._on_played()
        self.model.fail(error)

    def _record(self) -> None:
        if (sentence := self.chosen) is not None:
            self._stop()
            self.area.push(RecordPage(self.area, self.list_id, sentence))

    def _remove(self) -> None:
        if (sentence := self.chosen) is None:
            return

        def remove() -> None:
            self.model.change_lists(
                lambda store: store.set_recording(self.list_id, sentence.id, None),
                lambda _: self._look(),
            )

        self.area.ask(
            lambda: translate("Teacher", "Delete your recording of this sentence?"),
            lambda: translate("Teacher", "Delete"),
            remove,
            detail=lambda: sentence.text,
        )

    def _tapped(self, key: Any) -> None:
        self._show_actions()

    def _show_actions(self) -> None:
        render, sentence = self.model.render, self.chosen
        here = render.list_id == self.list_id and render.total > 0
        active = here and render.active
        self.progress.setVisible(here)
        if here:
            self.progress.setRange(0, render.total)
            self.progress.setValue(render.done)
            self.progress.setFormat(self._progress_text())
        some, mine = sentence is not None, sentence is not None and sentence.audio is not None
        self.render_button.set_face(translate("Teacher", "Make all"), not active)
        if active and render.paused:
            self.pause_button.set_face(translate("Teacher", "Resume"), active, "play")
        else:
            self.pause_button.set_face(translate("Teacher", "Pause"), active, "pause")
        if self._playing is not None:
            self.listen_button.set_face(translate("Teacher", "Stop"), True, "stop")
        else:
            self.listen_button.set_face(translate("Teacher", "Listen"), some, "listen")
        self.record_button.set_face(translate("Teacher", "Record mine"), some)
        self.remove_button.set_face(translate("Teacher", "Delete mine"), mine)

    def _progress_text(self) -> str:
        render = self.model.render
        text = translate("Teacher", "{done} of {total} ready")
        if render.failed:
            text = translate("Teacher", "{done} of {total} done, {failed} failed")
        elif render.active and render.paused:
            text = translate("Teacher", "Paused at {done} of {total}")
        return text.format(done=render.done, total=render.total, failed=len(render.failed))

    def _retranslate(self) -> None:
        if (stored := self.stored) is None:
            return
        render, sentences = self.model.render, stored.list.sentences
        failed_ids = render.failed if render.list_id == self.list_id else {}
        failed_text = translate("Teacher", "failed")

        def row(number: int) -> Row:
            sentence = sentences[number]
            name = render.engines.get((self.list_id, sentence.id), "")
            mine = sentence.audio is not None
            failed = sentence.id in failed_ids
            return Row(
                sentence.id,
                sentence.text,
                sentence.translation,
                "person" if mine else "listen" if name else "",
                failed_text if failed else engine_text("recording" if mine else name),
                sentence.id in stored.hidden_ids,
                "poor" if failed else "",
            )

        self._show_rows(LazyRows([sentence.id for sentence in sentences], row))
        self.progress.setAccessibleName(translate("Teacher", "Progress"))
        self._show_actions()
