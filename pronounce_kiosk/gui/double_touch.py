"""`DoubleTouchFilter`: a touch that a panel reports twice counts once."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QObject, QPoint
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication, QWidget

from pronounce_kiosk.gui import theme

LIMIT_MS = 300
"""From the release to the next press at the same place: less is the same touch."""
TYPING_LIMIT_MS = 70
"""The same on a key that types: a quick finger needs about 80 ms to type a letter twice."""
NEAR_PX = theme.TOUCH_PX
"""How far apart two presses at the same place are at most: a finger's width."""
_TYPING = "typing"


def let_type(key: QWidget) -> None:
    """Let a key be pressed twice in quick succession, as in "aa" or a PIN's "11"."""
    key.setProperty(_TYPING, True)


class DoubleTouchFilter(QObject):
    """Drops repeated touches; install it on a native window (`QWidget.windowHandle`).

    It looks at what windows get, before widgets and gestures do: a press that was dropped must not
    come back from a gesture that had held it. Time is the event's own, so that a window that was
    busy for a moment does not take two touches for one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._released_ms: int | None = None
        self._released_at = QPoint()
        self._dropping = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drop a press that repeats the one before, and what belongs to it up to its release."""
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.MouseButtonPress:
            self._dropping = self._repeats(event)
            return self._dropping
        dropped = self._dropping
        if event.type() == QEvent.MouseButtonRelease:
            # Counted from a dropped one as well: a third follows it as soon.
            self._released_ms, self._released_at = event.timestamp(), event.globalPos()
            self._dropping = False
        return dropped

    def _repeats(self, press: QMouseEvent) -> bool:
        if self._released_ms is None:
            return False
        off = press.globalPos() - self._released_at
        if off.manhattanLength() > NEAR_PX:
            return False
        under = QApplication.widgetAt(press.globalPos())
        typing = under is not None and bool(under.property(_TYPING))
        limit_ms = TYPING_LIMIT_MS if typing else LIMIT_MS
        return 0 <= press.timestamp() - self._released_ms < limit_ms
