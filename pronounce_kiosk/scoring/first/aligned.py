"""The aligned architecture's scorer: from a take and its references to verdict, aspects and units.

One encoder network is shared by take and reference (that is the Siamese network); a bundle may
hold several such encoders, whose evidence is averaged. Time is never stretched away: the phones of
the sentence are aligned to both clips and compared where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import BundleInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable, jamo_phones
from pronounce_kiosk.language.phones import PhoneLine, arpabet, phone_line
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.alignment import PhoneSpans
from pronounce_kiosk.scoring.first.aligned_ear import PHASES, Ears
from pronounce_kiosk.scoring.first.aligned_encoder import (
    FRAME_STRIDE,
    AlignedEncoder,
    Comparison,
    Ear,
    EncoderShape,
)
from pronounce_kiosk.scoring.first.aligned_evidence import (
    PAUSE_FRAMES,
    Against,
    Evidence,
    Heard,
    HeardReference,
    centred,
    gather_each,
    hear_reference,
)
from pronounce_kiosk.scoring.first.aligned_judge import Judge, Judgement
from pronounce_kiosk.scoring.first.aligned_reader import LANGUAGE
from pronounce_kiosk.scoring.first.aligned_voice import DOUBTFUL, Voice, doubt
from pronounce_kiosk.scoring.frontend import CleanTake, clean_reference, clean_take
from pronounce_kiosk.scoring.protocol import OnStage, PreparedReference, StageTimer, TakeResult

EXTRA_VOICES: tuple[str, ...] = ("+f2", "+m3")
"""Two more espeak-ng voices: what all of them share is the sentence, not the voice."""
SCALE_ENGINE = "espeak"
"""Whose references the judge was fitted on: a whole take is judged against those alone wherever
there are any. Against a person's it looks better, right or wrong, than the scale allows for."""
PERSON_ENGINE = "recording"
"""A person's syllables are compared with this person's alone: of natives' touched syllables .93 are
told so, and .90 against espeak-ng's voices (area under the curve, the same takes)."""
DYING_SHARE = 0.3
REACH_FRAMES = 5.0
"""What of a short silence between two units is the first one's, and how much of a pause a unit
beside it has. Chosen by takes whose times are known: by MBROLA's hn1, and by other espeak-ng voices
than the references'."""


class AlignedModel(nn.Module):
    """All of a bundle's weights: the ears, the judge on top of their evidence, and who asks of a
    doubtful take whether it is one voice at all."""

    def __init__(self, shape: EncoderShape, encoders: int, judge: Judge, voices: int = 0) -> None:
        super().__init__()
        self.ears = nn.ModuleList(
            Ear(AlignedEncoder(shape), Comparison(shape)) for _ in range(encoders)
        )
        self.judge = judge
        self.voices = nn.ModuleList(Voice(shape.n_mels) for _ in range(voices))


def hear(ear: nn.Module, mel: FloatArray, language: str) -> Heard:
    """What one `Ear` hears. mel: (n_mels, frames) in [0, 1], at least one frame.

    For an ear that still learns; `Ears` hears much the same sooner.
    """
    assert isinstance(ear, Ear)
    encoder = ear.encoder
    embeddings: Tensor = encoder(torch.from_numpy(np.ascontiguousarray(mel))[None])[0]
    compared = centred(embeddings.numpy())
    if ear.comparison is not None:
        compared = ear.comparison(torch.from_numpy(compared)).numpy()
    return Heard(
        compared,
        encoder.log_likelihoods(embeddings, language).numpy(),
        encoder.ctc_log_likelihoods(embeddings, language).numpy(),
        mel.mean(axis=0)[::FRAME_STRIDE],
    )


