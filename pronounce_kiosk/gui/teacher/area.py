"""`TeacherArea`: the teacher's pages, one on top of another, behind the PIN."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pronounce_kiosk.devices.stick import Stick
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import Language
from pronounce_kiosk.gui.localised import localised
from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.model import TeacherModel
from pronounce_kiosk.gui.teacher.page_widgets import MessagePage, Page, heading
from pronounce_kiosk.gui.teacher.texts import room_text
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel

translate = QCoreApplication.translate

SECTIONS = (
    ("lists", "lists"),
    ("references", "listen"),
    ("results", "results"),
    ("room", "room"),
    ("settings", "settings"),
    ("eject", "eject"),
    ("power", "power"),
)
"""Name and icon of each."""
_TILE_ICON_PX = 64


class TeacherArea(QWidget):
    """One screen of the kiosk's window. title_changed: for the top bar; closed: back to home.

    The window calls `open` to enter, `back` for its back button and `close_area` when nobody has
    touched the screen for a while: the PIN is asked again then.
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        model.failed.connect(self.show_error)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages[-1] if self._pages else None

    def title(self) -> str:
        """Of the page in front."""
        return self._pages[-1].title() if self._pages else ""

    def name_of(self, list_name: str) -> str:
        """A list's name in the interface's language."""
        return localised(list_name, self.language.current)

    # ---- the way in and out ----

    def open(self) -> None:
        """Ask for the PIN, or for a first one."""
        from pronounce_kiosk.gui.teacher.lock import PinPage

        self._clear()
        mode = "check" if self.model.pin.is_set() else "set"
        self.push(PinPage(self, mode, self._enter))

    def back(self) -> None:
        """One page back; out of the area from its first page."""
        page = self.page
        if page is not None and not page.may_leave():
            return
        if page is not None:
            self.close_page(page)

    def close_area(self) -> None:
        """Leave at once, from wherever."""
        if self._pages:
            self._clear()
            self.model.watch_sticks(False)
            self.closed.emit()

    def _enter(self) -> None:
        self._clear()
        self.model.watch_sticks(True)
        self.model.refresh_lists()
        self.push(TeacherHome(self))

    # ---- pages ----

    def has(self, page: Page) -> bool:
        """Whether a page is still open."""
        return page in self._pages

    def push(self, page: Page) -> None:
        """Put a page in front."""
        self._pages.append(page)
        self.stack.addWidget(page)
        self._front()

    def close_page(self, page: Page) -> None:
        """Take a page and all that lie on it away."""
        if page not in self._pages:
            return
        while self._pages and self._pages[-1] is not page:
            self._drop()
        self._drop()
        if not self._pages:
            self.model.watch_sticks(False)
            self.closed.emit()
            return
        self._front()

    def back_to(self, page: Page) -> None:
        """Close every page that lies on this one."""
        if page in self._pages and self._pages[-1] is not page:
            while self._pages[-1] is not page:
                self._drop()
            self._front()

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

    def _clear(self) -> None:
        while self._pages:
            self._drop()

    # ---- words and questions ----

    def show_message(
        self,
        text: Callable[[], str],
        picture: str = "check",
        detail: Callable[[], str] = lambda: "",
        stick: Stick | None = None,
    ) -> None:
        """Tell something; with a stick, offer to let go of it. Nothing where the area was left."""
        if not self._pages:
            return
        actions: list[tuple[str, Callable[[], str], Callable[[], None]]] = []
        if stick is not None:
            actions.append(
                ("eject", lambda: translate("Teacher", "Eject"), lambda: self.eject(stick))
            )
        actions.append(("check", lambda: translate("Teacher", "OK"), lambda: None))
        title = self.title()
        self.push(MessagePage(self, lambda: title, text, actions, picture, detail))

    def show_saved(self, name: str, stick: Stick) -> None:
        """A file is on a stick."""

        def text() -> str:
            saved = translate("Teacher", "{name} is on the stick {stick}.")
            return saved.replace("{name}", name).replace("{stick}", stick.label)

        self.show_message(text, stick=stick)

    def show_error(self, error: Exception) -> None:
        """Say what went wrong and what to do."""
        self.show_message(lambda: texts.error_text(error), "info")

    def ask(
        self,
        text: Callable[[], str],
        yes: Callable[[], str],
        then: Callable[[], None],
        icon: str = "delete",
        detail: Callable[[], str] = lambda: "",
    ) -> None:
        """A question before something that hurts; staying is the large answer."""
        title = self.title()
        actions = [
            (icon, yes, then),
            ("back", lambda: translate("Teacher", "No, go back"), lambda: None),
        ]
        self.push(MessagePage(self, lambda: title, text, actions, icon, detail))

    # ---- the device ----

    def switch_off(self) -> None:
        """Ask, then switch the device off; say so where it would not."""

        def refused(error: Exception) -> None:
            self.show_message(lambda: texts.power_error_text(error), "info")

        self.ask(
            lambda: translate("Teacher", "Switch this device off?"),
            lambda: translate("Teacher", "Switch off"),
            lambda: self.model.power_off(refused),
            "power",
            lambda: translate("Teacher", "All results are saved already."),
        )

    # ---- sticks ----

    def with_stick(self, then: Callable[[Stick], None]) -> None:
        """Go on with the stick that is in; ask where there are several or none."""
        writable = [stick for stick in self.model.sticks if not stick.read_only]
        if len(writable) == 1:
            then(writable[0])
        elif writable:
            from pronounce_kiosk.gui.teacher.transfer import StickPage

            self.push(StickPage(self, then))
        else:
            self.show_message(
                lambda: translate("Teacher", "Plug in a USB stick, then try again."), "usb"
            )

    def eject(self, stick: Stick) -> None:
        """Let go of a stick and say when it may be pulled out."""

        def done() -> None:
            self.show_message(
                lambda: translate("Teacher", "You can pull the stick out now."), "eject"
            )

        self.model.eject(stick, done)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.title_changed.emit()
        super().changeEvent(event)


