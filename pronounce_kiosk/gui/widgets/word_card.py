"""`WordCard`: a large word of a minimal pair."""

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.text_layout import fit
from pronounce_kiosk.gui.widgets.drawing import draw_box, draw_text, pen

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
_SIGNS = {
    "playing": ("listen", "accent"),
    "good": ("check", "good"),
    "poor": ("cancel", "poor"),
    "target": ("mouth", "accent"),
}
"""Icons and their colours by look: colour is never the only sign."""


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
        line = pen("accent" if focused else frame, 4)
        draw_box(painter, self.rect().adjusted(3, 3, -3, -3), 24, ground, line)
        room = self.rect().adjusted(20, 8, -20, -8)
        fitted = fit(self._word, room.width(), room.height(), _LARGEST_PX, _SMALLEST_PX)
        draw_text(painter, room, self._word, fitted.size_px, ink, bold=True)
        if self.look in _SIGNS:
            painter.drawPixmap(18, 16, theme.pixmap(*_SIGNS[self.look], _ICON_PX))