def unit_frames(spans: Sequence[PhoneSpans], line: PhoneLine) -> NDArray[np.float64]:
    """Where a line's units begin and end, (2, units), in mel frames; may lie outside the clip.

    spans: one an ear, whose frames begin at `PHASES`; their mean tells a border more finely than
    one. An embedding is of the mel frame in its middle, so a phone begins half a stride before its
    first one. What the ears take for silence between units is mostly one dying away and the next
    one's closure: in a person's diphones, whose times are known, `DYING_SHARE` of it is the first
    unit's and the rest the second's, and beside a pause each has about `REACH_FRAMES`.
    """
    found = [
        np.stack([one.start[line.unit_starts], one.end[line.unit_ends - 1]]) * FRAME_STRIDE + phase
        for one, phase in zip(spans, cycle(PHASES))
    ]
    start, end = np.mean(found, axis=0) - FRAME_STRIDE / 2
    silence = start[1:] - end[:-1]
    pause = silence > PAUSE_FRAMES * FRAME_STRIDE
    end[:-1] += np.where(pause, REACH_FRAMES, DYING_SHARE * silence)
    start[1:] -= np.where(pause, REACH_FRAMES, (1.0 - DYING_SHARE) * silence)
    start[0] -= REACH_FRAMES
    end[-1] += REACH_FRAMES
    return np.stack([start, end])


def unit_times_s(
    spans: Sequence[PhoneSpans], line: PhoneLine, mel: MelParameters, duration_s: float
) -> NDArray[np.float64]:
    """`unit_frames` in seconds, within a clip of that duration."""
    times_s = unit_frames(spans, line) * mel.hop_length / mel.sample_rate_hz
    return np.clip(times_s, 0.0, duration_s)


def sentence_line(sentence: Sentence, references: Sequence[Reference]) -> PhoneLine:
    """The phones of a sentence, each with its unit.

    Korean: the jamo of the units as said. English: what espeak-ng says, so one of the references
    has to be its. Raises `ReferenceFailedError` for another language, or where nothing is said.
    """
    if sentence.language == "ko":
        names = _korean_phones(sentence)
    elif sentence.language == "en":
        names = _english_phones(references)
    else:
        raise ReferenceFailedError(
            f"This model scores Korean and English, not {sentence.language!r}: choose another "
            "sentence or another model.",
            language=sentence.language,
        )
    if not names:
        raise ReferenceFailedError(
            f"espeak-ng finds nothing to say in {sentence.text!r}: check the text.",
            text=sentence.text,
        )
    return phone_line(sentence.language, names)


def _korean_phones(sentence: Sentence) -> list[tuple[str, int]]:
    return [
        (phone, index)
        for index, unit in enumerate(split_units(sentence.text, "ko", sentence.pronunciation))
        for phone, _ in jamo_phones("".join(c for c in unit.said if is_hangul_syllable(c)))
    ]


