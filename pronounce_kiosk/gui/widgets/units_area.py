"""`UnitsArea`: units that are tapped, marked while they are played, and scrolled by dragging."""

from PyQt5.QtCore import QPoint, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PyQt5.QtWidgets import QAbstractScrollArea, QFrame, QScrollBar, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.widgets.drawing import draw_box, pen

TAP_PX = 12
"""A press that moves farther is a drag."""


class UnitsArea(QAbstractScrollArea):
    """Base of the views of a sentence's units. tapped: a `UnitView`.

    orientation: the direction in which it is scrolled.
    """

    tapped = pyqtSignal(object)

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sideways = orientation == Qt.Horizontal
        self._units: tuple[UnitView, ...] = ()
        self._marked: UnitView | None = None
        self._pressed, self._value_before, self._dragged = QPoint(), 0, False
        self.setFrameShape(QFrame.NoFrame)
        self.setFocusPolicy(Qt.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    @property
    def _bar(self) -> QScrollBar:
        return self.horizontalScrollBar() if self._sideways else self.verticalScrollBar()

    def mark(self, unit: UnitView | None) -> None:
        """Frame the unit being played and scroll to it."""
        if unit is self._marked:
            return
        self._marked = unit
        extent = None if unit is None else self._extent(unit)
        if extent is not None:
            start, end = extent
            if not end - self._bar.pageStep() <= self._bar.value() <= start:
                self._bar.setValue(round(start))
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a tap or a drag."""
        self._pressed, self._value_before = event.pos(), self._bar.value()
        self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scroll once the finger has left the tap's radius."""
        moved = event.pos() - self._pressed
        by = moved.x() if self._sideways else moved.y()
        self._dragged = self._dragged or abs(by) > TAP_PX
        if self._dragged:
            self._bar.setValue(self._value_before - by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or tap the unit under the finger."""
        unit = None if self._dragged else self._unit_at(event.pos())
        if unit is not None:
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the units out again."""
        super().resizeEvent(event)
        self._lay_out()

    def _extent(self, unit: UnitView) -> tuple[float, float] | None:
        """Return where a unit starts and ends along the scroll bar."""
        raise NotImplementedError

    def _unit_at(self, where: QPoint) -> UnitView | None:
        """Return the unit under a finger."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        """Place the units, and set the scroll bar's range and page."""
        raise NotImplementedError


def draw_ground(painter: QPainter, grade: str, box: QRectF, radius_px: float) -> None:
    """Draw a unit's box in its grade's colour, with a dashed frame where it was left out."""
    frame = pen(grade, 2, Qt.DashLine) if grade == "left_out" else Qt.NoPen
    draw_box(painter, box, radius_px, f"{grade}-tint", frame)


def shrink_font(
    painter: QPainter, text: str, width_px: float, largest_px: int, smallest_px: int
) -> None:
    """Set the largest font in which a text is not wider than its box."""
    for size_px in range(largest_px, smallest_px - 1, -1):
        painter.setFont(theme.font(size_px, bold=True))
        if painter.fontMetrics().horizontalAdvance(text) <= width_px:
            return
