"""Edit a sentence with the on-screen keyboard."""

from collections.abc import Callable

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.name import TypingPage
from pronounce_kiosk.gui.teacher.navigation import PageStack
from pronounce_kiosk.gui.teacher.page_widgets import Choices
from pronounce_kiosk.gui.teacher.texts import problem_text
from pronounce_kiosk.sentences.messages import Problem
from pronounce_kiosk.sentences.reader import check_sentence
from pronounce_kiosk.session.drafts import NEW, DraftKey

FIELDS = ("text", "translation", "pronunciation", "note", "level")


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
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        if self._is_new:
            return translate("Teacher", "New sentence")
        return translate("Teacher", "Edit sentence")

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
        list_id, sentence, is_new = self._list_id, checked, self._is_new

        def saved(_: None) -> None:
            self._end()
            self.area.close_page(self)

        if self._keep:
            self._keep(sentence)
            saved(None)
        elif is_new:
            self.model.change_lists(lambda store: store.add_sentence(list_id, sentence), saved)
        else:
            self.model.change_lists(lambda store: store.edit_sentence(list_id, sentence), saved)

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
