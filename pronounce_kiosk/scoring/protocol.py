"""`Scorer`: what a loaded bundle can do, and what it takes and gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score
from pronounce_kiosk.core.sentence import Sentence

OnStage = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class PreparedReference:
    """Everything a scorer computes once for a sentence's references.

    mel_image: uint8 (n_mels, n_frames), row 0 the highest frequency.
    arrays: the scorer's own, by name; plain arrays, so that a cache can keep them.
    """

    sentence: Sentence
    info: ReferenceInfo
    mel_image: NDArray[np.uint8]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)


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
    extra_voices: tuple[str, ...]
    """Variants of espeak-ng's voice it wants further references by, beside the main one."""

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Compute once what the references give; references[0] is the main one."""

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """Score a take. Never raises for a valid clip; `on_stage` hears each stage's name."""


class StageTimer:
    """Names each stage as it begins and keeps how long it took."""

    def __init__(self, on_stage: OnStage | None = None) -> None:
        self.timings_ms: dict[str, float] = {}
        self._on_stage = on_stage

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        if self._on_stage is not None:
            self._on_stage(stage)
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000.0
            self.timings_ms[stage] = self.timings_ms.get(stage, 0.0) + spent
