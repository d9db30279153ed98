"""Type a text with the on-screen keyboard; `NamePage` asks for a name."""

from collections.abc import Callable

from PyQt5.QtCore import Qt

from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.keyboard import Keyboard
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.texts import message_text
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.sentences.messages import PROBLEM_MESSAGES

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
