"""The aligned architecture's scorer: from a take and its references to verdict, aspects and units.

One encoder network is shared by take and reference (that is the Siamese network); a bundle may
hold several such encoders, whose evidence is averaged. Time is never stretched away: the phones of
the sentence are aligned to both clips and compared where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.core.audio import AudioClip, FloatArray
from pronounce_kiosk.core.korean import is_hangul_syllable, jamo_phones
from pronounce_kiosk.core.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.units import Unit, split_units
from pronounce_kiosk.pipeline.align import PhoneSpans
from pronounce_kiosk.pipeline.aligned_encoder import FRAME_STRIDE, AlignedEncoder, EncoderShape
from pronounce_kiosk.pipeline.aligned_evidence import (
    Evidence,
    Heard,
    HeardReference,
    centred,
    gather,
    hear_reference,
)
from pronounce_kiosk.pipeline.aligned_judge import Judge, Judgement
from pronounce_kiosk.pipeline.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.pipeline.phones import PhoneLine, arpabet, phone_line
from pronounce_kiosk.pipeline.run import (
    CleanTake,
    OnStage,
    PreparedReference,
    StageTimer,
    TakeResult,
    clean_reference,
    clean_take,
)

EXTRA_VOICES = ("+f2", "+m3")
"""Two more espeak-ng voices: what all of them share is the sentence, not the voice."""


class AlignedModel(nn.Module):
    """All of a bundle's weights: the encoders and the judge on top of their evidence."""

    def __init__(self, shape: EncoderShape, encoders: int, judge: Judge) -> None:
        super().__init__()
        self.encoders = nn.ModuleList(AlignedEncoder(shape) for _ in range(encoders))
        self.judge = judge

    def hear(self, mel: FloatArray, language: str) -> list[Heard]:
        """What each encoder hears in a mel image (n_mels, frames)."""
        with torch.inference_mode():
            return [hear(encoder, mel, language) for encoder in self.encoders]


def hear(encoder: Any, mel: FloatArray, language: str) -> Heard:
    """What one encoder hears. mel: (n_mels, frames) in [0, 1], at least one frame."""
    embeddings: Tensor = encoder(torch.from_numpy(np.ascontiguousarray(mel))[None])[0]
    return Heard(
        centred(embeddings.numpy()),
        encoder.log_likelihoods(embeddings, language).numpy(),
        encoder.ctc_log_likelihoods(embeddings, language).numpy(),
        mel.mean(axis=0)[::FRAME_STRIDE],
    )


def sentence_line(sentence: Sentence, references: Sequence[Reference]) -> PhoneLine:
    """The phones of a sentence, each with its unit.

    Korean: the jamo of the units as said. English: what espeak-ng says, so one of the references
    has to be its. Raises ValueError for a language without phones or where nothing is to be said.
    """
    if sentence.language == "ko":
        units = split_units(sentence.text, "ko", sentence.pronunciation)
        names = [
            (phone, index)
            for index, unit in enumerate(units)
            for phone, _ in jamo_phones("".join(c for c in unit.said if is_hangul_syllable(c)))
        ]
    elif sentence.language == "en":
        spoken = next((r for r in references if r.phones), None)
        if spoken is None:
            raise ValueError("English needs an espeak-ng reference for its phones")
        names = [(name, p.unit) for p in spoken.phones for name in arpabet(p.phone)]
    else:
        raise ValueError(f"the model knows no phones of {sentence.language!r}")
    if not names:
        raise ValueError("the sentence holds nothing to say")
    return phone_line(sentence.language, names)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A `PreparedReference`'s arrays, typed. references: one list an encoder."""

    line: PhoneLine
    references: list[list[HeardReference]]


