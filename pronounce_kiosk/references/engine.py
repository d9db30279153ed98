"""The content address of a reference."""

from __future__ import annotations

import hashlib

from pronounce_kiosk.core.sentence import Sentence

FORMAT_VERSION = 1
"""Version of a cached reference's content and of the method for its times; increase it when either
changes."""


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
