"""`ReferenceLibrary`: the best reference there is for a sentence, without waiting for a network."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError, UsageError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.cache import ReferenceCache
from pronounce_kiosk.references.engine import ReferenceEngine
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.references.recording import RecordingEngine

if TYPE_CHECKING:
    from pronounce_kiosk.core.paths import Paths
    from pronounce_kiosk.core.settings import Settings

_log = logging.getLogger(__name__)


class ReferenceLibrary:
    """References of sentences, through the cache.

    espeak: the default engine; it must work offline. gtts: fetched ahead of time; None does
    without. recording: a teacher's files.
    """

    def __init__(
        self,
        cache: ReferenceCache,
        espeak: EspeakEngine,
        gtts: GttsEngine | None = None,
        recording: ReferenceEngine | None = None,
    ) -> None:
        self.cache = cache
        self.espeak = espeak
        self.gtts = gtts
        self.recording = recording

    def reference(self, sentence: Sentence, engine: str | None = None) -> Reference:
        """The sentence said right. Never touches the network.

        engine: None takes the recording where the sentence has one, else gTTS where it has been
        fetched, else espeak-ng. ``gtts`` falls back to espeak-ng, ``espeak`` and ``recording`` are
        kept to; `Reference.info` says who spoke. Raises `ReferenceFailedError` where nobody can,
        `UsageError` for an engine there is not.
        """
        if engine not in (None, "auto", "espeak", "gtts", "recording"):
            raise UsageError(f"There is no engine {engine!r}: use espeak, gtts or recording.")
        if engine == "espeak":
            return self._through_cache(self.espeak, sentence)
        if engine == "recording":
            return self._recorded(sentence)
        if engine != "gtts" and sentence.audio is not None and self.recording is not None:
            try:
                return self._recorded(sentence)
            except ReferenceFailedError as error:
                _log.warning("%s", error)
        return self.fetched(sentence) or self._through_cache(self.espeak, sentence)

    def other_voices(
        self, sentence: Sentence, main: Reference, variants: Sequence[str]
    ) -> tuple[Reference, ...]:
        """espeak-ng's renderings beside the main reference: one a voice variant (``+f2``).

        Its plain voice comes first where somebody else said the main one, because only espeak-ng
        tells its phones. Raises `ReferenceFailedError` where espeak-ng cannot say it.
        """
        own = [] if main.info.engine == self.espeak.name else [self.espeak]
        engines = own + [self.espeak.with_variant(variant) for variant in variants]
        return tuple(self._through_cache(engine, sentence) for engine in engines)

    def fetched(self, sentence: Sentence) -> Reference | None:
        """What gTTS said when it was fetched; None where it was not."""
        return self.cache.get(self.gtts.key(sentence)) if self.gtts else None

    def has(self, sentence: Sentence, engine: str) -> bool:
        """Whether the cache holds what an engine says. Raises `ReferenceFailedError`."""
        speaker = self.gtts if engine == "gtts" else self.espeak
        return speaker is not None and self.cache.get(speaker.key(sentence)) is not None

    def fetch(self, sentence: Sentence) -> Reference:
        """What gTTS says, over the network where the cache has it not. Not for a learner's way.

        Raises `ReferenceFailedError`; a refusal is remembered (`GttsEngine.wait_s`).
        """
        if self.gtts is None:
            raise ReferenceFailedError("gTTS is switched off: choose it in the settings.")
        return self._through_cache(self.gtts, sentence)

    def _through_cache(self, engine: ReferenceEngine, sentence: Sentence) -> Reference:
        return self.cache.get(engine.key(sentence)) or self.cache.put(engine.render(sentence))

    def _recorded(self, sentence: Sentence) -> Reference:
        """Not cached: the file itself is at hand, and a copy would outlive the USB stick."""
        if self.recording is None:
            raise ReferenceFailedError("Recordings are switched off: use espeak-ng.")
        return self.recording.render(sentence)


def default_library(paths: Paths, settings: Settings) -> ReferenceLibrary:
    """The library of the kiosk and of the commands."""
    folder = paths.cache_dir / "references"
    voices = {"ko": settings.espeak_voice_ko, "en": settings.espeak_voice_en}
    return ReferenceLibrary(
        ReferenceCache(folder),
        EspeakEngine(voices),
        GttsEngine(state_file=folder / "gtts-wait.json"),
        RecordingEngine(),
    )
