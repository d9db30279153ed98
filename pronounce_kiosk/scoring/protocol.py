"""One take from start to end: the stages put together in order, each of them timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.denoise import denoise
from pronounce_kiosk.audio.level import MAX_DURATION_S, check_level, strip_digital_silence
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.audio.vad import Trimmed, in_phase, trim
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.calibration import Calibration, similarity

MIN_VOICE_S = 0.15
"""Less voice than this after trimming cannot be even a syllable."""

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


@dataclass(frozen=True)
class CleanTake:
    """A take after level check, denoise and trim. verdict: why not, or None where it is fine.

    start_s: where the trimmed clip begins in the take as given.
    """

    clip: AudioClip
    start_s: float
    verdict: Verdict | None


def clean_take(take: AudioClip, stage: StageTimer | None = None) -> CleanTake:
    """Level check, denoise, trim: the front of every architecture, in use and in training."""
    stage = stage or StageTimer()
    nothing = AudioClip(np.zeros(0, np.float32), PIPELINE_SAMPLE_RATE_HZ)
    with stage("level"):
        if take.duration_s > MAX_DURATION_S:
            return CleanTake(nothing, 0.0, Verdict.TOO_LONG)
        stripped, first = strip_digital_silence(take)
        verdict = check_level(stripped)
        if verdict is not None:
            return CleanTake(nothing, 0.0, verdict)
        whole = stripped.resampled(PIPELINE_SAMPLE_RATE_HZ)
        clip = in_phase(whole)
        skipped_s = whole.duration_s - clip.duration_s
    with stage("denoise"):
        clip = denoise(clip)
    with stage("trim"):
        trimmed = trim(clip)
    if trimmed.clip.duration_s == 0.0:
        return CleanTake(nothing, 0.0, Verdict.SILENCE)
    if trimmed.clip.duration_s < MIN_VOICE_S:
        return CleanTake(nothing, 0.0, Verdict.TOO_SHORT)
    start_s = first / take.sample_rate_hz + skipped_s + trimmed.start_s
    return CleanTake(trimmed.clip, start_s, None)


def clean_reference(reference: AudioClip) -> Trimmed:
    """A reference at 16 kHz, trimmed, then denoised; left whole where VAD hears no voice in it.

    start_s and end_s are times in the reference as given.
    """
    clip = reference.resampled(PIPELINE_SAMPLE_RATE_HZ)
    trimmed = trim(clip)
    if not len(trimmed.clip.samples):
        trimmed = Trimmed(clip, 0.0, clip.duration_s)
    return Trimmed(denoise(trimmed.clip), trimmed.start_s, trimmed.end_s)


class ClassicScorer:
    """The original team's model: fixed-size images, one distance, one score, no aspects."""

    architecture = "classic"
    extra_voices: tuple[str, ...] = ()

    def __init__(
        self,
        model: Any,
        mel: MelParameters,
        calibration: Calibration,
        margin: float,
        info: BundleInfo,
    ) -> None:
        self.info = info
        self.mel = mel
        self._model = model.eval()
        self._calibration = calibration
        self._margin = margin

    def embed(self, mel: FloatArray) -> FloatArray:
        """The embedding of a mel image (n_mels, n_frames), float32 (64,)."""
        import torch

        from pronounce_kiosk.scoring.classic.network import fixed_size

        with torch.inference_mode():
            image = torch.from_numpy(fixed_size(mel))[None, None]
            embedding: FloatArray = self._model(image)[0].numpy()
        return embedding

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Mel and embedding of every reference. Raises ValueError without any."""
        if not references:
            raise ValueError("at least one reference is needed")
        mels = [grayscale_mel(clean_reference(r.clip).clip, self.mel) for r in references]
        return PreparedReference(
            sentence,
            references[0].info,
            mel_image(mels[0]),
            {"embeddings": np.stack([self.embed(mel) for mel in mels])},
        )

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """The score from the distance to the nearest reference. No aspects and no units."""
        stage = StageTimer(on_stage)
        cleaned = clean_take(take, stage)
        if cleaned.verdict is not None:
            return self._result(cleaned, prepared, stage, cleaned.verdict)
        with stage("mel"):
            mel = grayscale_mel(cleaned.clip, self.mel)
        with stage("siamese"):
            difference = prepared.arrays["embeddings"] - self.embed(mel)[None]
            distance = float(np.linalg.norm(difference.astype(np.float64), axis=1).min())
        with stage("score"):
            points = self._calibration(similarity(distance, self._margin))
        return self._result(cleaned, prepared, stage, Verdict.SCORED, points, mel)

    def _result(
        self,
        cleaned: CleanTake,
        prepared: PreparedReference,
        stage: StageTimer,
        verdict: Verdict,
        points: float | None = None,
        mel: FloatArray | None = None,
    ) -> TakeResult:
        score = Score(
            verdict,
            points,
            reference=prepared.info,
            bundle=self.info,
            timings_ms=stage.timings_ms,
        )
        image = None if mel is None else mel_image(mel)
        return TakeResult(score, image, prepared.mel_image, cleaned.clip, cleaned.start_s)
