"""`VolumeButton`: a loudspeaker with bars; every tap is a step louder."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, QRectF
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.widgets.drawing import draw_box
from pronounce_kiosk.gui.widgets.text_button import TextButton

_WIDTH_PX = 88
_ICON_PX = 34
_BAR_PX, _GAP_PX = 5, 3


class VolumeButton(TextButton):
    """Shows the step among all steps."""

    def __init__(self, steps: int, parent: QWidget | None = None) -> None:
        super().__init__("listen", "quiet", _ICON_PX, 56, parent)
        self.setFixedSize(_WIDTH_PX, 56)
        # Icon at the left, bars to the right of it.
        self.setStyleSheet("text-align: left; padding: 0 6px;")
        self._steps, self._step = steps, 0

    def set_step(self, step: int) -> None:
        """Set the step, 0 for the quietest."""
        self._step = step
        self.retranslate()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars that grow to the right, pale ones for louder steps."""
        super().paintEvent(event)
        painter = theme.painter(self)
        for number in range(self._steps):
            height = 8 + 24 * (number + 1) / self._steps
            left = _ICON_PX + 10 + number * (_BAR_PX + _GAP_PX)
            bar = QRectF(left, self.height() / 2 + 16 - height, _BAR_PX, height)
            draw_box(painter, bar, 2, "accent" if number <= self._step else "line")

    def retranslate(self) -> None:
        """Set the accessible name in the interface's language."""
        name = QCoreApplication.translate("TopBar", "Volume {step} of {steps}")
        self.setAccessibleName(name.format(step=self._step + 1, steps=self._steps))
