"""`Notice`: a sentence in a coloured box, as large as the box allows."""

from __future__ import annotations

from PyQt5.QtWidgets import QFrame, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel


class Notice(QFrame):
    """tone: a property that style.qss knows: "" warns, ``quiet`` tells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._label = FittedLabel(20, 15, parent=self)
        hbox(self._label, margins_px=(8, 0, 8, 0), parent=self)

    def text(self) -> str:
        """Return what is shown."""
        return self._label.text()

    def show_notice(self, text: str, tone: str = "") -> None:
        """Show another sentence."""
        self._label.set_text(text)
        self._label.set_colour("accent-dark" if tone == "quiet" else "ink")
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.repolish(self)
