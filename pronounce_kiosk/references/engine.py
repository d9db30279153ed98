"""The interface of reference engines, and the content address of a reference."""

from __future__ import annotations

import hashlib
from typing import Protocol

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.sentence import Sentence

FORMAT_VERSION = 1
"""Version of a cached reference's content and of the method for its times; increase it when either
changes."""


class ReferenceEngine(Protocol):
    """Synthesises sentences. ``name`` in scores: ``espeak``, ``gtts`` or ``recording``."""

    name: str

    def voice(self, language: str) -> str:
        """Return the voice used for a language."""

    def version(self) -> str:
        """Return the version of all else that the sound depends on besides sentence and voice."""

    def key(self, sentence: Sentence) -> str:
        """Return the content address of the reference that `render` would give."""

    def render(self, sentence: Sentence) -> Reference:
        """Synthesise the sentence.

        Raises:
            ReferenceFailedError: The engine cannot.
        """


def reference_key(
    sentence: Sentence, engine: str, voice: str, version: str, content: bytes = b""
) -> str:
    """Compute a hex SHA-256 over everything a reference depends on; a file name in the cache.

    Args:
        content: Further data it depends on, such as the bytes of a recording.
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
