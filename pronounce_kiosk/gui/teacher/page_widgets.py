"""Widgets of the teacher's pages: rows, action bars, choices; and pages of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PyQt5.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import (
    QButtonGroup,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import localised
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack, Text
from pronounce_kiosk.gui.teacher.row_grips import RowGrips
from pronounce_kiosk.gui.text_layout import draw_line
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.drawing import draw_box, draw_text, pen
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.gui.widgets.scrolling import ScrollButtons, TouchList
from pronounce_kiosk.sentences.stored import StoredList

ROW_PX = 74
ACTION_PX = 84
CONTROL_PX = 60
_GAP_PX = 8
_NUMBER_PX = 40
_HOLD_MS, _REPEAT_MS = 600, 300


@dataclass(frozen=True)
class Row:
    """One row of a `RowsView`: an icon, two lines and a text at the right.

    key: emitted by a tap; None for a row without an action. faint: pale, for hidden items. tone: a
    colour of the theme for the background. number: shown before the title, from 1; 0 for none.
    """

    key: Any
    title: str
    subtitle: str = ""
    icon: str = ""
    trailing: str = ""
    faint: bool = False
    tone: str = ""
    number: int = 0


class LazyRows:
    """Rows created on access, for lists of 10,000.

    keys: of all rows, in order. make: returns the row of an index.
    """

    def __init__(self, keys: Sequence[Any], make: Callable[[int], Row]) -> None:
        self.keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, number: int) -> Row:
        return self._make(range(len(self.keys))[number])


Rows = Sequence[Row] | LazyRows


class _Rows(QAbstractListModel):
    """Model of the rows; only visible ones are queried."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Rows = ()
        self.count = 0
        """Cached, because Qt reads it twice for every row during layout."""

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return self.count

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.DisplayRole, Qt.AccessibleTextRole):
            return ", ".join(part for part in (row.title, row.subtitle, row.trailing) if part)
        return row if role == Qt.UserRole else None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: Row = index.data(Qt.UserRole)
        box = option.rect.adjusted(1, 1, -1, -_GAP_PX)
        chosen = bool(option.state & QStyle.State_Selected) and row.key is not None
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        ground = "accent-tint" if chosen else f"{row.tone}-tint" if row.tone else "surface"
        draw_box(painter, box, 14, ground, pen("accent" if chosen else "line", 2))
        room = box.adjusted(14, 0, -14, 0)
        if row.number:
            number = room.adjusted(-4, 0, 0, 0)
            draw_text(painter, number, str(row.number), 18, "muted", align=Qt.AlignLeft)
            width = painter.fontMetrics().horizontalAdvance(f"{row.number} ")
            room.setLeft(room.left() + max(_NUMBER_PX, width))
        if row.icon:
            picture = theme.pixmap(row.icon, "muted" if row.faint else "accent", 64)
            painter.drawPixmap(QRect(room.left(), room.center().y() - 16, 32, 32), picture)
            room.setLeft(room.left() + 44)
        if row.trailing:
            colour = "muted" if row.faint else "accent-dark"
            right = room.adjusted(0, 0, 1, 0)
            draw_text(painter, right, row.trailing, 20, colour, bold=True, align=Qt.AlignRight)
            width = painter.fontMetrics().horizontalAdvance(row.trailing)
            room.setRight(room.right() - width - 12)
        upper = room.adjusted(0, 4, 0, -4)
        if row.subtitle:
            upper.setHeight(upper.height() // 2)
            lower = upper.translated(0, upper.height())
            draw_line(painter, lower, row.subtitle, 18, False, "ink" if row.tone else "muted")
        draw_line(painter, upper, row.title, 23, True, "muted" if row.faint else "ink")
        painter.restore()


class RowsView(QWidget):
    """Rows with scroll buttons beside them.

    movable: whether rows have handles to drag them by. tapped: a row's key. moved: the key of a
    dragged row, and by how many rows.
    """

    tapped = pyqtSignal(object)
    moved = pyqtSignal(object, int)

    def __init__(
        self, keeps_choice: bool = True, movable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keeps_choice = keeps_choice
        self._rows = _Rows(self)
        self.view = TouchList(self)
        self.view.setModel(self._rows)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.clicked.connect(self._on_clicked)
        self.empty_label = FittedLabel(24, 18, "muted", False, parent=self)
        self.empty_label.hide()
        self.grips = RowGrips(self.view, self) if movable else None
        layout = hbox((self.view, 1), (self.empty_label, 1), spacing_px=12, parent=self)
        if self.grips is not None:
            self.grips.moved.connect(self._on_moved)
            layout.addWidget(self.grips)
        layout.addWidget(ScrollButtons(self.view, self))

    @property
    def rows(self) -> Rows:
        """Return the rows."""
        return self._rows.rows

    def set_rows(self, rows: Rows, empty: str = "") -> None:
        """Show rows, or a text without any; a chosen row stays chosen and in sight."""
        chosen, before = self.chosen, self.chosen_number
        bar = self.view.verticalScrollBar()
        at = bar.value()
        if self.grips is not None:
            self.grips.stop()
        self._rows.beginResetModel()
        self._rows.rows, self._rows.count = rows, len(rows)
        self._rows.endResetModel()
        self.empty_label.set_text(empty)
        self.empty_label.setVisible(not rows and bool(empty))
        self.view.setVisible(bool(rows) or not empty)
        if not rows:
            # A hidden view is not laid out and would keep its old scroll range.
            bar.setRange(0, 0)
        if chosen is not None:
            self.choose(chosen)
        bar.setValue(at)
        after = self._number_of(chosen)
        if after is not None and after != before:
            self.view.scrollTo(self._rows.index(after))

    @property
    def chosen(self) -> Any:
        """Return the chosen row's key; None where none is chosen."""
        number = self.chosen_number
        return None if number is None else self.rows[number].key

    @property
    def chosen_number(self) -> int | None:
        """Return the chosen row's number, from 0."""
        numbers = [each.row() for each in self.view.selectionModel().selectedIndexes()]
        return numbers[0] if numbers and numbers[0] < len(self.rows) else None

    def choose(self, key: Any) -> None:
        """Choose the row with a key and scroll to it; without such a row, choose none."""
        number = self._number_of(key)
        if number is None:
            self.view.clearSelection()
            return
        index = self._rows.index(number)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)

    def _number_of(self, key: Any) -> int | None:
        rows = self.rows
        keys = rows.keys if isinstance(rows, LazyRows) else [row.key for row in rows]
        return keys.index(key) if key is not None and key in keys else None

    def _on_moved(self, number: int, steps: int) -> None:
        key = self.rows[number].key
        self.choose(key)
        self.moved.emit(key, steps)

    def name(self, text: str) -> None:
        """Set the accessible name."""
        self.view.setAccessibleName(text)

    def _on_clicked(self, index: QModelIndex) -> None:
        key = self.rows[index.row()].key
        if not self._keeps_choice:
            self.view.clearSelection()
        if key is not None:
            self.tapped.emit(key)


class ActionButton(QToolButton):
    """An icon with a text below it, for the bar at a page's bottom."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("action")
        self.setToolButtonStyle(Qt.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(34, 34))
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.setFixedHeight(ACTION_PX)
        self.setFocusPolicy(Qt.TabFocus)
        self.setIcon(theme.icon(icon, "accent"))

    def set_face(self, text: str, enabled: bool = True, icon: str = "", name: str = "") -> None:
        """Set the text below the icon. icon: another one. name: an accessible name, if another."""
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setEnabled(enabled)
        if icon:
            self.setIcon(theme.icon(icon, "accent"))


class ActionBar(QWidget):
    """A row of action buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = hbox(spacing_px=8, parent=self)

    def add(self, icon: str, act: Callable[[], None], repeats: bool = False) -> ActionButton:
        """Add an action. repeats: whether it repeats while the button is held."""
        button = ActionButton(icon, self)
        button.setAutoRepeat(repeats)
        button.setAutoRepeatDelay(_HOLD_MS)
        button.setAutoRepeatInterval(_REPEAT_MS)
        button.clicked.connect(lambda: act())
        self._layout.addWidget(button, 1)
        return button


choice_button = partial(TextButton, look="choice", icon_px=32, height_px=CONTROL_PX)
"""Creates a button that fills its column: a value to choose, or an action with an icon."""


class Choices(QWidget):
    """A row of values, of which one is chosen.

    chosen: called with a value that was tapped. values: those known from the start; `show_choices`
    adds others.
    """

    def __init__(
        self,
        chosen: Callable[[Any], object],
        parent: QWidget,
        values: Sequence[Any] = (),
        height_px: int = CONTROL_PX,
        spacing_px: int = 8,
    ) -> None:
        super().__init__(parent)
        self._chosen, self._height_px = chosen, height_px
        self._group = QButtonGroup(self)
        self._layout = hbox(spacing_px=spacing_px, parent=self)
        self.buttons: dict[Any, TextButton] = {}
        for value in values:
            self._add(value)

    def show_choices(self, texts: Mapping[Any, str], current: Any, name: str = "") -> None:
        """Show values with their texts. name: the setting's, for accessible names."""
        for value, text in texts.items():
            if value not in self.buttons:
                self._add(value)
            self.buttons[value].set_text(text, f"{name}: {text}" if name else text)
        self.choose(current)

    def choose(self, value: Any) -> None:
        """Mark a value as chosen."""
        for each, button in self.buttons.items():
            button.setChecked(each == value)

    def _add(self, value: Any) -> None:
        act = partial(self._chosen, value)
        button = choice_button("", height_px=self._height_px, parent=self, act=act)
        button.setCheckable(True)
        self._group.addButton(button)
        self._layout.addWidget(button, 1)
        self.buttons[value] = button


class RowsPage(Page):
    """Calls `_tapped` with the key of a tapped row."""

    def __init__(
        self, area: PageStack, title: Text = str, keeps_choice: bool = False, movable: bool = False
    ) -> None:
        super().__init__(area, title)
        self.rows = RowsView(keeps_choice, movable, self)
        self.rows.tapped.connect(self._tapped)

    def _show_rows(self, rows: Rows, empty: str = "") -> None:
        """Show rows, or a text where there are none."""
        self.rows.name(self.title())
        self.rows.set_rows(rows, empty)

    def _tapped(self, key: Any) -> None:
        """React to a tap."""


class OneList(RowsPage):
    """Shows sentences of one list; their keys are the sentences' ids."""

    list_id: str

    @property
    def stored(self) -> StoredList | None:
        """Return the list; None after it was deleted."""
        return self.model.stored(self.list_id)

    @property
    def chosen(self) -> Sentence | None:
        """Return the chosen sentence."""
        sentences = () if self.stored is None else self.stored.list.sentences
        return next((each for each in sentences if each.id == self.rows.chosen), None)

    def title(self) -> str:
        """Return the list's name."""
        return "" if self.stored is None else localised(self.stored.list.name)
