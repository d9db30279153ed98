"""Mel spectrograms as images, for `VoicesView`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtGui import QColor, QImage

from pronounce_kiosk.gui import theme


def ink_image(image: NDArray[np.uint8]) -> QImage | None:
    """Colour a mel spectrogram, dark on light; None for an empty one.

    image: uint8 (n_mels, n_frames), row 0 the highest frequency.
    """
    if not image.size:
        return None
    shade = np.linspace(0.0, 1.0, 256)[:, None]
    light, dark = np.array(_rgb("surface")), np.array(_rgb("accent-dark"))
    table = np.round(light + (dark - light) * shade).astype(np.uint8)
    pixels = np.ascontiguousarray(table[image])
    height, width = image.shape
    # copy() because QImage does not keep the array alive.
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format_RGB888).copy()


def _rgb(name: str) -> tuple[int, int, int]:
    value = QColor(theme.colour(name))
    return value.red(), value.green(), value.blue()
