"""`FittedLabel`: a text as large as its box allows, broken at spaces."""

from __future__ import annotations

from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.text_layout import Fitted, fit

LOWER_LEFT = int(Qt.AlignLeft | Qt.AlignBottom)
UPPER_LEFT = int(Qt.AlignLeft | Qt.AlignTop)
"""A title and what stands under it lie together, however much room there is."""


class FittedLabel(QWidget):
    """Shows a sentence between smallest_px and largest_px."""

    def __init__(
        self,
        largest_px: int,
        smallest_px: int,
        colour_name: str = "ink",
        bold: bool = True,
        alignment: int = Qt.AlignCenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._largest_px = largest_px
        self._smallest_px = smallest_px
        self._colour_name = colour_name
        self._bold = bold
        self._alignment = int(alignment)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def set_alignment(self, alignment: int) -> None:
        """Set where the lines lie: left or centre, and where needed top or bottom."""
        self._alignment = int(alignment)
        self.update()

    def set_colour(self, colour_name: str) -> None:
        """Another colour of the theme."""
        self._colour_name = colour_name
        self.update()

    def fitted(self) -> Fitted:
        """How the text lies in the box as it is now."""
        return fit(
            self._text,
            self.width(),
            self.height(),
            self._largest_px,
            self._smallest_px,
            self._bold,
        )

    def minimumSizeHint(self) -> QSize:
        """One line of the smallest size."""
        return QSize(80, self._smallest_px + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, centred as a block."""
        fitted = self.fitted()
        painter = QPainter(self)
        painter.setFont(theme.font(fitted.size_px, self._bold))
        painter.setPen(QColor(theme.colour(self._colour_name)))
        line_px = painter.fontMetrics().lineSpacing()
        top = max(0, (self.height() - line_px * len(fitted.lines)) // 2)
        if self._alignment & int(Qt.AlignTop):
            top = 0
        elif self._alignment & int(Qt.AlignBottom):
            top = max(0, self.height() - line_px * len(fitted.lines))
        beside = self._alignment & ~int(Qt.AlignTop | Qt.AlignBottom)
        for number, line in enumerate(fitted.lines):
            box = QRect(0, top + number * line_px, self.width(), line_px)
            painter.drawText(box, beside | int(Qt.AlignVCenter), line)
