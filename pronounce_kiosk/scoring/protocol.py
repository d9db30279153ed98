"""`Scorer`: what a loaded bundle can do, and what it takes and gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.reached import Reached

OnStage = Callable[[str], None]
Arrays = Mapping[str, NDArray[Any]]


def no_times() -> NDArray[np.float64]:
    """The unit times of a scorer that finds none, (2, 0)."""
    return np.zeros((2, 0))


class PreparedData(Protocol):
    """What one scorer keeps of a sentence's references."""

    def to_arrays(self) -> Arrays:
        """Give plain arrays, which a cache can keep and `Scorer.restore` reads."""


@dataclass(frozen=True, eq=False)
class PreparedReference:
    """Everything a scorer computes once for a sentence's references.

    Attributes:
        sentence: what is said.
        info: who says the main reference.
        mel_image: uint8 (n_mels, n_frames), row 0 the highest frequency.
        data: the scorer's own.
        unit_times_s: start and end of every unit in the trimmed main reference, (2, units);
            (2, 0) where the scorer finds none.
    """

    sentence: Sentence
    info: ReferenceInfo
    mel_image: NDArray[np.uint8]
    data: PreparedData
    unit_times_s: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TakeResult:
    """What scoring a take gives. Images are None where there was no voice to show.

    take: the trimmed 16 kHz clip (empty where there was no voice); take_start_s: where it began.
    """

    score: Score
    take_image: NDArray[np.uint8] | None
    reference_image: NDArray[np.uint8] | None
    take: AudioClip
    take_start_s: float = 0.0


class Scorer(Protocol):
    """A model that can score takes: what a bundle becomes once it is loaded."""

    info: BundleInfo
    architecture: str

    def extra_voices(self, language: str) -> tuple[str, ...]:
        """Variants of espeak-ng's voice it wants further references by, beside the main one."""

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Compute once what the references give; references[0] is the main one.

        Raises:
            ReferenceFailedError: where it cannot score the sentence.
        """

    def restore(self, sentence: Sentence, arrays: Arrays) -> PreparedData:
        """Read what `PreparedData.to_arrays` gave for a sentence."""

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """Score a take. Never raises for a valid clip; `on_stage` hears each stage's name."""

    def similarities(
        self, take: AudioClip, prepared: Sequence[PreparedReference]
    ) -> list[float | None]:
        """Tell how well a take fits each of several sentences of one language.

        Larger is better; only values of one take can be compared. None where there is nothing to
        hear.
        """

    def reached(self, take_so_far: AudioClip, prepared: PreparedReference) -> Reached | None:
        """Tell which unit of the sentence a take has come to, which may not be over.

        take_so_far: everything recorded, at any rate. None where the scorer cannot tell.
        """


class StageTimer:
    """Names each stage as it begins and keeps how long it took."""

    def __init__(self, on_stage: OnStage | None = None) -> None:
        self.timings_ms: dict[str, float] = {}
        self._on_stage = on_stage

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time what runs inside a ``with``."""
        if self._on_stage is not None:
            self._on_stage(stage)
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000.0
            self.timings_ms[stage] = self.timings_ms.get(stage, 0.0) + spent
