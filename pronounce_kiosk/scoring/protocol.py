"""`Scorer`: what a loaded bundle can do, and what it takes and gives."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring import frontend
from pronounce_kiosk.scoring.frontend import CleanTake
from pronounce_kiosk.scoring.reached import Reached

Arrays = Mapping[str, NDArray[Any]]
Image = NDArray[np.uint8]


class PreparedData(Protocol):
    """What one scorer keeps of a sentence's references."""

    def to_arrays(self) -> Arrays:
        """Give plain arrays, which a cache can keep and `Scorer.restore` reads."""


@dataclass(frozen=True, eq=False)
class PreparedReference:
    """Everything a scorer computes once for a sentence's references.

    info: who says the main one. mel_image: uint8 (n_mels, n_frames), row 0 the highest frequency.
    data: the scorer's own. unit_times_s: start and end of every unit in the trimmed main reference,
    (2, units); (2, 0) where the scorer finds none.
    """

    sentence: Sentence
    info: ReferenceInfo
    mel_image: Image
    data: PreparedData
    unit_times_s: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TakeResult:
    """What scoring a take gives. Images are None where there was no voice to show.

    take: the trimmed 16 kHz clip (empty where there was no voice); take_start_s: where it began.
    """

    score: Score
    take_image: Image | None
    reference_image: Image | None
    take: AudioClip
    take_start_s: float = 0.0


class Scorer(ABC):
    """A model that can score takes: what a bundle becomes once it is loaded.

    mel is of the images that people see. What `_hear` makes of a take and `_prepare` of references
    is the model's own.
    """

    architecture: str

    def __init__(self, mel: MelParameters, info: BundleInfo) -> None:
        self.mel = mel
        self.info = info

    def extra_voices(self, language: str) -> tuple[str, ...]:
        """Variants of espeak-ng's voice it wants further references by, beside the main one."""
        return ()

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Compute once what the references give; references[0] is the main one.

        Raises:
            ReferenceFailedError: where it cannot score the sentence.
            ValueError: without references.
        """
        if not references:
            raise ValueError("at least one reference is needed")
        main = frontend.clean_reference(references[0].clip)
        data, times_s = self._prepare(sentence, references, main)
        image = mel_image(grayscale_mel(main.clip, self.mel))
        return PreparedReference(sentence, references[0].info, image, data, times_s)

    @abstractmethod
    def restore(self, sentence: Sentence, arrays: Arrays) -> PreparedData:
        """Read what `PreparedData.to_arrays` gave for a sentence."""

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: frontend.OnStage | None = None
    ) -> TakeResult:
        """Score a take. Never raises for a valid clip; `on_stage` hears each stage's name."""
        stage = frontend.StageTimer(on_stage)
        cleaned = frontend.clean_take(take, stage)
        image = None
        if cleaned.verdict is not None:
            score = Score(cleaned.verdict)
        else:
            with stage("mel"):
                image = mel_image(grayscale_mel(cleaned.clip, self.mel))
            with stage("siamese"):
                heard = self._hear(cleaned, prepared.sentence.language)
            with stage("score"):
                score = self._score(heard, cleaned, image, prepared)
        score = replace(
            score, reference=prepared.info, bundle=self.info, timings_ms=stage.timings_ms
        )
        return TakeResult(score, image, prepared.mel_image, cleaned.clip, cleaned.start_s)

    def similarities(
        self, take: AudioClip, prepared: Sequence[PreparedReference]
    ) -> list[float | None]:
        """Tell how well a take fits each of several sentences of one language, heard once.

        Larger is better; only values of one take can be compared. None where there is nothing to
        hear.
        """
        cleaned = frontend.clean_take(take)
        if cleaned.verdict is not None:
            return [None] * len(prepared)
        languages = {one.sentence.language for one in prepared}
        heard = {language: self._hear(cleaned, language) for language in languages}
        return [self._fit(heard[one.sentence.language], one.data) for one in prepared]

    def reached(self, take_so_far: AudioClip, prepared: PreparedReference) -> Reached | None:
        """Tell which unit of the sentence a take has come to, which may not be over.

        take_so_far: everything recorded, at any rate; silence has reached nothing. None where the
        scorer cannot tell.
        """
        return None

    @abstractmethod
    def _prepare(
        self, sentence: Sentence, references: Sequence[Reference], main: CleanTake
    ) -> tuple[PreparedData, NDArray[np.float64]]:
        """Compute the data and the unit times; main: the first reference, trimmed."""

    @abstractmethod
    def _hear(self, cleaned: CleanTake, language: str) -> Any:
        """Compute what a take is compared by."""

    @abstractmethod
    def _score(
        self, heard: Any, cleaned: CleanTake, image: Image, prepared: PreparedReference
    ) -> Score:
        """Score a take that has a voice; reference, bundle and times are filled in later."""

    @abstractmethod
    def _fit(self, heard: Any, data: Any) -> float:
        """Tell how well a take fits a sentence, see `similarities`."""