class Tile(QPushButton):
    """A door: a picture with a word under it."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._icon = icon
        self._face = QLabel(self)
        self._face.setFixedHeight(_TILE_ICON_PX)
        self._face.setAlignment(Qt.AlignCenter)
        self._name = FittedLabel(24, 18, parent=self)
        self._name.setFixedHeight(34)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._face)
        layout.addWidget(self._name)
        layout.addStretch(1)
        for part in (self._face, self._name):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)
        self.setMinimumHeight(theme.MAIN_TOUCH_PX)
        # All of a row are of one width, however long their words are.
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Expanding)
        self.setFocusPolicy(Qt.TabFocus)

    def set_text(self, text: str) -> None:
        """Its words."""
        self._name.set_text(text)
        self.setAccessibleName(text)

    def changeEvent(self, event: QEvent) -> None:
        """Whether it can be opened."""
        if event.type() == QEvent.EnabledChange:
            colour = "accent" if self.isEnabled() else "line"
            self._face.setPixmap(theme.pixmap(self._icon, colour, _TILE_ICON_PX))
            self._name.set_colour("ink" if self.isEnabled() else "muted")
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Its picture."""
        self.changeEvent(QEvent(QEvent.EnabledChange))
        super().showEvent(event)


class TeacherHome(Page):
    """The doors, and what a teacher should know today."""

    def __init__(self, area: TeacherArea) -> None:
        super().__init__(area)
        self.tiles: dict[str, Tile] = {}
        self._kept_bytes = 0
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for name, icon in SECTIONS:
            tile = Tile(icon, self)
            tile.clicked.connect(lambda _=False, name=name: self._go(name))
            self.tiles[name] = tile
        self.notice = heading(self, "notice")
        self.notice.setMinimumHeight(48)
        self.body.addWidget(self.notice)
        for row in self._rows:
            row.setSpacing(12)
            self.body.addLayout(row, 1)
        self._place_doors()
        self.model.look_at_power(lambda: self.here(lambda _: self._place_doors())(None))
        self.model.sticks_changed.connect(self.retranslate)
        self.model.room_changed.connect(self.retranslate)
        self.retranslate()

    def shown(self) -> None:
        """What should be known may have changed."""
        self.retranslate()
        if self.model.settings.keep_takes:
            self.model.with_history("takes", lambda h: h.takes_bytes(), self.here(self._got_takes))

    def _got_takes(self, count: int) -> None:
        self._kept_bytes = count
        self.retranslate()

    def title(self) -> str:
        """Whose page it is."""
        return translate("Teacher", "For teachers")

    def _place_doors(self) -> None:
        """Two rows; the last door is there only where the device can be switched off from here."""
        names = [name for name, _ in SECTIONS if name != "power" or self.model.can_power_off]
        self.tiles["power"].setVisible(self.model.can_power_off)
        first = (len(names) + 1) // 2
        for row, doors in zip(self._rows, (names[:first], names[first:]), strict=True):
            for name in doors:
                # Adding it again moves it.
                row.addWidget(self.tiles[name], 1)

    def _go(self, name: str) -> None:
        if name == "eject":
            self._eject()
            return
        if name == "power":
            self.area.switch_off()
            return
        self.area.push(self._page(name))

    def _page(self, name: str) -> Page:
        # Loaded at the first tap: the kiosk's start does not wait for them.
        if name == "lists":
            from pronounce_kiosk.gui.teacher.lists import ListsPage

            return ListsPage(self.area)
        if name == "references":
            from pronounce_kiosk.gui.teacher.references import ReferenceListsPage

            return ReferenceListsPage(self.area)
        if name == "results":
            from pronounce_kiosk.gui.teacher.results import ResultsPage

            return ResultsPage(self.area)
        if name == "room":
            from pronounce_kiosk.gui.teacher.room import RoomPage

            return RoomPage(self.area)
        from pronounce_kiosk.gui.teacher.settings import SettingsPage

        return SettingsPage(self.area)

    def _eject(self) -> None:
        sticks = self.model.sticks
        if len(sticks) == 1:
            self.area.eject(sticks[0])
        elif sticks:
            from pronounce_kiosk.gui.teacher.transfer import StickPage

            self.area.push(StickPage(self.area, self.area.eject))

    def retranslate(self) -> None:
        """Words again."""
        texts = {
            "lists": translate("Teacher", "Lists"),
            "references": translate("Teacher", "Voices"),
            "results": translate("Teacher", "Results"),
            "room": translate("Teacher", "Room"),
            "settings": translate("Teacher", "Settings"),
            "eject": translate("Teacher", "Eject stick"),
            "power": translate("Teacher", "Switch off"),
        }
        for name, tile in self.tiles.items():
            tile.set_text(texts[name])
        self.tiles["eject"].setEnabled(bool(self.model.sticks))
        notice = self._notice()
        self.notice.setText(notice)
        self.notice.setVisible(bool(notice))

    def _notice(self) -> str:
        louder = self.model.room.changed_db
        if louder is not None:
            text = translate("Teacher", "The room is {n} dB louder than at its check. Check again.")
            return text.replace("{n}", f"{louder:.0f}")
        if self.model.settings.keep_takes:
            text = translate("Teacher", "Takes are kept: {used} of {room}. The oldest go first.")
            used_mb = round(self._kept_bytes / 1e6)
            text = text.replace("{room}", room_text(self.model.settings.kept_takes_mb))
            return text.replace("{used}", f"{used_mb} MB")
        return ""
