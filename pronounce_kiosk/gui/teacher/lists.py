"""Lists and their sentences: order, hide, edit, delete, undo, import, export."""

from __future__ import annotations

import secrets
from pathlib import Path

from PyQt5.QtCore import QCoreApplication

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.devices.stick import Stick
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.teacher.edit import EditPage
from pronounce_kiosk.gui.teacher.name import NamePage
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ActionBar, LazyRows, Row, RowsView
from pronounce_kiosk.gui.teacher.sticks import show_saved, with_stick
from pronounce_kiosk.gui.teacher.texts import change_text
from pronounce_kiosk.gui.teacher.transfer import FilesPage, PreviewPage
from pronounce_kiosk.sentences.stored import StoredList
from pronounce_kiosk.sentences.transfer import export_list, file_name, free_path

translate = QCoreApplication.translate


class ListsPage(Page):
    """Shows all lists in the learners' order."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area)
        self.rows = RowsView(movable=True, parent=self)
        self.rows.moved.connect(self._on_dragged)
        self.rows.tapped.connect(lambda _: self._show_actions())
        self.bar = ActionBar(self)
        self.import_button = self.bar.add("import", self._import)
        self.open_button = self.bar.add("lists", self._open)
        self.up_button = self.bar.add("up", lambda: self._move(-1), repeats=True)
        self.down_button = self.bar.add("down", lambda: self._move(1), repeats=True)
        self.hide_button = self.bar.add("hide", self._hide)
        self.export_button = self.bar.add("export", self._export)
        self.delete_button = self.bar.add("delete", self._delete)
        self.undo_button = self.bar.add("undo", lambda: ask_undo(self))
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.bar)
        self.model.lists_changed.connect(self._retranslate)
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "Lists")

    @property
    def chosen(self) -> StoredList | None:
        """Return the chosen list."""
        key = self.rows.chosen
        return None if key is None else self.model.stored(key)

    def _import(self) -> None:
        def chosen(path: Path) -> None:
            self.area.push(PreviewPage(self.area, path, self))

        self.area.push(FilesPage(self.area, chosen))

    def _open(self) -> None:
        if (stored := self.chosen) is not None:
            self.area.push(SentencesPage(self.area, stored.list.id))

    def _move(self, steps: int) -> None:
        """Move the chosen list; while the button is held, one move at a time."""
        if (stored := self.chosen) is not None and not self.model.busy:
            self._on_dragged(stored.list.id, steps)

    def _on_dragged(self, list_id: str, steps: int) -> None:
        self.model.change_lists(lambda store: store.move_list(list_id, steps))

    def _hide(self) -> None:
        if (stored := self.chosen) is not None:
            hide = not stored.hidden
            self.model.change_lists(lambda store: store.hide_list(stored.list.id, hide))

    def _export(self) -> None:
        if (stored := self.chosen) is not None:
            found = stored.list
            with_stick(self.area, lambda stick: export_to(self.area, stick, found))

    def _delete(self) -> None:
        stored = self.chosen
        if stored is None:
            return
        list_id, name = stored.list.id, self.area.name_of(stored.list.name)

        def question() -> str:
            if stored.changed:
                text = translate("Teacher", "Put “{name}” back as it came with the kiosk?")
            else:
                text = translate("Teacher", "Delete the list “{name}”?")
            return text.replace("{name}", name)

        self.area.ask(
            question,
            lambda: translate("Teacher", "Put back") if stored.changed else yes_delete(),
            lambda: self.model.change_lists(lambda store: store.delete_list(list_id)),
            detail=lambda: translate("Teacher", "Undo brings it back."),
        )

    def _show_actions(self) -> None:
        stored = self.chosen
        some = stored is not None
        ids = [each.list.id for each in self.model.lists]
        at = ids.index(stored.list.id) if stored is not None else -1
        for button in (self.open_button, self.hide_button, self.export_button):
            button.setEnabled(some)
        self.up_button.setEnabled(at > 0)
        self.down_button.setEnabled(some and at < len(ids) - 1)
        # An unchanged bundled list can only be hidden.
        self.delete_button.setEnabled(stored is not None and (not stored.bundled or stored.changed))
        hidden = stored is not None and stored.hidden
        self.hide_button.set_icon("show" if hidden else "hide")
        self.hide_button.set_text(
            translate("Teacher", "Show") if hidden else translate("Teacher", "Hide")
        )
        changed = stored is not None and stored.changed
        self.delete_button.set_text(translate("Teacher", "Put back") if changed else yes_delete())
        show_undo(self)

    def _retranslate(self) -> None:
        self.rows.name(self.title())
        self.rows.set_rows(
            [self._row(number, stored) for number, stored in enumerate(self.model.lists, 1)]
        )
        self.import_button.set_text(translate("Teacher", "Import"))
        self.open_button.set_text(translate("Teacher", "Open"))
        self.up_button.set_text(translate("Teacher", "Up"))
        self.down_button.set_text(translate("Teacher", "Down"))
        self.export_button.set_text(translate("Teacher", "Export"))
        self._show_actions()

    def _row(self, number: int, stored: StoredList) -> Row:
        count = len(stored.list.sentences)
        text = translate("Teacher", "Sentences: {n}").replace("{n}", str(count))
        marks = [text, messages.language_name(stored.list.language)]
        if not stored.bundled:
            marks.append(translate("Teacher", "imported"))
        if stored.changed:
            marks.append(translate("Teacher", "edited"))
        if stored.hidden_ids:
            hidden = translate("Teacher", "{n} hidden")
            marks.append(hidden.replace("{n}", str(len(stored.hidden_ids))))
        return Row(
            stored.list.id,
            self.area.name_of(stored.list.name),
            "  ·  ".join(marks),
            "hide" if stored.hidden else "lists",
            translate("Teacher", "hidden") if stored.hidden else "",
            stored.hidden,
            number=number,
        )


class SentencesPage(Page):
    """Shows one list's sentences."""

    def __init__(self, area: PageStack, list_id: str) -> None:
        super().__init__(area)
        self.list_id = list_id
        self.rows = RowsView(movable=True, parent=self)
        self.rows.moved.connect(self._on_dragged)
        self.rows.tapped.connect(lambda _: self._show_actions())
        self.bar = ActionBar(self)
        self.add_button = self.bar.add("add", self._add)
        self.edit_button = self.bar.add("edit", self._edit)
        self.up_button = self.bar.add("up", lambda: self._move(-1), repeats=True)
        self.down_button = self.bar.add("down", lambda: self._move(1), repeats=True)
        self.hide_button = self.bar.add("hide", self._hide)
        self.delete_button = self.bar.add("delete", self._delete)
        self.rename_button = self.bar.add("letters", self._rename)
        self.undo_button = self.bar.add("undo", lambda: ask_undo(self))
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.bar)
        self.model.lists_changed.connect(self._on_lists)
        self._retranslate()

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
        return "" if self.stored is None else self.area.name_of(self.stored.list.name)

    def _on_lists(self) -> None:
        if self.stored is None:
            self.area.close_page(self)
        else:
            self._retranslate()
            self.area.title_changed.emit()

    def _add(self) -> None:
        if (stored := self.stored) is not None:
            new = Sentence(f"t{secrets.token_hex(5)}", "", stored.list.language)
            self.area.push(EditPage(self.area, self.list_id, new, is_new=True))

    def _edit(self) -> None:
        if (sentence := self.chosen) is not None:
            self.area.push(EditPage(self.area, self.list_id, sentence))

    def _move(self, steps: int) -> None:
        """Move the chosen sentence; while the button is held, one move at a time."""
        if (sentence := self.chosen) is not None and not self.model.busy:
            self._on_dragged(sentence.id, steps)

    def _on_dragged(self, sentence_id: str, steps: int) -> None:
        self.model.change_lists(lambda store: store.move_sentence(self.list_id, sentence_id, steps))

    def _hide(self) -> None:
        sentence, stored = self.chosen, self.stored
        if sentence is not None and stored is not None:
            hide = sentence.id not in stored.hidden_ids
            self.model.change_lists(
                lambda store: store.hide_sentence(self.list_id, sentence.id, hide)
            )

    def _delete(self) -> None:
        sentence = self.chosen
        if sentence is None:
            return
        self.area.ask(
            lambda: translate("Teacher", "Delete “{text}”?").replace("{text}", sentence.text),
            yes_delete,
            lambda: self.model.change_lists(
                lambda store: store.delete_sentence(self.list_id, sentence.id)
            ),
            detail=lambda: translate("Teacher", "Undo brings it back."),
        )

    def _rename(self) -> None:
        if (stored := self.stored) is None:
            return
        page = NamePage(
            self.area,
            lambda: translate("Teacher", "Name of the list"),
            self.title(),
            stored.list.language,
            lambda name: self.model.change_lists(lambda s: s.rename_list(self.list_id, name)),
        )
        self.area.push(page)

    def _show_actions(self) -> None:
        sentence, stored = self.chosen, self.stored
        some = sentence is not None
        ids = () if stored is None else tuple(each.id for each in stored.list.sentences)
        at = ids.index(sentence.id) if sentence is not None else -1
        for button in (self.edit_button, self.hide_button, self.delete_button):
            button.setEnabled(some)
        self.up_button.setEnabled(at > 0)
        self.down_button.setEnabled(some and at < len(ids) - 1)
        hidden = sentence is not None and stored is not None and sentence.id in stored.hidden_ids
        self.hide_button.set_icon("show" if hidden else "hide")
        self.hide_button.set_text(
            translate("Teacher", "Show") if hidden else translate("Teacher", "Hide")
        )
        show_undo(self)

    def _retranslate(self) -> None:
        stored = self.stored
        if stored is None:
            return
        self.rows.name(self.title())
        recording = translate("Teacher", "recording")
        hidden = translate("Teacher", "hidden")
        sentences, hidden_ids = stored.list.sentences, stored.hidden_ids

        def row(number: int) -> Row:
            sentence = sentences[number]
            faint = sentence.id in hidden_ids
            trailing = hidden if faint else recording if sentence.audio is not None else ""
            return Row(
                sentence.id,
                sentence.text,
                sentence.translation,
                trailing=trailing,
                faint=faint,
                number=number + 1,
            )

        rows = LazyRows([sentence.id for sentence in sentences], row)
        self.rows.set_rows(rows, translate("Teacher", "No sentence yet."))
        self.add_button.set_text(translate("Teacher", "New"))
        self.edit_button.set_text(translate("Teacher", "Edit"))
        self.up_button.set_text(translate("Teacher", "Up"))
        self.down_button.set_text(translate("Teacher", "Down"))
        self.delete_button.set_text(yes_delete())
        self.rename_button.set_text(translate("Teacher", "Rename"))
        self._show_actions()


def yes_delete() -> str:
    """Return the text of buttons that delete."""
    return translate("Teacher", "Delete")


def show_undo(page: ListsPage | SentencesPage) -> None:
    """Update the undo button; its accessible name says what undo reverts."""
    change = page.model.undoable
    page.undo_button.setEnabled(change is not None)
    name = "" if change is None else f"{change_text(change)}: {page.area.name_of(change.subject)}"
    page.undo_button.set_text(translate("Teacher", "Undo"), name)


def ask_undo(page: ListsPage | SentencesPage) -> None:
    """Ask, then undo the newest change."""
    change = page.model.undoable
    if change is None:
        return
    page.area.ask(
        lambda: f"{change_text(change)}: “{page.area.name_of(change.subject)}”?",
        lambda: translate("Teacher", "Undo"),
        lambda: page.model.change_lists(lambda store: store.undo()),
        "undo",
    )


def export_to(area: PageStack, stick: Stick, sentence_list: SentenceList) -> None:
    """Write a list, with its recordings, to a stick."""

    def work(folder: Path) -> str:
        path = free_path(folder / f"{file_name(sentence_list.id)}.csv")
        export_list(path, sentence_list)
        return path.name

    area.model.write_to(stick, work, lambda name: show_saved(area, name, stick))
