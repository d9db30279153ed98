"""`PracticeEngine`: a sentence and a take in, a result out. Used by the kiosk's worker and the CLI.

Everything a reference gives is computed once: in memory for this run, beside the cached reference
on the disk for the next one. Not thread-safe: one thread owns it.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.audio.tempo import SLOW_TEMPO, slowed
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.library import ReferenceLibrary
from pronounce_kiosk.scoring.frontend import trimmed_reference
from pronounce_kiosk.scoring.protocol import PreparedReference, Scorer, TakeResult
from pronounce_kiosk.session.comparison import CloserLook, Example, look_closer, melody_of
from pronounce_kiosk.session.spoken import Speed, SpokenExample, spoken, word_by_word

MEMORY_SENTENCES = 64
"""Sentences kept in memory: a lesson's worth. One takes about 300 kB."""
FINISHED_MS = 500
"""Silence after the last sound of a finished sentence. Lower ends sooner, and cuts more last
syllables off that are drawn out or breathed."""
_IMAGE = "mel_image"
_TIMES = "unit_times_s"
_OWN = "scorer."
_LAYOUT = "6"
"""Of what the cache keeps for a scorer: read in another way, it needs another name."""

_SLOW = f"slow-{SLOW_TEMPO}-2"
"""What the cache calls a slow example; under the name before, failures were kept too."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
Arrays = dict[str, NDArray[Any]]


class PracticeEngine:
    """References from a library, scores from a bundle's scorer.

    engine: the reference engine to insist on; None lets the library choose.
    """

    def __init__(
        self, library: ReferenceLibrary, scorer: Scorer, engine: str | None = None
    ) -> None:
        self.library = library
        self.scorer = scorer
        self._engine = engine
        self._references: OrderedDict[Sentence, Reference] = OrderedDict()
        self._prepared: OrderedDict[Sentence, PreparedReference] = OrderedDict()
        self._examples: OrderedDict[Sentence, Example] = OrderedDict()

    def reference(self, sentence: Sentence) -> Reference:
        """The sentence said right. Raises `ReferenceFailedError`."""
        render = partial(self.library.reference, sentence, engine=self._engine)
        return _kept(self._references, sentence, render)

    def slow_reference(self, sentence: Sentence) -> AudioClip:
        """Say the sentence at 0.75 of its tempo, the pitch kept.

        At its own tempo where ffmpeg fails: better than none. That is not kept, so that the next
        try may do better. Raises `ReferenceFailedError` without a reference.
        """
        reference = self.reference(sentence)

        def compute() -> Arrays:
            slow = slowed(reference.clip)
            return {"samples": slow.samples, "rate": np.array([slow.sample_rate_hz])}

        try:
            arrays = self.library.cache.derived(reference.key, _SLOW, compute)
        except ReferenceFailedError as error:
            _log.warning("%s", error)
            return reference.clip
        return AudioClip.from_array(arrays["samples"], int(arrays["rate"][0]))

    def spoken(self, sentence: Sentence, speed: Speed = Speed.USUAL) -> SpokenExample:
        """Say the sentence at a speed, with its units' times. Raises `ReferenceFailedError`."""
        reference = self.reference(sentence)
        units = split_units(sentence.text, sentence.language, sentence.pronunciation)
        try:
            prepared = self.prepare(sentence)
        except ReferenceFailedError as error:
            # It can be listened to all the same.
            _log.info("no times of the example's units: %s", error)
            prepared = None
        example = spoken(reference, prepared, sentence.text, units)
        if speed is Speed.USUAL:
            return example
        slow = example.slowed_to(self.slow_reference(sentence))
        return word_by_word(slow) if speed is Speed.WORDS else slow

    def look_closer(self, result: TakeResult, sentence: Sentence) -> CloserLook:
        """Where the units lie and how the pitch goes, for a take that was scored."""
        reference, example = self.reference(sentence), self.example(sentence)
        return look_closer(result, reference, example, self.prepare(sentence))

    def example(self, sentence: Sentence) -> Example:
        """The reference to look at. Raises `ReferenceFailedError`."""
        return _kept(self._examples, sentence, partial(self._example, sentence))

    def preparations(self, sentence: Sentence) -> tuple[Callable[[], object], ...]:
        """All that needs no take, in parts to be done in this order before there is one.

        In parts, because each voice takes its time, and somebody else may be waiting meanwhile.
        Each raises `ReferenceFailedError`. Where a recording could not be read the last time, so
        that another voice stood in for it, it is tried again.
        """
        last = self._references.get(sentence)
        if last is not None and self._stands_in(last, sentence):
            self.forget(sentence)

        def voice(variant: str) -> object:
            return self.library.other_voices(sentence, self.reference(sentence), (variant,))

        return (
            partial(self.reference, sentence),
            *(partial(voice, variant) for variant in self.scorer.extra_voices(sentence.language)),
            partial(self.prepare, sentence),
            partial(self.example, sentence),
        )

    def prepare(self, sentence: Sentence) -> PreparedReference:
        """What the scorer computes once for a sentence. Raises `ReferenceFailedError`."""
        return _kept(self._prepared, sentence, partial(self._prepare, sentence))

    def score(
        self, take: AudioClip, sentence: Sentence, on_stage: Callable[[str], None] | None = None
    ) -> TakeResult:
        """Score a take. on_stage hears each stage's name. Raises only `ReferenceFailedError`."""
        return self.scorer.score(take, self.prepare(sentence), on_stage)

    def wait_ms(self, take_so_far: AudioClip, sentence: Sentence, pause_wait_ms: int) -> int | None:
        """Decide how long the pause at the end of a take so far may last before it ends the take.

        A learner who stops to think in the middle of a sentence is waited for, `pause_wait_ms`; one
        who has come to its end is not kept waiting. Costs about a third of a score: ask once a
        pause.

        Returns:
            Milliseconds of silence since the last sound; None where the scorer cannot tell.
        """
        reached = self.scorer.reached(take_so_far, self.prepare(sentence))
        if reached is None:
            return None
        return FINISHED_MS if reached.finished else pause_wait_ms

    def similarities(self, take: AudioClip, sentences: Sequence[Sentence]) -> list[float | None]:
        """Tell how well a take fits each of several sentences of one language; more is better.

        None where nothing was heard. Raises `ReferenceFailedError`.
        """
        return self.scorer.similarities(take, [self.prepare(one) for one in sentences])

    def with_scorer(self, scorer: Scorer) -> Self:
        """The same library and reference engine with another model; nothing is remembered."""
        return type(self)(self.library, scorer, self._engine)

    def forget(self, sentence: Sentence) -> None:
        """Drop what memory holds of a sentence, so that a better reference is picked up."""
        self._references.pop(sentence, None)
        self._prepared.pop(sentence, None)
        self._examples.pop(sentence, None)

    def _stands_in(self, reference: Reference, sentence: Sentence) -> bool:
        wants_recording = sentence.audio is not None and self._engine in (None, "auto")
        return wants_recording and reference.info.engine != "recording"

    def _example(self, sentence: Sentence) -> Example:
        reference = self.reference(sentence)
        trimmed = trimmed_reference(reference.clip)
        arrays = self.library.cache.derived(
            reference.key, "melody-1", lambda: {"melody": melody_of(trimmed.clip)}
        )
        return Example(trimmed.clip, trimmed.start_s, arrays["melody"])

    def _prepare(self, sentence: Sentence) -> PreparedReference:
        reference = self.reference(sentence)
        references: tuple[Reference, ...] = (reference,)
        if variants := self.scorer.extra_voices(sentence.language):
            references += self.library.other_voices(sentence, reference, variants)

        def compute() -> Arrays:
            prepared = self.scorer.prepare(sentence, references)
            own = {f"{_OWN}{name}": array for name, array in prepared.data.to_arrays().items()}
            return {_IMAGE: prepared.mel_image, _TIMES: prepared.unit_times_s, **own}

        arrays = self.library.cache.derived(
            reference.key, self._name(sentence, references), compute
        )
        own = {
            name.removeprefix(_OWN): np.asarray(array)
            for name, array in arrays.items()
            if name.startswith(_OWN)
        }
        data = self.scorer.restore(sentence, own)
        return PreparedReference(sentence, reference.info, arrays[_IMAGE], data, arrays[_TIMES])

    def _name(self, sentence: Sentence, references: Sequence[Reference]) -> str:
        """Name the derived data: another model, voice or reading is other data."""
        units = split_units(sentence.text, sentence.language, sentence.pronunciation)
        info = self.scorer.info
        # The name too: the same weights under another manifest may look at another mel.
        parts = [_LAYOUT, self.scorer.architecture, info.name, info.sha256]
        parts += [*(reference.key for reference in references), sentence.language, sentence.text]
        # As read today: a newer program may know a word's pronunciation better.
        parts += [unit.said for unit in units]
        # Sounds that a list contrasts are aligned otherwise.
        parts += [" ".join(members) for members in sentence.contrasts]
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return f"prepared-{digest[:24]}"


