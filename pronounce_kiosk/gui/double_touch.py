"""`DoubleTouchFilter`: drop touches that a panel reports twice."""

from PyQt5.QtCore import QEvent, QObject, QPoint
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication, QWidget

from pronounce_kiosk.gui import theme

LIMIT_MS = 300
"""A press within this time of a release at the same place repeats the touch."""
TYPING_LIMIT_MS = 70
"""`LIMIT_MS` of typing keys: typing a letter twice takes about 80 ms."""
NEAR_PX = theme.TOUCH_PX
"""Maximum distance of two presses at the same place: a finger's width."""
_TYPING = "typing"


def let_type(key: QWidget) -> None:
    """Accept quick repetitions on a key, as in "aa" or a PIN's "11"."""
    key.setProperty(_TYPING, True)


class DoubleTouchFilter(QObject):
    """Drops repeated touches; install it on a native window (`QWidget.windowHandle`).

    It filters a window's events before widgets and gestures see them: otherwise a gesture that held
    back a dropped press would release it later. It compares the events' own times, so that a busy
    window does not merge two touches into one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._released_ms: int | None = None
        self._released_at = QPoint()
        self._dropping = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drop a press that repeats the one before, with all events up to its release."""
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.MouseButtonPress:
            self._dropping = self._repeats(event)
            return self._dropping
        dropped = self._dropping
        if event.type() == QEvent.MouseButtonRelease:
            # A dropped press counts too: a third press may follow it as quickly.
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
