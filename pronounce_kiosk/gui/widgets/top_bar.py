"""`TopBar`: back, title (or what is wrong with the sound), language."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, QEvent, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.widgets.text_button import TextButton

HEIGHT_PX = 68


class TopBar(QWidget):
    """The same on every screen, so that a finger finds it."""

    back = pyqtSignal()
    language_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._other_language = "en"
        self._notice = ""
        self.back_button = TextButton("back", "quiet", 36, 56, self)
        self.back_button.setFixedSize(72, 56)
        self.back_button.clicked.connect(self.back)
        self.language_button = TextButton("language", "", 30, 56, self)
        self.language_button.setFixedWidth(160)
        self.language_button.clicked.connect(self.language_wanted)
        self.title = QLabel(self)
        self.title.setObjectName("screen-title")
        self.title.setIndent(4)
        self.notice = QLabel(self)
        self.notice.setObjectName("notice")
        self.notice.setWordWrap(True)
        self.notice.setAlignment(Qt.AlignCenter)
        self._middle = QStackedWidget(self)
        self._middle.addWidget(self.title)
        self._middle.addWidget(self.notice)
        self.setFixedHeight(HEIGHT_PX)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 16, 6)
        layout.setSpacing(8)
        layout.addWidget(self.back_button)
        layout.addWidget(self._middle, 1)
        layout.addWidget(self.language_button)
        self.retranslate()

    def set_title(self, title: str, has_back: bool) -> None:
        """Name the screen."""
        width = self.title.width() if self.title.width() > 100 else 520
        self.title.setText(self.title.fontMetrics().elidedText(title, Qt.ElideRight, width))
        self.title.setAccessibleName(title)
        self.back_button.setVisible(has_back)

    def set_notice(self, key: str) -> None:
        """Show what is wrong in the title's place; "" when it is cured."""
        self._notice = key
        self.notice.setText(messages.notice_text(key))
        self._middle.setCurrentWidget(self.notice if key else self.title)

    def set_other_language(self, language: str) -> None:
        """Which language the button offers."""
        self._other_language = language
        self.retranslate()

    def retranslate(self) -> None:
        """Words again."""
        self.back_button.set_text("", QCoreApplication.translate("TopBar", "Back"))
        self.language_button.set_text(messages.LANGUAGE_NAMES[self._other_language])
        self.notice.setText(messages.notice_text(self._notice))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
