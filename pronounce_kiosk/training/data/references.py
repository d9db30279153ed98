"""Give training and evaluation the kiosk's own references, every setting at its default."""

from __future__ import annotations

from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import ReferenceLibrary, default_library


def training_library() -> ReferenceLibrary:
    """Build the library of references; every process has its own.

    Its cache is the kiosk's, so a corpus' references are rendered once. Ask it for ``espeak``:
    what gTTS said may be in the cache, and figures must not depend on that.
    """
    return default_library(Paths.default(), Settings())
