"""`TriesView`: the last tries of a unit in a row, the newest framed, with points and marks."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QCoreApplication, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.core.grades import grade_unit, shown
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.widgets.units_view import paint_mark

_TILE_PX = 54
_GAP_PX = 4
_HEIGHT_PX = 76
_NUMBER_PX = 26


class TriesView(QWidget):
    """Has room for `most` tries; the oldest is at the left."""

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._tries: tuple[UnitScore, ...] = ()
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)

    def set_tries(self, tries: Sequence[UnitScore]) -> None:
        """Set the tries, the newest last."""
        self._tries = tuple(tries)
        points = ", ".join(_points(one) for one in self._tries)
        text = QCoreApplication.translate("TriesView", "Last tries: {scores}")
        self.setAccessibleName(text.replace("{scores}", points))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a full row."""
        return QSize(self._most * (_TILE_PX + _GAP_PX) - _GAP_PX, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a tile for each try."""
        painter = theme.painter(self)
        for place, one in enumerate(self._tries):
            left = place * (_TILE_PX + _GAP_PX)
            box = QRectF(left, 0, _TILE_PX, self.height()).adjusted(2, 2, -2, -2)
            self._paint_tile(painter, box, one, place == len(self._tries) - 1)

    @staticmethod
    def _paint_tile(painter: QPainter, box: QRectF, one: UnitScore, newest: bool) -> None:
        grade = grade_unit(one)
        ground = "surface" if grade == "none" else f"{grade}-tint"
        painter.setBrush(QColor(theme.colour(ground)))
        painter.setPen(QPen(QColor(theme.colour("accent")), 3) if newest else Qt.NoPen)
        painter.drawRoundedRect(box, 12, 12)
        theme.set_text_style(painter, "ink", _NUMBER_PX, bold=newest)
        painter.drawText(box.adjusted(0, 4, 0, -20), Qt.AlignCenter, _points(one))
        if grade != "none":
            paint_mark(painter, grade, box.adjusted(0, 0, 0, -4))


def _points(unit: UnitScore) -> str:
    return "–" if unit.score is None or not unit.said else str(shown(unit.score))
