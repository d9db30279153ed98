"""`ReferenceLibrary`: the best available reference of a sentence, without a network."""

import logging
from collections.abc import Sequence

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.cache import ReferenceCache
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.gtts import GttsEngine
from pronounce_kiosk.references.recording import recorded

_log = logging.getLogger(__name__)


class ReferenceLibrary:
    """References of sentences, through the cache: espeak-ng's by default, which needs no network.

    A teacher's recordings are read anew: a copy would outlive the USB stick.
    """

    def __init__(self, cache: ReferenceCache, espeak: EspeakEngine, gtts: GttsEngine) -> None:
        self.cache = cache
        self.espeak = espeak
        self.gtts = gtts

    def reference(self, sentence: Sentence, engine: str | None = None) -> Reference:
        """Return the reference of a sentence. Never uses the network.

        Args:
            engine: None takes the recording where the sentence has one, else gTTS where it has been
                fetched, else espeak-ng. ``gtts`` falls back to espeak-ng; ``espeak``, ``espeak+f2``
                (a variant of its voice) and ``recording`` have no fallback. `Reference.info` names
                the engine used.

        Raises:
            ReferenceFailedError: No engine can.
            UsageError: The engine is unknown.
        """
        name, plus, variant = (engine or "auto").partition("+")
        if name not in ("auto", "espeak", "gtts", "recording"):
            raise UsageError(f"There is no engine {engine!r}: use espeak, gtts or recording.")
        if name == "espeak":
            speaker = self.espeak.with_variant(plus + variant) if variant else self.espeak
            return self._through_cache(speaker, sentence)
        if engine == "recording":
            return recorded(sentence)
        if engine != "gtts" and sentence.audio is not None:
            try:
                return recorded(sentence)
            except ReferenceFailedError as error:
                _log.warning("%s", error)
        fetched = self.cache.get(self.gtts.key(sentence))
        return fetched or self._through_cache(self.espeak, sentence)

    def other_voices(
        self, sentence: Sentence, main: Reference, variants: Sequence[str]
    ) -> tuple[Reference, ...]:
        """Render the sentence by espeak-ng, once for each voice variant (``+f2``).

        Its plain voice comes first where the main reference is not in it, because that alone has
        phones. For a variant of it, which no take is scored against, it comes alone. Raises
        ReferenceFailedError.
        """
        own = [] if main.phones else [self.espeak]
        if own and main.info.engine == self.espeak.name:
            variants = ()
        engines = own + [self.espeak.with_variant(variant) for variant in variants]
        return tuple(self._through_cache(engine, sentence) for engine in engines)

    def has(self, sentence: Sentence, engine: str) -> bool:
        """Tell whether the cache holds an engine's reference. Raises ReferenceFailedError."""
        speaker = self.gtts if engine == "gtts" else self.espeak
        return self.cache.get(speaker.key(sentence)) is not None

    def fetch(self, sentence: Sentence) -> Reference:
        """Return gTTS's reference, fetching it where the cache lacks it. As `GttsEngine.render`.

        Blocks on the network; do not call during practice.
        """
        return self._through_cache(self.gtts, sentence)

    def _through_cache(self, engine: EspeakEngine | GttsEngine, sentence: Sentence) -> Reference:
        return self.cache.get(engine.key(sentence)) or self.cache.put(engine.render(sentence))


def default_library(paths: Paths, settings: Settings) -> ReferenceLibrary:
    """Build the library of the kiosk and of the commands."""
    folder = paths.cache_dir / "references"
    voices = {"ko": settings.espeak_voice_ko, "en": settings.espeak_voice_en}
    gtts = GttsEngine(state_file=folder / "gtts-wait.json")
    return ReferenceLibrary(ReferenceCache(folder), EspeakEngine(voices), gtts)
