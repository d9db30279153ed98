"""Evidence: what a take shows against its references and against the phones of its text.

Everything here is numbers about one take, from what the encoder heard: no verdict and no score
yet. Training and use run this same code, and the weights of a bundle are weights of these numbers:
to change one is to train anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from pronounce_kiosk.core.audio import FloatArray
from pronounce_kiosk.pipeline.align import PhoneSpans, Warp, align_each, align_phones, warp
from pronounce_kiosk.pipeline.phones import SILENCE, PhoneLine

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

PHONE_LIMITS = np.array(
    [[-6, 0], [-6, 6], [-6, 0], [-6, 4], [0, 1.5], [0, 4], [-2, 2], [-0.4, 0.4]]
)
"""Where each phone feature means something."""
_NO_SPREAD = 1e-6
_LOW_AND_HIGH = np.array([0.1, 0.9], np.float32)


@dataclass(frozen=True, eq=False)
class Heard:
    """What the encoder gives for one clip, one frame every 30 ms.

    embeddings: float32 (frames, compared), unit length, of the embeddings centred on the clip's
    own mean (speaker and engine drop out). phones, ctc: log likelihoods, float32 (frames, 1 +
    phones). level: float32 (frames,), mean of the grayscale image.
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
    _kept: dict[PhoneLine, _Said] = field(default_factory=dict, repr=False)

    def said(self, line: PhoneLine) -> _Said:
        """How it says the line's phones: computed once."""
        if line not in self._kept:
            self._kept[line] = _said(self.heard, self.spans, line)
        return self._kept[line]


@dataclass(frozen=True, eq=False)
class Evidence:
    """phones: float32 (phones, len(PHONE_FEATURES)). spans: in the take. take: by name, float.

    heard: log likelihood of silence and every phone of the set in each phone's place, float32
    (phones, 1 + phones of the set). beside: that less the references' mean.
    """

    phones: FloatArray
    spans: PhoneSpans
    take: dict[str, float]
    heard: FloatArray
    beside: FloatArray


@dataclass(frozen=True, eq=False)
class _Said:
    """How one clip says the line's phones.

    goodness, level: (phones,), means over the phone's frames. likelihoods: (phones, 1 + phones of
    the set), the same of every phone. embeddings: (phones, embedding), unit length. frames:
    float64 (phones,), at least 1. The others are float32.
    """

    goodness: FloatArray
    likelihoods: FloatArray
    embeddings: FloatArray
    level: FloatArray
    frames: NDArray[np.float64]


def centred(embeddings: FloatArray) -> FloatArray:
    """Each clip's mean embedding taken off, then unit length. Shape (frames, embedding)."""
    shifted = embeddings - embeddings.mean(axis=0, keepdims=True)
    return _unit_length(shifted).astype(np.float32)


def hear_reference(heard: Heard, line: PhoneLine) -> HeardReference | None:
    """The reference with its phones' times; None where it is too short to hold them."""
    spans = align_phones(heard.phones, line.indices, line.units)
    return None if spans is None else HeardReference(heard, spans)


def gather(take: Heard, line: PhoneLine, references: Sequence[HeardReference]) -> Evidence | None:
    """All evidence on one take; None where it is too short to hold the sentence's phones.

    Noise and silence give finite numbers too: it is the judge that tells them from speech.
    """
    return next(iter(gather_each([take], line, [references])), None)


def gather_each(
    takes: Sequence[Heard], line: PhoneLine, references: Sequence[Sequence[HeardReference]]
) -> list[Evidence]:
    """The same of one take as several encoders heard it, with what each heard of the references.

    Empty where the take is too short, or where there are no references.
    """
    found = align_each([take.phones for take in takes], line.indices, line.units)
    if found is None or not all(references):
        return []
    costs = [
        1.0 - take.embeddings @ one.heard.embeddings.T
        for take, own in zip(takes, references, strict=True)
        for one in own
    ]
    warps = iter(warp(costs))
    return [
        _evidence(take, line, own, spans, [next(warps) for _ in own])
        for take, own, spans in zip(takes, references, found, strict=True)
    ]


