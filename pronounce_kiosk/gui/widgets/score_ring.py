"""`ScoreRing`: the score as a ring, with stars below it."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme

_PEN_PX = 12
_STAR_PX = 36


class ScoreRing(QWidget):
    """score: 0-100; stars: 0-3."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score = 0
        self._stars = 0
        self.setSizePolicy(QSizePolicy.Preferred, QSizePolicy.Fixed)

    def set_score(self, score: int, stars: int) -> None:
        """Set score and stars."""
        self._score = min(max(score, 0), 100)
        self._stars = stars
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for ring and stars."""
        return QSize(138, 138 + _STAR_PX // 2 + 6)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring clockwise, and the stars in its opening at the bottom."""
        painter = theme.painter(self)
        diameter = self.sizeHint().width() - _PEN_PX
        box = QRectF((self.width() - diameter) / 2, _PEN_PX / 2, diameter, diameter)
        # An arc of 280 degrees, open at the foot where the stars are.
        start, sweep = 230 * 16, -280 * 16
        painter.setPen(QPen(QColor(theme.colour("accent-tint")), _PEN_PX, cap=Qt.RoundCap))
        painter.drawArc(box, start, sweep)
        if self._score:
            painter.setPen(QPen(QColor(theme.colour("accent")), _PEN_PX, cap=Qt.RoundCap))
            painter.drawArc(box, start, round(sweep * self._score / 100))
        painter.setPen(QColor(theme.colour("ink")))
        painter.setFont(theme.font(58, bold=True))
        painter.drawText(box.adjusted(0, -10, 0, -10), Qt.AlignCenter, str(self._score))
        self._paint_stars(painter, box)

    def _paint_stars(self, painter: QPainter, box: QRectF) -> None:
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        left = box.center().x() - 1.5 * _STAR_PX
        for number in range(3):
            name = "star" if number < self._stars else "line"
            lift = 8 if number == 1 else 0
            picture = theme.pixmap("star", name, _STAR_PX * 2)
            target = QRectF(
                left + number * _STAR_PX, box.bottom() - _STAR_PX * 0.72 + lift, _STAR_PX, _STAR_PX
            )
            painter.drawPixmap(target.adjusted(2, 2, -2, -2), picture, QRectF(picture.rect()))
