"""The judge: from evidence to same sentence or not, aspects, total and units.

Small on purpose, and all of it plain tensors in the bundle: a linear gate, for Korean with a hidden
layer beside it, a kernel machine for the aspects, for English with a few small networks beside it
(`aligned_reader`), a kernel machine for words, what `aligned_syllables` weighs for Korean; and for
each language its thresholds and monotone scales. What each part was fitted on is written in the
bundle's CARD.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine
from pronounce_kiosk.scoring.first.aligned_encoder import COMPARED
from pronounce_kiosk.scoring.first.aligned_evidence import PHONE_FEATURES, PHONE_LIMITS, Evidence
from pronounce_kiosk.scoring.first.aligned_reader import LANGUAGE, Reader, read_aloud, reading
from pronounce_kiosk.scoring.first.aligned_syllables import (
    by_usual_syllable,
    likelihood_ratios,
    relative_rests,
    rests,
)

ASPECTS = ("accuracy", "fluency", "prosody")
TOTAL_WEIGHTS = (0.8, 0.1, 0.1)
"""How the corpus' raters made their totals, in 98 % of ratings."""
KNOTS = 9
UNIT_FEATURES = 2 * len(PHONE_FEATURES) + 4
SYLLABLE_FEATURES = ("likelihood_ratio", "relative")
"""What a phone says of its syllable, `aligned_syllables`' two."""
WORD_VECTORS = 500
"""Rows of the kernel machine that scores English words."""
READERS_SHARE = 0.75
"""What the readers say of an aspect counts that much, the kernel machine the rest."""
EXACT_STEP = {"en": 0.0, "ko": 0.008}
"""What each natural unit of the odds that all sounds are the text's adds to accuracy (0-1)."""
LEAST_LENGTH = 0.6
"""A take that is shorter than so much of its references holds not all of the sentence, however well
what it holds fits: people's takes last .69 of them and more, half of a reference up to .57."""
TOO_SHORT = -1.0
"""The similarity of such a take, at most."""
AT_THRESHOLD = {"en": 0.7, "ko": 0.0}
"""What the gate leaves of a score where a take is only just the sentence. Less would cost .02 of
the correlation with raters in English; babble that passes for a short Korean sentence lies there.
"""
FADE_POWER = {"en": 1, "ko": 2}
"""How steeply the rest comes back up to a similarity of 0.5."""
SOFT_CEILING = 0.97
"""From here up a score that gains ever more comes ever nearer to 1: two good ones still differ."""
TAKE_FEATURES = (
    "articulation", "articulation_against", "best_high", "best_low", "best_mean", "best_std",
    "ctc", "decoded_ratio", "distance_high", "distance_low", "distance_mean", "distance_std",
    "distance_worst_unit", "edits", "energy_high", "energy_low", "energy_mean", "energy_std",
    "entropy", "forced", "forced_against_free", "free", "goodness_high", "goodness_low",
    "goodness_low_units", "goodness_mean", "goodness_std", "goodness_worst_unit", "length_against",
    "length_high", "length_low", "length_mean", "length_std", "lengths_follow", "level_follows",
    "longest_pause", "longest_phone", "margin_high", "margin_low", "margin_low_units",
    "margin_mean", "margin_std", "margin_worst_unit", "pause_share", "pauses", "pauses_per_unit",
    "phones", "rate", "rate_against", "relative_high", "relative_low", "relative_low_units",
    "relative_mean", "relative_std", "relative_worst_unit", "right_share", "silence_share",
    "stretch_high", "stretch_low", "stretch_mean", "stretch_spread", "stretch_std", "unit_spread",
    "warp", "warp_bend", "warp_high", "warp_nearest", "warp_straight", "wrong_share",
)  # fmt: skip
"""The order of a take's evidence in every vector and weight."""
_HIGH_IS_WORSE = np.array([False, False, False, False, True, True, True, True])


@dataclass(frozen=True)
class Judgement:
    """What is said of one take: scores 0-100; units: score by unit index.

    similarity: the gate's, above 0 the same sentence, 1 where nothing speaks against it any more.
    """

    same_sentence: bool
    similarity: float
    total: float
    accuracy: float
    fluency: float
    prosody: float
    units: dict[int, float]

    def trusted(self, language: str, doubt: float = 0.0) -> Judgement:
        """So much less similar, and with the scores that `trust` leaves; units as they are."""
        similarity = self.similarity - doubt
        share = float(trust(np.array(self.similarity), np.array(doubt), language))
        return replace(
            self,
            same_sentence=similarity > 0.0,
            similarity=similarity,
            total=share * self.total,
            accuracy=share * self.accuracy,
            fluency=share * self.fluency,
            prosody=share * self.prosody,
        )


