"""`Card`: a large button that consists of pictures and labels."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLayout, QPushButton, QSizePolicy, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.widgets.fitted_label import LOWER_LEFT, UPPER_LEFT, FittedLabel
from pronounce_kiosk.gui.widgets.labels import picture_label

CARD_PX = 124
_PICTURE_PX = 76


class Card(QPushButton):
    """A card as wide as its column. look: its object name, used by style.qss."""

    def __init__(
        self, parent: QWidget | None = None, height_px: int = CARD_PX, look: str = "card"
    ) -> None:
        super().__init__(parent)
        self.setObjectName(look)
        self.setFixedHeight(height_px)
        # A button's usual policy would make the hint its minimum.
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)
        self.setFocusPolicy(Qt.TabFocus)

    def fill(self, parts: QLayout) -> None:
        """Set the card's parts; the card handles all taps on them."""
        self.setLayout(parts)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WA_TransparentForMouseEvents)


class HomeCard(Card):
    """A card of the home screen that is no list: a picture, a name and a line below it."""

    def __init__(self, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, look="own-card")
        face = picture_label(self, theme.picture(picture, _PICTURE_PX), _PICTURE_PX)
        self._name = FittedLabel(24, 17, "accent-dark", alignment=LOWER_LEFT)
        self._line = FittedLabel(20, 16, "accent-dark", False, UPPER_LEFT)
        texts = vbox((self._name, 3), (self._line, 2), spacing_px=2)
        self.fill(hbox(face, (texts, 1), margins_px=(12, 10, 10, 10), spacing_px=10))

    def set_text(self, name: str, line: str) -> None:
        """Set the texts."""
        self._name.set_text(name)
        self._line.set_text(line)
        self.setAccessibleName(f"{name}, {line}")
