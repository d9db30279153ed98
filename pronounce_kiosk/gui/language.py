"""The interface's language: Qt's own translations, switched while running."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QCoreApplication, QObject, QTranslator, pyqtSignal

LANGUAGES = ("ko", "en")
FOLDER = Path(__file__).with_name("translations")


class Language(QObject):
    """Installs a translator; every widget then gets a LanguageChange event and speaks anew."""

    changed = pyqtSignal(str)

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translator = QTranslator(self)
        self._data = b""
        self.current = ""
        self.usual = language
        """What whoever comes next is spoken to in."""
        self.set(language)

    @property
    def other(self) -> str:
        """The language the button offers."""
        return LANGUAGES[1 - LANGUAGES.index(self.current)]

    def set(self, language: str) -> None:
        """Speak ``ko`` or ``en``. Raises ValueError for another."""
        if language not in LANGUAGES:
            raise ValueError(f"no interface in {language!r}")
        if language == self.current:
            return
        QCoreApplication.removeTranslator(self._translator)
        self.current = language
        # English is the source: without a translator the texts are themselves.
        if language != "en":
            # Qt would map the file, and die where an update writes it anew meanwhile.
            self._data = (FOLDER / f"pronounce_kiosk_{language}.qm").read_bytes()
            if not self._translator.loadFromData(self._data):
                raise ValueError(f"the translation for {language} is damaged: run lrelease")
            QCoreApplication.installTranslator(self._translator)
        self.changed.emit(language)

    def set_usual(self, language: str) -> None:
        """Speak this one now, and to whoever comes next. Raises ValueError."""
        self.set(language)
        self.usual = language

    def forget(self) -> None:
        """Speak the usual one again: what a guest chose is the guest's."""
        self.set(self.usual)

    def switch(self) -> None:
        """Speak the other language."""
        self.set(self.other)
