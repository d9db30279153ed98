"""Attempts and tries in small pictures, and the signs of the grades with their legend."""

from collections.abc import Sequence

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPolygonF
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.core.grades import grade_unit, shown
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.widgets.drawing import Drawn, draw_box, draw_picture, draw_text, pen
from pronounce_kiosk.session.progress import Past, PastBar

MARK_PX = 12
_PAST_BARS, _PAST_BAR_PX, _PAST_NUMBER_PX, _PAST_STAR_PX, _BEST_PX = 5, 22, 18, 26, 82
_TRY_PX, _TRY_GAP_PX = 54, 4
_LEGEND_PX, _LEGEND_SIZES_PX, _LEGEND_GAP_PX = 26, range(20, 13, -1), 14


class PastView(Drawn):
    """Shows the last five attempts at a sentence as bars, and the best score beside a star.

    Attempts scored with another model or voice are only outlined: their scores are not comparable.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (212, 66), fixed=True)
        self.past = Past()

    def set_past(self, past: Past) -> None:
        """Set the attempts."""
        self.past = past
        scores = ", ".join(str(bar.score) for bar in past.bars)
        said = self.tr("Last attempts: {scores}").format(scores=scores)
        if past.best is not None:
            best = self.tr("Best: {best}").format(best=past.best)
            said = f"{best}. {said}"
        self.setAccessibleName(said if past.bars else "")
        self.update()

    def _paint(self, painter: QPainter) -> None:
        if self.past.bars and self.past.best is not None:
            top = self.height() / 2 - _PAST_STAR_PX / 2 + 2
            star = theme.pixmap("star", "star", _PAST_STAR_PX * 2)
            draw_picture(painter, QRectF(2, top, _PAST_STAR_PX, _PAST_STAR_PX), star)
            text = f"{self.past.best}" if self.past.best_comparable else f"({self.past.best})"
            left = _PAST_STAR_PX + 6
            box = QRectF(left, 4, _BEST_PX - left, self.height())
            draw_text(painter, box, text, 26, bold=True, align=Qt.AlignLeft)
        step = (self.width() - _BEST_PX) / _PAST_BARS
        for place, bar in enumerate(self.past.bars):
            self._paint_bar(painter, bar, _BEST_PX + step * (place + 0.5))

    def _paint_bar(self, painter: QPainter, bar: PastBar, x: float) -> None:
        room = self.height() - _PAST_NUMBER_PX - 6
        height = max(4.0, room * min(bar.score, 100) / 100)
        box = QRectF(x - _PAST_BAR_PX / 2, self.height() - height - 1, _PAST_BAR_PX, height)
        if bar.comparable:
            draw_box(painter, box, 4, "accent" if bar.newest else "accent-light")
        else:
            box.adjust(1, 1, -1, 0)
            draw_box(painter, box, 4, "", pen("muted", 2, Qt.DashLine))
        number = QRectF(x - 20, box.top() - _PAST_NUMBER_PX - 4, 40, _PAST_NUMBER_PX + 4)
        colour = "ink" if bar.newest else "muted"
        draw_text(painter, number, str(bar.score), _PAST_NUMBER_PX, colour, bar.newest)


class TriesView(Drawn):
    """Shows the tries of a unit with points and marks, the newest framed and at the right.

    most: the number of tries that it has room for.
    """

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, (most * (_TRY_PX + _TRY_GAP_PX) - _TRY_GAP_PX, 76), fixed=True)
        self._tries: tuple[UnitScore, ...] = ()

    def set_tries(self, tries: Sequence[UnitScore]) -> None:
        """Set the tries, the newest last."""
        self._tries = tuple(tries)
        points = ", ".join(_points(one) for one in self._tries)
        self.setAccessibleName(self.tr("Last tries: {scores}").format(scores=points))
        self.update()

    def _paint(self, painter: QPainter) -> None:
        for place, one in enumerate(self._tries):
            left = place * (_TRY_PX + _TRY_GAP_PX)
            box = QRectF(left, 0, _TRY_PX, self.height()).adjusted(2, 2, -2, -2)
            grade, newest = grade_unit(one), place == len(self._tries) - 1
            ground = "surface" if grade == "none" else f"{grade}-tint"
            draw_box(painter, box, 12, ground, pen("accent", 3) if newest else Qt.NoPen)
            draw_text(painter, box.adjusted(0, 4, 0, -20), _points(one), 26, bold=newest)
            if grade != "none":
                paint_mark(painter, grade, box.adjusted(0, 0, 0, -4))


def _points(unit: UnitScore) -> str:
    return "–" if unit.score is None or not unit.said else str(shown(unit.score))


class Legend(Drawn):
    """Shows the four signs under the units with a word each, and that units can be tapped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, (0, _LEGEND_PX))
        self._words: tuple[tuple[str, str], ...] = ()
        self._touch = ""
        self._retranslate()

    def fits(self) -> bool:
        """Tell whether every entry is visible."""
        return self._width_px(self._size_px()) <= self.width()

    def _paint(self, painter: QPainter) -> None:
        size_px, left = self._size_px(), 0.0
        for grade, word in self._words:
            # `paint_mark` paints at the bottom of a box.
            paint_mark(painter, grade, QRectF(left, 0, MARK_PX, _LEGEND_PX / 2 + MARK_PX / 2 + 4))
            left += MARK_PX + 6
            room = QRectF(left, 0, self.width() - left, _LEGEND_PX)
            draw_text(painter, room, word, size_px, bold=True, align=Qt.AlignLeft)
            left += painter.fontMetrics().horizontalAdvance(word) + _LEGEND_GAP_PX
        room = QRectF(left, 0, self.width() - left, _LEGEND_PX)
        draw_text(painter, room, self._touch, size_px, "muted", bold=True, align=Qt.AlignRight)

    def _size_px(self) -> int:
        fitting = (size for size in _LEGEND_SIZES_PX if self._width_px(size) <= self.width())
        return next(fitting, _LEGEND_SIZES_PX[-1])

    def _width_px(self, size_px: int) -> float:
        metrics = QFontMetrics(theme.font(size_px, bold=True))
        words = sum(metrics.horizontalAdvance(word) for _, word in self._words)
        signs = len(self._words) * (MARK_PX + 6 + _LEGEND_GAP_PX)
        return float(words + signs + metrics.horizontalAdvance(self._touch))

    def _retranslate(self) -> None:
        self._words = (
            ("good", self.tr("good")),
            ("fair", self.tr("nearly")),
            ("poor", self.tr("practise")),
            ("left_out", self.tr("left out")),
        )
        self._touch = self.tr("Touch: hear it. Again: practise.")
        self.setAccessibleName(", ".join((*(word for _, word in self._words), self._touch)))
        self.update()


def paint_mark(painter: QPainter, grade: str, box: QRectF) -> None:
    """Draw the sign of a grade at the bottom of a box: a disc, a triangle, a bar or a cross."""
    x, y, r = box.center().x(), box.bottom() - MARK_PX / 2 - 4, MARK_PX / 2
    if grade == "good":
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(theme.colour(grade)))
        painter.drawEllipse(QPointF(x, y), r - 0.5, r - 0.5)
    elif grade == "fair":
        painter.setPen(pen(grade, 2.5, join=Qt.RoundJoin))
        painter.setBrush(Qt.NoBrush)
        foot = y + r - 1
        painter.drawPolygon(
            QPolygonF([QPointF(x - r, foot), QPointF(x + r, foot), QPointF(x, y - r)])
        )
    else:
        painter.setPen(pen(grade, 3.2, cap=Qt.RoundCap))
        reach = r - 1
        slopes = ((r, 0.0),) if grade == "left_out" else ((reach, reach), (-reach, reach))
        for dx, dy in slopes:
            painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))
