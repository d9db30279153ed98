"""`ProgressLine`: the share of a list that is done, and its stars."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.session.progress import Progress

_HEIGHT_PX = 12
_BAR_PX = 8


class ProgressLine(QWidget):
    """Keeps its place while it is empty, so that no card moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = Progress(0, 0, 0)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)

    def set_progress(self, progress: Progress) -> None:
        """Set the progress."""
        self.progress = progress
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a thin line."""
        return QSize(100, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the least height."""
        return QSize(40, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a pale bar: light for tried sentences, dark for stars."""
        if not self.progress.done or not self.progress.total:
            return
        painter = theme.painter(self)
        painter.setPen(Qt.NoPen)
        shares = (
            ("line", 1.0),
            ("accent-light", self.progress.done / self.progress.total),
            ("accent", self.progress.earned / (3 * self.progress.total)),
        )
        top = (self.height() - _BAR_PX) / 2
        for name, share in shares:
            if share <= 0:
                continue
            width = max(_BAR_PX, self.width() * min(share, 1.0))
            painter.setBrush(QColor(theme.colour(name)))
            painter.drawRoundedRect(QRectF(0, top, width, _BAR_PX), _BAR_PX / 2, _BAR_PX / 2)