def _evidence(
    take: Heard,
    line: PhoneLine,
    references: Sequence[HeardReference],
    spans: PhoneSpans,
    warps: Sequence[Warp],
) -> Evidence:
    own = _said(take, spans, line)
    models = [reference.said(line) for reference in references]
    phones = _phone_features(take, spans, line, own, models)
    numbers = _pooled(phones, line)
    numbers |= _likelihoods(take, spans, line)
    numbers |= _timing(spans, line, [reference.spans for reference in references])
    numbers |= _likeness(take, own, references, models)
    numbers |= _warping(warps, take, references)
    theirs = np.mean([model.likelihoods for model in models], axis=0)
    return Evidence(phones, spans, numbers, own.likelihoods, own.likelihoods - theirs)


def _said(heard: Heard, spans: PhoneSpans, line: PhoneLine) -> _Said:
    likelihoods = _span_means(np.maximum(heard.phones, FLOOR), spans)
    return _Said(
        likelihoods[np.arange(len(line.indices)), line.indices],
        likelihoods,
        _unit_length(_span_means(heard.embeddings, spans)),
        _span_means(heard.level, spans),
        spans.frames.astype(np.float64),
    )


def _span_means(values: FloatArray, spans: PhoneSpans) -> FloatArray:
    """Mean over each phone's frames; values (frames, ...)."""
    total = np.zeros((1 + len(values), *values.shape[1:]))
    # Summed in 32 bits: the bundles were trained on means that are rounded so.
    total[1:] = np.cumsum(values, axis=0)
    count = spans.frames.reshape(-1, *([1] * (values.ndim - 1)))
    means: FloatArray = ((total[spans.end] - total[spans.start]) / count).astype(np.float32)
    return means


def _unit_length(vectors: FloatArray) -> FloatArray:
    result: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return result


