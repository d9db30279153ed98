"""`HomeCard`: a card of the home screen that is no list."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QPushButton, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label

_HEIGHT_PX = 124
_PICTURE_PX = 76


class HomeCard(QPushButton):
    """Shows a picture of assets/pictures, a name and a line below it."""

    def __init__(self, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("own-card")
        self.setFixedHeight(_HEIGHT_PX)
        self.setFocusPolicy(Qt.TabFocus)
        face = picture_label(self, theme.picture(picture, _PICTURE_PX), _PICTURE_PX)
        self._name = FittedLabel(24, 17, "accent-dark", alignment=LOWER_LEFT, parent=self)
        self._line = FittedLabel(20, 16, "accent-dark", False, UPPER_LEFT, self)
        texts = vbox((self._name, 3), (self._line, 2), spacing_px=2)
        hbox(face, (texts, 1), margins_px=(12, 10, 10, 10), spacing_px=10, parent=self)
        # The card handles all taps.
        for part in (face, self._name, self._line):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)

    def set_text(self, name: str, line: str) -> None:
        """Set the texts."""
        self._name.set_text(name)
        self._line.set_text(line)
        self.setAccessibleName(f"{name}, {line}")
