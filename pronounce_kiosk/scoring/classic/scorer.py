"""The classic scorer: fixed-size images, one distance, one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.calibration import Calibration, similarity
from pronounce_kiosk.scoring.frontend import CleanTake, clean_reference, clean_take
from pronounce_kiosk.scoring.protocol import (
    Arrays,
    OnStage,
    PreparedReference,
    StageTimer,
    TakeResult,
    no_times,
)


@dataclass(frozen=True, eq=False)
class ClassicData:
    """Embeddings of a sentence's references, float32 (references, 64)."""

    embeddings: FloatArray

    def to_arrays(self) -> Arrays:
        """Give the embeddings by name."""
        return {"embeddings": self.embeddings}


class ClassicScorer:
    """The original team's model: fixed-size images, one distance, one score, no aspects."""

    architecture = "classic"

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

    def extra_voices(self, language: str) -> tuple[str, ...]:
        """None: one reference is compared with."""
        return ()

    def restore(self, sentence: Sentence, arrays: Arrays) -> ClassicData:
        """Read what `ClassicData.to_arrays` gave."""
        return ClassicData(arrays["embeddings"])

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Mel and embedding of every reference. Raises ValueError without any."""
        if not references:
            raise ValueError("at least one reference is needed")
        mels = [grayscale_mel(clean_reference(r.clip).clip, self.mel) for r in references]
        return PreparedReference(
            sentence,
            references[0].info,
            mel_image(mels[0]),
            ClassicData(np.stack([self.embed(mel) for mel in mels])),
            no_times(),
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
            distance = _distance(self.embed(mel), prepared)
        with stage("score"):
            points = self._calibration(similarity(distance, self._margin))
        return self._result(cleaned, prepared, stage, Verdict.SCORED, points, mel)

    def similarities(
        self, take: AudioClip, prepared: Sequence[PreparedReference]
    ) -> list[float | None]:
        """See `Scorer.similarities`: the distance to each sentence's nearest reference, negated."""
        cleaned = clean_take(take)
        if cleaned.verdict is not None:
            return [None] * len(prepared)
        embedding = self.embed(grayscale_mel(cleaned.clip, self.mel))
        return [-_distance(embedding, one) for one in prepared]

    def reached(self, take_so_far: AudioClip, prepared: PreparedReference) -> None:
        """Tell nothing: a picture of the whole does not show its parts."""

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
            notes=() if points is None else cleaned.notes,
            reference=prepared.info,
            bundle=self.info,
            timings_ms=stage.timings_ms,
        )
        image = None if mel is None else mel_image(mel)
        return TakeResult(score, image, prepared.mel_image, cleaned.clip, cleaned.start_s)


def _distance(embedding: FloatArray, prepared: PreparedReference) -> float:
    """Euclidean, to the nearest reference."""
    assert isinstance(prepared.data, ClassicData)
    difference = prepared.data.embeddings - embedding[None]
    return float(np.linalg.norm(difference.astype(np.float64), axis=1).min())
