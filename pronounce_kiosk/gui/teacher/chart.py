"""Results over time: daily mean score as a line, number of attempts as bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.core.grades import shown
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.history.records import DayRow

MOST_DAYS = 30


class DayChart(QWidget):
    """Shows the last 30 days with an attempt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[DayRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumHeight(160)

    def set_days(self, days: Sequence[DayRow]) -> None:
        """Set the days, oldest first."""
        self._days = tuple(days)[-MOST_DAYS:]
        self.setAccessibleName(
            ", ".join(f"{d.day}: {shown(d.mean)}" for d in self._days if d.mean is not None)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart."""
        painter = theme.painter(self)
        paint_days(painter, QRectF(self.rect()), self._days, 1.0)


def paint_days(painter: QPainter, box: QRectF, days: Sequence[DayRow], scale: float) -> None:
    """Draw the chart into a box of any painter; scale: painter units per screen pixel."""
    text_px = round(17 * scale)
    painter.setFont(theme.font(text_px))
    line_px = painter.fontMetrics().height()
    left, foot = 46 * scale, 2.2 * line_px
    plot = QRectF(box.left() + left, box.top() + line_px, box.width() - left - 12 * scale, 0)
    plot.setHeight(box.height() - line_px - foot)
    grid = QPen(QColor(theme.colour("line")), 1.2 * scale)
    for points in (0, 20, 40, 60, 80, 100):
        y = plot.bottom() - plot.height() * points / 100
        painter.setPen(grid)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(theme.colour("muted")))
        where = QRectF(box.left(), y - line_px / 2, left - 8 * scale, line_px)
        painter.drawText(where, int(Qt.AlignRight | Qt.AlignVCenter), str(points))
    if not days:
        painter.setPen(QColor(theme.colour("muted")))
        painter.drawText(plot, Qt.AlignCenter, translate("Teacher", "No attempt yet."))
        return
    step = plot.width() / len(days)
    most = max(day.attempts for day in days)
    bar_width = min(step * 0.6, 40 * scale)
    points_at: list[QPointF] = []
    every = max(1, round(90 * scale / step))
    for number, day in enumerate(days):
        x = plot.left() + step * (number + 0.5)
        height = plot.height() * 0.45 * day.attempts / most
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(theme.colour("accent-tint")))
        painter.drawRect(QRectF(x - bar_width / 2, plot.bottom() - height, bar_width, height))
        if day.mean is not None:
            points_at.append(QPointF(x, plot.bottom() - plot.height() * day.mean / 100))
        if number % every == 0:
            painter.setPen(QColor(theme.colour("muted")))
            label = f"{int(day.day[5:7])}/{int(day.day[8:10])}" + ("" if day.clock_set else "?")
            where = QRectF(x - 45 * scale, plot.bottom() + 2 * scale, 90 * scale, line_px)
            painter.drawText(where, Qt.AlignCenter, label)
    painter.setPen(QPen(QColor(theme.colour("accent")), 3 * scale))
    for one, other in pairwise(points_at):
        painter.drawLine(one, other)
    painter.setBrush(QColor(theme.colour("accent")))
    painter.setPen(QPen(QColor(theme.colour("surface")), 1.5 * scale))
    for point in points_at:
        painter.drawEllipse(point, 5 * scale, 5 * scale)
    painter.setPen(QColor(theme.colour("ink")))
    where = QRectF(plot.left(), box.bottom() - line_px, plot.width(), line_px)
    text = translate("Teacher", "Line: mean score of the day.  Bars: attempts, {n} at most.")
    text = text.replace("{n}", str(most))
    painter.drawText(where, int(Qt.AlignLeft | Qt.AlignVCenter), text)
    if not all(day.clock_set for day in days):
        note = translate("Teacher", "?: the clock was not set.")
        where = QRectF(plot.left(), box.top() - 2 * scale, plot.width(), line_px)
        painter.drawText(where, int(Qt.AlignRight | Qt.AlignTop), note)
