"""`UnitsView`: the sentence with each unit coloured and marked with a shape.

Under a unit, a disc means good, an open triangle fair, a cross poor; a unit that was left out has a
dashed frame and a bar. Colour is never the only sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PyQt5.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.widgets.attempts import MARK_PX, paint_mark
from pronounce_kiosk.gui.widgets.drawing import draw_box, pen
from pronounce_kiosk.gui.widgets.scrolling import SMALL_PX, ScrollButtons
from pronounce_kiosk.gui.widgets.units_area import UnitsArea, draw_ground, shrink_font

_PAD_PX = 6
_GAP_PX = 4
_INSET_PX = 1.5
_LIP_PX = 3
_SMALLEST_LETTER_PX = 12
"""For a single word wider than the screen."""
_SURELY_SCROLLED = 100
"""Sentences of more units are scrolled without measuring: they never fit."""
_BUTTONS_GAP_PX = 8
_Placed = tuple[UnitView, QRectF]


@dataclass(frozen=True)
class _Placing:
    """Positions at one size. height_px: of all lines; whole: no word was broken."""

    size_px: int
    placed: tuple[_Placed, ...]
    height_px: float
    whole: bool


class UnitsView(UnitsArea):
    """Shows the sentence in lines, as large as the box allows.

    No unit is smaller than a touch target: a longer sentence is scrolled line by line.
    """

    def __init__(self, largest_px: int, smallest_px: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Vertical, parent)
        self._largest_px, self._smallest_px = largest_px, smallest_px
        self._placing = _Placing(smallest_px, (), 0.0, True)
        self.viewport().setAutoFillBackground(False)
        self.scroll_buttons = ScrollButtons(self, self, small=True)
        self.scroll_buttons.hide()

    def set_units(self, units: Sequence[UnitView], accessible_name: str) -> None:
        """Set the units; text between them (spaces, punctuation) has grade ``none``."""
        self._units = tuple(units)
        self._marked = None
        self.setAccessibleName(accessible_name)
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def box_of(self, unit: UnitView) -> QRectF | None:
        """Return a unit's place in the scrolled window; None where it is hidden."""
        box = self._place_of(unit)
        return None if box is None else box.translated(0, -self.verticalScrollBar().value())

    def targets(self) -> list[tuple[UnitView, QRectF]]:
        """Return all units that can be tapped with their touch areas, scrolled-out ones too."""
        return [(unit, box) for unit, box in self._placing.placed if unit.numbers]

    def _extent(self, unit: UnitView) -> tuple[float, float] | None:
        box = self._place_of(unit)
        return None if box is None else (box.top(), box.bottom())

    def _unit_at(self, where: QPoint) -> UnitView | None:
        """Return the unit under the finger, or the one nearest to it."""
        point = QPointF(where) + QPointF(0, self.verticalScrollBar().value())
        distances = [(_distance(box, point), unit) for unit, box in self.targets()]
        near = theme.TOUCH_PX / 4
        distance, unit = min(distances, key=lambda pair: pair[0], default=(near + 1, None))
        return unit if distance <= near else None

    def minimumSizeHint(self) -> QSize:
        """Return room for one line of the smallest size."""
        return QSize(120, self._line_px(self._smallest_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint boxes, texts and marks."""
        painter = theme.painter(self.viewport())
        painter.translate(0, -self.verticalScrollBar().value())
        seen = QRectF(self.viewport().rect()).translated(0, self.verticalScrollBar().value())
        for unit, room in self._placing.placed:
            if room.intersects(seen):
                self._paint(painter, unit, room)

    def _paint(self, painter: QPainter, unit: UnitView, room: QRectF) -> None:
        box = room.adjusted(_INSET_PX, 0, -_INSET_PX, 0)
        marked = unit is self._marked
        if unit.grade != "none":
            box.adjust(0, 0, 0, -_LIP_PX)
            if unit.numbers and not marked:
                # A lip under it, as a key has: it can be touched.
                draw_box(painter, box.translated(0, _LIP_PX), 10, unit.grade)
            draw_ground(painter, unit.grade, box, 10)
            paint_mark(painter, unit.grade, box)
        if marked:
            draw_box(painter, box.adjusted(1, 1, -1, -1), 9, "", pen("accent", 3))
        size_px = self._placing.size_px
        shrink_font(painter, unit.text, room.width() + 1, size_px, _SMALLEST_LETTER_PX)
        painter.setPen(QColor(theme.colour("left_out" if unit.grade == "left_out" else "ink")))
        text = painter.fontMetrics().elidedText(unit.text, Qt.ElideRight, round(box.width()))
        text_box = room.adjusted(0, 0, 0, -MARK_PX - 4)
        painter.drawText(text_box, Qt.AlignCenter, text if unit.numbers else unit.text)

    def _place_of(self, unit: UnitView) -> QRectF | None:
        return next((box for each, box in self._placing.placed if each is unit), None)

    def _line_px(self, size_px: int) -> int:
        line_px = QFontMetrics(theme.font(size_px, bold=True)).height() + MARK_PX + 4
        return max(line_px, theme.TOUCH_PX)

    def _lay_out(self) -> None:
        """Choose the largest size that fits; else the smallest, with scrolling."""
        width, height = self.width(), self.height()
        sizes: Sequence[int] = range(self._largest_px, self._smallest_px - 1, -2)
        if len(self._units) > _SURELY_SCROLLED:
            sizes = ()
        placings = (self._place_at(size_px, width) for size_px in sizes)
        fitting = (each for each in placings if each.whole and each.height_px <= height)
        placing = next(fitting, None)
        scrolled = placing is None
        if placing is None:
            room = width - SMALL_PX - _BUTTONS_GAP_PX
            placing = self._place_at(self._smallest_px, room)
        top = 0.0 if scrolled else max(0.0, (height - placing.height_px) / 2)
        moved = tuple((unit, box.translated(0, top)) for unit, box in placing.placed)
        self._placing = replace(placing, placed=moved)
        over = max(0, round(placing.height_px - height)) if scrolled else 0
        self.setViewportMargins(0, 0, SMALL_PX + _BUTTONS_GAP_PX if over else 0, 0)
        self.scroll_buttons.setGeometry(width - SMALL_PX, 0, SMALL_PX, height)
        bar = self.verticalScrollBar()
        bar.setPageStep(height)
        bar.setSingleStep(self._line_px(placing.size_px) + _GAP_PX)
        bar.setRange(0, over)
        self.viewport().update()

    def _place_at(self, size_px: int, room_px: int) -> _Placing:
        """Place all units at one size; a word wider than a line is broken."""
        metrics = QFontMetrics(theme.font(size_px, bold=True))
        line_px = self._line_px(size_px)
        space_px = float(metrics.horizontalAdvance(" "))
        placed: list[_Placed] = []
        left, line, whole = 0.0, 0, True
        for word in _words(self._units):
            sizes = [(unit, min(self._width(unit, metrics), room_px)) for unit in word]
            width = sum(size for _, size in sizes)
            if left and left + space_px + width > room_px:
                left, line = 0.0, line + 1
            elif left:
                left += space_px
            whole = whole and width <= room_px
            for unit, size in sizes:
                if left and left + size > room_px:
                    left, line = 0.0, line + 1
                placed.append((unit, QRectF(left, line * (line_px + _GAP_PX), size, line_px)))
                left += size
        height = (line + 1) * (line_px + _GAP_PX) - _GAP_PX if placed else 0.0
        return _Placing(size_px, tuple(placed), height, whole)

    @staticmethod
    def _width(unit: UnitView, metrics: QFontMetrics) -> float:
        text_px = float(metrics.horizontalAdvance(unit.text))
        if unit.numbers:
            return max(text_px + 2 * _PAD_PX, theme.TOUCH_PX)
        return text_px + (2 * _PAD_PX if unit.grade != "none" else 0)


def _distance(box: QRectF, where: QPointF) -> float:
    x = max(box.left() - where.x(), 0.0, where.x() - box.right())
    y = max(box.top() - where.y(), 0.0, where.y() - box.bottom())
    return float((x * x + y * y) ** 0.5)


def _words(units: Sequence[UnitView]) -> list[list[UnitView]]:
    """Group units between spaces, which stay on one line."""
    words: list[list[UnitView]] = [[]]
    for unit in units:
        if unit.text.isspace():
            words.append([])
        else:
            words[-1].append(unit)
    return [word for word in words if word]
