"""`Drag`: a finger that moves what it touches, told from one that taps it."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QScrollBar

TAP_PX = 12
"""A tap wanders less than this."""


class Drag:
    """Moves a scroll bar along its own direction; hand it the mouse's press, moves and release."""

    def __init__(self, bar: QScrollBar) -> None:
        self._bar = bar
        self._from = QPoint()
        self._value = 0
        self._moved = False

    def press(self, where: QPoint) -> None:
        """Begin a press."""
        self._from, self._value, self._moved = where, self._bar.value(), False

    def move(self, where: QPoint) -> None:
        """It moves, and with it what is under it."""
        by = self._along(where) - self._along(self._from)
        self._moved = self._moved or abs(by) > TAP_PX
        if self._moved:
            self._bar.setValue(self._value - by)

    def is_tap(self) -> bool:
        """Asked at the release: whether it did not move."""
        return not self._moved

    def _along(self, where: QPoint) -> int:
        return where.x() if self._bar.orientation() == Qt.Horizontal else where.y()