NewerEngine = Callable[[PracticeEngine], PracticeEngine | None]
"""Given the engine in use, the one to take instead; None keeps it."""


class EngineKeeper:
    """Builds the practice engine at its first use. Not thread-safe: lives in the worker's jobs.

    A failed build is tried again at the next use: a mended model needs no restart.
    """

    def __init__(self, build: Callable[[], PracticeEngine]) -> None:
        self._build = build
        self._engine: PracticeEngine | None = None

    def get(self) -> PracticeEngine:
        """Return the engine, built where it is missing. Raises whatever the build raises."""
        if self._engine is None:
            self._engine = self._build()
        return self._engine

    def renew(self, newer: NewerEngine) -> bool:
        """Take the engine that newer gives for the one in use; False where it gives none.

        One that was never built needs nothing: its build takes what is newest.
        """
        engine = None if self._engine is None else newer(self._engine)
        if engine is None:
            return False
        self._engine = engine
        return True


def _kept(memory: OrderedDict[Sentence, _T], sentence: Sentence, make: Callable[[], _T]) -> _T:
    """The remembered value, made where it is missing; the longest unused one goes."""
    if sentence in memory:
        memory.move_to_end(sentence)
        return memory[sentence]
    value = memory[sentence] = make()
    while len(memory) > MEMORY_SENTENCES:
        memory.popitem(last=False)
    return value
