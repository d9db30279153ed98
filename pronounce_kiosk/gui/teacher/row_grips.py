"""`RowGrips`: a strip of handles beside a list, by which rows are dragged.

The list itself takes every movement of a finger for a flick, except after a long press, which picks
the row up as its handle does.
"""

from PyQt5.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, pyqtSignal
from PyQt5.QtGui import QMouseEvent, QPainter
from PyQt5.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsOpacityEffect,
    QLabel,
    QListView,
    QScroller,
    QWidget,
)

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.drawing import Drawn, pen

WIDTH_PX = theme.TOUCH_PX
_EDGE_PX = 48
"""Distance from top or bottom at which a dragged row scrolls the list."""
_SCROLL_PX = 14
_SCROLL_MS = 30
_HOLD_MS = 500
"""Duration of a long press. With a shorter one, slow taps would pick rows up."""


class RowGrips(Drawn):
    """Handles for the visible rows. moved: a row's number, and by how many it was dragged."""

    moved = pyqtSignal(int, int)

    def __init__(self, view: QListView, parent: QWidget | None = None) -> None:
        super().__init__(parent, (WIDTH_PX, 0))
        self.setFixedWidth(WIDTH_PX)
        self._view = view
        self._dragged: int | None = None
        self._y = self._grip_y = 0
        self._ghost, self._line = QLabel(view.viewport()), QFrame(view.viewport())
        self._line.setStyleSheet(f"background: {theme.colour('accent')}")
        pale = QGraphicsOpacityEffect(self)
        pale.setOpacity(0.85)
        self._ghost.setGraphicsEffect(pale)
        for part in (self._line, self._ghost):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)
            part.hide()
        self._timer = make_timer(self, _SCROLL_MS, self._scroll)
        self._held = QPoint()
        self._hold = make_timer(self, _HOLD_MS, self._pick_held, once=True)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(lambda _: self.update())

    def row_at(self, y: int) -> int | None:
        """Return the number of the row at a height of the strip; None outside the rows."""
        index = self._view.indexAt(QPoint(8, y))
        return index.row() if index.isValid() else None

    def stop(self) -> None:
        """Cancel a drag: the rows have changed."""
        self._dragged = None
        self._timer.stop()
        self._ghost.hide()
        self._line.hide()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the row beside the finger."""
        if event.button() == Qt.LeftButton:
            self._pick(event.pos().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the dragged row."""
        self._y = event.pos().y()
        self._show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._put_down(event.pos().y())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin a drag after a long press on a row of the list, and move it as by its handle."""
        if not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        kind, carries = event.type(), self._dragged is not None
        if kind == QEvent.MouseButtonPress and event.button() == Qt.LeftButton:
            self._held = event.pos()
            self._hold.start()
        elif kind == QEvent.MouseMove and carries:
            self.mouseMoveEvent(event)
        elif kind == QEvent.MouseMove:
            moved = (event.pos() - self._held).manhattanLength()
            if moved > QApplication.startDragDistance():
                self._hold.stop()
        elif kind == QEvent.MouseButtonRelease:
            self._hold.stop()
            if carries:
                self._put_down(event.pos().y())
                QScroller.grabGesture(self._view.viewport(), QScroller.LeftMouseButtonGesture)
        return carries

    def _pick_held(self) -> None:
        # The scroller would take the drag for a flick.
        finger = self._view.viewport()
        QScroller.scroller(finger).handleInput(QScroller.InputRelease, QPointF(self._held))
        QScroller.ungrabGesture(finger)
        self._pick(self._held.y())

    def _pick(self, y: int) -> None:
        row = self.row_at(y)
        if row is not None:
            box = self._rect(row)
            self._dragged, self._y, self._grip_y = row, y, y - box.top()
            self._ghost.setPixmap(self._view.viewport().grab(box))
            self._ghost.resize(box.size())
            self._timer.start()
            self._show()

    def _put_down(self, y: int) -> None:
        if (dragged := self._dragged) is not None:
            self._y = y
            steps = self._target() - dragged
            self.stop()
            if steps:
                self.moved.emit(dragged, steps)

    def _paint(self, painter: QPainter) -> None:
        """Paint three lines beside each row."""
        painter.setPen(pen("muted", 3, cap=Qt.RoundCap))
        for row in range(self.row_at(1) or 0, self._view.model().rowCount()):
            box = self._rect(row)
            if box.top() > self.height():
                break
            middle = box.center().y() - 3
            for offset in (-8, 0, 8):
                painter.drawLine(14, middle + offset, self.width() - 14, middle + offset)

    def _rect(self, row: int) -> QRect:
        return self._view.visualRect(self._view.model().index(row, 0))

    def _target(self) -> int:
        """Return the dragged row's number at this place."""
        first, last = self._rect(0), self._view.model().rowCount() - 1
        return min(max((self._y - first.top()) // max(1, first.height()), 0), last)

    def _show(self) -> None:
        """Show the row at the finger, and a line at its target."""
        if (dragged := self._dragged) is None:
            return
        target, room = self._target(), self._view.viewport().rect()
        box = self._rect(target)
        line_y = box.bottom() if target > dragged else box.top()
        line_y = min(max(line_y, 3), room.height() - 3)
        self._line.setGeometry(0, line_y - 2, room.width(), 5)
        self._ghost.move(6, self._y - self._grip_y)
        for part in (self._line, self._ghost):
            part.show()
            part.raise_()

    def _scroll(self) -> None:
        bar = self._view.verticalScrollBar()
        if self._y < _EDGE_PX:
            bar.setValue(bar.value() - _SCROLL_PX)
        elif self._y > self.height() - _EDGE_PX:
            bar.setValue(bar.value() + _SCROLL_PX)
        self._show()
