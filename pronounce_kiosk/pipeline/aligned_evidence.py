"""Evidence: what a take shows against its references and against the phones of its text.

Everything here is numbers about one take, in plain numpy, from what the encoder heard: no verdict
and no score yet. Training and use run this same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.audio import FloatArray
from pronounce_kiosk.pipeline.align import PhoneSpans, align_phones, warp
from pronounce_kiosk.pipeline.phones import PHONE_SETS, SILENCE, PhoneLine

FRAME_S = 0.03
PAUSE_FRAMES = 5
"""0.15 s: a shorter silence between words is a stop's closure."""
FLOOR = -8.0
"""Log likelihoods are cut here: how impossible an impossible phone is says nothing more."""

PHONE_FEATURES = (
    "goodness",
    "margin",
    "best",
    "relative",
    "distance",
    "length",
    "stretch",
    "energy",
)
"""Per phone: mean log likelihood; mean margin over the best other phone; its best frame; goodness
against the reference's own; cosine distance to the reference's phone; log length; log length
against the reference's, rate taken off; level against the reference's."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What the encoder gives for one clip.

    embeddings: float32 (frames, embedding), centred on the clip's own mean (speaker and engine
    drop out), unit length. phones, ctc: log likelihoods (frames, 1 + phones). level: (frames,)
    mean of the grayscale image.
    """

    embeddings: FloatArray
    phones: FloatArray
    ctc: FloatArray
    level: FloatArray


@dataclass(frozen=True, eq=False)
class HeardReference:
    """A reference's clip as heard, with the spans of its phones."""

    heard: Heard
    spans: PhoneSpans


@dataclass(frozen=True, eq=False)
class Evidence:
    """phones: float32 (phones, len(PHONE_FEATURES)). spans: in the take. take: by name, float.

    path: frame pairs (take, main reference) of the warp, int64 (steps, 2).
    """

    phones: FloatArray
    spans: PhoneSpans
    take: dict[str, float]
    path: NDArray[np.int64]


def centred(embeddings: FloatArray) -> FloatArray:
    """Each clip's mean embedding taken off, then unit length. Shape (frames, embedding)."""
    shifted = embeddings - embeddings.mean(axis=0, keepdims=True)
    length = np.linalg.norm(shifted, axis=1, keepdims=True)
    result: FloatArray = (shifted / np.maximum(length, 1e-6)).astype(np.float32)
    return result


def hear_reference(heard: Heard, line: PhoneLine) -> HeardReference | None:
    """The reference with its phones' times; None where it is too short to hold them."""
    spans = align_phones(heard.phones, line.indices, line.units)
    return None if spans is None else HeardReference(heard, spans)


def gather(take: Heard, line: PhoneLine, references: Sequence[HeardReference]) -> Evidence | None:
    """All evidence on one take; None where it is too short to hold the sentence's phones."""
    spans = align_phones(take.phones, line.indices, line.units)
    if spans is None or not references:
        return None
    phones = _phone_features(take, line, spans, references)
    warps = [warp(1.0 - take.embeddings @ ref.heard.embeddings.T) for ref in references]
    numbers = _pooled(phones, line)
    numbers |= _likelihoods(take, line, spans)
    numbers |= _timing(take, line, spans, references)
    numbers |= _warps(warps, take, references)
    return Evidence(phones, spans, numbers, warps[0][0])


def _span_means(values: FloatArray, spans: PhoneSpans) -> FloatArray:
    """Mean over each phone's frames; values (frames, ...)."""
    total = np.concatenate([np.zeros((1, *values.shape[1:]), np.float64), np.cumsum(values, 0)])
    count = (spans.end - spans.start).reshape(-1, *([1] * (values.ndim - 1)))
    means: FloatArray = ((total[spans.end] - total[spans.start]) / count).astype(np.float32)
    return means


