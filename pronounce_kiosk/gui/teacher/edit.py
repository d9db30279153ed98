"""Edit a sentence with the on-screen keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, Qt

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.teacher.keyboard import Keyboard
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import Choices
from pronounce_kiosk.gui.teacher.texts import problem_text
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.sentences.messages import Problem
from pronounce_kiosk.sentences.reader import check_sentence
from pronounce_kiosk.session.drafts import NEW, DraftKey

translate = QCoreApplication.translate

FIELDS = ("text", "translation", "pronunciation", "note", "level")


class EditPage(Page):
    """Edits one sentence, field by field. Unsaved text is kept as a draft.

    keep: takes the sentence instead of the store, for a line of a list that is not yet imported.
    """

    def __init__(
        self,
        area: PageStack,
        list_id: str,
        sentence: Sentence,
        is_new: bool = False,
        keep: Callable[[Sentence], None] | None = None,
    ) -> None:
        super().__init__(area)
        self._keep = keep
        self._list_id, self._sentence, self._is_new = list_id, sentence, is_new
        self.cells = {name: str(getattr(sentence, name)) for name in FIELDS}
        self.field = "text"
        self._asked = False
        self._draft_key = DraftKey(list_id, _draft_name(sentence, is_new, keep is not None))
        draft = self.model.drafts.get(self._draft_key)
        self.cells.update(draft or {})
        self._has_draft = draft is not None
        self.body.setSpacing(6)
        self.fields = Choices(self.choose_field, self, FIELDS, theme.TOUCH_PX, spacing_px=6)
        self.typed_label = text_label(self, "typed")
        self.typed_label.setFixedHeight(58)
        self.typed_label.setTextFormat(Qt.PlainText)
        self.problem_label = text_label(self, "problem", wraps=True)
        self.problem_label.setFixedHeight(28)
        self.keyboard = Keyboard(self)
        self.keyboard.typed.connect(self._on_typed)
        self.keyboard.entered.connect(self.save)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.typed_label)
        self.body.addWidget(self.problem_label)
        self.body.addStretch(1)
        self.body.addWidget(self.keyboard)
        self.choose_field("text")
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        if self._is_new:
            return translate("Teacher", "New sentence")
        return translate("Teacher", "Edit sentence")

    def may_leave(self) -> bool:
        """Ask before unsaved text is dropped."""
        if not self._unsaved:
            return True

        def drop() -> None:
            self._end()
            self.area.back()

        self.area.ask(
            lambda: translate("Teacher", "Leave without saving?"),
            lambda: translate("Teacher", "Leave"),
            drop,
            "cancel",
        )
        return False

    def left(self) -> None:
        """Keep unsaved text as a draft, unless the teacher has saved or dropped it."""
        if self._unsaved:
            self.model.keep_draft(self._draft_key, self.cells)

    @property
    def _unsaved(self) -> bool:
        before = {name: str(getattr(self._sentence, name)) for name in FIELDS}
        return not self._asked and self.cells != before

    def _end(self) -> None:
        """Delete the draft after saving or dropping."""
        self._asked = True
        self.model.drop_draft(self._draft_key)

    def choose_field(self, name: str) -> None:
        """Edit another field."""
        self.field = name
        self.fields.choose(name)
        language = self._sentence.language
        if name == "translation":
            language = "en" if language == "ko" else "ko"
        elif name == "note":
            language = self.area.language.current
        self.keyboard.begin(self.cells[name], language)
        self._show()

    def save(self) -> None:
        """Check the sentence like a line of a list, then store it."""
        checked = check_sentence(self.cells, self._sentence)
        if isinstance(checked, Problem):
            if checked.column in FIELDS and checked.column != self.field:
                self.choose_field(checked.column)
            self._show_message(problem_text(checked), "problem")
            return
        if self._keep:
            self._end()
            self._keep(checked)
            self.area.close_page(self)
            return
        sentence = checked
        list_id, is_new = self._list_id, self._is_new

        def saved(_: None) -> None:
            self._end()
            self.area.close_page(self)

        if is_new:
            self.model.change_lists(lambda store: store.add_sentence(list_id, sentence), saved)
        else:
            self.model.change_lists(lambda store: store.edit_sentence(list_id, sentence), saved)

    def _on_typed(self, text: str) -> None:
        self.cells[self.field] = text
        self._show()

    def _show(self) -> None:
        """Show the end of the text, where typing goes on."""
        width = max(self.typed_label.width(), 400) - 40
        metrics = self.typed_label.fontMetrics()
        shown = metrics.elidedText(self.cells[self.field] + "▏", Qt.ElideLeft, width)
        self.typed_label.setText(shown)
        self.typed_label.setAccessibleName(self.cells[self.field])
        self.problem_label.setText("")

    def _show_message(self, text: str, look: str) -> None:
        """Show a message below the text. look: ``problem`` or ``muted``."""
        self.problem_label.setObjectName(look)
        theme.repolish(self.problem_label)
        self.problem_label.setText(text)

    def shown(self) -> None:
        """Fit the text to the label, which has its width now."""
        self._show()
        if self._has_draft:
            self._show_message(translate("Teacher", "Your unsaved text is here again."), "muted")

    def _retranslate(self) -> None:
        texts = {
            "text": translate("Teacher", "Sentence"),
            "translation": translate("Teacher", "Translation"),
            "pronunciation": translate("Teacher", "Said as"),
            "note": translate("Teacher", "Note"),
            "level": translate("Teacher", "Level"),
        }
        self.fields.show_choices(texts, self.field)
        self._show()


def _draft_name(sentence: Sentence, is_new: bool, is_line: bool) -> str:
    """Name a draft; the id of a new sentence or of a bad line differs each time."""
    if is_line:
        return f"line: {sentence.text}"
    return NEW if is_new else sentence.id
