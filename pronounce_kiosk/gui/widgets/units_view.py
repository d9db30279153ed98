"""`UnitsView`: the sentence with each unit coloured and marked with a shape.

Under a unit, a disc means good, an open triangle fair, a cross poor; a unit that was left out has a
dashed frame and a bar. Colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PyQt5.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.widgets.drag import Drag
from pronounce_kiosk.gui.widgets.scroll_buttons import ScrollButtons

MARK_PX = 12
_PAD_PX = 6
_GAP_PX = 4
_INSET_PX = 1.5
_LIP_PX = 3
_SMALLEST_LETTER_PX = 12
"""For a single word wider than the screen."""
_SURELY_SCROLLED = 100
"""Sentences of more units are scrolled without measuring: they never fit."""
_BUTTONS_PX = 64
_BUTTONS_GAP_PX = 8


@dataclass(frozen=True)
class _Placed:
    unit: UnitView
    box: QRectF


@dataclass(frozen=True)
class _Placing:
    """Positions at one size. height_px: of all lines; whole: no word was broken."""

    size_px: int
    placed: tuple[_Placed, ...]
    height_px: float
    whole: bool


class UnitsView(QAbstractScrollArea):
    """Shows the sentence in lines, as large as the box allows. tapped: a `UnitView`.

    No unit is smaller than a touch target: a longer sentence is scrolled line by line.
    """

    tapped = pyqtSignal(object)

    def __init__(self, largest_px: int, smallest_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest_px = largest_px
        self._smallest_px = smallest_px
        self._units: tuple[UnitView, ...] = ()
        self._marked: UnitView | None = None
        self._placing = _Placing(smallest_px, (), 0.0, True)
        self._drag = Drag(self.verticalScrollBar())
        self.setFrameShape(QFrame.NoFrame)
        self.setFocusPolicy(Qt.TabFocus)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.scroll_buttons = ScrollButtons(self, self, theme.TOUCH_PX, _BUTTONS_PX, flick=False)
        self.scroll_buttons.hide()

    def set_units(self, units: Sequence[UnitView], accessible_name: str) -> None:
        """Set the units; text between them (spaces, punctuation) has grade ``none``."""
        self._units = tuple(units)
        self._marked = None
        self.setAccessibleName(accessible_name)
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def mark(self, unit: UnitView | None) -> None:
        """Frame the unit being played and scroll to it."""
        if unit is self._marked:
            return
        self._marked = unit
        box = None if unit is None else self._place_of(unit)
        if box is not None:
            bar = self.verticalScrollBar()
            lowest, highest = box.bottom() - self.viewport().height(), box.top()
            if not lowest <= bar.value() <= highest:
                bar.setValue(round(highest))
        self.viewport().update()

    def box_of(self, unit: UnitView) -> QRectF | None:
        """Return a unit's place in the scrolled window; None where it is hidden."""
        box = self._place_of(unit)
        return None if box is None else box.translated(0, -self.verticalScrollBar().value())

    def targets(self) -> list[tuple[UnitView, QRectF]]:
        """Return all units that can be tapped with their touch areas, scrolled-out ones too."""
        return [(item.unit, item.box) for item in self._placing.placed if item.unit.numbers]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a tap or a drag."""
        self._drag.press(event.pos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue a drag."""
        self._drag.move(event.pos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Emit the unit under the finger, or the one nearest to it."""
        if not self._drag.is_tap():
            return
        where = QPointF(event.pos()) + QPointF(0, self.verticalScrollBar().value())
        distances = [(_distance(box, where), unit) for unit, box in self.targets()]
        near = theme.TOUCH_PX / 4
        distance, unit = min(distances, key=lambda pair: pair[0], default=(near + 1, None))
        if unit is not None and distance <= near:
            self.tapped.emit(unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a unit with left and right, play it with Enter or Space."""
        units = [unit for unit in self._units if unit.numbers]
        here = next((n for n, unit in enumerate(units) if unit is self._marked), -1)
        step = {Qt.Key_Left: -1, Qt.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and units:
            self.mark(units[min(max(here + step, 0), len(units) - 1)])
        elif event.key() in (Qt.Key_Space, Qt.Key_Return, Qt.Key_Enter) and here >= 0:
            self.tapped.emit(units[here])
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return room for one line of the smallest size."""
        return QSize(120, self._line_px(self._smallest_px))

    def fits(self) -> bool:
        """Return whether everything is visible, or by scrolling, without cut letters."""
        placing, bar = self._placing, self.verticalScrollBar()
        metrics = QFontMetrics(theme.font(_SMALLEST_LETTER_PX, bold=True))
        letters = all(
            metrics.horizontalAdvance(item.unit.text) <= item.box.width() for item in placing.placed
        )
        return letters and placing.height_px <= self.viewport().height() + bar.maximum() + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lines out again."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint boxes, texts and marks."""
        painter = theme.painter(self.viewport())
        painter.translate(0, -self.verticalScrollBar().value())
        seen = QRectF(self.viewport().rect()).translated(0, self.verticalScrollBar().value())
        for item in self._placing.placed:
            if item.box.intersects(seen):
                self._paint(painter, item)

    def _paint(self, painter: QPainter, item: _Placed) -> None:
        grade, box = item.unit.grade, item.box.adjusted(_INSET_PX, 0, -_INSET_PX, 0)
        text_box = item.box.adjusted(0, 0, 0, -MARK_PX - 4)
        if grade != "none":
            box.adjust(0, 0, 0, -_LIP_PX)
            painter.setPen(Qt.NoPen)
            if item.unit.numbers and item.unit is not self._marked:
                # A lip under it, as a key has: it can be touched.
                painter.setBrush(QColor(theme.colour(grade)))
                painter.drawRoundedRect(box.translated(0, _LIP_PX), 10, 10)
            painter.setPen(theme.unit_frame(grade))
            painter.setBrush(QColor(theme.colour(f"{grade}-tint")))
            painter.drawRoundedRect(box, 10, 10)
            paint_mark(painter, grade, box)
        if item.unit is self._marked:
            painter.setPen(QPen(QColor(theme.colour("accent")), 3))
            painter.setBrush(Qt.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 9, 9)
        size_px = self._placing.size_px
        painter.setFont(theme.font(size_px, bold=True))
        while (
            size_px > _SMALLEST_LETTER_PX
            and painter.fontMetrics().horizontalAdvance(item.unit.text) > item.box.width() + 1
        ):
            size_px -= 1
            painter.setFont(theme.font(size_px, bold=True))
        painter.setPen(QColor(theme.colour("left_out" if grade == "left_out" else "ink")))
        text = painter.fontMetrics().elidedText(item.unit.text, Qt.ElideRight, round(box.width()))
        painter.drawText(text_box, Qt.AlignCenter, text if item.unit.numbers else item.unit.text)

    def _place_of(self, unit: UnitView) -> QRectF | None:
        return next((item.box for item in self._placing.placed if item.unit is unit), None)

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
            room = width - _BUTTONS_PX - _BUTTONS_GAP_PX
            placing = self._place_at(self._smallest_px, room)
        top = 0.0 if scrolled else max(0.0, (height - placing.height_px) / 2)
        moved = tuple(_Placed(each.unit, each.box.translated(0, top)) for each in placing.placed)
        self._placing = _Placing(placing.size_px, moved, placing.height_px, placing.whole)
        over = max(0, round(placing.height_px - height)) if scrolled else 0
        self.setViewportMargins(0, 0, _BUTTONS_PX + _BUTTONS_GAP_PX if over else 0, 0)
        self.scroll_buttons.setGeometry(width - _BUTTONS_PX, 0, _BUTTONS_PX, height)
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
                placed.append(
                    _Placed(unit, QRectF(left, line * (line_px + _GAP_PX), size, line_px))
                )
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


def paint_mark(painter: QPainter, grade: str, box: QRectF) -> None:
    """Draw the sign of a grade at the bottom of a box."""
    colour = QColor(theme.colour(grade))
    x, y, r = box.center().x(), box.bottom() - MARK_PX / 2 - 4, MARK_PX / 2
    if grade == "good":
        painter.setPen(Qt.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, y), r - 0.5, r - 0.5)
    elif grade == "fair":
        painter.setPen(QPen(colour, 2.5, join=Qt.RoundJoin))
        painter.setBrush(Qt.NoBrush)
        painter.drawPolygon(
            QPolygonF([QPointF(x - r, y + r - 1), QPointF(x + r, y + r - 1), QPointF(x, y - r)])
        )
    elif grade == "left_out":
        painter.setPen(QPen(colour, 3.2, cap=Qt.RoundCap))
        painter.drawLine(QPointF(x - r, y), QPointF(x + r, y))
    else:
        painter.setPen(QPen(colour, 3.2, cap=Qt.RoundCap))
        painter.drawLine(QPointF(x - r + 1, y - r + 1), QPointF(x + r - 1, y + r - 1))
        painter.drawLine(QPointF(x + r - 1, y - r + 1), QPointF(x - r + 1, y + r - 1))
