"""`in_voice`: examples said by another voice than the kiosk's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine

if TYPE_CHECKING:
    from pronounce_kiosk.references.cache import ReferenceCache
    from pronounce_kiosk.references.library import ReferenceLibrary

VARIANTS = ("", "+f2", "+m3")
"""Voices a learner can choose for examples: the kiosk's own, and a woman's and a man's that the
English score renders anyway."""


def in_voice(engine: PracticeEngine, variant: str) -> PracticeEngine:
    """Return an engine whose examples a variant of espeak-ng's voice says; "" for the given one.

    What it computes is kept in the engine's cache. Takes are scored against the given one's.
    """
    return PracticeEngine(OneVoice(engine.library, variant), engine.scorer) if variant else engine


class OneVoice:
    """Examples by a variant of espeak-ng's voice, from another library and its cache."""

    def __init__(self, library: ReferenceLibrary | OneVoice, variant: str) -> None:
        self.cache: ReferenceCache = library.cache
        self._library = library
        self._variant = variant

    def reference(self, sentence: Sentence, engine: str | None = None) -> Reference:
        """Return the sentence in this voice; engine is not looked at.

        Raises:
            ReferenceFailedError: espeak-ng cannot.
        """
        plain = self._library.reference(sentence, "espeak")
        return self._library.other_voices(sentence, plain, (self._variant,))[0]

    def other_voices(
        self, sentence: Sentence, main: Reference, variants: Sequence[str]
    ) -> tuple[Reference, ...]:
        """Return the plain voice alone, which has the phones of English."""
        return (self._library.reference(sentence, "espeak"),)
