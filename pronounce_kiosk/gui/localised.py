"""Names with two halves, one for each interface language: ``한국어 | English``."""

from PyQt5.QtCore import QCoreApplication

SEPARATOR = " | "


def interface_language() -> str:
    """Return the language that texts are translated to; English is the source."""
    return "en" if QCoreApplication.translate("Languages", "Korean") == "Korean" else "ko"


def localised(text: str) -> str:
    """Return the half in the interface's language; the whole text where it has no halves."""
    halves = text.split(SEPARATOR)
    if len(halves) != 2:
        return text
    return halves[0 if interface_language() == "ko" else 1].strip()