class AlignedScorer:
    """Scores takes with an `AlignedModel`. Korean and English."""

    architecture = "aligned"
    extra_voices = EXTRA_VOICES

    def __init__(self, model: AlignedModel, mel: MelParameters, info: BundleInfo) -> None:
        self.info = info
        self.mel = mel
        self._model = model.eval()

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Mel, embeddings and phone times of every reference. ValueError without any."""
        if not references:
            raise ValueError("at least one reference is needed")
        line = sentence_line(sentence, references)
        arrays: dict[str, NDArray[Any]] = {
            "line": np.array([line.indices, line.units], np.int64),
        }
        image = None
        kept = 0
        for reference in references:
            mel = grayscale_mel(clean_reference(reference.clip).clip, self.mel)
            image = mel_image(mel) if image is None else image
            heard = [hear_reference(h, line) for h in self._model.hear(mel, line.language)]
            if any(one is None for one in heard):
                continue
            for index, one in enumerate(heard):
                assert one is not None
                arrays |= _packed(f"{kept}.{index}.", one)
            kept += 1
        if not kept:
            raise ValueError("every reference is too short for the sentence")
        assert image is not None
        return PreparedReference(sentence, references[0].info, image, arrays)

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """Level, denoise, trim, mel, encoder, alignment, judgement; each timed."""
        stage = StageTimer(on_stage)
        cleaned = clean_take(take, stage)
        if cleaned.verdict is not None:
            return self._refused(cleaned, prepared, stage, cleaned.verdict, None)
        with stage("mel"):
            mel = grayscale_mel(cleaned.clip, self.mel)
        known = _unpacked(prepared, len(self._model.encoders))
        with stage("siamese"):
            heard = self._model.hear(mel, known.line.language)
        with stage("align"):
            gathered = [
                gather(one, known.line, references)
                for one, references in zip(heard, known.references, strict=True)
            ]
        evidence = [one for one in gathered if one is not None]
        if len(evidence) < len(gathered):
            # Too short to hold the sentence's phones: whatever was said, it was not all of it.
            return self._refused(cleaned, prepared, stage, Verdict.DIFFERENT_SENTENCE, mel)
        with stage("score"):
            judgement = self._model.judge.judge(evidence, known.line)
        if not judgement.same_sentence:
            return self._refused(cleaned, prepared, stage, Verdict.DIFFERENT_SENTENCE, mel)
        units = self._units(prepared, known.line, evidence[0].spans, judgement, cleaned)
        score = Score(
            Verdict.SCORED,
            judgement.total,
            judgement.accuracy,
            judgement.fluency,
            judgement.prosody,
            units,
            prepared.info,
            self.info,
            stage.timings_ms,
        )
        return TakeResult(score, mel_image(mel), prepared.mel_image, cleaned.clip, cleaned.start_s)

    def similarities(
        self, take: AudioClip, prepared: Sequence[PreparedReference]
    ) -> list[float | None]:
        """How much a take is each of several sentences: the gate's value, above 0 the same one.

        The take is heard once, so this is for choosing among many. None where it cannot be that
        sentence at all: nothing to hear in it, or too short for the sentence's phones.
        """
        cleaned = clean_take(take)
        if cleaned.verdict is not None:
            return [None] * len(prepared)
        mel = grayscale_mel(cleaned.clip, self.mel)
        heard: dict[str, list[Heard]] = {}
        values: list[float | None] = []
        for one in prepared:
            known = _unpacked(one, len(self._model.encoders))
            language = known.line.language
            if language not in heard:
                heard[language] = self._model.hear(mel, language)
            evidence = [
                gather(ear, known.line, references)
                for ear, references in zip(heard[language], known.references, strict=True)
            ]
            found = [each for each in evidence if each is not None]
            whole = len(found) == len(evidence)
            values.append(self._model.judge.judge(found, known.line).similarity if whole else None)
        return values

    def _units(
        self,
        prepared: PreparedReference,
        line: PhoneLine,
        spans: PhoneSpans,
        judgement: Judgement,
        cleaned: CleanTake,
    ) -> tuple[UnitScore, ...]:
        sentence = prepared.sentence
        units: tuple[Unit, ...] = split_units(
            sentence.text, sentence.language, sentence.pronunciation
        )
        frame_s = FRAME_STRIDE * self.mel.hop_length / self.mel.sample_rate_hz
        result, last_s = [], cleaned.start_s
        of_phone = np.array(line.units)
        for index, unit in enumerate(units):
            mine = np.flatnonzero(of_phone == index)
            if not len(mine):
                result.append(UnitScore(unit.text, last_s, last_s, None))
                continue
            start_s = cleaned.start_s + float(spans.start[mine[0]]) * frame_s
            last_s = cleaned.start_s + float(spans.end[mine[-1]]) * frame_s
            last_s = min(last_s, cleaned.start_s + cleaned.clip.duration_s)
            result.append(UnitScore(unit.text, start_s, last_s, judgement.units.get(index)))
        return tuple(result)

    def _refused(
        self,
        cleaned: CleanTake,
        prepared: PreparedReference,
        stage: StageTimer,
        verdict: Verdict,
        mel: FloatArray | None,
    ) -> TakeResult:
        score = Score(
            verdict, reference=prepared.info, bundle=self.info, timings_ms=stage.timings_ms
        )
        image = None if mel is None else mel_image(mel)
        return TakeResult(score, image, prepared.mel_image, cleaned.clip, cleaned.start_s)


def _packed(prefix: str, one: HeardReference) -> dict[str, NDArray[Any]]:
    return {
        f"{prefix}embeddings": one.heard.embeddings,
        f"{prefix}phones": one.heard.phones,
        f"{prefix}level": one.heard.level,
        f"{prefix}spans": np.stack([one.spans.start, one.spans.end]),
        f"{prefix}likelihood": np.array([one.spans.log_likelihood]),
    }


def _unpacked(prepared: PreparedReference, encoders: int) -> _Prepared:
    arrays = prepared.arrays
    line = PhoneLine(
        prepared.sentence.language,
        tuple(int(i) for i in arrays["line"][0]),
        tuple(int(i) for i in arrays["line"][1]),
    )
    count = 0
    while f"{count}.0.spans" in arrays:
        count += 1
    references = [
        [_one(arrays, f"{reference}.{encoder}.") for reference in range(count)]
        for encoder in range(encoders)
    ]
    return _Prepared(line, references)


def _one(arrays: dict[str, NDArray[Any]], prefix: str) -> HeardReference:
    phones = arrays[f"{prefix}phones"]
    heard = Heard(arrays[f"{prefix}embeddings"], phones, phones, arrays[f"{prefix}level"])
    start, end = arrays[f"{prefix}spans"]
    return HeardReference(heard, PhoneSpans(start, end, float(arrays[f"{prefix}likelihood"][0])))


def build_scorer(
    state: dict[str, Tensor], table: dict[str, Any], mel: MelParameters, info: BundleInfo
) -> AlignedScorer:
    """A scorer from a state_dict and the manifest's [aligned] table.

    Raises KeyError, TypeError, ValueError or RuntimeError where they do not fit each other.
    """
    shape = EncoderShape(
        n_mels=mel.n_mels,
        channels=int(table["channels"]),
        expansion=int(table["expansion"]),
        kernel=int(table["kernel"]),
        dilations=tuple(int(d) for d in table["dilations"]),
        embedding=int(table["embedding"]),
    )
    encoders, vectors = int(table["encoders"]), int(table["vectors"])
    if not (1 <= encoders <= 4 and 1 <= vectors <= 20_000 and shape.channels <= 1024):
        raise ValueError("the [aligned] table asks for a model this program does not build")
    model = AlignedModel(shape, encoders, Judge(vectors))
    # Kept as 16-bit floats to stay small; computed as 32-bit ones, which a Pi is faster at.
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    return AlignedScorer(model, mel, info)


__all__ = ["AlignedModel", "AlignedScorer", "Evidence", "hear", "sentence_line"]
