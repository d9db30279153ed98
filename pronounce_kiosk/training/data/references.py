"""Build the reference library of training and evaluation, with default settings."""

from __future__ import annotations

from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import ReferenceLibrary, default_library


def training_library() -> ReferenceLibrary:
    """Build the library of references of a process.

    It uses the kiosk's cache, so a corpus' references are rendered once. Request ``espeak`` from
    it: the cache may hold gTTS clips, and figures must not depend on them.
    """
    return default_library(Paths.default(), Settings())