def _english_phones(references: Sequence[Reference]) -> list[tuple[str, int]]:
    said = next((reference.phones for reference in references if reference.phones), ())
    return [(name, phone.unit) for phone in said for name in arpabet(phone.phone)]


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A `PreparedReference`'s arrays, typed.

    against: what the whole take is compared with. units: what its units are, None for the same.
    by_person: whether that is a person's recording alone.
    """

    line: PhoneLine
    against: Against
    units: Against | None
    by_person: bool


class AlignedScorer:
    """Scores takes with an `AlignedModel`. Korean and English."""

    architecture = "aligned"
    extra_voices: tuple[str, ...] = EXTRA_VOICES

    def __init__(self, model: AlignedModel, mel: MelParameters, info: BundleInfo) -> None:
        self.info = info
        self.mel = mel
        self._model = model.eval()
        self._ears = Ears(model.ears)
        self._unpacked: WeakKeyDictionary[PreparedReference, _Prepared] = WeakKeyDictionary()

    def prepare(self, sentence: Sentence, references: Sequence[Reference]) -> PreparedReference:
        """Mel, embeddings and times of every reference.

        Raises `ReferenceFailedError` for a sentence it cannot score, ValueError without references.
        """
        if not references:
            raise ValueError("at least one reference is needed")
        line = sentence_line(sentence, references)
        clips = [clean_reference(one.clip).clip for one in references]
        mels = [grayscale_mel(clip, self.mel) for clip in clips]
        arrays: dict[str, NDArray[Any]] = {"line": np.array([line.indices, line.units], np.int64)}
        kept: list[str] = []
        for reference, clip, mel in zip(references, clips, mels, strict=True):
            heard = [hear_reference(ear, line) for ear in self._ears.hear(mel, line.language)]
            whole = [one for one in heard if one is not None]
            if len(whole) < len(heard):
                continue
            for encoder, one in enumerate(whole):
                arrays |= _packed(f"{len(kept)}.{encoder}.", one)
            spans = [one.spans for one in whole]
            arrays[f"{len(kept)}.times_s"] = unit_times_s(spans, line, self.mel, clip.duration_s)
            kept.append(reference.info.engine)
        if not kept:
            raise ReferenceFailedError(
                f"Every reference of {sentence.text!r} is too short for it: check the text or "
                "record it again.",
                text=sentence.text,
            )
        arrays["engines"] = np.array(kept)
        return PreparedReference(sentence, references[0].info, mel_image(mels[0]), arrays)

    def score(
        self, take: AudioClip, prepared: PreparedReference, on_stage: OnStage | None = None
    ) -> TakeResult:
        """Level, denoise, trim, mel, encoder, alignment, judgement; each timed."""
        stage = StageTimer(on_stage)
        cleaned = clean_take(take, stage)
        if cleaned.verdict is not None:
            return self._result(prepared, cleaned, None, self._refusal(cleaned.verdict, stage))
        with stage("mel"):
            mel = grayscale_mel(cleaned.clip, self.mel)
        known = self._known(prepared)
        with stage("siamese"):
            heard = self._ears.hear(mel, known.line.language)
        with stage("align"):
            evidence = gather_each(heard, known.against, known.units)
        with stage("score"):
            judgement = self._judge(evidence, known, mel)
        if judgement is None or not judgement.same_sentence:
            # Without evidence it is too short for the phones: whatever was said, it was not all.
            refusal = self._refusal(Verdict.DIFFERENT_SENTENCE, stage)
            return self._result(prepared, cleaned, mel, refusal)
        score = Score(
            Verdict.SCORED,
            judgement.total,
            judgement.accuracy,
            judgement.fluency,
            judgement.prosody,
            self._units(
                prepared.sentence,
                known.line,
                [one.spans for one in evidence],
                judgement,
                cleaned,
            ),
            bundle=self.info,
            timings_ms=stage.timings_ms,
        )
        return self._result(prepared, cleaned, mel, score)

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
            known = self._known(one)
            language = known.line.language
            if language not in heard:
                heard[language] = self._ears.hear(mel, language)
            evidence = gather_each(heard[language], known.against)
            judgement = self._judge(evidence, known, mel)
            values.append(None if judgement is None else judgement.similarity)
        return values

    def _judge(
        self, evidence: Sequence[Evidence], known: _Prepared, mel: FloatArray
    ) -> Judgement | None:
        """The judge's word, less what is doubted of the take; None without evidence."""
        if not evidence:
            return None
        language = known.line.language
        judgement = self._model.judge.judge(evidence, known.line, known.by_person)
        asked = 0.0 < judgement.similarity < DOUBTFUL
        doubted = doubt(self._model.voices, mel, language) if asked else 0.0
        return judgement.trusted(language, doubted)

    def _known(self, prepared: PreparedReference) -> _Prepared:
        """Its arrays, unpacked once for as long as somebody holds it."""
        if prepared not in self._unpacked:
            self._unpacked[prepared] = _unpacked(prepared, len(self._model.ears))
        return self._unpacked[prepared]

    def _units(
        self,
        sentence: Sentence,
        line: PhoneLine,
        spans: Sequence[PhoneSpans],
        judgement: Judgement,
        cleaned: CleanTake,
    ) -> tuple[UnitScore, ...]:
        """Every unit of the sentence with its time in the take as given.

        One that has no phones of its own lasts no time and gets no score.
        """
        found = unit_times_s(spans, line, self.mel, cleaned.clip.duration_s) + cleaned.start_s
        times = {
            int(unit): (float(start_s), float(end_s))
            for unit, start_s, end_s in zip(line.said_units, *found, strict=True)
        }
        scores = []
        until_s = cleaned.start_s
        units = split_units(sentence.text, sentence.language, sentence.pronunciation)
        for index, unit in enumerate(units):
            start_s, until_s = times.get(index, (until_s, until_s))
            scores.append(UnitScore(unit.text, start_s, until_s, judgement.units.get(index)))
        return tuple(scores)

    def _refusal(self, verdict: Verdict, stage: StageTimer) -> Score:
        return Score(verdict, bundle=self.info, timings_ms=stage.timings_ms)

    def _result(
        self,
        prepared: PreparedReference,
        cleaned: CleanTake,
        mel: FloatArray | None,
        score: Score,
    ) -> TakeResult:
        return TakeResult(
            replace(score, reference=prepared.info),
            None if mel is None else mel_image(mel),
            prepared.mel_image,
            cleaned.clip,
            cleaned.start_s,
        )


