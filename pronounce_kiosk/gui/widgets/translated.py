"""`TranslatedWidget`: a widget whose texts follow the interface's language."""

from PyQt5.QtCore import QEvent
from PyQt5.QtWidgets import QWidget


class TranslatedWidget(QWidget):
    """Calls `_retranslate` after every change of the interface's language."""

    def _retranslate(self) -> None:
        """Set all texts in the interface's language."""

    def changeEvent(self, event: QEvent) -> None:
        """Set the texts again in another language."""
        if event.type() == QEvent.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
