"""The classic scorer: fixed-size images, one distance, one score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.calibration import Calibration, similarity
from pronounce_kiosk.scoring.classic.network import ClassicSiamese, fixed_size
from pronounce_kiosk.scoring.frontend import CleanTake, clean_reference
from pronounce_kiosk.scoring.protocol import Arrays, Image, PreparedReference, Scorer


@dataclass(frozen=True, eq=False)
class ClassicData:
    """Embeddings of a sentence's references, float32 (references, 64)."""

    embeddings: FloatArray

    def to_arrays(self) -> Arrays:
        """Give the embeddings by name."""
        return {"embeddings": self.embeddings}


class ClassicScorer(Scorer):
    """The original team's model: fixed-size images, one distance, one score, no aspects."""

    architecture = "classic"

    def __init__(
        self,
        model: ClassicSiamese,
        mel: MelParameters,
        calibration: Calibration,
        margin: float,
        info: BundleInfo,
    ) -> None:
        super().__init__(mel, info)
        self._model = model.eval()
        self._calibration = calibration
        self._margin = margin

    def restore(self, sentence: Sentence, arrays: Arrays) -> ClassicData:
        """Read what `ClassicData.to_arrays` gave."""
        return ClassicData(arrays["embeddings"])

    def _prepare(
        self, sentence: Sentence, references: Sequence[Reference], main: CleanTake
    ) -> tuple[ClassicData, NDArray[np.float64]]:
        takes = [main, *(clean_reference(one.clip) for one in references[1:])]
        heard = [self._hear(one, sentence.language) for one in takes]
        return ClassicData(np.stack(heard)), np.zeros((2, 0))

    def _hear(self, cleaned: CleanTake, language: str) -> FloatArray:
        """The embedding of a take, float32 (64,)."""
        mel = grayscale_mel(cleaned.clip, self.mel)
        with torch.inference_mode():
            image = torch.from_numpy(fixed_size(mel))[None, None]
            embedding: FloatArray = self._model(image)[0].numpy()
        return embedding

    def _score(
        self, heard: FloatArray, cleaned: CleanTake, image: Image, prepared: PreparedReference
    ) -> Score:
        """The score from the distance to the nearest reference. No aspects and no units."""
        distance = -self._fit(heard, prepared.data)
        points = self._calibration(similarity(distance, self._margin))
        return Score(Verdict.SCORED, points, notes=cleaned.notes)

    def _fit(self, heard: FloatArray, data: Any) -> float:
        """The Euclidean distance to the sentence's nearest reference, negated."""
        difference = data.embeddings - heard[None]
        return -float(np.linalg.norm(difference.astype(np.float64), axis=1).min())


def build_scorer(
    state: Mapping[str, Any], tables: Mapping[str, Any], mel: MelParameters, info: BundleInfo
) -> ClassicScorer:
    """Build a scorer as `scoring.scorer.build_scorer` does."""
    model = ClassicSiamese()
    model.load_state_dict(state, strict=True)
    table = tables["calibration"]
    margin = float(table["margin"])
    if not margin > 0:
        raise ValueError("the margin must be above 0")
    return ClassicScorer(model, mel, Calibration.from_pairs(table["knots"]), margin, info)
