"""Lists and their sentences: order, hide, edit, delete, undo, import, export."""

import secrets
from collections.abc import Callable
from typing import Any

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.language import localised
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.edit import EditPage, NamePage
from pronounce_kiosk.gui.teacher.navigation import PageStack, Text
from pronounce_kiosk.gui.teacher.page_widgets import (
    ActionBar,
    ActionButton,
    LazyRows,
    OneList,
    Row,
    RowsPage,
)
from pronounce_kiosk.gui.teacher.sticks import save_to_stick
from pronounce_kiosk.gui.teacher.texts import change_text, count_text
from pronounce_kiosk.gui.teacher.transfer import FilesPage, PreviewPage
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.stored import StoredList
from pronounce_kiosk.sentences.transfer import export_list, file_name


class _OrderedPage(RowsPage):
    """Rows that are moved, hidden and deleted, and an undo for every change."""

    def __init__(self, area: PageStack, title: Text = str) -> None:
        super().__init__(area, title, keeps_choice=True, movable=True)
        self.rows.moved.connect(self._move)
        self.undo_button: ActionButton
        self.bar = ActionBar(self)
        self.lay_out((self.rows, 1), self.bar)
        self.model.lists_changed.connect(self._retranslate)

    def _add_order_buttons(self) -> None:
        self.up_button = self.bar.add("up", lambda: self._step(-1), repeats=True)
        self.down_button = self.bar.add("down", lambda: self._step(1), repeats=True)
        self.hide_button = self.bar.add("hide", self._hide)

    def _move(self, key: str, steps: int) -> None:
        """Move a list or a sentence."""

    def _hide(self) -> None:
        """Hide or show the chosen one."""

    def _step(self, steps: int) -> None:
        """Move the chosen row; while the button is held, one move at a time."""
        if self.rows.chosen is not None and not self.model.busy:
            self._move(self.rows.chosen, steps)

    def _ask_delete(
        self, question: Text, puts_back: bool, delete: Callable[[ListStore], None]
    ) -> None:
        self.area.ask(
            question,
            lambda: _delete_text(puts_back),
            lambda: self.model.change_lists(delete),
            detail=lambda: translate("Teacher", "Undo brings it back."),
        )

    def _undo(self) -> None:
        """Ask, then undo the newest change."""
        if (change := self.model.undoable) is not None:
            self.area.ask(
                lambda: f"{change_text(change)}: “{localised(change.subject)}”?",
                lambda: translate("Teacher", "Undo"),
                lambda: self.model.change_lists(lambda store: store.undo()),
                "undo",
            )

    def _tapped(self, key: Any) -> None:
        self._show_actions()

    def _show_actions(self) -> None:
        """Enable the actions that are possible now, and name them."""

    def _show_order(self, hidden: bool) -> None:
        """Show what can be done about the order, and undone. hidden: whether the chosen one is."""
        number, last = self.rows.chosen_number, len(self.rows.rows) - 1
        some, change = number is not None, self.model.undoable
        self.up_button.set_face(translate("Teacher", "Up"), some and number != 0)
        self.down_button.set_face(translate("Teacher", "Down"), some and number != last)
        if hidden:
            self.hide_button.set_face(translate("Teacher", "Show"), some, "show")
        else:
            self.hide_button.set_face(translate("Teacher", "Hide"), some, "hide")
        undo, name = translate("Teacher", "Undo"), ""
        if change is not None:
            name = f"{change_text(change)}: {localised(change.subject)}"
        self.undo_button.set_face(undo, change is not None, name=name)


def _delete_text(puts_back: bool = False) -> str:
    """Name the action that deletes, or restores a list of the kiosk."""
    return translate("Teacher", "Put back") if puts_back else translate("Teacher", "Delete")


