"""`BusyRing`: an animation while the kiosk works."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QHideEvent, QPaintEvent, QPen, QShowEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.timers import make_timer

_STEP_MS = 40
_STEP_DEGREES = 11


class BusyRing(QWidget):
    """Animated while it is visible."""

    def __init__(self, diameter_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diameter_px = diameter_px
        self.angle_degrees = 0
        self._timer = make_timer(self, _STEP_MS, self._turn)
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)

    def _turn(self) -> None:
        self.angle_degrees = (self.angle_degrees + _STEP_DEGREES) % 360
        self.update()

    def sizeHint(self) -> QSize:
        """Return the ring's size."""
        return QSize(self._diameter_px, self._diameter_px)

    def showEvent(self, event: QShowEvent) -> None:
        """Start the animation."""
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a pale ring with a bright arc."""
        painter = theme.painter(self)
        pen_px = self._diameter_px * 0.11
        box = QRectF(self.rect()).adjusted(pen_px, pen_px, -pen_px, -pen_px)
        painter.setPen(QPen(QColor(theme.colour("accent-tint")), pen_px))
        painter.drawEllipse(box)
        painter.setPen(QPen(QColor(theme.colour("accent")), pen_px, cap=Qt.RoundCap))
        painter.drawArc(box, -self.angle_degrees * 16, 100 * 16)
