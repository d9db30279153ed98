"""`Celebration`: stars that rise and fade for two seconds, without a sound."""

import random

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QHideEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.widgets.drawing import draw_picture

_STEP_MS = 40
_STEPS = 55
_STARS = 22
_COLOURS = ("star", "accent-light", "accent")


class Celebration(QWidget):
    """Lies behind a screen's contents, so that texts and buttons stay readable."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WA_NoSystemBackground)
        self._step = 0
        chance = random.Random(7)
        # The place from left to right, speed, size and colour of each.
        self._stars = [
            (
                chance.random(),
                chance.uniform(0.4, 1.1),
                chance.uniform(18, 40),
                chance.choice(_COLOURS),
            )
            for _ in range(_STARS)
        ]
        self._timer = make_timer(self, _STEP_MS, self._on_step)
        self.hide()

    def begin(self) -> None:
        """Start the animation."""
        self._step = 0
        self.resize(self.parentWidget().size())
        self.lower()
        self.show()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation while hidden."""
        self._timer.stop()

    def _on_step(self) -> None:
        self._step += 1
        if self._step >= _STEPS:
            self.hide()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rising stars."""
        painter = QPainter(self)
        share = self._step / _STEPS
        painter.setOpacity(max(0.0, 1.0 - share) ** 0.5)
        for x, speed, size, colour in self._stars:
            y = self.height() * (1.05 - share * speed)
            box = QRectF(x * self.width() - size / 2, y - size / 2, size, size)
            draw_picture(painter, box, theme.pixmap("star", colour, 64))
