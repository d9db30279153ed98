"""`LevelMeter`: the voice's level, with marks for the right range."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme

_BARS = 28
_GAP_PX = 4


class LevelMeter(QWidget):
    """A row of bars. level: 0 to 1, the share of lit bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0.0
        self._tone = "good"
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)

    def set_level(self, level: float, tone: str) -> None:
        """Set level and tone: ``good``, ``fair`` (too quiet) or ``poor`` (too loud)."""
        self._level = min(max(level, 0.0), 1.0)
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        """Return a height of 28 px; the width is free."""
        return QSize(360, 28)

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the bars."""
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars that grow to the right, so that colour is not the only sign."""
        painter = theme.painter(self)
        painter.setPen(Qt.NoPen)
        width = (self.width() - (_BARS - 1) * _GAP_PX) / _BARS
        lit = round(self._level * _BARS)
        for number in range(_BARS):
            share = 0.35 + 0.65 * number / (_BARS - 1)
            height = self.height() * share
            name = self._tone if number < lit else "line"
            painter.setBrush(QColor(theme.colour(name)))
            box = QRectF(number * (width + _GAP_PX), (self.height() - height) / 2, width, height)
            painter.drawRoundedRect(box, 3, 3)
