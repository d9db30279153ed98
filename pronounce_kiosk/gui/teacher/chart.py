"""Pictures of results: mean and attempts by day; sounds that were taken for others."""

from collections import Counter
from collections.abc import Sequence

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter, QPolygonF
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.grades import shown
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.widgets.drawing import Drawn, draw_text, pen
from pronounce_kiosk.history.records import Confusion, DayRow

MOST_DAYS = 30
MOST_SOUNDS = 8
"""Maximum number of rows and columns of one language; the most frequent sounds are shown."""
_LABEL_PX = 19
_LABEL_WIDTH = 44
_LEGEND_PX = 30


class DayChart(Drawn):
    """Shows the last 30 days with an attempt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (0, 0))
        self._days: tuple[DayRow, ...] = ()
        self.setMinimumHeight(160)

    def set_days(self, days: Sequence[DayRow]) -> None:
        """Set the days, oldest first."""
        self._days = tuple(days)[-MOST_DAYS:]
        means = [f"{day.day}: {shown(day.mean)}" for day in self._days if day.mean is not None]
        self.setAccessibleName(", ".join(means))
        self.update()

    def _paint(self, painter: QPainter) -> None:
        paint_days(painter, QRectF(self.rect()), self._days, 1.0)


def paint_days(painter: QPainter, box: QRectF, days: Sequence[DayRow], scale: float) -> None:
    """Draw days as a line of means over bars of attempts; scale: painter units per screen pixel."""
    text_px = round(17 * scale)
    painter.setFont(theme.font(text_px))
    line_px = painter.fontMetrics().height()
    left, foot = 46 * scale, 2.2 * line_px
    plot = box.adjusted(left, line_px, -12 * scale, -foot)
    for points in (0, 20, 40, 60, 80, 100):
        y = plot.bottom() - plot.height() * points / 100
        painter.setPen(pen("line", 1.2 * scale))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        beside = QRectF(box.left(), y - line_px / 2, left - 8 * scale, line_px)
        draw_text(painter, beside, str(points), text_px, "muted", align=Qt.AlignRight)
    if not days:
        draw_text(painter, plot, translate("Teacher", "No attempt yet."), text_px, "muted")
        return
    step = plot.width() / len(days)
    most = max(day.attempts for day in days)
    bar_width = min(step * 0.6, 40 * scale)
    points_at: list[QPointF] = []
    every = max(1, round(90 * scale / step))
    for number, day in enumerate(days):
        x = plot.left() + step * (number + 0.5)
        height = plot.height() * 0.45 * day.attempts / most
        bar = QRectF(x - bar_width / 2, plot.bottom() - height, bar_width, height)
        painter.fillRect(bar, QColor(theme.colour("accent-tint")))
        if day.mean is not None:
            points_at.append(QPointF(x, plot.bottom() - plot.height() * day.mean / 100))
        if number % every == 0:
            label = f"{int(day.day[5:7])}/{int(day.day[8:10])}" + ("" if day.clock_set else "?")
            below = QRectF(x - 45 * scale, plot.bottom() + 2 * scale, 90 * scale, line_px)
            draw_text(painter, below, label, text_px, "muted")
    painter.setPen(pen("accent", 3 * scale))
    painter.drawPolyline(QPolygonF(points_at))
    painter.setBrush(QColor(theme.colour("accent")))
    painter.setPen(pen("surface", 1.5 * scale))
    for point in points_at:
        painter.drawEllipse(point, 5 * scale, 5 * scale)
    legend = QRectF(plot.left(), box.bottom() - line_px, plot.width(), line_px)
    text = translate("Teacher", "Line: mean score of the day.  Bars: attempts, {n} at most.")
    draw_text(painter, legend, text.format(n=most), text_px, align=Qt.AlignLeft)
    if not all(day.clock_set for day in days):
        above = QRectF(plot.left(), box.top() - 2 * scale, plot.width(), line_px)
        text = translate("Teacher", "?: the clock was not set.")
        draw_text(painter, above, text, text_px, align=Qt.AlignRight)


class ConfusionMatrix(Drawn):
    """Shows a matrix for each language: target sounds at the left, recognised ones above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (0, 0))
        self._found: tuple[Confusion, ...] = ()
        self.setMinimumHeight(160)

    def set_confusions(self, found: Sequence[Confusion]) -> None:
        """Set the confusions, most frequent first."""
        self._found = tuple(found)
        said = [f"{confusion_text(one)}: {one.times}" for one in self._found[:MOST_SOUNDS]]
        self.setAccessibleName(", ".join(said))
        self.update()

    def _paint(self, painter: QPainter) -> None:
        box = QRectF(self.rect())
        languages = sorted({one.language for one in self._found}, reverse=True)
        if not languages:
            nothing = translate("Teacher", "No sound was taken for another so far.")
            draw_text(painter, box, nothing, 22, "muted")
            return
        legend = box.adjusted(0, box.height() - _LEGEND_PX, 0, 0)
        text = translate("Teacher", "Left: the sound to say. Above: the sound heard (∅: none).")
        draw_text(painter, legend, text, 18, align=Qt.AlignLeft)
        width = box.width() / len(languages)
        for number, language in enumerate(languages):
            part = QRectF(number * width, 0, width - 12, box.height() - _LEGEND_PX)
            paint_matrix(painter, part, [one for one in self._found if one.language == language])


