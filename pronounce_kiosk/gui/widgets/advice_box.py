"""`AdviceBox`: advice, how to form the sound, and a picture of the mouth."""

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QFrame, QLabel, QWidget

from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import interface_language
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.session.confusions import Form

HEIGHT_PX = 54
FORM_HEIGHT_PX = 92
_SIGN_PX = 34
_MOUTH_PX = 76


class AdviceBox(QFrame):
    """Shows a sentence, and for a known sound how to form it, with a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("advice-box")
        self.label = FittedLabel(25, 17, "accent-dark", alignment=Qt.AlignLeft)
        self.form_label = FittedLabel(21, 18, "ink", bold=False, alignment=Qt.AlignLeft)
        self.picture = QLabel(self)
        words = vbox((self.label, 1), (self.form_label, 1), spacing_px=0)
        hbox(self.picture, (words, 1), margins_px=(10, 1, 8, 1), spacing_px=8, parent=self)
        self.show_advice("", None)

    def show_advice(self, text: str, form: Form | None) -> None:
        """Show advice; form is None where no sound is concerned."""
        self.label.set_text(text)
        self.form_label.setVisible(form is not None)
        self.form_label.set_text("" if form is None else form.text(interface_language()))
        if form is None:
            self.picture.setPixmap(theme.pixmap("advice", "accent", _SIGN_PX))
        else:
            self.picture.setPixmap(theme.picture(form.picture, _MOUTH_PX, "mouths"))
        self.setFixedHeight(HEIGHT_PX if form is None else FORM_HEIGHT_PX)
