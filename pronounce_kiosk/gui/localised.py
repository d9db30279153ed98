"""Names that a list gives in both languages of the interface: ``한국어 | English``."""

from __future__ import annotations

SEPARATOR = " | "


def localised(text: str, interface_language: str) -> str:
    """Return the half in the interface's language; all of a text without two halves."""
    halves = text.split(SEPARATOR)
    if len(halves) != 2:
        return text
    return halves[0 if interface_language == "ko" else 1].strip()
