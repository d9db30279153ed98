"""`MelView`: a mel image, low frequencies at the foot, dark on light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QRectF, QSize
from PyQt5.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from pronounce_kiosk.gui import theme


class MelView(QWidget):
    """Two of these one above the other share their time scale through `set_image`'s widest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._widest_frames = 1
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)

    def set_image(self, image: NDArray[np.uint8] | None, widest_frames: int = 0) -> None:
        """image: uint8 (n_mels, n_frames), row 0 the highest frequency; None shows nothing.

        widest_frames: how many frames fill the width; the image's own where 0.
        """
        if image is None or not image.size:
            self._image = None
        else:
            # Dark ink on light paper: the loudest is the theme's darkest accent.
            shade = np.linspace(0.0, 1.0, 256)[:, None]
            light = np.array(_rgb("surface"))
            dark = np.array(_rgb("accent-dark"))
            table = np.round(light + (dark - light) * shade).astype(np.uint8)
            pixels = np.ascontiguousarray(table[image])
            height, width = image.shape
            # copy() because QImage does not keep the array alive.
            self._image = QImage(
                pixels.tobytes(), width, height, 3 * width, QImage.Format_RGB888
            ).copy()
            self._widest_frames = max(widest_frames, width)
        self.update()

    def has_image(self) -> bool:
        """True where there is something to see."""
        return self._image is not None

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(300, 64)

    def minimumSizeHint(self) -> QSize:
        """Lower than this shows nothing."""
        return QSize(120, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image in rounded corners."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), 10, 10)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), QColor(theme.colour("surface")))
        if self._image is not None:
            width = self.width() * self._image.width() / self._widest_frames
            painter.drawImage(QRectF(0, 0, width, self.height()), self._image)
        painter.setPen(QColor(theme.colour("line")))
        painter.drawPath(frame)


def _rgb(name: str) -> tuple[int, int, int]:
    value = QColor(theme.colour(name))
    return value.red(), value.green(), value.blue()