def paint_matrix(painter: QPainter, box: QRectF, found: Sequence[Confusion]) -> None:
    """Draw one language's confusions into a box; frequent ones are darker."""
    targets = _most_frequent([(one.target, one.times) for one in found])
    seen = [one for one in found if one.target in targets]
    heards = _most_frequent([(one.heard, one.times) for one in seen])
    times = {(one.target, one.heard): one.times for one in seen}
    most = max(times.values())
    # Few sounds must not get cells as wide as the screen.
    width = min((box.width() - _LABEL_WIDTH) / len(heards), 110.0)
    height = min((box.height() - _LABEL_PX * 1.5) / len(targets), 56.0)
    top, left = box.top() + _LABEL_PX * 1.5, box.left() + _LABEL_WIDTH
    for column, heard in enumerate(heards):
        above = QRectF(left + column * width, box.top(), width, _LABEL_PX * 1.5)
        draw_text(painter, above, sound_text(heard), _LABEL_PX, bold=True)
    for row, target in enumerate(targets):
        beside = QRectF(box.left(), top + row * height, _LABEL_WIDTH, height)
        draw_text(painter, beside, sound_text(target), _LABEL_PX, bold=True)
        for column, heard in enumerate(heards):
            cell = QRectF(left + column * width, top + row * height, width, height)
            _paint_cell(painter, cell.adjusted(2, 2, -2, -2), times.get((target, heard), 0), most)


def _paint_cell(painter: QPainter, cell: QRectF, times: int, most: int) -> None:
    ground = QColor(theme.colour("accent" if times else "surface"))
    if times:
        ground.setAlphaF(0.15 + 0.85 * times / most)
    painter.setPen(pen("line", 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(cell, 6, 6)
    if times:
        draw_text(painter, cell, str(times), 17, "surface" if times > most / 2 else "ink")


def _most_frequent(counted: Sequence[tuple[str, int]]) -> list[str]:
    totals: Counter[str] = Counter()
    for sound, times in counted:
        totals[sound] += times
    return [sound for sound, _ in totals.most_common(MOST_SOUNDS)]


def sound_text(phone: str) -> str:
    """Name a phone for a teacher; "" means that no sound was recognised."""
    # A dash would look like the vowel ㅡ.
    return phone.lower() or "∅"


def confusion_text(confusion: Confusion) -> str:
    """Name a confusion: the sound to say, then the one that was heard."""
    return f"{sound_text(confusion.target)} → {sound_text(confusion.heard)}"
