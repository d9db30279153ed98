"""`Drawn`: a widget that paints itself; and the shapes of which pictures consist."""

from PyQt5.QtCore import QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import TranslatedWidget


class Drawn(TranslatedWidget):
    """Calls `_paint`. size_px: its usual width and its height. least_px: its least width.

    A height of 0 means all there is. fixed: it is never wider than usual.
    """

    def __init__(
        self,
        parent: QWidget | None,
        size_px: tuple[int, int],
        least_px: int | None = None,
        fixed: bool = False,
    ) -> None:
        super().__init__(parent)
        self._size = QSize(*size_px)
        self.setMinimumSize(self._size.width() if least_px is None else least_px, size_px[1])
        vertical = QSizePolicy.Fixed if size_px[1] else QSizePolicy.Expanding
        self.setSizePolicy(QSizePolicy.Fixed if fixed else QSizePolicy.Expanding, vertical)

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return self._size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint with smooth edges."""
        self._paint(theme.painter(self))

    def _paint(self, painter: QPainter) -> None:
        """Paint the widget."""


def pen(
    colour: str,
    width_px: float,
    style: Qt.PenStyle = Qt.SolidLine,
    cap: Qt.PenCapStyle = Qt.SquareCap,
    join: Qt.PenJoinStyle = Qt.BevelJoin,
) -> QPen:
    """Create a pen in a colour of the theme."""
    return QPen(QColor(theme.colour(colour)), width_px, style, cap, join)


def draw_box(
    painter: QPainter,
    box: QRect | QRectF,
    radius_px: float,
    ground: str,
    line: QPen | Qt.PenStyle = Qt.NoPen,
) -> None:
    """Draw a rounded rectangle. ground: a colour of the theme; "" draws the line alone."""
    painter.setPen(line)
    painter.setBrush(QColor(theme.colour(ground)) if ground else Qt.NoBrush)
    painter.drawRoundedRect(QRectF(box), radius_px, radius_px)


def draw_text(
    painter: QPainter,
    box: QRect | QRectF,
    text: str,
    size_px: int,
    colour: str = "ink",
    bold: bool = False,
    align: int = Qt.AlignCenter,
) -> None:
    """Draw a text; one at the left or right of the box is centred vertically."""
    theme.set_text_style(painter, colour, size_px, bold)
    painter.drawText(QRectF(box), int(align) | int(Qt.AlignVCenter), text)


def draw_picture(painter: QPainter, box: QRectF, picture: QPixmap) -> None:
    """Draw a picture scaled to a box."""
    painter.setRenderHint(QPainter.SmoothPixmapTransform)
    painter.drawPixmap(box, picture, QRectF(picture.rect()))
