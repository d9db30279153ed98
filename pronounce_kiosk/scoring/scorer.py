"""`AcousticScorer`: takes scored by acoustic models that learned from people's speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import BundleInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine, arpabet, phone_line
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.assessment import Assessment
from pronounce_kiosk.scoring.english.model import EnglishModel, PreparedEnglish
from pronounce_kiosk.scoring.english.units import unit_times_s as english_times_s
from pronounce_kiosk.scoring.frontend import (
    CleanTake,
    clean_reference,
    clean_take,
    trimmed_reference,
)
from pronounce_kiosk.scoring.korean.model import KoreanModel, PreparedKorean, unit_times_s
from pronounce_kiosk.scoring.korean.scale import KoreanScale
from pronounce_kiosk.scoring.likeness import compare, lifted
from pronounce_kiosk.scoring.protocol import (
    Arrays,
    OnStage,
    PreparedData,
    PreparedReference,
    StageTimer,
    TakeResult,
)
from pronounce_kiosk.scoring.reached import NOTHING_SAID, Reached
from pronounce_kiosk.scoring.total import total_points

ENGLISH_VOICES = ("+f2", "+m3")
"""Two more espeak-ng voices: what all of them share is the sentence, not the voice."""


class AcousticModel(nn.Module):
    """All of a bundle's weights."""

    def __init__(self) -> None:
        super().__init__()
        self.korean = KoreanModel()
        self.english = EnglishModel()


class AcousticScorer:
    """Scores Korean and English; mel is of the images that people see."""

    architecture = "acoustic"

    def __init__(
        self, model: AcousticModel, scale: KoreanScale, mel: MelParameters, info: BundleInfo
    ) -> None:
        self.info = info
        self.mel = mel
        self._model = model.eval()
        self._scale = scale

    def extra_voices(self, language: str) -> tuple[str, ...]:
        """Further voices for English, whose network learned with three references."""
        return ENGLISH_VOICES if language == "en" else ()

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Find the sentence's phones in its references; references[0] is the main one.

        Raises:
            ReferenceFailedError: for a sentence it cannot score.
            ValueError: without references.
        """
        if not references:
            raise ValueError("at least one reference is needed")
        main = clean_reference(references[0].clip)
        data: PreparedData
        if sentence.language == "ko":
            data, alignment = self._model.korean.prepare(sentence, main)
            said = np.unique([phone.unit for phone in data.phones])
            times_s = unit_times_s(alignment, data.phones, said)
        elif sentence.language == "en":
            line = english_line(sentence, references)
            others = [trimmed_reference(one.clip).clip for one in references[1:]]
            clips = [one.samples for one in (main.raw, *others)]
            data = self._model.english.prepare(line, clips)
            data = replace(data, contrasts=sentence.contrasts)
            said = line.said_units
            times_s = english_times_s(data.references[0].places, line)
        else:
            raise ReferenceFailedError(
                f"This model scores Korean and English, not {sentence.language!r}: choose another "
                "sentence or another model.",
                language=sentence.language,
            )
        image = mel_image(grayscale_mel(main.clip, self.mel))
        count = len(split_units(sentence.text, sentence.language, sentence.pronunciation))
        return PreparedReference(
            sentence, references[0].info, image, data, _whole_times(times_s, said, count)
        )

    def restore(self, sentence: Sentence, arrays: Arrays) -> PreparedData:
        """Read what a language's prepared data gave."""
        if sentence.language == "ko":
            return PreparedKorean.from_arrays(sentence, arrays)
        return replace(PreparedEnglish.from_arrays(arrays), contrasts=sentence.contrasts)

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """Level, denoise, trim, mel, acoustic model, assessment; each timed."""
        stage = StageTimer(on_stage)
        cleaned = clean_take(take, stage)
        if cleaned.verdict is not None:
            return self._result(prepared, cleaned, None, Score(cleaned.verdict), stage)
        with stage("mel"):
            image = mel_image(grayscale_mel(cleaned.clip, self.mel))
        with stage("siamese"):
            heard = self._hear(cleaned, prepared.sentence.language)
        with stage("score"):
            assessment = self._assess(heard, prepared.data)
            replay = compare(image, prepared.mel_image, self.mel)
            if replay.is_the_recording and not assessment.unlike:
                start_s = replay.lag_frames * self.mel.hop_length / self.mel.sample_rate_hz
                assessment = lifted(assessment, prepared.unit_times_s, start_s)
        score = Score(Verdict.DIFFERENT_SENTENCE)
        if assessment.accepted:
            score = _score(prepared.sentence, assessment, cleaned)
        return self._result(prepared, cleaned, image, score, stage)

    def similarities(
        self, take: AudioClip, prepared: Sequence[PreparedReference]
    ) -> list[float | None]:
        """Tell how well a take fits each of several sentences of one language, heard once.

        Larger is better; only values of one take can be compared. Korean: log-likelihood of the
        sentence's phones. English: log-odds of acceptance. None where there is nothing to hear.
        """
        cleaned = clean_take(take)
        if cleaned.verdict is not None:
            return [None] * len(prepared)
        languages = {one.sentence.language for one in prepared}
        heard = {language: self._hear(cleaned, language) for language in languages}
        return [self._fit(heard[one.sentence.language], one.data) for one in prepared]

    def reached(self, take_so_far: AudioClip, prepared: PreparedReference) -> Reached:
        """Tell which unit of the sentence a take has come to, which may not be over.

        take_so_far: everything recorded, at any rate; it is levelled and trimmed here. Silence has
        reached nothing.
        """
        cleaned = clean_take(take_so_far)
        if cleaned.verdict is not None:
            return NOTHING_SAID
        if isinstance(prepared.data, PreparedKorean):
            return self._model.korean.reached(cleaned, prepared.data)
        assert isinstance(prepared.data, PreparedEnglish)
        return self._model.english.reached(cleaned.raw.samples, prepared.data)

    def _hear(self, cleaned: CleanTake, language: str) -> Any:
        if language == "ko":
            return self._model.korean.hear(cleaned)
        return self._model.english.hear(cleaned.raw.samples)

    def _assess(self, heard: Any, data: PreparedData) -> Assessment:
        if isinstance(data, PreparedKorean):
            return self._model.korean.assess(heard, data, self._scale)
        assert isinstance(data, PreparedEnglish)
        return self._model.english.assess(heard, data)

    def _fit(self, heard: Any, data: PreparedData) -> float:
        if isinstance(data, PreparedKorean):
            return self._model.korean.log_likelihood_of(heard, data)
        assert isinstance(data, PreparedEnglish)
        return self._model.english.acceptance_of(heard, data)

    def _result(
        self,
        prepared: PreparedReference,
        cleaned: CleanTake,
        image: NDArray[np.uint8] | None,
        score: Score,
        stage: StageTimer,
    ) -> TakeResult:
        whole = replace(
            score, reference=prepared.info, bundle=self.info, timings_ms=stage.timings_ms
        )
        return TakeResult(whole, image, prepared.mel_image, cleaned.clip, cleaned.start_s)


