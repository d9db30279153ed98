"""`VoicesView`: both voices on one time axis: two mel spectrograms and two pitch curves.

Short units get columns as wide as a touch target, in all rows, so the axis is stretched there. A
view wider than the screen is paged.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PyQt5.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.audio.pitch import HOP_S
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.widgets.drawing import draw_box, pen
from pronounce_kiosk.gui.widgets.units_area import UnitsArea, draw_ground, shrink_font
from pronounce_kiosk.session.comparison import CloserLook

_LABEL_PX = 34
_GAP_PX = 6
_LARGEST_PX, _SMALLEST_PX = 24, 13
_NAME_PX = 18
_MARGIN_PX = 20
_SEMITONES = 4.0
"""Minimum range of the pitch curve above and below the voice's median."""


class VoicesView(UnitsArea):
    """Shows a column for each unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Horizontal, parent)
        self._look: CloserLook | None = None
        self._semitones = _SEMITONES
        self._images: list[QImage | None] = [None, None]
        self._edges_s: NDArray[np.float64] = np.zeros(2)
        self._edges_px: NDArray[np.float64] = np.zeros(2)
        self._columns: list[tuple[UnitView, float, float]] = []
        self._picture = QPixmap()
        self._picture_at = 0
        self._seen_px = (0, 0)
        self.setMinimumSize(300, 200)

    def set_look(self, look: CloserLook | None, units: Sequence[UnitView]) -> None:
        """Set a comparison. units: the sentence's units; those with numbers name the columns."""
        self._look = look
        self._units = tuple(unit for unit in units if unit.numbers)
        self._marked = None
        images = (None, None) if look is None else (look.reference_image, look.take_image)
        self._semitones = _reach(look)
        self._images = [None if image is None else _ink_image(image) for image in images]
        self._lay_out()
        self.horizontalScrollBar().setValue(0)

    def columns(self) -> list[tuple[UnitView, float, float]]:
        """Return each unit's left and right edge in the scrolled window, in pixels."""
        at = self.horizontalScrollBar().value()
        return [(unit, left - at, right - at) for unit, left, right in self._columns]

    def page(self, direction: int) -> None:
        """Scroll one screen forward (1) or back (-1), to a unit's edge where possible."""
        bar = self.horizontalScrollBar()
        wanted = bar.value() + direction * self.viewport().width()
        if direction > 0:
            cut = [left for _, left, right in self._columns if left < wanted < right]
        else:
            cut = [right for _, left, right in self._columns if left < wanted < right]
        bar.setValue(round(cut[0] if cut else wanted))

    def _extent(self, unit: UnitView) -> tuple[float, float] | None:
        return next(((left, right) for each, left, right in self._columns if each is unit), None)

    def _unit_at(self, where: QPoint) -> UnitView | None:
        x = where.x()
        distances = ((max(left - x, x - right, 0.0), unit) for unit, left, right in self.columns())
        return min(distances, key=lambda pair: pair[0], default=(0.0, None))[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible part and the frame around the playing unit."""
        if self._look is None:
            return
        at = self.horizontalScrollBar().value()
        if self._picture.isNull() or self._picture_at != at:
            self._picture, self._picture_at = self._paint_picture(self._look, at), at
        painter = theme.painter(self.viewport())
        painter.drawPixmap(0, 0, self._picture)
        for unit, left, right in self.columns():
            if unit is self._marked:
                frame = QRectF(left, 0, right - left, self.height()).adjusted(1.5, 1.5, -1.5, -1.5)
                draw_box(painter, frame, 6, "", pen("accent", 3))

    def _lay_out(self) -> None:
        """Choose column widths: at least a touch target, all visible if possible.

        To fit, the long parts between units shrink to half of their width at most.
        """
        self._picture = QPixmap()
        spans = self._spans()
        end_s = max([1e-6 if self._look is None else self._look.reference.duration_s, *spans.flat])
        edges_s = np.concatenate([[0.0], spans.ravel(), [end_s]])
        lengths_s = np.diff(edges_s)
        least_px = np.zeros(len(lengths_s))
        names = QFontMetrics(theme.font(_NAME_PX, bold=True))
        for number, unit in enumerate(self._units[: len(spans)]):
            name_px = names.horizontalAdvance(unit.text) + 8
            least_px[2 * number + 1] = min(max(theme.TOUCH_PX, name_px), self.width())
        usual = self.width() / end_s
        low, high = usual / 2, usual
        for _ in range(20):
            middle = (low + high) / 2
            if np.maximum(lengths_s * middle, least_px).sum() > self.width():
                high = middle
            else:
                low = middle
        widths = np.maximum(lengths_s * low, least_px)
        if widths.sum() > self.width():
            widths = np.maximum(lengths_s * usual, least_px)
        # Remainder of the bisection.
        if widths.sum() < self.width():
            widths *= self.width() / widths.sum()
        self._edges_s, self._edges_px = edges_s, np.concatenate([[0.0], np.cumsum(widths)])
        self._columns = [
            (unit, float(self._edges_px[2 * n + 1]), float(self._edges_px[2 * n + 2]))
            for n, unit in enumerate(self._units[: len(spans)])
        ]
        bar = self.horizontalScrollBar()
        bar.setPageStep(self.width())
        bar.setRange(0, max(0, round(float(self._edges_px[-1]) - self.width())))
        self.viewport().update()

    def _spans(self) -> NDArray[np.float64]:
        """Return each unit's begin and end in the example, ordered, not overlapping; (units, 2)."""
        look = self._look
        if look is None or not look.reference_units:
            return np.zeros((0, 2))
        last, spans, before = len(look.reference_units) - 1, [], 0.0
        for unit in self._units:
            start = max(look.reference_units[min(unit.numbers[0], last)].start_s, before)
            before = max(look.reference_units[min(unit.numbers[-1], last)].end_s, start)
            spans.append((start, before))
        return np.array(spans).reshape(-1, 2)

    def _is_seen(self, left: float, right: float) -> bool:
        """Return whether a part lies in the picture under way; long sentences fill many screens."""
        return right >= self._seen_px[0] and left <= self._seen_px[1]

    def _paint_picture(self, look: CloserLook, at: int) -> QPixmap:
        """Paint images, edges, names and curves of the visible part, from a pixel on."""
        picture = QPixmap(max(1, self.width()), max(1, self.height()))
        picture.fill(Qt.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        painter.translate(-at, 0)
        self._seen_px = (at - _MARGIN_PX, at + self.width() + _MARGIN_PX)
        width, height = float(self._edges_px[-1]), (self.height() - _LABEL_PX - 2 * _GAP_PX) / 3
        boxes = [QRectF(0, _LABEL_PX + row * (height + _GAP_PX), width, height) for row in range(3)]
        for box, image in zip(boxes, (*self._images, None), strict=True):
            self._paint_image(painter, box, image)
        for unit, left, right in self._columns:
            if self._is_seen(left, right):
                self._paint_column(painter, unit, left, right)
        times_s = np.arange(len(look.reference_pitch), dtype=np.float32) * np.float32(HOP_S)
        example = pen("accent", 6, cap=Qt.RoundCap, join=Qt.RoundJoin)
        mine = pen("voice", 4, Qt.DotLine, Qt.RoundCap, Qt.RoundJoin)
        self._paint_curve(painter, boxes[2], times_s, look.reference_pitch, example)
        self._paint_curve(painter, boxes[2], look.take_pitch_times_s, look.take_pitch, mine)
        painter.end()
        return picture

    def _paint_image(self, painter: QPainter, box: QRectF, image: QImage | None) -> None:
        painter.save()
        frame = QPainterPath()
        frame.addRoundedRect(box, 10, 10)
        painter.setClipPath(frame)
        painter.fillRect(box, QColor(theme.colour("surface")))
        if image is not None:
            per_s = image.width() / float(self._edges_s[-1])
            edges = zip(self._edges_s.tolist(), self._edges_px.tolist(), strict=True)
            for (from_s, left), (to_s, right) in itertools.pairwise(edges):
                if to_s > from_s and self._is_seen(left, right):
                    into = QRectF(left, box.top(), right - left, box.height())
                    out_of = QRectF(from_s * per_s, 0, (to_s - from_s) * per_s, image.height())
                    painter.drawImage(into, image, out_of)
        painter.setPen(pen("line", 2))
        painter.drawPath(frame)
        painter.restore()

    def _paint_column(self, painter: QPainter, unit: UnitView, left: float, right: float) -> None:
        label = QRectF(left, 0, right - left, _LABEL_PX - 4)
        if unit.grade != "none":
            draw_ground(painter, unit.grade, label.adjusted(1, 0, -1, 0), 6)
        shrink_font(painter, unit.text, right - left, _LARGEST_PX, _SMALLEST_PX)
        text = painter.fontMetrics().elidedText(unit.text, Qt.ElideRight, round(right - left))
        painter.setPen(QColor(theme.colour("ink")))
        painter.drawText(label, Qt.AlignCenter, text)
        painter.setPen(pen("muted", 1, Qt.DashLine))
        for x in (left, right):
            painter.drawLine(QLineF(x, _LABEL_PX, x, self.height()))

    def _paint_curve(
        self, painter: QPainter, box: QRectF, times_s: FloatArray, values: FloatArray, pen: QPen
    ) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.NoBrush)
        first, last = self._seen_px
        places = np.interp(times_s, self._edges_s, self._edges_px)
        seen = (places >= first) & (places <= last)
        shares = np.clip(values / self._semitones, -1.0, 1.0)
        heights = box.center().y() - shares * (box.height() / 2 - 6)
        # Runs of one or two frames are left out.
        for run in np.ma.clump_masked(np.ma.array(values, mask=np.isfinite(values) & seen)):
            points = zip(places[run].tolist(), heights[run].tolist(), strict=True)
            if run.stop - run.start > 2:
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _reach(look: CloserLook | None) -> float:
    """Return the range of both pitch curves without outliers."""
    if look is None:
        return _SEMITONES
    values = np.abs(np.concatenate([look.reference_pitch, look.take_pitch]))
    voiced = values[np.isfinite(values)]
    return max(_SEMITONES, 1.1 * float(np.quantile(voiced, 0.97))) if len(voiced) else _SEMITONES


def _ink_image(image: NDArray[np.uint8]) -> QImage | None:
    """Colour a mel spectrogram, dark on light; None for an empty one.

    image: uint8 (n_mels, n_frames), row 0 the highest frequency.
    """
    if not image.size:
        return None
    shade = np.linspace(0.0, 1.0, 256)[:, None]
    light, dark = (
        np.array(QColor(theme.colour(name)).getRgb()[:3]) for name in ("surface", "accent-dark")
    )
    table = np.round(light + (dark - light) * shade).astype(np.uint8)
    pixels = np.ascontiguousarray(table[image])
    height, width = image.shape
    # copy() because QImage does not keep the array alive.
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format_RGB888).copy()
