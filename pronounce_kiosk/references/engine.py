"""What every reference engine offers, and the content address of what it says."""

from __future__ import annotations

import hashlib
from typing import Protocol

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.sentence import Sentence

FORMAT_VERSION = 1
"""Raise it when what a cached reference holds, or how its times are found, changes."""


class ReferenceEngine(Protocol):
    """Says sentences. ``name`` is what scores report: ``espeak``, ``gtts`` or ``recording``."""

    name: str

    def voice(self, language: str) -> str:
        """The voice it says a language with."""

    def version(self) -> str:
        """What its sound depends on besides the sentence and the voice."""

    def key(self, sentence: Sentence) -> str:
        """The content address of what `render` would give."""

    def render(self, sentence: Sentence) -> Reference:
        """Say the sentence. Raises `ReferenceFailedError`."""


def reference_key(
    sentence: Sentence, engine: str, voice: str, version: str, content: bytes = b""
) -> str:
    """Hex SHA-256 over everything a reference depends on; a file name in the cache.

    content: what else it depends on, such as the bytes of a recording.
    """
    digest = hashlib.sha256()
    parts = (
        str(FORMAT_VERSION),
        sentence.text,
        sentence.pronunciation,
        sentence.language,
        engine,
        voice,
        version,
    )
    for part in (*(part.encode("utf-8", "surrogatepass") for part in parts), content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