class Judge(nn.Module):
    """`training.aligned_judge` fits it.

    vectors: rows of the kernel machine; readers, ears: how many; gate_hidden: hidden units of the
    gate of a language without rated takes. Computes in float64 from the float32 it keeps, but for
    the readers.
    """

    def __init__(self, vectors: int, readers: int = 0, ears: int = 2, gate_hidden: int = 0) -> None:
        super().__init__()
        self.readers = nn.ModuleList(Reader(len(TAKE_FEATURES)) for _ in range(readers))
        self._kept: dict[str, tuple[torch.Tensor, int, NDArray[np.float64]]] = {}
        self._squared: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        size = len(TAKE_FEATURES)
        self.register_buffer("center", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))
        self.register_buffer("vectors", torch.zeros(vectors, size))
        self.register_buffer("weights", torch.zeros(vectors, len(ASPECTS)))
        self.register_buffer("bias", torch.zeros(len(ASPECTS)))
        self.register_buffer("width", torch.ones(()))
        self.register_buffer("word_center", torch.zeros(UNIT_FEATURES + 1))
        self.register_buffer("word_scale", torch.ones(UNIT_FEATURES + 1))
        self.register_buffer("word_vectors", torch.zeros(WORD_VECTORS, UNIT_FEATURES + 1))
        self.register_buffer("word_weights", torch.zeros(WORD_VECTORS))
        self.register_buffer("word_bias", torch.zeros(()))
        self.register_buffer("word_width", torch.ones(()))
        for language, phones in PHONE_SETS.items():
            self.register_buffer(f"gate_{language}", torch.zeros(size + 1))
            self.register_buffer(f"exact_{language}", torch.zeros(size + 1))
            self.register_buffer(f"aspect_from_{language}", torch.zeros(len(ASPECTS), KNOTS))
            self.register_buffer(f"aspect_to_{language}", torch.zeros(len(ASPECTS), KNOTS))
            if language != LANGUAGE:
                if gate_hidden:
                    self.register_buffer(f"gate_in_{language}", torch.zeros(gate_hidden, size + 1))
                    self.register_buffer(f"gate_out_{language}", torch.zeros(gate_hidden))
                shape = (1 + len(phones), len(SYLLABLE_FEATURES))
                usual = torch.stack([torch.zeros(shape), torch.ones(shape)])
                forms = torch.zeros(ears, COMPARED, COMPARED)
                self.register_buffer(f"unit_forms_{language}", forms)
                self.register_buffer(f"unit_usual_{language}", usual)
                self.register_buffer(f"unit_weights_{language}", torch.zeros(shape[1]))
                self.register_buffer(f"unit_from_person_{language}", torch.zeros(KNOTS))
            self.register_buffer(f"unit_from_{language}", torch.zeros(KNOTS))
            self.register_buffer(f"unit_to_{language}", torch.zeros(KNOTS))

    def _array(self, name: str) -> NDArray[np.float64]:
        """A buffer in 64 bits, kept until somebody writes to the buffer."""
        buffer = self.get_buffer(name)
        kept = self._kept.get(name)
        if kept is None or kept[0] is not buffer or kept[1] != buffer._version:
            kept = self._kept[name] = (buffer, buffer._version, buffer.double().numpy())
        return kept[2]

    def _squares(self, name: str) -> NDArray[np.float64]:
        """Each row's squared length, kept as long as the rows."""
        rows = self._array(name)
        kept = self._squared.get(name)
        if kept is None or kept[0] is not rows:
            kept = self._squared[name] = (rows, np.square(rows).sum(axis=1))
        return kept[1]

    def judge(
        self, evidence: Sequence[Evidence], line: PhoneLine, by_person: bool = False
    ) -> Judgement:
        """The judgement on one take, `Judgement.trusted` yet to come.

        evidence: one an encoder, at least one, averaged. by_person: whether units were compared
        with a person's recording.
        """
        take = take_vector(evidence)
        standard = self.standardised(take)
        similarity = self.gate(standard, line.language)
        if take[TAKE_FEATURES.index("length_against")] < np.log(LEAST_LENGTH):
            similarity = min(similarity, TOO_SHORT)
        raw = self.raw_aspects(standard[None])[0]
        if line.language == LANGUAGE and len(self.readers):
            read, _ = read_aloud(self.readers, [reading(evidence, line)], standard[None])
            raw = both(raw, read[0])
        aspects = self.aspects(raw, standard, line.language)
        if line.language == LANGUAGE:
            units = self.words(evidence, line, float(raw[0]))
        else:
            units = self.syllables(evidence, line, by_person)
        aspects = np.clip(100.0 * aspects, 0.0, 100.0)
        accuracy, fluency, prosody = (float(aspect) for aspect in aspects)
        total = float(np.dot(TOTAL_WEIGHTS, (accuracy, fluency, prosody)))
        return Judgement(similarity > 0.0, similarity, total, accuracy, fluency, prosody, units)

    def standardised(self, take: NDArray[np.float64]) -> NDArray[np.float64]:
        """Features (..., n) less the training mean, in its deviations, cut at 5."""
        return np.clip((take - self._array("center")) / self._array("scale"), -5.0, 5.0)

    def gate(self, standard: NDArray[np.float64], language: str) -> float:
        """How much the take is the sentence: 0 at the threshold, about 1 where doubt ends."""
        weights = self._array(f"gate_{language}")
        similarity = float(standard @ weights[:-1] + weights[-1])
        if f"gate_in_{language}" in self._buffers:
            into, out = self._array(f"gate_in_{language}"), self._array(f"gate_out_{language}")
            similarity += float(hidden_layer(standard, into, out))
        return similarity

    def exact(self, standard: NDArray[np.float64], language: str) -> float:
        """Log odds that every sound is the text's: what tells 달 from 딸. 0 for a usual native.

        The raters' scale hardly knows of one wrong sound in a short word.
        """
        weights = self._array(f"exact_{language}")
        return float(np.clip(standard @ weights[:-1] + weights[-1], -10.0, 10.0))

    def aspects(
        self, raw: NDArray[np.float64], standard: NDArray[np.float64], language: str
    ) -> NDArray[np.float64]:
        """Accuracy, fluency, prosody in 0-1 of the scale; raw: on the raters' 0-10."""
        knots = self._array(f"aspect_from_{language}")
        values = self._array(f"aspect_to_{language}")
        points = np.array([np.interp(r, x, y) for r, x, y in zip(raw, knots, values, strict=True)])
        if EXACT_STEP[language]:
            points[0] += EXACT_STEP[language] * self.exact(standard, language)
            points[0] = soft_ceiling(float(points[0]))
        return points

    def raw_aspects(self, standard: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the kernel machine says, on the raters' 0-10; (takes, n) to (takes, 3)."""
        vectors, squares = self._array("vectors"), self._squares("vectors")
        kernel = gaussian_kernel(standard, vectors, float(self._array("width")), squares)
        result: NDArray[np.float64] = kernel @ self._array("weights") + self._array("bias")
        return result

    def raw_words(
        self, vectors: NDArray[np.float64], accuracy: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The raters' 0-10 of English words, (words,), from their vectors (words, UNIT_FEATURES).

        accuracy: (words,), the take's raw one: the raters heard a word with the rest of its take.
        """
        features = np.hstack([vectors, accuracy[:, None]])
        center, scale = self._array("word_center"), self._array("word_scale")
        standard = np.clip((features - center) / scale, -4.0, 4.0)
        width = float(self._array("word_width"))
        vectors, squares = self._array("word_vectors"), self._squares("word_vectors")
        kernel = gaussian_kernel(standard, vectors, width, squares)
        result: NDArray[np.float64] = kernel @ self._array("word_weights")
        return result + self._array("word_bias")

    def words(
        self, evidence: Sequence[Evidence], line: PhoneLine, accuracy: float
    ) -> dict[int, float]:
        """Score 0-100 of each word; accuracy: the take's raw one.

        A word's score leans on the whole take's accuracy, as the raters' did; which word of a take
        is worst is its own phones' to say.
        """
        vectors, _ = unit_vectors(np.mean([one.phones for one in evidence], axis=0), line)
        raw = self.raw_words(vectors, np.full(len(vectors), accuracy))
        return self._unit_points(raw, line, f"unit_from_{line.language}")

    def syllables(
        self, evidence: Sequence[Evidence], line: PhoneLine, by_person: bool = False
    ) -> dict[int, float]:
        """Score 0-100 of each syllable from its own phones alone.

        A person's are nearer to a person's recording than to synthesis: that has a scale of its
        own.
        """
        values, frames = syllable_phones(evidence, line, self._array(f"unit_forms_{line.language}"))
        usual = self._array(f"unit_usual_{line.language}")
        standard = by_usual_syllable(values, frames, line, usual)
        raw = standard @ self._array(f"unit_weights_{line.language}")
        person = "person_" if by_person else ""
        return self._unit_points(raw, line, f"unit_from_{person}{line.language}")

    def _unit_points(
        self, raw: NDArray[np.float64], line: PhoneLine, knots: str
    ) -> dict[int, float]:
        points = 100.0 * np.interp(raw, self._array(knots), self._array(f"unit_to_{line.language}"))
        return {
            int(unit): float(value) for unit, value in zip(line.said_units, points, strict=True)
        }


def syllable_phones(
    evidence: Sequence[Evidence], line: PhoneLine, forms: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each phone says of its syllable, (phones, len(SYLLABLE_FEATURES)), and its frames.

    forms: `likelihood_ratios`'.
    """
    phones = [one.phones if one.units is None else one.units for one in evidence]
    relative = np.mean(phones, axis=0)[:, PHONE_FEATURES.index("relative")]
    ratios = likelihood_ratios(evidence_rests(evidence), forms)
    values = np.stack([ratios, relative_rests(relative, line)], axis=1)
    return values, np.mean([one.spans.frames for one in evidence], axis=0)


def evidence_rests(evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """`rests` of what each ear heard."""
    return rests(
        np.stack([one.vectors for one in evidence]), np.stack([one.wanted for one in evidence])
    )


def gaussian_kernel(
    rows: NDArray[np.float64],
    vectors: NDArray[np.float64],
    width: float,
    squares: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """exp(-width * squared distance) of each row to each vector, (rows, vectors).

    squares: each vector's squared length, where somebody has them.
    """
    if squares is None:
        squares = np.square(vectors).sum(axis=1)
    gap = np.square(rows).sum(axis=1)[:, None] + squares[None] - 2.0 * rows @ vectors.T
    result: NDArray[np.float64] = np.exp(-gap * width)
    return result


def hidden_layer(
    rows: NDArray[np.float64], into: NDArray[np.float64], out: NDArray[np.float64]
) -> NDArray[np.float64]:
    """out @ relu(into @ (row, 1)) of one row (n,) or each of (rows, n).

    into: (hidden, n + 1), the last column what is added; out: (hidden,).
    """
    result: NDArray[np.float64] = np.maximum(rows @ into[:, :-1].T + into[:, -1], 0.0) @ out
    return result


def both(kernel: NDArray[np.float64], readers: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the kernel machine and the readers say, as one; shapes are equal."""
    return (1.0 - READERS_SHARE) * kernel + READERS_SHARE * readers


def soft_ceiling(value: float) -> float:
    """0-1 of any value: itself up to `SOFT_CEILING`, at least 0."""
    room = 1.0 - SOFT_CEILING
    over = max(0.0, value - SOFT_CEILING)
    return max(0.0, min(value, SOFT_CEILING)) + room * (1.0 - float(np.exp(-over / room)))


def trust(
    similarity: NDArray[np.float64], doubt: NDArray[np.float64], language: str
) -> NDArray[np.float64]:
    """What is left of a score, 0-1, by the gate's similarity and what is doubted of it.

    All from 0.5 up, `AT_THRESHOLD` where it is just the sentence. Where less is left than was
    doubted it falls to nothing, with the square of what is left: babble that passes lies there,
    and hardly a learner.
    """
    left = similarity - doubt
    doubted = doubt > 0.0
    kept = np.where(doubted, np.clip(left / np.where(doubted, doubt, 1.0), 0.0, 1.0), 1.0)
    least = AT_THRESHOLD[language]
    back = np.clip(2.0 * left, 0.0, 1.0) ** FADE_POWER[language]
    share: NDArray[np.float64] = least + (1.0 - least) * back
    return share * np.square(kept)


def take_vector(evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """The mean evidence of the encoders in `TAKE_FEATURES`' order."""
    return np.array([[one.take[name] for name in TAKE_FEATURES] for one in evidence]).mean(axis=0)


def unit_vectors(
    phones: FloatArray, line: PhoneLine
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Features of each unit, (units, UNIT_FEATURES), and the units' indices.

    Mean and worst of its phones' features, clipped to where they mean something. Nothing of the
    neighbours or of the whole take goes in: one bad unit must not colour another.
    """
    bounded = np.clip(phones, *PHONE_LIMITS.T)
    for name in ("stretch", "energy"):
        column = PHONE_FEATURES.index(name)
        bounded[:, column] = np.abs(bounded[:, column])
    starts = line.unit_starts
    count = (line.unit_ends - starts)[:, None]
    margin = bounded[:, PHONE_FEATURES.index("margin")]
    summed = np.column_stack([bounded, np.minimum(margin, 0.0), margin < 0])
    mean = np.add.reduceat(summed, starts, axis=0) / count
    highest = np.maximum.reduceat(bounded, starts, axis=0)
    worst = np.where(_HIGH_IS_WORSE, highest, np.minimum.reduceat(bounded, starts, axis=0))
    features, more = mean[:, : len(PHONE_FEATURES)], mean[:, len(PHONE_FEATURES) :]
    distance = features[:, PHONE_FEATURES.index("distance"), None]
    return np.hstack([features, worst, more, np.log(count), distance**2]), line.said_units
