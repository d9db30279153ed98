"""Colours, sizes and icons. style.qss refers to these colours by name."""

import re
from functools import lru_cache
from pathlib import Path

from PyQt5.QtCore import QByteArray, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QIcon, QPaintDevice, QPainter, QPixmap
from PyQt5.QtSvg import QSvgRenderer
from PyQt5.QtWidgets import QApplication, QWidget

from pronounce_kiosk.core.paths import Paths

COLOURS = {
    "paper": "#f7f4ee",
    "surface": "#ffffff",
    "line": "#d9d2c5",
    "ink": "#1d2733",
    "muted": "#55606e",
    "accent": "#0b6b62",
    "accent-dark": "#084f49",
    "accent-tint": "#dcefec",
    "accent-light": "#8cc7bf",
    "good": "#14663f",
    "good-tint": "#d8efdf",
    "fair": "#855200",
    "fair-tint": "#fdebc4",
    "poor": "#b3261e",
    "poor-dark": "#8c1d17",
    "poor-tint": "#fbdedb",
    "left_out": "#55606e",
    "left_out-tint": "#ffffff",
    "star": "#f2a541",
    "voice": "#8c3a00",
}

FONT_FAMILIES = ("NanumBarunGothic", "NanumGothic", "sans-serif")
"""These have a glyph for each of the 11,172 syllables; NanumSquare lacks most of the syllables that
only occur in pronunciations, such as 멷."""
TOUCH_PX = 52
"""Minimum size of a touch target: 10 mm on the 7" screen."""
MAIN_TOUCH_PX = 104

_STYLE_FILE = Path(__file__).with_name("style.qss")


def colour(name: str) -> str:
    """Return a colour by name, as ``#rrggbb``."""
    return COLOURS[name]


def style_sheet() -> str:
    """Return style.qss with its ``@name`` colours filled in."""
    text = _STYLE_FILE.read_text(encoding="utf-8")
    return re.sub(r"@([a-z][a-z-]*)", lambda match: COLOURS[match.group(1)], text)


def font(size_px: int, bold: bool = False) -> QFont:
    """Return the interface's font at a size in pixels."""
    result = QFont(FONT_FAMILIES[0])
    result.setFamilies(list(FONT_FAMILIES))
    result.setPixelSize(size_px)
    result.setBold(bold)
    return result


def apply(application: QApplication) -> None:
    """Give the application its font and style sheet."""
    application.setFont(font(22))
    application.setStyleSheet(style_sheet())


@lru_cache(maxsize=256)
def pixmap(name: str, colour_name: str, size_px: int) -> QPixmap:
    """Return an icon of assets/icons in one colour; shared, so do not paint on it."""
    svg = (Paths.default().assets_dir / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return _render(svg.replace("#000000", COLOURS[colour_name]), size_px)


@lru_cache(maxsize=256)
def picture(name: str, size_px: int, folder: str = "pictures", other: str = "") -> QPixmap:
    """Return a picture of a folder of assets, in its own colours; the other where it is missing."""
    pictures = Paths.default().assets_dir / folder
    file = pictures / f"{name}.svg"
    if other and not file.is_file():
        file = pictures / f"{other}.svg"
    return _render(file.read_text(encoding="utf-8"), size_px)


def animal(name: str, size_px: int) -> QPixmap:
    """Return the picture of an animal; the guest's for an unknown name."""
    return picture(name, size_px, "animals", "guest")


def icon(name: str, colour_name: str) -> QIcon:
    """Return an icon of assets/icons for buttons."""
    result = QIcon(pixmap(name, colour_name, 96))
    result.addPixmap(pixmap(name, "line", 96), QIcon.Disabled)
    return result


def painter(device: QPaintDevice) -> QPainter:
    """Create a painter with smooth edges."""
    result = QPainter(device)
    result.setRenderHint(QPainter.Antialiasing)
    return result


def set_text_style(painter: QPainter, colour_name: str, size_px: int, bold: bool = False) -> None:
    """Set the font and the colour of the texts that follow."""
    painter.setFont(font(size_px, bold))
    painter.setPen(QColor(colour(colour_name)))


def repolish(widget: QWidget) -> None:
    """Apply the style sheet again after a property that it selects on has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _render(svg: str, size_px: int) -> QPixmap:
    result = QPixmap(QSize(size_px, size_px))
    result.fill(Qt.transparent)
    svg_painter = painter(result)
    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    renderer.render(svg_painter, QRectF(0, 0, size_px, size_px))
    svg_painter.end()
    return result
