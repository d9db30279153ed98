"""References for training: espeak-ng's, as a kiosk without a network gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from pronounce_kiosk.core.audio import AudioClip
from pronounce_kiosk.core.reference import Reference
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak_library import EspeakLibrary

Arrays = dict[str, NDArray[Any]]


class _NoCache:
    def derived(self, key: str, name: str, compute: Callable[[], Arrays]) -> Arrays:
        return compute()


class TrainingLibrary:
    def __init__(self) -> None:
        self._library = EspeakLibrary()
        self.cache = _NoCache()

    def reference(self, sentence: Sentence, engine: str | None = None) -> Reference:
        voice = {"en": "en-us"}.get(sentence.language, sentence.language)
        spoken = self._library.speak(sentence.text, voice)
        clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz)
        return Reference(clip, ReferenceInfo("espeak", voice), f"{voice}-{sentence.text}")


def training_library() -> TrainingLibrary:
    """The library every process of a training or evaluation builds for itself."""
    return TrainingLibrary()