def _packed(prefix: str, one: HeardReference) -> dict[str, NDArray[Any]]:
    """A heard reference as arrays; its CTC likelihoods are left out, for nobody asks them."""
    return {
        f"{prefix}embeddings": one.heard.embeddings,
        f"{prefix}phones": one.heard.phones,
        f"{prefix}level": one.heard.level,
        f"{prefix}spans": np.stack([one.spans.start, one.spans.end]),
        f"{prefix}likelihood": np.array([one.spans.log_likelihood]),
    }


def _unpacked(prepared: PreparedReference, encoders: int) -> _Prepared:
    """What `AlignedScorer.prepare` made, from its arrays."""
    arrays = prepared.arrays
    line = PhoneLine(
        prepared.sentence.language,
        tuple(int(i) for i in arrays["line"][0]),
        tuple(int(i) for i in arrays["line"][1]),
    )
    engines = [str(engine) for engine in arrays["engines"]]
    references = [
        [_one(arrays, f"{reference}.{encoder}.") for reference in range(len(engines))]
        for encoder in range(encoders)
    ]

    def those_of(engine: str) -> list[list[HeardReference]]:
        return [
            [one for one, by in zip(heard, engines, strict=True) if by == engine]
            for heard in references
        ]

    whole = those_of(SCALE_ENGINE) if SCALE_ENGINE in engines else references
    by_person = PERSON_ENGINE in engines
    units = those_of(PERSON_ENGINE) if by_person else references
    # A word's score is made by what was taught on espeak-ng's voices, too.
    same = line.language == LANGUAGE or units == whole
    return _Prepared(line, Against(line, whole), None if same else Against(line, units), by_person)


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
    readers, voices = int(table["readers"]), int(table.get("voices", 0))
    gate_hidden = int(table.get("gate_hidden", 0))
    widths = (shape.channels, shape.embedding)
    depths = (shape.expansion, shape.kernel, *shape.dilations)
    if (
        not (1 <= encoders <= 4 and 1 <= vectors <= 20_000)
        or not (0 <= readers <= 8 and 0 <= voices <= 4 and 0 <= gate_hidden <= 4096)
        or len(depths) > 16
        or not all(1 <= width <= 1024 for width in widths)
        or not all(1 <= depth <= 16 for depth in depths)
    ):
        raise ValueError("the [aligned] table asks for a model this program does not build")
    judge = Judge(vectors, readers, encoders, gate_hidden)
    model = AlignedModel(shape, encoders, judge, voices)
    # Kept as 16-bit floats to stay small; computed as 32-bit ones, which a Pi is faster at.
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    return AlignedScorer(model, mel, info)