class ListsPage(_OrderedPage):
    """Shows all lists in the learners' order."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "Lists"))
        self.import_button = self.bar.add("import", self._import)
        self.open_button = self.bar.add("lists", self._open)
        self._add_order_buttons()
        self.export_button = self.bar.add("export", self._export)
        self.delete_button = self.bar.add("delete", self._delete)
        self.undo_button = self.bar.add("undo", self._undo)

    @property
    def chosen(self) -> StoredList | None:
        """Return the chosen list."""
        return self.model.stored(self.rows.chosen)

    def _import(self) -> None:
        area = self.area
        area.push(FilesPage(area, lambda path: area.push(PreviewPage(area, path, self))))

    def _open(self) -> None:
        if (stored := self.chosen) is not None:
            self.area.push(SentencesPage(self.area, stored.list.id))

    def _move(self, key: str, steps: int) -> None:
        self.model.change_lists(lambda store: store.move_list(key, steps))

    def _hide(self) -> None:
        if (stored := self.chosen) is not None:
            hide = not stored.hidden
            self.model.change_lists(lambda store: store.hide_list(stored.list.id, hide))

    def _export(self) -> None:
        """Write the chosen list, with its recordings, to a stick."""
        if (stored := self.chosen) is not None:
            found = stored.list
            name = f"{file_name(found.id)}.csv"
            save_to_stick(self.area, name, lambda path: export_list(path, found))

    def _delete(self) -> None:
        if (stored := self.chosen) is None:
            return
        list_id, name = stored.list.id, localised(stored.list.name)

        def question() -> str:
            if stored.changed:
                text = translate("Teacher", "Put “{name}” back as it came with the kiosk?")
            else:
                text = translate("Teacher", "Delete the list “{name}”?")
            return text.format(name=name)

        self._ask_delete(question, stored.changed, lambda store: store.delete_list(list_id))

    def _show_actions(self) -> None:
        stored = self.chosen
        some, changed = stored is not None, stored is not None and stored.changed
        self._show_order(stored is not None and stored.hidden)
        self.import_button.set_face(translate("Teacher", "Import"))
        self.open_button.set_face(translate("Teacher", "Open"), some)
        self.export_button.set_face(translate("Teacher", "Export"), some)
        # An unchanged bundled list can only be hidden.
        own = stored is not None and not stored.bundled
        self.delete_button.set_face(_delete_text(changed), changed or own)

    def _retranslate(self) -> None:
        self._show_rows([self._row(*each) for each in enumerate(self.model.lists, 1)])
        self._show_actions()

    def _row(self, number: int, stored: StoredList) -> Row:
        marks = [count_text(stored.list), messages.language_name(stored.list.language)]
        if not stored.bundled:
            marks.append(translate("Teacher", "imported"))
        if stored.changed:
            marks.append(translate("Teacher", "edited"))
        if stored.hidden_ids:
            marks.append(translate("Teacher", "{n} hidden").format(n=len(stored.hidden_ids)))
        return Row(
            stored.list.id,
            localised(stored.list.name),
            "  ·  ".join(marks),
            "hide" if stored.hidden else "lists",
            translate("Teacher", "hidden") if stored.hidden else "",
            stored.hidden,
            number=number,
        )


class SentencesPage(OneList, _OrderedPage):
    """Shows one list's sentences."""

    def __init__(self, area: PageStack, list_id: str) -> None:
        super().__init__(area)
        self.list_id = list_id
        self.add_button = self.bar.add("add", self._add)
        self.edit_button = self.bar.add("edit", self._edit)
        self._add_order_buttons()
        self.delete_button = self.bar.add("delete", self._delete)
        self.rename_button = self.bar.add("letters", self._rename)
        self.undo_button = self.bar.add("undo", self._undo)

    def _add(self) -> None:
        if (stored := self.stored) is not None:
            new = Sentence(f"t{secrets.token_hex(5)}", "", stored.list.language)
            self.area.push(EditPage(self.area, self.list_id, new, is_new=True))

    def _edit(self) -> None:
        if (sentence := self.chosen) is not None:
            self.area.push(EditPage(self.area, self.list_id, sentence))

    def _move(self, key: str, steps: int) -> None:
        self.model.change_lists(lambda store: store.move_sentence(self.list_id, key, steps))

    def _hide(self) -> None:
        if (sentence := self.chosen) is not None:
            list_id, key, hide = self.list_id, sentence.id, not self._is_hidden(sentence)
            self.model.change_lists(lambda store: store.hide_sentence(list_id, key, hide))

    def _is_hidden(self, sentence: Sentence | None) -> bool:
        stored = self.stored
        return stored is not None and sentence is not None and sentence.id in stored.hidden_ids

    def _delete(self) -> None:
        if (sentence := self.chosen) is not None:
            self._ask_delete(
                lambda: translate("Teacher", "Delete “{text}”?").format(text=sentence.text),
                False,
                lambda store: store.delete_sentence(self.list_id, sentence.id),
            )

    def _rename(self) -> None:
        if (stored := self.stored) is not None:
            page = NamePage(
                self.area,
                lambda: translate("Teacher", "Name of the list"),
                self.title(),
                stored.list.language,
                lambda name: self.model.change_lists(lambda s: s.rename_list(self.list_id, name)),
            )
            self.area.push(page)

    def _show_actions(self) -> None:
        sentence = self.chosen
        self._show_order(self._is_hidden(sentence))
        self.add_button.set_face(translate("Teacher", "New"))
        self.edit_button.set_face(translate("Teacher", "Edit"), sentence is not None)
        self.delete_button.set_face(_delete_text(), sentence is not None)
        self.rename_button.set_face(translate("Teacher", "Rename"))

    def _retranslate(self) -> None:
        if (stored := self.stored) is None:
            self.area.close_page(self)
            return
        recording, hidden = translate("Teacher", "recording"), translate("Teacher", "hidden")
        sentences = stored.list.sentences

        def row(number: int) -> Row:
            sentence = sentences[number]
            faint = sentence.id in stored.hidden_ids
            trailing = hidden if faint else recording if sentence.audio is not None else ""
            texts = sentence.text, sentence.translation
            return Row(sentence.id, *texts, trailing=trailing, faint=faint, number=number + 1)

        rows = LazyRows([sentence.id for sentence in sentences], row)
        self._show_rows(rows, translate("Teacher", "No sentence yet."))
        self._show_actions()
        self.area.title_changed.emit()
