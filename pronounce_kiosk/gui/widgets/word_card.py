"""`WordCard`: a large word of a minimal pair."""

from __future__ import annotations

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent, QPen
from PyQt5.QtWidgets import QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.text_layout import fit

_LARGEST_PX, _SMALLEST_PX = 76, 28
_ICON_PX = 36
_LOOKS = {
    "": ("surface", "line", "ink"),
    "playing": ("accent-tint", "accent", "accent-dark"),
    "target": ("surface", "accent", "ink"),
    "dim": ("paper", "line", "muted"),
    "good": ("good-tint", "good", "ink"),
    "poor": ("poor-tint", "poor", "ink"),
}
"""Colours of background, frame and text, by look."""
_SIGNS = {"playing": "listen", "good": "check", "poor": "cancel", "target": "mouth"}
"""Icons by look: colour is never the only sign."""
_SIGN_COLOURS = {"playing": "accent", "good": "good", "poor": "poor", "target": "accent"}


class WordCard(QPushButton):
    """look: "", ``playing``, ``target``, ``dim``, ``good`` or ``poor``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = ""
        self._word = ""
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Expanding)
        self.setMinimumHeight(theme.MAIN_TOUCH_PX)
        self.setFocusPolicy(Qt.TabFocus)

    def set_word(self, word: str, look: str) -> None:
        """Set word and look."""
        self._word, self.look = word, look
        self.setAccessibleName(word)
        self.update()

    def word(self) -> str:
        """Return the word."""
        return self._word

    def sizeHint(self) -> QSize:
        """Return half of the screen's width."""
        return QSize(360, 170)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, word and sign."""
        painter = theme.painter(self)
        ground, frame, ink = _LOOKS["playing" if self.isDown() else self.look]
        focused = self.hasFocus() and self.window().property("keyboard")
        painter.setBrush(QColor(theme.colour(ground)))
        painter.setPen(QPen(QColor(theme.colour("accent" if focused else frame)), 4))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 24, 24)
        room = self.rect().adjusted(20, 8, -20, -8)
        fitted = fit(self._word, room.width(), room.height(), _LARGEST_PX, _SMALLEST_PX)
        theme.set_text_style(painter, ink, fitted.size_px, bold=True)
        painter.drawText(room, Qt.AlignCenter, self._word)
        sign = _SIGNS.get(self.look)
        if sign is not None:
            picture = theme.pixmap(sign, _SIGN_COLOURS[self.look], _ICON_PX)
            painter.drawPixmap(18, 16, picture)
