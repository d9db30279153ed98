"""Type a name with the on-screen keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, Qt

from pronounce_kiosk.gui.teacher.keyboard import Keyboard
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.widgets.labels import text_label

translate = QCoreApplication.translate

MOST_CHARACTERS = 60


class NamePage(Page):
    """Asks for a name.

    Args:
        area: The stack of pages.
        title: Returns the page's title.
        name: The text to begin with.
        language: The first keyboard layout.
        keep: Takes the name.
        may_be_empty: Whether an empty name is accepted.
    """

    def __init__(
        self,
        area: PageStack,
        title: Callable[[], str],
        name: str,
        language: str,
        keep: Callable[[str], None],
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(area)
        self._title, self._keep, self._may_be_empty = title, keep, may_be_empty
        self.name = name
        self.body.setSpacing(6)
        self.typed_label = text_label(self, "typed")
        self.typed_label.setFixedHeight(58)
        self.typed_label.setTextFormat(Qt.PlainText)
        self.problem_label = text_label(self, "problem", wraps=True)
        self.problem_label.setFixedHeight(28)
        self.keyboard = Keyboard(self)
        self.keyboard.typed.connect(self._on_typed)
        self.keyboard.entered.connect(self._on_entered)
        self.body.addWidget(self.typed_label)
        self.body.addWidget(self.problem_label)
        self.body.addStretch(1)
        self.body.addWidget(self.keyboard)
        self.keyboard.begin(name, language)
        self._show()

    def title(self) -> str:
        """Return the title for the top bar."""
        return self._title()

    def _on_typed(self, text: str) -> None:
        self.name = text
        self._show()

    def _on_entered(self) -> None:
        name = " ".join(self.name.split())
        if not name and not self._may_be_empty:
            self.problem_label.setText(translate("Teacher", "Type a name."))
        elif len(name) > MOST_CHARACTERS:
            text = translate("Problems", "Too long: {length} characters, {limit} fit.")
            text = text.replace("{limit}", str(MOST_CHARACTERS))
            self.problem_label.setText(text.replace("{length}", str(len(name))))
        else:
            self.area.close_page(self)
            self._keep(name)

    def _show(self) -> None:
        width = max(self.typed_label.width(), 400) - 40
        metrics = self.typed_label.fontMetrics()
        self.typed_label.setText(metrics.elidedText(f"{self.name}▏", Qt.ElideLeft, width))
        self.typed_label.setAccessibleName(self.name)
        self.problem_label.setText("")

    def shown(self) -> None:
        """Fit the text to the label, which has its width now."""
        self._show()
