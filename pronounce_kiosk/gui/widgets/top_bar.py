"""`TopBar`: back or learner, title or notice, the teacher's button, language."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QIcon
from PyQt5.QtWidgets import QStackedWidget, QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.choices import GAINS_DB
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.localised import interface_language
from pronounce_kiosk.gui.widgets.fitted_label import FittedLabel
from pronounce_kiosk.gui.widgets.notice import Notice
from pronounce_kiosk.gui.widgets.text_button import TextButton
from pronounce_kiosk.gui.widgets.translated import TranslatedWidget
from pronounce_kiosk.gui.widgets.volume_button import VolumeButton
from pronounce_kiosk.session.voices import VARIANTS

HEIGHT_PX = 68
_LEARNER_PX = 190
PASSING_MS = 8_000
"""Long enough to be read while speaking."""


class TopBar(TranslatedWidget):
    """Has fixed places for its buttons on every screen."""

    back = pyqtSignal()
    language_wanted = pyqtSignal()
    teacher_wanted = pyqtSignal()
    learner_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = ""
        self._passing = ""
        self._passing_timer = QTimer(self)
        self._passing_timer.setSingleShot(True)
        self._passing_timer.timeout.connect(lambda: self.pass_notice(""))
        self.back_button = TextButton("back", "quiet", 36, 56, self)
        self.back_button.setFixedSize(72, 56)
        self.back_button.clicked.connect(self.back)
        self.language_button = TextButton("language", "", 30, 56, self)
        self.language_button.setFixedWidth(160)
        self.language_button.clicked.connect(self.language_wanted)
        self.volume_button = VolumeButton(len(GAINS_DB), self)
        self.voice_button = TextButton("person", "quiet", 34, 56, self)
        self.voice_button.setFixedSize(88, 56)
        self.voice_button.setStyleSheet("padding: 0 6px;")
        self._voice = 0
        self.teacher_button = TextButton("settings", "quiet", 34, 56, self)
        self.teacher_button.setFixedSize(72, 56)
        self.teacher_button.clicked.connect(self.teacher_wanted)
        self.teacher_button.hide()
        self.learner_button = TextButton("person", "learner", 48, 56, self)
        self.learner_button.setFixedWidth(_LEARNER_PX)
        self.learner_button.clicked.connect(self.learner_wanted)
        self.learner_button.hide()
        self._learner = ("guest", "")
        self.title = FittedLabel(26, 16, alignment=Qt.AlignLeft, parent=self)
        self.notice = Notice(self)
        self._middle = QStackedWidget(self)
        self._middle.addWidget(self.title)
        self._middle.addWidget(self.notice)
        self.setFixedHeight(HEIGHT_PX)
        layout = hbox(
            self.back_button,
            self.learner_button,
            margins_px=(16, 6, 16, 6),
            spacing_px=8,
            parent=self,
        )
        layout.addSpacing(6)
        layout.addWidget(self._middle, 1)
        layout.addWidget(self.voice_button)
        layout.addWidget(self.volume_button)
        layout.addWidget(self.teacher_button)
        layout.addWidget(self.language_button)
        self._retranslate()

    def set_title(self, title: str, has_back: bool) -> None:
        """Set the title."""
        self.title.set_text(title)
        self.back_button.setVisible(has_back)

    def show_learner(self, animal: str, name: str) -> None:
        """Set the learner's picture and name; "" for a guest."""
        self._learner = (animal, name)
        self.learner_button.setIcon(QIcon(theme.animal(animal, 96)))
        self._retranslate()

    def set_voice(self, number: int) -> None:
        """Set the number of the examples' voice, from 0."""
        self._voice = number
        self._retranslate()

    def set_notice(self, key: str) -> None:
        """Show a problem in the title's place; "" removes it."""
        self._notice = key
        self._show_notice()

    def pass_notice(self, key: str, for_ms: int = PASSING_MS) -> None:
        """Show information for a moment, unless a problem is shown; "" ends it."""
        self._passing = key
        if key:
            self._passing_timer.start(for_ms)
        else:
            self._passing_timer.stop()
        self._show_notice()

    def _show_notice(self) -> None:
        key = self._notice or self._passing
        self.notice.show_notice(messages.notice_text(key), "" if self._notice else "quiet")
        self._middle.setCurrentWidget(self.notice if key else self.title)

    def _retranslate(self) -> None:
        self.back_button.set_text("", QCoreApplication.translate("TopBar", "Back"))
        other = "en" if interface_language() == "ko" else "ko"
        self.language_button.set_text(messages.LANGUAGE_NAMES[other])
        self.teacher_button.set_text("", QCoreApplication.translate("TopBar", "For teachers"))
        voice = QCoreApplication.translate("TopBar", "Voice {number} of {count}")
        voice = voice.replace("{number}", str(self._voice + 1))
        self.voice_button.set_text(
            str(self._voice + 1), voice.replace("{count}", str(len(VARIANTS)))
        )
        self._show_notice()
        name = self._learner[1] or QCoreApplication.translate("TopBar", "Guest")
        metrics = self.learner_button.fontMetrics()
        room = _LEARNER_PX - self.learner_button.iconSize().width() - 40
        spoken = QCoreApplication.translate("TopBar", "{name} is practising. Choose somebody else.")
        self.learner_button.set_text(
            metrics.elidedText(name, Qt.ElideRight, room), spoken.replace("{name}", name)
        )
