"""Texts in the interface's language."""

from PyQt5.QtCore import QCoreApplication, QEvent
from PyQt5.QtWidgets import QWidget

SEPARATOR = " | "


def interface_language() -> str:
    """Return the language that texts are translated to; English is the source."""
    return "en" if QCoreApplication.translate("Languages", "Korean") == "Korean" else "ko"


def localised(text: str) -> str:
    """Return the half of ``한국어 | English`` to show; a text without halves whole."""
    halves = text.split(SEPARATOR)
    if len(halves) != 2:
        return text
    return halves[0 if interface_language() == "ko" else 1].strip()


class TranslatedWidget(QWidget):
    """Calls `_retranslate` after every change of the interface's language."""

    def _retranslate(self) -> None:
        """Set all texts in the interface's language."""

    def changeEvent(self, event: QEvent) -> None:
        """Set the texts again in another language."""
        if event.type() == QEvent.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
