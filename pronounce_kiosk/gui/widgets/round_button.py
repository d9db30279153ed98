"""`RoundButton`: a disc with an icon and a caption below it, all of it sensitive to touch."""

from collections.abc import Callable

from PyQt5.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PyQt5.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.drawing import draw_picture, pen

_CAPTION_PX = 22
_GAP_PX = 6
_RING_PX = 8


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
        return QSize(width, disc_px + _GAP_PX + metrics.height())

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
        top = round(centre.y() + radius + _RING_PX + _GAP_PX)
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
