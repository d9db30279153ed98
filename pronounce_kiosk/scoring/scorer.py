"""`AcousticScorer`: takes scored by acoustic models that learned from people's speech."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import BundleInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine, arpabet, phone_line
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.assessment import Assessment
from pronounce_kiosk.scoring.english.model import EnglishModel, PreparedEnglish
from pronounce_kiosk.scoring.english.units import unit_times_s as english_times_s
from pronounce_kiosk.scoring.frontend import CleanTake, clean_take, trimmed_reference
from pronounce_kiosk.scoring.korean.model import KoreanModel, PreparedKorean, unit_times_s
from pronounce_kiosk.scoring.korean.scale import KoreanScale
from pronounce_kiosk.scoring.likeness import compare, lifted
from pronounce_kiosk.scoring.protocol import Arrays, Image, PreparedData, PreparedReference, Scorer
from pronounce_kiosk.scoring.reached import NOTHING_SAID, Reached

ENGLISH_VOICES = ("+f2", "+m3")
"""Two more espeak-ng voices: what all of them share is the sentence, not the voice."""


class AcousticScorer(Scorer):
    """Scores Korean and English."""

    architecture = "acoustic"

    def __init__(
        self,
        korean: KoreanModel,
        english: EnglishModel,
        scale: KoreanScale,
        mel: MelParameters,
        info: BundleInfo,
    ) -> None:
        super().__init__(mel, info)
        self._korean = korean.eval()
        self._english = english.eval()
        self._scale = scale

    def extra_voices(self, language: str) -> tuple[str, ...]:
        """Further voices for English, whose network learned with three references."""
        return ENGLISH_VOICES if language == "en" else ()

    def restore(self, sentence: Sentence, arrays: Arrays) -> PreparedData:
        """Read what a language's prepared data gave."""
        if sentence.language == "ko":
            return PreparedKorean.from_arrays(sentence, arrays)
        return replace(PreparedEnglish.from_arrays(arrays), contrasts=sentence.contrasts)

    def reached(self, take_so_far: AudioClip, prepared: PreparedReference) -> Reached:
        """See `Scorer.reached`."""
        cleaned = clean_take(take_so_far)
        if cleaned.verdict is not None:
            return NOTHING_SAID
        data: Any = prepared.data
        if isinstance(data, PreparedKorean):
            return self._korean.reached(cleaned, data)
        return self._english.reached(cleaned.raw.samples, data)

    def _prepare(
        self, sentence: Sentence, references: Sequence[Reference], main: CleanTake
    ) -> tuple[PreparedData, NDArray[np.float64]]:
        """Find the sentence's phones in its references."""
        data: PreparedData
        if sentence.language == "ko":
            data, alignment = self._korean.prepare(sentence, main)
            said = np.unique([phone.unit for phone in data.phones])
            times_s = unit_times_s(alignment, data.phones, said)
        elif sentence.language == "en":
            line = english_line(sentence, references)
            others = [trimmed_reference(one.clip).clip for one in references[1:]]
            data = self._english.prepare(line, [one.samples for one in (main.raw, *others)])
            data = replace(data, contrasts=sentence.contrasts)
            said = line.said_units
            times_s = english_times_s(data.references[0].places, line)
        else:
            raise ReferenceFailedError(
                f"This model scores Korean and English, not {sentence.language!r}: choose another "
                "sentence or another model.",
                language=sentence.language,
            )
        count = len(split_units(sentence.text, sentence.language, sentence.pronunciation))
        return data, _whole_times(times_s, said, count)

    def _hear(self, cleaned: CleanTake, language: str) -> Any:
        if language == "ko":
            return self._korean.hear(cleaned)
        return self._english.hear(cleaned.raw.samples)

    def _score(
        self, heard: Any, cleaned: CleanTake, image: Image, prepared: PreparedReference
    ) -> Score:
        data: Any = prepared.data
        if isinstance(data, PreparedKorean):
            assessment = self._korean.assess(heard, data, self._scale)
        else:
            assessment = self._english.assess(heard, data)
        replay = compare(image, prepared.mel_image, self.mel)
        if replay.is_the_recording and not assessment.unlike:
            start_s = replay.lag_frames * self.mel.hop_length / self.mel.sample_rate_hz
            assessment = lifted(assessment, prepared.unit_times_s, start_s)
        if not assessment.accepted:
            return Score(Verdict.DIFFERENT_SENTENCE)
        return _scored(prepared.sentence, assessment, cleaned)

    def _fit(self, heard: Any, data: Any) -> float:
        """Korean: log-likelihood of the sentence's phones. English: log-odds of acceptance."""
        if isinstance(data, PreparedKorean):
            return self._korean.log_likelihood_of(heard, data)
        return self._english.acceptance_of(heard, data)


def _scored(sentence: Sentence, assessment: Assessment, cleaned: CleanTake) -> Score:
    """Number a scored take; a unit without phones lasts no time and gets no score."""
    found = {unit.index: unit for unit in assessment.units}
    units = []
    until_s = cleaned.start_s
    whole = split_units(sentence.text, sentence.language, sentence.pronunciation)
    for index, unit in enumerate(whole):
        own = found.get(index)
        if own is None:
            units.append(UnitScore(unit.text, until_s, until_s, None))
            continue
        start_s, until_s = cleaned.start_s + own.start_s, cleaned.start_s + own.end_s
        units.append(UnitScore(unit.text, start_s, until_s, own.score, own.said, own.phones))
    return Score(
        Verdict.SCORED,
        assessment.points(),
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
    whole[:, said] = times_s
    ends = np.maximum.accumulate(whole[1])
    unsaid = np.setdiff1d(np.arange(count), said)
    whole[:, unsaid] = ends[unsaid]
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
    korean, english = KoreanModel(), EnglishModel()
    model = nn.ModuleDict({"korean": korean, "english": english})
    # Kept as 16-bit floats to stay small; computed as 32-bit ones, which a Pi is faster at.
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    scale = KoreanScale.from_table(tables["korean"])
    return AcousticScorer(korean, english, scale, mel, info)
