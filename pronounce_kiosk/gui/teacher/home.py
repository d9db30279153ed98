"""The teacher's first page: a tile for each section, and a notice.

This module alone opens every section's page.
"""

from collections.abc import Callable
from functools import partial
from pkgutil import resolve_name

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import localised
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.sticks import eject_any
from pronounce_kiosk.gui.teacher.texts import room_text
from pronounce_kiosk.gui.widgets.labels import FittedLabel, text_label
from pronounce_kiosk.session.drafts import NEW

_TILE_ICON_PX = 64


SECTIONS: dict[str, tuple[str, Text, str | Callable[[PageStack], None]]] = {
    "lists": ("lists", lambda: translate("Teacher", "Lists"), "lists:ListsPage"),
    "references": ("listen", lambda: translate("Teacher", "Voices"), "references:VoicesPage"),
    "results": ("results", lambda: translate("Teacher", "Results"), "results:ResultsPage"),
    "room": ("room", lambda: translate("Teacher", "Room"), "room:RoomPage"),
    "settings": ("settings", lambda: translate("Teacher", "Settings"), "settings:SettingsPage"),
    "eject": ("eject", lambda: translate("Teacher", "Eject stick"), eject_any),
    "power": ("power", lambda: translate("Teacher", "Switch off"), PageStack.ask_switch_off),
}
"""Icon and text of each tile, and its page or its action."""


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
        self.changeEvent(QEvent(QEvent.EnabledChange))

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


class TeacherHome(Page):
    """Shows the sections, and the most important notice for the teacher."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "For teachers"))
        self.tiles = {name: Tile(icon, self) for name, (icon, *_) in SECTIONS.items()}
        for name, tile in self.tiles.items():
            tile.clicked.connect(partial(self._open, name))
        self._kept_bytes = 0
        self.notice = text_label(self, "notice", wraps=True)
        self.notice.setMinimumHeight(48)
        self._rows = hbox(spacing_px=12), hbox(spacing_px=12)
        self.lay_out(self.notice, *((row, 1) for row in self._rows))
        self._place_tiles()
        self.model.look_at_power(self.here(lambda _: self._place_tiles()))
        self.model.sticks_changed.connect(self._retranslate)
        self.model.room_changed.connect(self._retranslate)
        self.model.lists_changed.connect(self._retranslate)

    def _open(self, name: str, _: bool) -> None:
        opens = SECTIONS[name][-1]
        if isinstance(opens, str):
            # Pages are imported at the first tap, to keep the kiosk's start short.
            self.area.push(resolve_name(f"pronounce_kiosk.gui.teacher.{opens}")(self.area))
        else:
            opens(self.area)

    def shown(self) -> None:
        """Update the notice."""
        super().shown()
        if self.model.settings.keep_takes:
            self.model.with_history("takes", lambda h: h.takes_bytes(), self.here(self._got_takes))

    def _got_takes(self, count: int) -> None:
        self._kept_bytes = count
        self._retranslate()

    def _place_tiles(self) -> None:
        """Arrange two rows; "Switch off" is shown only where it is possible."""
        names = list(SECTIONS)
        if not self.model.can_power_off:
            names.remove("power")
        self.tiles["power"].setVisible(self.model.can_power_off)
        first = (len(names) + 1) // 2
        for row, tiles in zip(self._rows, (names[:first], names[first:]), strict=True):
            for name in tiles:
                # Adding a widget again moves it.
                row.addWidget(self.tiles[name], 1)

    def _retranslate(self) -> None:
        for name, tile in self.tiles.items():
            tile.set_text(SECTIONS[name][1]())
        self.tiles["eject"].setEnabled(bool(self.model.sticks))
        notice = self._notice()
        self.notice.setText(notice)
        self.notice.setVisible(bool(notice))

    def _notice(self) -> str:
        settings = self.model.settings
        if (louder := self.model.room.changed_db) is not None:
            text = translate("Teacher", "The room is {n} dB louder than at its check. Check again.")
            return text.format(n=f"{louder:.0f}")
        if draft := self._draft():
            text = translate("Teacher", "Not saved yet: “{text}” in “{list}”. Open it to go on.")
            return text.format(list=draft[0], text=draft[1])
        if settings.keep_takes:
            text = translate("Teacher", "Takes are kept: {used} of {room}. The oldest go first.")
            used = f"{round(self._kept_bytes / 1e6)} MB"
            return text.format(used=used, room=room_text(settings.kept_takes_mb))
        return ""

    def _draft(self) -> tuple[str, str] | None:
        """Return list and text of the newest draft whose sentence still exists."""
        for key in reversed(self.model.drafts.keys):
            stored, cells = self.model.stored(key.list_id), self.model.drafts.get(key)
            if stored is None or cells is None:
                continue
            if key.sentence_id in (NEW, *(each.id for each in stored.list.sentences)):
                return localised(stored.list.name), cells.get("text", "")
        return None
