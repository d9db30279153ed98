"""`PageStack`: the teacher's pages, one on top of another.

Pages import this module and never the page that opens them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PyQt5.QtCore import QCoreApplication, QEvent, Qt, pyqtSignal
from PyQt5.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.localised import localised
from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget

translate = QCoreApplication.translate
T = TypeVar("T")
Action = tuple[str, Callable[[], str], Callable[[], None]]
"""A message's button: its icon, its text and its action."""

MARGINS = (16, 2, 16, 10)


class PageStack(QWidget):
    """Shows the newest page, and messages and questions of any page.

    title_changed: the top bar's title is new. closed: the last page was left.
    """

    title_changed = pyqtSignal()
    closed = pyqtSignal()

    def __init__(
        self, model: TeacherModel, language: Language, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.language = language
        self._pages: list[Page] = []
        self.stack = QStackedWidget(self)
        vbox(self.stack, parent=self)
        model.failed.connect(self.show_error)

    @property
    def page(self) -> Page | None:
        """Return the page on top."""
        return self._pages[-1] if self._pages else None

    def title(self) -> str:
        """Return the title of the page on top."""
        return self._pages[-1].title() if self._pages else ""

    def name_of(self, list_name: str) -> str:
        """Return a list's name in the interface's language."""
        return localised(list_name)

    # ---- pages ----

    def has(self, page: Page) -> bool:
        """Return whether a page is still open."""
        return page in self._pages

    def push(self, page: Page) -> None:
        """Open a page."""
        self._pages.append(page)
        self.stack.addWidget(page)
        self._front()

    def back(self) -> None:
        """Close the page on top, where it agrees; closing the first page leaves the area."""
        page = self.page
        if page is not None and page.may_leave():
            self.close_page(page)

    def close_page(self, page: Page) -> None:
        """Close a page and all pages above it."""
        if page not in self._pages:
            return
        while self._pages and self._pages[-1] is not page:
            self._drop()
        self._drop()
        if self._pages:
            self._front()
        else:
            self.closed.emit()

    def back_to(self, page: Page) -> None:
        """Close every page above this one."""
        if page in self._pages and self._pages[-1] is not page:
            while self._pages[-1] is not page:
                self._drop()
            self._front()

    def clear(self) -> None:
        """Close all pages without asking."""
        while self._pages:
            self._drop()

    def _front(self) -> None:
        page = self._pages[-1]
        self.stack.setCurrentWidget(page)
        page.shown()
        self.title_changed.emit()

    def _drop(self) -> None:
        page = self._pages.pop()
        page.left()
        self.stack.removeWidget(page)
        page.deleteLater()

    # ---- messages and questions ----

    def show_message(
        self,
        text: Callable[[], str],
        picture: str = "check",
        detail: Callable[[], str] = lambda: "",
        actions: Sequence[Action] = (),
    ) -> None:
        """Show a message with OK after the other actions; nothing after the area was left."""
        if not self._pages:
            return
        title = self.title()
        done: Action = ("check", lambda: translate("Teacher", "OK"), lambda: None)
        self.push(MessagePage(self, lambda: title, text, (*actions, done), picture, detail))

    def show_error(self, error: Exception) -> None:
        """Show an error's text."""
        self.show_message(lambda: texts.error_text(error), "info")

    def ask(
        self,
        text: Callable[[], str],
        yes: Callable[[], str],
        then: Callable[[], None],
        icon: str = "delete",
        detail: Callable[[], str] = lambda: "",
    ) -> None:
        """Ask before a destructive action; the larger button cancels."""
        title = self.title()
        actions: tuple[Action, ...] = (
            (icon, yes, then),
            ("back", lambda: translate("Teacher", "No, go back"), lambda: None),
        )
        self.push(MessagePage(self, lambda: title, text, actions, icon, detail))

    def changeEvent(self, event: QEvent) -> None:
        """Set the title again in another language."""
        if event.type() == QEvent.LanguageChange:
            self.title_changed.emit()
        super().changeEvent(event)


class Page(TranslatedWidget):
    """One page of the teacher's area."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area)
        self.area = area
        self.model = area.model
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*MARGINS)
        self.body.setSpacing(10)

    def title(self) -> str:
        """Return the title for the top bar."""
        return ""

    def shown(self) -> None:
        """React to being on top, for the first time or again."""

    def left(self) -> None:
        """React to being closed: stop what the page has started."""

    def here(self, then: Callable[[T], None]) -> Callable[[T], None]:
        """Wrap a job's callback so that it is not called after the page was closed."""

        def call(value: T) -> None:
            if self.area.has(self):
                then(value)

        return call

    def may_leave(self) -> bool:
        """Return whether the page may be closed; with unsaved work, ask and return False."""
        return True


class MessagePage(Page):
    """Shows a message with buttons.

    Args:
        area: The stack of pages.
        title: Returns the title.
        text: Returns the message, in the current language.
        actions: Icon, text and action of each button; the page is closed first.
        picture: An icon's name.
        detail: Returns a second text.
    """

    def __init__(
        self,
        area: PageStack,
        title: Callable[[], str],
        text: Callable[[], str],
        actions: Sequence[Action],
        picture: str = "info",
        detail: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(area)
        self._title, self._text, self._detail = title, text, detail
        self.body.setContentsMargins(32, 8, 32, 20)
        sign = picture_label(self, theme.pixmap(picture, "accent", 72), 72)
        self.text_label = FittedLabel(32, 22, alignment=Qt.AlignLeft, parent=self)
        self.detail_label = FittedLabel(24, 18, "muted", False, UPPER_LEFT, self)
        texts = vbox((self.text_label, 1), (self.detail_label, 1), spacing_px=10)
        upper = hbox(sign, (texts, 1), spacing_px=24)
        self.body.addLayout(upper, 1)
        buttons = hbox(spacing_px=16)
        self.buttons: list[TextButton] = []
        self._texts: list[Callable[[], str]] = []
        for number, (icon, text, act) in enumerate(actions):
            button = TextButton(icon, "main" if number == len(actions) - 1 else "", parent=self)
            button.clicked.connect(lambda _=False, act=act: self._act(act))
            buttons.addWidget(button, 1)
            self.buttons.append(button)
            self._texts.append(text)
        self.body.addLayout(buttons)
        self._retranslate()

    def _act(self, act: Callable[[], None]) -> None:
        self.area.close_page(self)
        act()

    def title(self) -> str:
        """Return the title given."""
        return self._title()

    def _retranslate(self) -> None:
        self.text_label.set_text(self._text())
        detail = self._detail()
        self.detail_label.set_text(detail)
        self.detail_label.setVisible(bool(detail))
        self.text_label.set_alignment(LOWER_LEFT if detail else int(Qt.AlignLeft))
        for button, text in zip(self.buttons, self._texts, strict=True):
            button.set_text(text())
