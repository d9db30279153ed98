"""Timers in one call."""

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer


def make_timer(
    parent: QObject, interval_ms: int, act: Callable[[], object], once: bool = False
) -> QTimer:
    """Create a timer that calls act at every interval, or once after a start."""
    timer = QTimer(parent)
    timer.setInterval(interval_ms)
    timer.setSingleShot(once)
    timer.timeout.connect(act)
    return timer