def _score(sentence: Sentence, assessment: Assessment, cleaned: CleanTake) -> Score:
    """A scored take's numbers, with every unit of the sentence at its time in the take as given.

    A unit that has no phones of its own lasts no time and gets no score.
    """
    found = {unit.index: unit for unit in assessment.units}
    units = []
    until_s = cleaned.start_s
    for index, unit in enumerate(
        split_units(sentence.text, sentence.language, sentence.pronunciation)
    ):
        own = found.get(index)
        if own is None:
            units.append(UnitScore(unit.text, until_s, until_s, None))
            continue
        start_s, until_s = cleaned.start_s + own.start_s, cleaned.start_s + own.end_s
        units.append(UnitScore(unit.text, start_s, until_s, own.score, own.said, own.phones))
    return Score(
        Verdict.SCORED,
        total_points(assessment),
        assessment.accuracy,
        assessment.fluency,
        assessment.prosody,
        tuple(units),
        cleaned.notes,
        assessment.remarks,
    )


def _whole_times(
    times_s: NDArray[np.float64], said: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Times of all units, (2, count); one without phones lasts no time after the one before."""
    whole = np.zeros((2, count))
    places = {int(unit): place for place, unit in enumerate(said)}
    last_s = 0.0
    for unit in range(count):
        place = places.get(unit)
        whole[:, unit] = (last_s, last_s) if place is None else times_s[:, place]
        last_s = whole[1, unit]
    return whole


def english_line(sentence: Sentence, references: Sequence[Reference]) -> PhoneLine:
    """The phones that espeak-ng says, which one of the references therefore has to be by."""
    said = next((reference.phones for reference in references if reference.phones), ())
    names = [(name, phone.unit) for phone in said for name in arpabet(phone.phone)]
    if not names:
        raise ReferenceFailedError(
            f"espeak-ng finds nothing to say in {sentence.text!r}: check the text.",
            text=sentence.text,
        )
    return phone_line("en", names)


def build_scorer(
    state: Mapping[str, Tensor], tables: Mapping[str, Any], mel: MelParameters, info: BundleInfo
) -> AcousticScorer:
    """Build a scorer from a state_dict and a manifest's tables.

    Raises:
        KeyError, TypeError, ValueError, RuntimeError: where they do not fit each other.
    """
    model = AcousticModel()
    # Kept as 16-bit floats to stay small; computed as 32-bit ones, which a Pi is faster at.
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    model.korean.acoustic.precompute()
    return AcousticScorer(model, KoreanScale.from_table(tables["korean"]), mel, info)
