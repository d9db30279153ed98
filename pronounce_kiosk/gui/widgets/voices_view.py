"""`VoicesView`: both voices on one time axis, unit under unit: two mel images, two pitch curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QLineF, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.core.audio import FloatArray
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.widgets.mel_view import ink_image
from pronounce_kiosk.pipeline.pitch import HOP_S
from pronounce_kiosk.session.closer import CloserLook

_LABEL_PX = 34
_GAP_PX = 6
_SMALLEST_PX = 13
_SEMITONES = 4.0
"""The pitch view shows at least this much over and under the voice's own middle."""


class VoicesView(QWidget):
    """tapped: the `UnitView` whose column was touched. Rows are `rows()` for captions beside it."""

    tapped = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: CloserLook | None = None
        self._units: tuple[UnitView, ...] = ()
        self._marked: UnitView | None = None
        self._semitones = _SEMITONES
        self._images: list[QImage | None] = [None, None]
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    def set_look(self, look: CloserLook | None, units: Sequence[UnitView]) -> None:
        """units: the sentence's pieces; those with numbers name the columns."""
        self._look = look
        self._units = tuple(unit for unit in units if unit.numbers)
        self._marked = None
        images = (None, None) if look is None else (look.reference_image, look.take_image)
        self._semitones = _reach(look)
        self._images = [None if image is None else ink_image(image) for image in images]
        self.update()

    def has_images(self) -> bool:
        """True where there is something to see."""
        return all(image is not None for image in self._images)

    def has_pitch(self) -> bool:
        """True where either voice has a melody."""
        look = self._look
        return look is not None and bool(
            np.isfinite(look.reference_pitch).any() and np.isfinite(look.take_pitch).any()
        )

    def mark(self, unit: UnitView | None) -> None:
        """Frame one column: the unit that is being played."""
        self._marked = unit
        self.update()

    def rows(self) -> tuple[QRectF, QRectF, QRectF]:
        """Where the example's image, the take's image and the pitch are."""
        height = (self.height() - _LABEL_PX - 2 * _GAP_PX) / 3
        boxes = [
            QRectF(0, _LABEL_PX + row * (height + _GAP_PX), self.width(), height)
            for row in range(3)
        ]
        return boxes[0], boxes[1], boxes[2]

    def columns(self) -> list[tuple[UnitView, float, float]]:
        """Each unit with its left and right edge in pixels."""
        look = self._look
        if look is None or not look.reference_units:
            return []
        last = len(look.reference_units) - 1
        return [
            (
                unit,
                self._x(look.reference_units[min(unit.numbers[0], last)].start_s),
                self._x(look.reference_units[min(unit.numbers[-1], last)].end_s),
            )
            for unit in self._units
        ]

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(600, 320)

    def minimumSizeHint(self) -> QSize:
        """Smaller shows nothing."""
        return QSize(300, 200)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The column under the finger."""
        columns = self.columns()
        if columns:
            x = event.pos().x()
            near = min(columns, key=lambda column: max(column[1] - x, x - column[2], 0.0))
            self.tapped.emit(near[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Images, edges of the units, their names, curves."""
        look = self._look
        if look is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        upper, lower, pitch = self.rows()
        for box, image in ((upper, self._images[0]), (lower, self._images[1]), (pitch, None)):
            self._paint_image(painter, box, image)
        for unit, left, right in self.columns():
            self._paint_column(painter, unit, left, right)
        times_s = np.arange(len(look.reference_pitch), dtype=np.float32) * np.float32(HOP_S)
        example = QPen(QColor(theme.colour("accent")), 6, cap=Qt.RoundCap, join=Qt.RoundJoin)
        mine = QPen(QColor(theme.colour("voice")), 4, Qt.DotLine, Qt.RoundCap, Qt.RoundJoin)
        self._paint_curve(painter, pitch, times_s, look.reference_pitch, example)
        self._paint_curve(painter, pitch, look.take_pitch_times_s, look.take_pitch, mine)

    def _x(self, time_s: float) -> float:
        assert self._look is not None
        return self.width() * time_s / max(self._look.reference.duration_s, 1e-6)

    def _paint_image(self, painter: QPainter, box: QRectF, image: QImage | None) -> None:
        painter.save()
        frame = QPainterPath()
        frame.addRoundedRect(box, 10, 10)
        painter.setClipPath(frame)
        painter.fillRect(box, QColor(theme.colour("surface")))
        if image is not None:
            painter.drawImage(box, image)
        painter.setPen(QPen(QColor(theme.colour("line")), 2))
        painter.drawPath(frame)
        painter.restore()

    def _paint_column(self, painter: QPainter, unit: UnitView, left: float, right: float) -> None:
        label = QRectF(left, 0, right - left, _LABEL_PX - 4)
        if unit.grade != "none":
            painter.setPen(Qt.NoPen)
            painter.setBrush(QColor(theme.colour(f"{unit.grade}-tint")))
            painter.drawRoundedRect(label.adjusted(1, 0, -1, 0), 6, 6)
        size_px = 24
        while size_px >= _SMALLEST_PX:
            painter.setFont(theme.font(size_px, bold=True))
            if painter.fontMetrics().horizontalAdvance(unit.text) <= right - left:
                painter.setPen(QColor(theme.colour("ink")))
                painter.drawText(label, Qt.AlignCenter, unit.text)
                break
            size_px -= 1
        painter.setPen(QPen(QColor(theme.colour("muted")), 1, Qt.DashLine))
        for x in (left, right):
            painter.drawLine(QLineF(x, _LABEL_PX, x, self.height()))
        if unit is self._marked:
            painter.setPen(QPen(QColor(theme.colour("accent")), 3))
            painter.setBrush(Qt.NoBrush)
            painter.drawRoundedRect(QRectF(left, 1, right - left, self.height() - 2), 6, 6)

    def _paint_curve(
        self, painter: QPainter, box: QRectF, times_s: FloatArray, values: FloatArray, pen: QPen
    ) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.NoBrush)
        for start, end in _runs(np.isfinite(values)):
            path = QPainterPath()
            for place in range(start, end):
                share = min(max(float(values[place]) / self._semitones, -1.0), 1.0)
                y = box.center().y() - share * (box.height() / 2 - 6)
                point = QPointF(self._x(float(times_s[place])), y)
                if place == start:
                    path.moveTo(point)
                else:
                    path.lineTo(point)
            painter.drawPath(path)


def _reach(look: CloserLook | None) -> float:
    """What both melodies need, but for a few frames that lie."""
    if look is None:
        return _SEMITONES
    values = np.abs(np.concatenate([look.reference_pitch, look.take_pitch]))
    voiced = values[np.isfinite(values)]
    return max(_SEMITONES, 1.1 * float(np.quantile(voiced, 0.97))) if len(voiced) else _SEMITONES


def _runs(voiced: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where the voice begins and ends, again and again; a single frame is no curve."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 2]
