"""Buttons: with an icon and a text, round ones, and cards that consist of labels."""

from collections.abc import Callable

from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PyQt5.QtWidgets import QAbstractButton, QLayout, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.text_layout import fit
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.drawing import draw_box, draw_picture, draw_text, pen

CARD_PX = 124
_CAPTION_PX, _CAPTION_GAP_PX, _RING_PX = 22, 6, 8
_WORD_PX, _SMALLEST_WORD_PX, _SIGN_PX = 76, 28, 36
_WORD_LOOKS = {
    "": ("surface", "line", "ink", ""),
    "playing": ("accent-tint", "accent", "accent-dark", "listen"),
    "target": ("surface", "accent", "ink", "mouth"),
    "dim": ("paper", "line", "muted", ""),
    "good": ("good-tint", "good", "ink", "check"),
    "poor": ("poor-tint", "poor", "ink", "cancel"),
}
"""Colours of background, frame and text, and an icon: colour is never the only sign."""


class TextButton(QPushButton):
    """look: an object name used by style.qss (``main``, ``play``, ``quiet``), "" for plain.

    icon: "" for a text alone. act: called without arguments by a tap.
    """

    def __init__(
        self,
        icon: str,
        look: str = "",
        icon_px: int = 44,
        height_px: int = theme.MAIN_TOUCH_PX,
        parent: QWidget | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        if act is not None:
            self.clicked.connect(lambda: act())
        self._icon = icon
        self.setObjectName(look)
        self.setIconSize(QSize(icon_px, icon_px))
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        # A tap must not set the focus; Tab does.
        self.setFocusPolicy(Qt.TabFocus)
        if icon:
            self.set_icon(icon)

    def set_look(self, look: str) -> None:
        """Set the look."""
        if look != self.objectName():
            self.setObjectName(look)
            self.set_icon(self._icon)
            theme.repolish(self)

    def set_icon(self, icon: str) -> None:
        """Set the icon."""
        self._icon = icon
        self.setIcon(theme.icon(icon, "surface" if self.objectName() == "main" else "accent"))

    def show_playing(self, playing: bool, icon: str) -> None:
        """Show a stop sign while the button's clip is playing, otherwise the icon."""
        self.setProperty("playing", playing)
        self.set_icon("stop" if playing else icon)
        theme.repolish(self)

    def set_text(self, text: str, accessible_name: str = "") -> None:
        """Set the text; accessible_name where the text alone is unclear."""
        # Qt's gap between icon and text is too narrow at this size.
        self.setText(f" {text}" if text and self._icon else text)
        self.setAccessibleName(accessible_name or text)


class RoundButton(QAbstractButton):
    """look: ``main`` (accent), ``plain`` (white with a line) or ``stop`` (red).

    act: called without arguments by a tap.
    """

    def __init__(
        self,
        icon: str,
        diameter_px: int,
        look: str = "plain",
        parent: QWidget | None = None,
        act: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        if act is not None:
            self.clicked.connect(lambda: act())
        self._icon, self._look = icon, look
        self._diameter_px, self._level = diameter_px, 0.0
        self.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
        self.setFocusPolicy(Qt.TabFocus)

    def set_face(self, icon: str, look: str, text: str) -> None:
        """Set icon, look and caption together."""
        self._icon, self._look = icon, look
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_level(self, view: LevelView) -> None:
        """Set the size of a ``stop`` button's ring."""
        self._level = view.level
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of disc, ring and caption."""
        metrics = QFontMetrics(theme.font(_CAPTION_PX, bold=True))
        disc_px = self._diameter_px + 2 * _RING_PX
        width = max(disc_px, metrics.horizontalAdvance(self.text()) + 8)
        return QSize(width, disc_px + _CAPTION_GAP_PX + metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring, disc, icon and caption."""
        painter = theme.painter(self)
        radius = self._diameter_px / 2
        centre = QPointF(self.width() / 2, _RING_PX + radius)
        self._paint_disc(painter, centre, radius)
        size = round(self._diameter_px * 0.5)
        box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
        draw_picture(painter, box, theme.pixmap(self._icon, self._icon_colour(), size * 2))
        ink = "ink" if self.isEnabled() else "muted"
        theme.set_text_style(painter, ink, _CAPTION_PX, bold=True)
        top = round(centre.y() + radius + _RING_PX + _CAPTION_GAP_PX)
        caption = QRect(0, top, self.width(), self.height() - top)
        painter.drawText(caption, Qt.AlignHCenter, self.text())

    def _paint_disc(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        painter.setPen(Qt.NoPen)
        if self._look == "stop":
            painter.setBrush(QColor(theme.colour("poor-tint")))
            swell = radius + 2 + (_RING_PX - 2) * self._level
            painter.drawEllipse(centre, swell, swell)
        elif self.hasFocus() and self.window().property("keyboard"):
            painter.setBrush(QColor(theme.colour("accent-tint")))
            painter.drawEllipse(centre, radius + 5, radius + 5)
        fill, line = self._disc_colours()
        painter.setBrush(QColor(theme.colour(fill)))
        painter.setPen(pen(line, 3))
        painter.drawEllipse(centre, radius - 1.5, radius - 1.5)

    def _disc_colours(self) -> tuple[str, str]:
        """Return the colours of disc and line."""
        if not self.isEnabled():
            return "paper", "line"
        if self._look == "plain":
            return "accent-tint" if self.isDown() else "surface", "accent"
        colour = "accent" if self._look == "main" else "poor"
        return (f"{colour}-dark" if self.isDown() else colour,) * 2

    def _icon_colour(self) -> str:
        if not self.isEnabled():
            return "line"
        return "accent" if self._look == "plain" else "surface"


class Card(QPushButton):
    """A card as wide as its column. look: its object name, used by style.qss."""

    def __init__(
        self, parent: QWidget | None = None, height_px: int = CARD_PX, look: str = "card"
    ) -> None:
        super().__init__(parent)
        self.setObjectName(look)
        self.setFixedHeight(height_px)
        # A button's usual policy would make the hint its minimum.
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)
        self.setFocusPolicy(Qt.TabFocus)

    def fill(self, parts: QLayout) -> None:
        """Set the card's parts; the card handles all taps on them."""
        self.setLayout(parts)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)


class WordCard(QPushButton):
    """A large word of a minimal pair. look: a key of `_WORD_LOOKS`."""

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, word and sign."""
        painter = theme.painter(self)
        _, sign_colour, _, sign = _WORD_LOOKS[self.look]
        ground, frame, ink, _ = _WORD_LOOKS["playing" if self.isDown() else self.look]
        focused = self.hasFocus() and self.window().property("keyboard")
        line = pen("accent" if focused else frame, 4)
        draw_box(painter, self.rect().adjusted(3, 3, -3, -3), 24, ground, line)
        room = self.rect().adjusted(20, 8, -20, -8)
        fitted = fit(self._word, room.width(), room.height(), _WORD_PX, _SMALLEST_WORD_PX)
        draw_text(painter, room, self._word, fitted.size_px, ink, bold=True)
        if sign:
            painter.drawPixmap(18, 16, theme.pixmap(sign, sign_colour, _SIGN_PX))
