"""`UnitsView`: the sentence with each unit coloured and marked with a shape.

Under a unit, a disc is good, an open triangle fair, a cross poor: colour is never the only sign.
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
)
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView

_MARK_PX = 12
_PAD_PX = 5
_GAP_PX = 3


@dataclass(frozen=True)
class _Placed:
    unit: UnitView
    box: QRectF


class UnitsView(QWidget):
    """Pieces of a sentence in lines, as large as the box allows. tapped: a `UnitView`.

    A finger is wider than a syllable of a long sentence, so a tap takes the nearest unit.
    """

    tapped = pyqtSignal(object)

    def __init__(self, largest_px: int, smallest_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest_px = largest_px
        self._smallest_px = smallest_px
        self._units: tuple[UnitView, ...] = ()
        self._marked: UnitView | None = None
        self.setFocusPolicy(Qt.TabFocus)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    def set_units(self, units: Sequence[UnitView], accessible_name: str) -> None:
        """Show these; the text between units (spaces, punctuation) is units of grade ``none``."""
        self._units = tuple(units)
        self._marked = None
        self.setAccessibleName(accessible_name)
        self.update()

    def mark(self, unit: UnitView | None) -> None:
        """Frame one unit: the one that is being played."""
        if unit is not self._marked:
            self._marked = unit
            self.update()

    def box_of(self, unit: UnitView) -> QRectF | None:
        """Where a unit is; None where it is not shown."""
        return next((item.box for item in self._place()[1] if item.unit is unit), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the nearest unit, where it is near enough for a finger."""
        near = theme.TOUCH_PX / 2
        where = QPointF(event.pos())
        distances = [
            (_distance(item.box, where), item.unit)
            for item in self._place()[1]
            if item.unit.numbers
        ]
        distance, unit = min(distances, key=lambda pair: pair[0], default=(near + 1, None))
        if unit is not None and distance <= near:
            self.tapped.emit(unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose a unit, Enter or Space plays it."""
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
        """One line of the smallest size."""
        return QSize(120, self._line_px(self._smallest_px))

    def fits(self) -> bool:
        """False where even the smallest size is too large."""
        return self._place()[2]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tinted boxes, text, marks."""
        size_px, placed, _ = self._place()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setFont(theme.font(size_px, bold=True))
        for item in placed:
            grade = item.unit.grade
            text_box = item.box.adjusted(0, 0, 0, -_MARK_PX - 4)
            if grade != "none":
                painter.setPen(Qt.NoPen)
                painter.setBrush(QColor(theme.colour(f"{grade}-tint")))
                painter.drawRoundedRect(item.box.adjusted(1, 1, -1, -1), 9, 9)
                _paint_mark(painter, grade, item.box)
            if item.unit is self._marked:
                painter.setPen(QPen(QColor(theme.colour("accent")), 3))
                painter.setBrush(Qt.NoBrush)
                painter.drawRoundedRect(item.box.adjusted(1, 1, -1, -1), 9, 9)
            painter.setPen(QColor(theme.colour("ink")))
            painter.drawText(text_box, Qt.AlignCenter, item.unit.text)

    def _line_px(self, size_px: int) -> int:
        return QFontMetrics(theme.font(size_px, bold=True)).height() + _MARK_PX + 4

    def _place(self) -> tuple[int, list[_Placed], bool]:
        placed: list[_Placed] = []
        size_px = self._smallest_px
        fits = not self._units
        for size_px in range(self._largest_px, self._smallest_px - 1, -2):
            placed, height_px, width_px = self._place_at(size_px)
            fits = height_px <= self.height() and width_px <= self.width()
            if fits:
                break
        return size_px, placed, fits

    def _place_at(self, size_px: int) -> tuple[list[_Placed], float, float]:
        """Where everything goes at one size, with the height and the largest width taken."""
        metrics = QFontMetrics(theme.font(size_px, bold=True))
        line_px = self._line_px(size_px)
        lines: list[list[tuple[UnitView, float]]] = [[]]
        used = 0.0
        for word in _words(self._units):
            sizes = [(unit, self._width(unit, metrics)) for unit in word]
            width = sum(size for _, size in sizes)
            space = metrics.horizontalAdvance(" ") if lines[-1] else 0
            if lines[-1] and used + space + width > self.width():
                lines.append([])
                used, space = 0.0, 0
            if space:
                lines[-1].append((UnitView(" ", "none", None), float(space)))
            lines[-1] += sizes
            used += space + width
        height = len(lines) * (line_px + _GAP_PX) - _GAP_PX
        top = max(0.0, (self.height() - height) / 2)
        widest = max(sum(size for _, size in line) for line in lines)
        placed: list[_Placed] = []
        for number, line in enumerate(lines):
            left = 0.0
            for unit, width in line:
                box = QRectF(left, top + number * (line_px + _GAP_PX), width, line_px)
                placed.append(_Placed(unit, box))
                left += width
        return placed, height, widest

    @staticmethod
    def _width(unit: UnitView, metrics: QFontMetrics) -> float:
        pad = 2 * _PAD_PX if unit.grade != "none" else 0
        return float(metrics.horizontalAdvance(unit.text) + pad)


def _distance(box: QRectF, where: QPointF) -> float:
    x = max(box.left() - where.x(), 0.0, where.x() - box.right())
    y = max(box.top() - where.y(), 0.0, where.y() - box.bottom())
    return float((x * x + y * y) ** 0.5)


def _words(units: Sequence[UnitView]) -> list[list[UnitView]]:
    """Units between spaces stay on one line."""
    words: list[list[UnitView]] = [[]]
    for unit in units:
        if unit.text.isspace():
            words.append([])
        else:
            words[-1].append(unit)
    return [word for word in words if word]


def _paint_mark(painter: QPainter, grade: str, box: QRectF) -> None:
    colour = QColor(theme.colour(grade))
    x, y, r = box.center().x(), box.bottom() - _MARK_PX / 2 - 4, _MARK_PX / 2
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
    else:
        painter.setPen(QPen(colour, 3.2, cap=Qt.RoundCap))
        painter.drawLine(QPointF(x - r + 1, y - r + 1), QPointF(x + r - 1, y + r - 1))
        painter.drawLine(QPointF(x + r - 1, y - r + 1), QPointF(x - r + 1, y + r - 1))
