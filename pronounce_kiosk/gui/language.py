"""The interface's language: Qt translations, switched at run time, and texts in two languages."""

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, QEvent, QObject, QTranslator
from PyQt5.QtWidgets import QWidget

LANGUAGES = ("ko", "en")
SEPARATOR = " | "
FOLDER = Path(__file__).with_name("translations")


class Language(QObject):
    """Installs a translator; every widget then gets a LanguageChange event."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._translator = QTranslator(self)
        self._data = b""
        self.current = ""
        self.usual = language
        """The default language of the next learners."""
        self.set(language)

    @property
    def other(self) -> str:
        """Return the language that the language button offers."""
        return LANGUAGES[1 - LANGUAGES.index(self.current)]

    def set(self, language: str) -> None:
        """Switch to ``ko`` or ``en``.

        Raises:
            ValueError: Another language.
        """
        if language not in LANGUAGES:
            raise ValueError(f"no interface in {language!r}")
        if language == self.current:
            return
        QCoreApplication.removeTranslator(self._translator)
        self.current = language
        # English is the source language and needs no translator.
        if language != "en":
            # Qt would map the file into memory, and crash when an update rewrites it.
            self._data = (FOLDER / f"pronounce_kiosk_{language}.qm").read_bytes()
            if not self._translator.loadFromData(self._data):
                raise ValueError(f"the translation for {language} is damaged: run lrelease")
            QCoreApplication.installTranslator(self._translator)

    def set_usual(self, language: str) -> None:
        """Switch to a language and make it the default for the next learners."""
        self.set(language)
        self.usual = language


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