def _phone_features(
    take: Heard, line: PhoneLine, spans: PhoneSpans, references: Sequence[HeardReference]
) -> FloatArray:
    wanted = np.array(line.indices)
    logs = np.maximum(take.phones, FLOOR)
    goodness = _span_means(logs, spans)[np.arange(len(wanted)), wanted]
    others = _span_means(logs, spans)
    others[np.arange(len(wanted)), wanted] = -np.inf
    others[:, SILENCE] = -np.inf
    margin = goodness - others.max(axis=1)
    best = np.array(
        [
            logs[start:end, phone].max()
            for start, end, phone in zip(spans.start, spans.end, wanted, strict=True)
        ]
    )
    said = _unit_length(_span_means(take.embeddings, spans))
    frames = (spans.end - spans.start).astype(np.float64)
    level = _span_means(take.level, spans)
    relative, distance, stretch, energy = [], [], [], []
    for reference in references:
        own = np.maximum(reference.heard.phones, FLOOR)
        own_goodness = _span_means(own, reference.spans)[np.arange(len(wanted)), wanted]
        relative.append(goodness - own_goodness)
        model = _unit_length(_span_means(reference.heard.embeddings, reference.spans))
        distance.append(1.0 - (said * model).sum(axis=1))
        own_frames = (reference.spans.end - reference.spans.start).astype(np.float64)
        ratio = np.log(frames / own_frames)
        stretch.append(ratio - np.median(ratio))
        own_level = _span_means(reference.heard.level, reference.spans)
        energy.append(level - level.mean() - own_level + own_level.mean())
    columns = [
        goodness,
        margin,
        best,
        np.mean(relative, axis=0),
        np.mean(distance, axis=0),
        np.log(frames),
        np.mean(stretch, axis=0),
        np.mean(energy, axis=0),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _unit_length(vectors: FloatArray) -> FloatArray:
    result: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return result


def _pooled(phones: FloatArray, line: PhoneLine) -> dict[str, float]:
    """Mean, spread and the worst of every phone feature, over phones and over units."""
    numbers: dict[str, float] = {}
    units = np.array(line.units)
    names = np.unique(units)
    by_unit = np.stack([phones[units == unit].mean(axis=0) for unit in names])
    for column, name in enumerate(PHONE_FEATURES):
        values = phones[:, column]
        numbers[f"{name}_mean"] = float(values.mean())
        numbers[f"{name}_std"] = float(values.std())
        numbers[f"{name}_low"] = float(np.quantile(values, 0.1))
        numbers[f"{name}_high"] = float(np.quantile(values, 0.9))
    for name in ("goodness", "margin", "relative"):
        worst = by_unit[:, PHONE_FEATURES.index(name)]
        numbers[f"{name}_worst_unit"] = float(worst.min())
        numbers[f"{name}_low_units"] = float(np.quantile(worst, 0.25))
    numbers["distance_worst_unit"] = float(by_unit[:, PHONE_FEATURES.index("distance")].max())
    numbers["wrong_share"] = float((phones[:, 1] < -1.0).mean())
    numbers["right_share"] = float((phones[:, 1] > 1.0).mean())
    numbers["stretch_spread"] = float(np.abs(phones[:, 6]).mean())
    numbers["phones"] = float(np.log(len(phones)))
    return numbers


def _likelihoods(take: Heard, line: PhoneLine, spans: PhoneSpans) -> dict[str, float]:
    """The text against anything else that could have been said in the take."""
    logs = np.maximum(take.phones, FLOOR)
    speech = logs[spans.start[0] : spans.end[-1]]
    free = speech.max(axis=1).mean()
    forced = spans.log_likelihood / len(take.phones)
    decoded = _greedy(take.ctc)
    probabilities = np.exp(speech)
    entropy = -(probabilities * speech).sum(axis=1).mean()
    return {
        "free": float(free),
        "forced": float(max(forced, FLOOR)),
        "forced_against_free": float(max(forced, FLOOR) - logs.max(axis=1).mean()),
        "ctc": ctc_per_phone(take.ctc, line.indices),
        "edits": _edits(decoded, line.indices) / len(line.indices),
        "decoded_ratio": float(np.log((1 + len(decoded)) / (1 + len(line.indices)))),
        "entropy": float(entropy),
    }


def _timing(
    take: Heard, line: PhoneLine, spans: PhoneSpans, references: Sequence[HeardReference]
) -> dict[str, float]:
    numbers = _own_timing(line, spans)
    theirs = [_own_timing(line, reference.spans) for reference in references]
    for name in ("rate", "articulation"):
        numbers[f"{name}_against"] = numbers[name] - float(np.mean([t[name] for t in theirs]))
    lengths = [np.log(len(r.heard.level)) for r in references]
    numbers["length_against"] = float(np.log(len(take.level)) - np.mean(lengths))
    own = _span_means(take.level, spans)
    follows = []
    for reference in references:
        level = _span_means(reference.heard.level, reference.spans)
        follows.append(_correlation(own, level))
    numbers["level_follows"] = float(np.mean(follows))
    frames = np.log((spans.end - spans.start).astype(np.float64))
    numbers["lengths_follow"] = float(
        np.mean(
            [_correlation(frames, np.log((r.spans.end - r.spans.start) * 1.0)) for r in references]
        )
    )
    return numbers


def _own_timing(line: PhoneLine, spans: PhoneSpans) -> dict[str, float]:
    gaps = spans.start[1:] - spans.end[:-1]
    pauses = gaps[gaps >= PAUSE_FRAMES]
    whole = float(spans.end[-1] - spans.start[0])
    voiced = float((spans.end - spans.start).sum())
    count = float(len(line.indices))
    units = np.array(line.units)
    ends = np.array([spans.end[units == unit].max() for unit in np.unique(units)])
    starts = np.array([spans.start[units == unit].min() for unit in np.unique(units)])
    unit_frames = (ends - starts).astype(np.float64)
    return {
        "rate": float(np.log(count / whole)),
        "articulation": float(np.log(count / voiced)),
        "pauses": float(len(pauses)),
        "pauses_per_unit": float(len(pauses)) / len(ends),
        "pause_share": float(pauses.sum()) / whole,
        "silence_share": float(gaps.clip(min=0).sum()) / whole,
        "longest_pause": float(np.log1p(pauses.max() if len(pauses) else 0.0)),
        "unit_spread": float(np.std(np.log(unit_frames))),
        "longest_phone": float(np.log((spans.end - spans.start).max())),
    }


def _warps(
    warps: Sequence[tuple[NDArray[np.int64], float]],
    take: Heard,
    references: Sequence[HeardReference],
) -> dict[str, float]:
    numbers: dict[str, list[float]] = {}
    for (path, cost), reference in zip(warps, references, strict=True):
        along = 1.0 - (take.embeddings[path[:, 0]] * reference.heard.embeddings[path[:, 1]]).sum(
            axis=1
        )
        steps = np.diff(path, axis=0)
        straight = (steps.sum(axis=1) == 2).mean() if len(steps) else 1.0
        line = np.interp(path[:, 0], [0, max(1, path[-1, 0])], [0, max(1, path[-1, 1])])
        for name, value in (
            ("warp", cost),
            ("warp_high", float(np.quantile(along, 0.9))),
            ("warp_straight", float(straight)),
            ("warp_bend", float(np.abs(path[:, 1] - line).mean() / max(1, path[-1, 1]))),
        ):
            numbers.setdefault(name, []).append(value)
    pooled = {name: float(np.mean(values)) for name, values in numbers.items()}
    pooled["warp_nearest"] = float(min(numbers["warp"]))
    return pooled


def ctc_per_phone(logs: FloatArray, phones: Sequence[int]) -> float:
    """Log likelihood of the phones by CTC's forward sum, a phone; at least 2 * FLOOR."""
    labels = np.zeros(2 * len(phones) + 1, np.int64)
    labels[1::2] = phones
    skip = np.zeros(len(labels), bool)
    skip[3::2] = labels[3::2] != labels[1:-2:2]
    alpha = np.full(len(labels), -np.inf)
    alpha[0], alpha[1] = logs[0, 0], logs[0, labels[1]]
    emission = logs[:, labels].astype(np.float64)
    with np.errstate(invalid="ignore"):
        for t in range(1, len(logs)):
            one = np.concatenate([[-np.inf], alpha[:-1]])
            two = np.where(skip, np.concatenate([[-np.inf, -np.inf], alpha[:-2]]), -np.inf)
            alpha = np.logaddexp(np.logaddexp(alpha, one), two) + emission[t]
    total = float(np.logaddexp(alpha[-1], alpha[-2]))
    return max(2 * FLOOR, total / len(phones)) if np.isfinite(total) else 2 * FLOOR


def _greedy(logs: FloatArray) -> list[int]:
    best = logs.argmax(axis=1)
    keep = np.concatenate([[True], best[1:] != best[:-1]]) & (best != SILENCE)
    return [int(symbol) for symbol in best[keep]]


def _edits(heard: Sequence[int], wanted: Sequence[int]) -> float:
    """Levenshtein distance, rows vectorised over the wanted phones."""
    target = np.array(wanted)
    row = np.arange(len(target) + 1, dtype=np.float64)
    steps = np.arange(len(target) + 1)
    for count, symbol in enumerate(heard, start=1):
        replace = row[:-1] + (target != symbol)
        fresh = np.concatenate([[count], np.minimum(replace, row[1:] + 1)])
        # An insertion run is a running minimum once the step number is taken off.
        row = np.minimum.accumulate(fresh - steps) + steps
    return float(row[-1])


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Pearson's r; 0 where either does not vary."""
    if len(a) < 3 or a.std() < 1e-6 or b.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def phone_names(language: str) -> tuple[str, ...]:
    """The phones of a language's set, in the order of their indices from 1."""
    return PHONE_SETS[language]
