"""Labels in one call."""

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QPixmap
from PyQt5.QtWidgets import QLabel, QWidget


def text_label(
    parent: QWidget, name: str, text: str = "", centred: bool = False, wraps: bool = False
) -> QLabel:
    """Create a label; name is its object name, by which style.qss gives it a look."""
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setWordWrap(wraps)
    if centred:
        label.setAlignment(Qt.AlignCenter)
    return label


def picture_label(parent: QWidget, picture: QPixmap | None, size_px: int) -> QLabel:
    """Create a square label with a picture; None leaves it empty."""
    label = QLabel(parent)
    label.setFixedSize(size_px, size_px)
    if picture is not None:
        label.setPixmap(picture)
    return label
