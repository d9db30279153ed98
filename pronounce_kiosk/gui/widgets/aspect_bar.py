"""`AspectBar`: an aspect's name, bar and value."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme

_TEXT_PX = 21
_BAR_PX = 12


class AspectBar(QWidget):
    """Shows a value of 0-100; the grade sets the bar's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._value = 0
        self._grade = "none"
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)

    def set_aspect(self, name: str, value: int, grade: str) -> None:
        """Show an aspect; name is in the interface's language."""
        self._name, self._value, self._grade = name, value, grade
        self.setAccessibleName(f"{name} {value}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the text above the bar."""
        return QSize(160, 48)

    def minimumSizeHint(self) -> QSize:
        """Return the least height."""
        return QSize(120, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name at the left, the value at the right, the bar below."""
        painter = theme.painter(self)
        text = self.rect().adjusted(2, 0, -2, -_BAR_PX - 6)
        theme.set_text_style(painter, "ink", _TEXT_PX, bold=True)
        painter.drawText(text, int(Qt.AlignLeft | Qt.AlignVCenter), self._name)
        painter.drawText(text, int(Qt.AlignRight | Qt.AlignVCenter), str(self._value))
        painter.setPen(Qt.NoPen)
        trough = QRectF(0, self.height() - _BAR_PX - 2, self.width(), _BAR_PX)
        painter.setBrush(QColor(theme.colour("line")))
        painter.drawRoundedRect(trough, _BAR_PX / 2, _BAR_PX / 2)
        if self._value > 0:
            width = max(_BAR_PX, trough.width() * min(self._value, 100) / 100)
            name = "accent" if self._grade == "none" else self._grade
            painter.setBrush(QColor(theme.colour(name)))
            bar = QRectF(trough.left(), trough.top(), width, _BAR_PX)
            painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
