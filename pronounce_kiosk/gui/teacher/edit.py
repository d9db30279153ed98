"""Type with the on-screen keyboard: a sentence's fields, or a name."""

from collections.abc import Callable

from PyQt5.QtCore import Qt

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.keyboard import Keyboard
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.page_widgets import Choices
from pronounce_kiosk.gui.teacher.texts import message_text, problem_text
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.sentences.messages import PROBLEM_MESSAGES, Problem
from pronounce_kiosk.sentences.reader import check_sentence
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.drafts import NEW, DraftKey

FIELDS = ("text", "translation", "pronunciation", "note", "level")
MOST_CHARACTERS = 60


class TypingPage(Page):
    """A page with a keyboard, the typed text, and a line for a problem."""

    def __init__(self, area: PageStack, title: Text = str) -> None:
        super().__init__(area, title)
        self.typed_label = text_label(self, "typed")
        self.typed_label.setFixedHeight(58)
        self.typed_label.setTextFormat(Qt.PlainText)
        self.problem_label = text_label(self, "problem", wraps=True)
        self.problem_label.setFixedHeight(28)
        self.keyboard = Keyboard(self)
        self.keyboard.typed.connect(self._on_typed)
        self.keyboard.entered.connect(self.save)

    def shown(self) -> None:
        """Fit the text to the label, which has its width now."""
        super().shown()
        self._show(self.keyboard.text)

    def save(self) -> None:
        """Take the text, or say why not."""

    def _on_typed(self, text: str) -> None:
        self._show(text)

    def _show(self, text: str) -> None:
        """Show the end of the text, where typing goes on."""
        width = max(self.typed_label.width(), 400) - 40
        metrics = self.typed_label.fontMetrics()
        self.typed_label.setText(metrics.elidedText(f"{text}▏", Qt.ElideLeft, width))
        self.typed_label.setAccessibleName(text)
        self.problem_label.setText("")


class NamePage(TypingPage):
    """Asks for a name, beginning with an older one; keep takes it.

    language: the first keyboard layout. may_be_empty: whether an empty name is accepted.
    """

    def __init__(
        self,
        area: PageStack,
        title: Text,
        name: str,
        language: str,
        keep: Callable[[str], object],
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(area, title)
        self._keep, self._may_be_empty = keep, may_be_empty
        self.lay_out(self.typed_label, self.problem_label, 1, self.keyboard, spacing_px=6)
        self.keyboard.begin(name, language)
        self._show(name)

    def save(self) -> None:
        """Keep the name, or say why not."""
        name = " ".join(self.keyboard.text.split())
        if not name and not self._may_be_empty:
            self.problem_label.setText(translate("Teacher", "Type a name."))
        elif len(name) > MOST_CHARACTERS:
            fields = {"length": len(name), "limit": MOST_CHARACTERS}
            self.problem_label.setText(message_text(PROBLEM_MESSAGES["too_long"], **fields))
        else:
            self.area.close_page(self)
            self._keep(name)


class EditPage(TypingPage):
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
        # The id of a new sentence or of a bad line differs each time.
        name = f"line: {sentence.text}" if keep is not None else NEW if is_new else sentence.id
        self._draft_key = DraftKey(list_id, name)
        draft = self.model.drafts.get(self._draft_key)
        self._has_draft = draft is not None
        self._before = {name: str(getattr(sentence, name)) for name in FIELDS}
        self.cells = {**self._before, **(draft or {})}
        self.field = "text"
        self._done = False
        self.fields = Choices(self.choose_field, self, FIELDS, theme.TOUCH_PX, spacing_px=6)
        labels = self.fields, self.typed_label, self.problem_label
        self.lay_out(*labels, 1, self.keyboard, spacing_px=6)
        self.choose_field("text")

    def title(self) -> str:
        """Return the title for the top bar."""
        new, other = translate("Teacher", "New sentence"), translate("Teacher", "Edit sentence")
        return new if self._is_new else other

    def may_leave(self) -> bool:
        """Ask before unsaved text is dropped."""

        def drop() -> None:
            self._end()
            self.area.back()

        if self._unsaved:
            self.area.ask(
                lambda: translate("Teacher", "Leave without saving?"),
                lambda: translate("Teacher", "Leave"),
                drop,
                "cancel",
            )
        return not self._unsaved

    def left(self) -> None:
        """Keep unsaved text as a draft, unless the teacher has saved or dropped it."""
        if self._unsaved:
            self.model.drafts.put(self._draft_key, self.cells)
            self.model.do("draft", self.model.drafts.write)

    @property
    def _unsaved(self) -> bool:
        return not self._done and self.cells != self._before

    def _end(self) -> None:
        """Delete the draft after saving or dropping."""
        self._done = True
        if self.model.drafts.drop(self._draft_key):
            self.model.do("draft", self.model.drafts.write)

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
        self._show(self.cells[name])

    def save(self) -> None:
        """Check the sentence like a line of a list, then store it."""
        checked = check_sentence(self.cells, self._sentence)
        if isinstance(checked, Problem):
            if checked.column in FIELDS and checked.column != self.field:
                self.choose_field(checked.column)
            self._show_message(problem_text(checked), "problem")
            return
        list_id, sentence = self._list_id, checked

        def saved(_: None) -> None:
            self._end()
            self.area.close_page(self)

        if self._keep:
            self._keep(sentence)
            saved(None)
        else:
            put = ListStore.add_sentence if self._is_new else ListStore.edit_sentence
            self.model.change_lists(lambda store: put(store, list_id, sentence), saved)

    def _on_typed(self, text: str) -> None:
        self.cells[self.field] = text
        self._show(text)

    def _show_message(self, text: str, look: str) -> None:
        """Show a message below the text. look: ``problem`` or ``muted``."""
        self.problem_label.setObjectName(look)
        theme.repolish(self.problem_label)
        self.problem_label.setText(text)

    def shown(self) -> None:
        """Fit the text to the label, and say where it comes from."""
        super().shown()
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
        self._show(self.cells[self.field])
