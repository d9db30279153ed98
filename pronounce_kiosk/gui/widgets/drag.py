"""`Drag`: tell a finger's drag from a tap."""

from __future__ import annotations

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QScrollBar

TAP_PX = 12
"""A press that moves farther is a drag."""


class Drag:
    """Moves a scroll bar along its direction; call it with the mouse's press, moves and release."""

    def __init__(self, bar: QScrollBar) -> None:
        self._bar = bar
        self._from = QPoint()
        self._value = 0
        self._moved = False

    def press(self, where: QPoint) -> None:
        """Begin a press."""
        self._from, self._value, self._moved = where, self._bar.value(), False

    def move(self, where: QPoint) -> None:
        """Continue the press; scroll once it has left the tap's radius."""
        by = self._along(where) - self._along(self._from)
        self._moved = self._moved or abs(by) > TAP_PX
        if self._moved:
            self._bar.setValue(self._value - by)

    def is_tap(self) -> bool:
        """Return whether the press did not move; call it at the release."""
        return not self._moved

    def _along(self, where: QPoint) -> int:
        return where.x() if self._bar.orientation() == Qt.Horizontal else where.y()
