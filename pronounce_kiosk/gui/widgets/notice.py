"""`Notice`: a sentence in a coloured box, as large as the box allows."""

from __future__ import annotations

from PyQt5.QtWidgets import QFrame, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel


class Notice(QFrame):
    """tone: a property used by style.qss: "" for a warning, ``quiet`` for information."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._label = FittedLabel(20, 15, parent=self)
        hbox(self._label, margins_px=(8, 0, 8, 0), parent=self)

    def text(self) -> str:
        """Return the text."""
        return self._label.text()

    def show_notice(self, text: str, tone: str = "") -> None:
        """Set text and tone."""
        self._label.set_text(text)
        self._label.set_colour("accent-dark" if tone == "quiet" else "ink")
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.repolish(self)
