"""`PageStack`: the teacher's pages, one on top of another.

Pages import this module and never the page that opens them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtWidgets import QStackedWidget, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import Language, TranslatedWidget
from pronounce_kiosk.gui.layouts import Item, Margins, hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import LOWER_LEFT, UPPER_LEFT, FittedLabel, picture_label

T = TypeVar("T")
Text = Callable[[], str]
"""Returns a text in the interface's language of the moment."""
Action = tuple[str, Text, Callable[[], object]]
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
        if self.has(page):
            self._drop_from(self._pages.index(page))
            if self._pages:
                self._front()
            else:
                self.closed.emit()

    def back_to(self, page: Page) -> None:
        """Close every page above this one."""
        if self.has(page) and self.page is not page:
            self._drop_from(self._pages.index(page) + 1)
            self._front()

    def clear(self) -> None:
        """Close all pages without asking."""
        self._drop_from(0)

    def _front(self) -> None:
        page = self._pages[-1]
        self.stack.setCurrentWidget(page)
        page.shown()
        self.title_changed.emit()

    def _drop_from(self, number: int) -> None:
        while len(self._pages) > number:
            page = self._pages.pop()
            page.left()
            self.stack.removeWidget(page)
            page.deleteLater()

    def show_message(
        self, text: Text, picture: str = "check", detail: Text = str, actions: Sequence[Action] = ()
    ) -> None:
        """Show a message with OK after the other actions; nothing after the area was left."""
        if not self._pages:
            return
        done: Action = ("check", lambda: translate("Teacher", "OK"), lambda: None)
        self.push(MessagePage(self, text, (*actions, done), picture, detail))

    def show_error(self, error: Exception, device: str = "stick") -> None:
        """Show an error's text. device: the one in use."""
        self.show_message(lambda: texts.error_text(error, device), "info")

    def ask(
        self,
        text: Text,
        yes: Text,
        then: Callable[[], object],
        icon: str = "delete",
        detail: Text = str,
    ) -> None:
        """Ask before a destructive action; the larger button cancels."""
        no: Action = ("back", lambda: translate("Teacher", "No, go back"), lambda: None)
        self.push(MessagePage(self, text, ((icon, yes, then), no), icon, detail))

    def ask_switch_off(self) -> None:
        """Ask, then switch the device off; show a message where it fails."""
        self.ask(
            lambda: translate("Teacher", "Switch this device off?"),
            lambda: translate("Teacher", "Switch off"),
            lambda: self.model.power_off(lambda error: self.show_error(error, "power")),
            "power",
            lambda: translate("Teacher", "All results are saved already."),
        )

    def changeEvent(self, event: QEvent) -> None:
        """Set the title again in another language."""
        if event.type() == QEvent.LanguageChange:
            self.title_changed.emit()
        super().changeEvent(event)


class Page(TranslatedWidget):
    """One page of the teacher's area. title: for the top bar."""

    def __init__(self, area: PageStack, title: Text = str) -> None:
        super().__init__(area)
        self.area = area
        self.model = area.model
        self._title = title

    def lay_out(self, *items: Item, spacing_px: int = 10, margins_px: Margins = MARGINS) -> None:
        """Fill the page with widgets and layouts, from top to bottom."""
        vbox(*items, spacing_px=spacing_px, margins_px=margins_px, parent=self)

    def title(self) -> str:
        """Return the title for the top bar."""
        return self._title()

    def shown(self) -> None:
        """Show the state, on being on top for the first time or again."""
        self._retranslate()

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
    """Shows a message with buttons, after which it is closed. picture: an icon's name.

    title: None keeps that of the page below.
    """

    def __init__(
        self,
        area: PageStack,
        text: Text,
        actions: Sequence[Action],
        picture: str,
        detail: Text = str,
        title: Text | None = None,
    ) -> None:
        below = area.title()
        super().__init__(area, title or (lambda: below))
        self._text, self._detail = text, detail
        sign = picture_label(self, theme.pixmap(picture, "accent", 72), 72)
        self.text_label = FittedLabel(32, 22, alignment=Qt.AlignLeft, parent=self)
        self.detail_label = FittedLabel(24, 18, "muted", False, UPPER_LEFT, self)
        texts = vbox((self.text_label, 1), (self.detail_label, 1), spacing_px=10)
        upper = hbox(sign, (texts, 1), spacing_px=24)
        self._faces = [text for _, text, _ in actions]
        self.buttons = [TextButton(icon, parent=self) for icon, _, _ in actions]
        for button, (_, _, act) in zip(self.buttons, actions, strict=True):
            button.clicked.connect(partial(self._act, act))
        self.buttons[-1].set_look("main")
        foot = hbox(*((button, 1) for button in self.buttons), spacing_px=16)
        self.lay_out((upper, 1), foot, margins_px=(32, 8, 32, 20))

    def _act(self, act: Callable[[], object], _: bool) -> None:
        self.area.close_page(self)
        act()

    def _retranslate(self) -> None:
        detail = self._detail()
        self.text_label.set_text(self._text())
        self.text_label.set_alignment(LOWER_LEFT if detail else int(Qt.AlignLeft))
        self.detail_label.set_text(detail)
        self.detail_label.setVisible(bool(detail))
        for button, text in zip(self.buttons, self._faces, strict=True):
            button.set_text(text())
