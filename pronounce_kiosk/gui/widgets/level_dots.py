"""`LevelDots`: a list's difficulty as one to three filled dots."""

from __future__ import annotations

from PyQt5.QtCore import QPointF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme

_DOT_PX = 14
_GAP_PX = 6
_MOST = 3


class LevelDots(QWidget):
    """Shows nothing where the level is not a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)

    def set_level(self, level: str) -> None:
        """Set the level: free text, of which "1" to "3" are shown."""
        self._level = min(int(level), _MOST) if level.isascii() and level.isdigit() else 0
        self.setVisible(self._level > 0)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for three dots."""
        return QSize(_MOST * (_DOT_PX + _GAP_PX), _DOT_PX + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint filled and open dots."""
        painter = theme.painter(self)
        accent = QColor(theme.colour("accent"))
        painter.setPen(QPen(accent, 2))
        for number in range(_MOST):
            painter.setBrush(accent if number < self._level else Qt.NoBrush)
            x = number * (_DOT_PX + _GAP_PX) + _DOT_PX / 2 + 1
            painter.drawEllipse(QPointF(x, self.height() / 2), _DOT_PX / 2 - 1, _DOT_PX / 2 - 1)
