"""The teacher's first page: a tile for each section, and a notice.

This module alone imports every page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt5.QtCore import QCoreApplication, QEvent, Qt
from PyQt5.QtGui import QShowEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import vbox
from pronounce_kiosk.gui.teacher.device import ask_switch_off
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.sticks import eject_any
from pronounce_kiosk.gui.teacher.texts import room_text
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.session.drafts import NEW

translate = QCoreApplication.translate

_TILE_ICON_PX = 64


# Pages are imported at the first tap, to keep the kiosk's start short.


def _lists(area: PageStack) -> None:
    from pronounce_kiosk.gui.teacher.lists import ListsPage

    area.push(ListsPage(area))


def _references(area: PageStack) -> None:
    from pronounce_kiosk.gui.teacher.references import ReferenceListsPage

    area.push(ReferenceListsPage(area))


def _results(area: PageStack) -> None:
    from pronounce_kiosk.gui.teacher.results import ResultsPage

    area.push(ResultsPage(area))


def _room(area: PageStack) -> None:
    from pronounce_kiosk.gui.teacher.room import RoomPage

    area.push(RoomPage(area))


def _settings(area: PageStack) -> None:
    from pronounce_kiosk.gui.teacher.settings import SettingsPage

    area.push(SettingsPage(area))


@dataclass(frozen=True)
class Section:
    """A tile of the first page. open: its action."""

    name: str
    icon: str
    open: Callable[[PageStack], None]


SECTIONS = (
    Section("lists", "lists", _lists),
    Section("references", "listen", _references),
    Section("results", "results", _results),
    Section("room", "room", _room),
    Section("settings", "settings", _settings),
    Section("eject", "eject", eject_any),
    Section("power", "power", ask_switch_off),
)


class Tile(QPushButton):
    """A picture with a text below it."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._icon = icon
        self._face = QLabel(self)
        self._face.setFixedHeight(_TILE_ICON_PX)
        self._face.setAlignment(Qt.AlignCenter)
        self._name = FittedLabel(24, 18, parent=self)
        self._name.setFixedHeight(34)
        vbox(1, self._face, self._name, 1, margins_px=(8, 12, 8, 12), spacing_px=10, parent=self)
        for part in (self._face, self._name):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)
        self.setMinimumHeight(theme.MAIN_TOUCH_PX)
        # All tiles of a row have one width, however long their texts are.
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Expanding)
        self.setFocusPolicy(Qt.TabFocus)

    def set_text(self, text: str) -> None:
        """Set the text."""
        self._name.set_text(text)
        self.setAccessibleName(text)

    def changeEvent(self, event: QEvent) -> None:
        """Set the colours after the tile was enabled or disabled."""
        if event.type() == QEvent.EnabledChange:
            colour = "accent" if self.isEnabled() else "line"
            self._face.setPixmap(theme.pixmap(self._icon, colour, _TILE_ICON_PX))
            self._name.set_colour("ink" if self.isEnabled() else "muted")
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Set the colours for the first time."""
        self.changeEvent(QEvent(QEvent.EnabledChange))
        super().showEvent(event)


class TeacherHome(Page):
    """Shows the sections, and the most important notice for the teacher."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area)
        self.tiles: dict[str, Tile] = {}
        self._kept_bytes = 0
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for section in SECTIONS:
            tile = Tile(section.icon, self)
            tile.clicked.connect(lambda _=False, section=section: section.open(self.area))
            self.tiles[section.name] = tile
        self.notice = text_label(self, "notice", wraps=True)
        self.notice.setMinimumHeight(48)
        self.body.addWidget(self.notice)
        for row in self._rows:
            row.setSpacing(12)
            self.body.addLayout(row, 1)
        self._place_tiles()
        self.model.look_at_power(self.here(lambda _: self._place_tiles()))
        self.model.sticks_changed.connect(self._retranslate)
        self.model.room_changed.connect(self._retranslate)
        self.model.lists_changed.connect(self._retranslate)
        self._retranslate()

    def shown(self) -> None:
        """Update the notice."""
        self._retranslate()
        if self.model.settings.keep_takes:
            self.model.with_history("takes", lambda h: h.takes_bytes(), self.here(self._got_takes))

    def _got_takes(self, count: int) -> None:
        self._kept_bytes = count
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "For teachers")

    def _place_tiles(self) -> None:
        """Arrange two rows; "Switch off" is shown only where it is possible."""
        names = [each.name for each in SECTIONS]
        if not self.model.can_power_off:
            names.remove("power")
        self.tiles["power"].setVisible(self.model.can_power_off)
        first = (len(names) + 1) // 2
        for row, tiles in zip(self._rows, (names[:first], names[first:]), strict=True):
            for name in tiles:
                # Adding a widget again moves it.
                row.addWidget(self.tiles[name], 1)

    def _retranslate(self) -> None:
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
        if draft := self._draft():
            text = translate("Teacher", "Not saved yet: “{text}” in “{list}”. Open it to go on.")
            return text.replace("{text}", draft[1]).replace("{list}", draft[0])
        if self.model.settings.keep_takes:
            text = translate("Teacher", "Takes are kept: {used} of {room}. The oldest go first.")
            used_mb = round(self._kept_bytes / 1e6)
            text = text.replace("{room}", room_text(self.model.settings.kept_takes_mb))
            return text.replace("{used}", f"{used_mb} MB")
        return ""

    def _draft(self) -> tuple[str, str] | None:
        """Return list and text of the newest draft whose sentence still exists."""
        for key in reversed(self.model.drafts.keys):
            stored = self.model.stored(key.list_id)
            cells = self.model.drafts.get(key)
            if stored is None or cells is None:
                continue
            if key.sentence_id == NEW or any(
                s.id == key.sentence_id for s in stored.list.sentences
            ):
                return self.area.name_of(stored.list.name), cells.get("text", "")
        return None
