"""`TouchList`: rows that can be tapped, or chosen with Enter and Space."""

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QAbstractItemView, QListView, QWidget


class TouchList(QListView):
    """Rows of one height, drawn by a delegate and scrolled by the pixel; `clicked` is the tap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tap the current row with Enter or Space."""
        index = self.currentIndex()
        if event.key() in (Qt.Key_Return, Qt.Key_Enter, Qt.Key_Space) and index.isValid():
            self.clicked.emit(index)
            return
        super().keyPressEvent(event)
