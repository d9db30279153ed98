"""`PastView`: the last five attempts at a sentence as bars, and the best score.

Attempts scored with another model or voice are only outlined: their scores are not comparable.
"""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.session.progress import Past, PastBar

_BARS = 5
_BAR_PX = 22
_NUMBER_PX = 18
_STAR_PX = 26
_BEST_PX = 82


class PastView(QWidget):
    """Empty before the first attempt is stored."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.past = Past()
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)

    def set_past(self, past: Past) -> None:
        """Set the attempts."""
        self.past = past
        self._retranslate()
        self.update()

    def _retranslate(self) -> None:
        translate = QCoreApplication.translate
        scores = ", ".join(str(bar.score) for bar in self.past.bars)
        said = translate("PastView", "Last attempts: {scores}").replace("{scores}", scores)
        if self.past.best is not None:
            best = translate("PastView", "Best: {best}").replace("{best}", str(self.past.best))
            said = f"{best}. {said}"
        self.setAccessibleName(said if self.past.bars else "")

    def sizeHint(self) -> QSize:
        """Return room for best score and bars."""
        return QSize(212, 66)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a star with the best score, then bars with their scores above."""
        if not self.past.bars:
            return
        painter = theme.painter(self)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        if self.past.best is not None:
            self._paint_best(painter, self.past.best)
        step = (self.width() - _BEST_PX) / _BARS
        for place, bar in enumerate(self.past.bars):
            self._paint_bar(painter, bar, _BEST_PX + step * (place + 0.5))

    def _paint_best(self, painter: QPainter, best: int) -> None:
        star = theme.pixmap("star", "star", _STAR_PX * 2)
        middle = self.height() / 2
        painter.drawPixmap(
            QRectF(2, middle - _STAR_PX / 2 + 2, _STAR_PX, _STAR_PX), star, QRectF(star.rect())
        )
        theme.set_text_style(painter, "ink", 26, bold=True)
        text = str(best) if self.past.best_comparable else f"({best})"
        box = QRectF(_STAR_PX + 6, 4, _BEST_PX - _STAR_PX - 6, self.height())
        painter.drawText(box, int(Qt.AlignLeft | Qt.AlignVCenter), text)

    def _paint_bar(self, painter: QPainter, bar: PastBar, x: float) -> None:
        room = self.height() - _NUMBER_PX - 6
        height = max(4.0, room * min(bar.score, 100) / 100)
        box = QRectF(x - _BAR_PX / 2, self.height() - height - 1, _BAR_PX, height)
        name = "accent" if bar.newest else "accent-light"
        if bar.comparable:
            painter.setPen(Qt.NoPen)
            painter.setBrush(QColor(theme.colour(name)))
        else:
            painter.setPen(QPen(QColor(theme.colour("muted")), 2, Qt.DashLine))
            painter.setBrush(Qt.NoBrush)
            box.adjust(1, 1, -1, 0)
        painter.drawRoundedRect(box, 4, 4)
        theme.set_text_style(painter, "ink" if bar.newest else "muted", _NUMBER_PX, bold=bar.newest)
        number = QRectF(x - 20, box.top() - _NUMBER_PX - 4, 40, _NUMBER_PX + 4)
        painter.drawText(number, Qt.AlignCenter, str(bar.score))