def _phone_features(
    take: Heard, spans: PhoneSpans, line: PhoneLine, own: _Said, models: Sequence[_Said]
) -> FloatArray:
    """float32 (phones, len(PHONE_FEATURES)); what compares is the mean over the references."""
    stretch = [np.log(own.frames / model.frames) for model in models]
    level = own.level - own.level.mean()
    columns = [
        own.goodness,
        own.goodness - _best_other(own.likelihoods, line),
        _best_frames(take, spans, line),
        np.mean([own.goodness - model.goodness for model in models], axis=0),
        np.mean([1.0 - (own.embeddings * m.embeddings).sum(axis=1) for m in models], axis=0),
        np.log(own.frames),
        np.mean([one - _median(one) for one in stretch], axis=0),
        np.mean([level - model.level + model.level.mean() for model in models], axis=0),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _best_other(likelihoods: FloatArray, line: PhoneLine) -> FloatArray:
    """The likeliest phone that is not the wanted one, nor silence; (phones,)."""
    others = likelihoods.copy()
    others[np.arange(len(others)), line.indices] = -np.inf
    others[:, SILENCE] = -np.inf
    best: FloatArray = others.max(axis=1)
    return best


def _best_frames(take: Heard, spans: PhoneSpans, line: PhoneLine) -> FloatArray:
    """The log likelihood of each phone in its best frame; (phones,)."""
    # Of each span the first frame up to the frame after its last: every other stretch is a phone's.
    edges = np.stack([spans.start, spans.end], axis=1).reshape(-1)
    wanted = np.concatenate([take.phones[:, line.indices], take.phones[-1:, line.indices]])
    best = np.maximum.reduceat(wanted, edges, axis=0)[::2].diagonal()
    return np.maximum(best, FLOOR)


def _pooled(phones: FloatArray, line: PhoneLine) -> dict[str, float]:
    """Mean, spread and the worst of every phone feature, over phones and over units."""
    low, high = np.quantile(phones, _LOW_AND_HIGH, axis=0)
    columns = np.ascontiguousarray(phones.T)
    mean, deviation = columns.mean(axis=1), columns.std(axis=1)
    numbers: dict[str, float] = {}
    for column, name in enumerate(PHONE_FEATURES):
        numbers[f"{name}_mean"] = float(mean[column])
        numbers[f"{name}_std"] = float(deviation[column])
        numbers[f"{name}_low"] = float(low[column])
        numbers[f"{name}_high"] = float(high[column])
    count = (line.unit_ends - line.unit_starts).astype(np.float32)
    by_unit = np.add.reduceat(phones, line.unit_starts, axis=0) / count[:, None]
    units = dict(zip(PHONE_FEATURES, by_unit.T, strict=True))
    names = ("goodness", "margin", "relative")
    lows = np.quantile(np.stack([units[name] for name in names]), 0.25, axis=1)
    for name, value in zip(names, lows, strict=True):
        numbers[f"{name}_worst_unit"] = float(units[name].min())
        numbers[f"{name}_low_units"] = float(value)
    numbers["distance_worst_unit"] = float(units["distance"].max())
    margin, stretch = (phones[:, PHONE_FEATURES.index(name)] for name in ("margin", "stretch"))
    numbers["wrong_share"] = float((margin < -1.0).mean())
    numbers["right_share"] = float((margin > 1.0).mean())
    numbers["stretch_spread"] = float(np.abs(stretch).mean())
    numbers["phones"] = float(np.log(len(phones)))
    return numbers


def _likelihoods(take: Heard, spans: PhoneSpans, line: PhoneLine) -> dict[str, float]:
    """The text against anything else that could have been said in the take."""
    logs = np.maximum(take.phones, FLOOR)
    speech = logs[spans.start[0] : spans.end[-1]]
    forced = max(spans.log_likelihood / len(logs), FLOOR)
    decoded = greedy(take.ctc)
    return {
        "free": float(speech.max(axis=1).mean()),
        "forced": forced,
        "forced_against_free": float(forced - logs.max(axis=1).mean()),
        "ctc": ctc_per_phone(take.ctc, line.indices),
        "edits": edits(decoded, line.indices) / len(line.indices),
        "decoded_ratio": float(np.log((1 + len(decoded)) / (1 + len(line.indices)))),
        "entropy": float(-(np.exp(speech) * speech).sum(axis=1).mean()),
    }


def ctc_per_phone(logs: FloatArray, phones: Sequence[int]) -> float:
    """Log likelihood of the phones by CTC's forward sum, a phone; at least 2 * FLOOR.

    logs: (frames, 1 + phones of the set), blank at 0. Too few frames for the phones give the least.
    """
    loss = functional.ctc_loss(
        torch.from_numpy(logs).double()[:, None],
        torch.tensor([list(phones)]),
        torch.tensor([len(logs)]),
        torch.tensor([len(phones)]),
        blank=SILENCE,
        reduction="sum",
    )
    return max(2 * FLOOR, -float(loss) / len(phones))


def greedy(logs: FloatArray) -> list[int]:
    """The phones of CTC's likeliest frames: repeats said once, blanks left out."""
    best = logs.argmax(axis=1)
    keep = np.concatenate([[True], best[1:] != best[:-1]]) & (best != SILENCE)
    return [int(symbol) for symbol in best[keep]]


def edits(heard: Sequence[int], wanted: Sequence[int]) -> int:
    """Levenshtein distance: phones to replace, drop or add to make one line the other."""
    steps = np.arange(len(wanted) + 1)
    differs = np.array(heard)[:, None] != np.array(wanted)
    row = steps
    for count, replaced in enumerate(differs, start=1):
        fresh = np.minimum(row[:-1] + replaced, row[1:] + 1)
        # A run of insertions is a running minimum once the step number is taken off.
        row = np.minimum.accumulate(np.concatenate([[count], fresh]) - steps) + steps
    return int(row[-1])


def _timing(
    spans: PhoneSpans, line: PhoneLine, references: Sequence[PhoneSpans]
) -> dict[str, float]:
    """The take's own timing, and its rate against the references'."""
    numbers = _own_timing(spans, line)
    for name, phones_a_frame in (("rate", _rate), ("articulation", _articulation)):
        theirs = np.mean([phones_a_frame(reference) for reference in references])
        numbers[f"{name}_against"] = numbers[name] - float(theirs)
    frames = np.log(spans.frames)
    follows = [_correlation(frames, np.log(reference.frames)) for reference in references]
    numbers["lengths_follow"] = float(np.mean(follows))
    return numbers


def _own_timing(spans: PhoneSpans, line: PhoneLine) -> dict[str, float]:
    gaps = spans.start[1:] - spans.end[:-1]
    pauses = gaps[gaps >= PAUSE_FRAMES]
    whole = float(spans.end[-1] - spans.start[0])
    unit_frames = spans.end[line.unit_ends - 1] - spans.start[line.unit_starts]
    return {
        "rate": _rate(spans),
        "articulation": _articulation(spans),
        "pauses": float(len(pauses)),
        "pauses_per_unit": float(len(pauses)) / len(unit_frames),
        "pause_share": float(pauses.sum()) / whole,
        "silence_share": float(gaps.sum()) / whole,
        "longest_pause": float(np.log1p(pauses.max(initial=0))),
        "unit_spread": float(np.std(np.log(unit_frames))),
        "longest_phone": float(np.log(spans.frames.max())),
    }


def _rate(spans: PhoneSpans) -> float:
    """Log of phones a frame, pauses counted."""
    return float(np.log(len(spans.start) / float(spans.end[-1] - spans.start[0])))


def _articulation(spans: PhoneSpans) -> float:
    """Log of phones a frame of speech."""
    return float(np.log(len(spans.start) / float(spans.frames.sum())))


def _likeness(
    take: Heard, own: _Said, references: Sequence[HeardReference], models: Sequence[_Said]
) -> dict[str, float]:
    """The take's length and loudness against the references'."""
    lengths = [np.log(len(reference.heard.level)) for reference in references]
    follows = [_correlation(own.level, model.level) for model in models]
    return {
        "length_against": float(np.log(len(take.level)) - np.mean(lengths)),
        "level_follows": float(np.mean(follows)),
    }


def _warping(
    warps: Sequence[Warp], take: Heard, references: Sequence[HeardReference]
) -> dict[str, float]:
    """What the warps of the take to its references cost, and how they bend."""
    each = [_one_warp(w, take, r.heard) for w, r in zip(warps, references, strict=True)]
    numbers = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
    numbers["warp_nearest"] = min(one["warp"] for one in each)
    return numbers


def _one_warp(one: Warp, take: Heard, reference: Heard) -> dict[str, float]:
    mine, theirs = one.path.T
    along = 1.0 - (take.embeddings[mine] * reference.embeddings[theirs]).sum(axis=1)
    steps = np.diff(one.path, axis=0)
    straight = (steps.sum(axis=1) == 2).mean() if len(steps) else 1.0
    end = max(1, theirs[-1])
    line = np.interp(mine, [0, max(1, mine[-1])], [0, end])
    return {
        "warp": one.cost,
        "warp_high": float(np.quantile(along, 0.9)),
        "warp_straight": float(straight),
        "warp_bend": float(np.abs(theirs - line).mean() / end),
    }


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Pearson's r; 0 where either does not vary."""
    if len(a) < 3:
        return 0.0
    x, y = a.astype(np.float64), b.astype(np.float64)
    x -= x.mean()
    y -= y.mean()
    varies = float(x @ x), float(y @ y)
    if min(varies) < len(a) * _NO_SPREAD**2:
        return 0.0
    return min(1.0, max(-1.0, float(x @ y) / math.sqrt(varies[0] * varies[1])))


def _median(values: NDArray[np.float64]) -> float:
    """numpy's, without what it checks for."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2.0
