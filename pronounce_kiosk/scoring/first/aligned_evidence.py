"""Evidence: what a take shows against its references and against the phones of its text.

Everything here is numbers about one take, from what the encoder heard: no verdict and no score
yet. Training and use run this same code, and the weights of a bundle are weights of these numbers:
to change one is to train anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import SILENCE, PhoneLine
from pronounce_kiosk.scoring.alignment import (
    Beside,
    PhoneSpans,
    Warps,
    align_each,
    align_phones,
    warp,
)

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
_GREATEST, _LEAST = 1e250, 1e-200
_SCALED_EVERY = 16
_LEVEL = [PHONE_FEATURES.index(name) for name in ("goodness", "margin", "relative")]
_NUMBERS = tuple(
    f"{name}_{what}" for what in ("mean", "std", "low", "high") for name in PHONE_FEATURES
)


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


@dataclass(frozen=True, eq=False)
class Evidence:
    """phones: float32 (phones, len(PHONE_FEATURES)). spans: in the take. take: by name, float.

    heard: log likelihood of silence and every phone of the set in each phone's place, float32
    (phones, 1 + phones of the set). beside: that less the references' mean. vectors: float32
    (phones, compared), of unit length, how the take says each phone; wanted: the same of the
    references that units are compared with. units: `phones` against those references; None where
    they are the same.
    """

    phones: FloatArray
    spans: PhoneSpans
    take: dict[str, float]
    heard: FloatArray
    beside: FloatArray
    vectors: FloatArray
    wanted: FloatArray
    units: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class _Clip:
    """What several ears heard of one clip, side by side.

    phones, ctc: (ears, frames, 1 + phones of the set); phones cut at `FLOOR`. embeddings: (ears,
    frames, compared). level: (ears, frames). start, end, count: int64 (ears, phones), where the
    line's phones lie and how long they are. forced: (ears,), the log likelihood of their path.
    """

    phones: FloatArray
    ctc: FloatArray
    embeddings: FloatArray
    level: FloatArray
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    count: NDArray[np.int64]
    forced: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Said:
    """How the clip says the line's phones; the first axis is the ears'.

    goodness, level: (ears, phones), means over the phone's frames. likelihoods: (ears, phones, 1 +
    phones of the set), the same of every phone. embeddings: (ears, phones, compared), unit length.
    frames: float64 (ears, phones), at least 1. The others are float32.
    """

    goodness: FloatArray
    likelihoods: FloatArray
    embeddings: FloatArray
    level: FloatArray
    frames: NDArray[np.float64]


class Against:
    """What the references of a sentence show, as each ear heard them: computed once for all takes.

    references: the same ones for each ear, in the same order.
    """

    def __init__(self, line: PhoneLine, references: Sequence[Sequence[HeardReference]]) -> None:
        self.line = line
        self.ears = len(references)
        self.count = min(map(len, references), default=0)
        if not self.count:
            return
        # What no reference keeps, its CTC, is not asked for: the phones stand in for it.
        each = [list(one) for one in zip(*references, strict=True)]
        clips = [
            _clip([one.heard for one in heard], [one.spans for one in heard]) for heard in each
        ]
        said = [_say(clip, line) for clip in clips]
        self.goodness = np.stack([one.goodness for one in said], axis=1)
        self.embeddings = np.stack([one.embeddings for one in said], axis=1)
        self.wanted = _unit_length(_mean(self.embeddings, axis=1)).astype(np.float32)
        self.frames = np.stack([one.frames for one in said], axis=1)
        level = np.stack([one.level for one in said], axis=1)
        self.level = level - level.mean(axis=2, keepdims=True)
        self.likelihoods = np.mean([one.likelihoods for one in said], axis=0)
        self.rate = np.mean([_rate(clip) for clip in clips], axis=0)
        self.articulation = np.mean([_articulation(clip) for clip in clips], axis=0)
        self.length = float(np.mean([np.log(clip.level.shape[1]) for clip in clips]))
        self.lengths_vary = _Varying(np.log(self.frames))
        self.levels_vary = _Varying(level)
        self.beside = Beside([clip.level.shape[1] for clip in clips] * self.ears)
        self.warped = [
            _beside([clip.embeddings[ear] for clip in clips]) for ear in range(self.ears)
        ]


def centred(embeddings: FloatArray) -> FloatArray:
    """Each clip's mean embedding taken off, then unit length. Shape (frames, embedding)."""
    return _unit_length(embeddings - embeddings.mean(axis=0, keepdims=True)).astype(np.float32)


def hear_reference(heard: Heard, line: PhoneLine) -> HeardReference | None:
    """The reference with its phones' times; None where it is too short to hold them."""
    spans = align_phones(heard.phones, line.indices, line.units)
    return None if spans is None else HeardReference(heard, spans)


def gather(take: Heard, line: PhoneLine, references: Sequence[HeardReference]) -> Evidence | None:
    """All evidence on one take; None where it is too short to hold the sentence's phones.

    Noise and silence give finite numbers too: it is the judge that tells them from speech.
    """
    return next(iter(gather_each([take], Against(line, [references]))), None)


def gather_each(
    takes: Sequence[Heard], against: Against, units: Against | None = None
) -> list[Evidence]:
    """The same of one take as several ears heard it, with what each heard of the references.

    units: the references that units are compared with, where those are others.
    Empty where the take is too short, or where there are no references.
    """
    line = against.line
    if not against.count:
        return []
    spans = align_each([take.phones for take in takes], line.indices, line.units)
    if spans is None:
        return []
    clip = _clip(takes, spans)
    own = _say(clip, line)
    phones = _phone_features(clip, line, own, against)
    numbers = _pooled(phones, line)
    numbers |= _likelihoods(clip, line)
    numbers |= _timing(clip, line, against)
    numbers |= _likeness(clip, own, against)
    numbers |= _warping(clip, against)
    by_ear = np.array([*numbers.values()], np.float64).T.tolist()
    beside = own.likelihoods - against.likelihoods
    by_unit = None if units is None else _phone_features(clip, line, own, units)
    wanted = against.wanted if units is None else units.wanted
    return [
        Evidence(
            phones[ear],
            spans[ear],
            dict(zip(numbers, values, strict=True)),
            own.likelihoods[ear],
            beside[ear],
            own.embeddings[ear],
            wanted[ear],
            None if by_unit is None else by_unit[ear],
        )
        for ear, values in enumerate(by_ear)
    ]


_Numbers = dict[str, NDArray[np.floating]]
"""By name, (ears,) each."""


def _clip(heard: Sequence[Heard], spans: Sequence[PhoneSpans]) -> _Clip:
    start, end = np.array([[one.start, one.end] for one in spans]).transpose(1, 0, 2)
    return _Clip(
        np.maximum(np.stack([one.phones for one in heard]), np.float32(FLOOR)),
        np.stack([one.ctc for one in heard]),
        np.stack([one.embeddings for one in heard]),
        np.stack([one.level for one in heard]),
        start,
        end,
        end - start,
        np.array([one.log_likelihood for one in spans]),
    )


def _say(clip: _Clip, line: PhoneLine) -> _Said:
    symbols = clip.phones.shape[2]
    means = _span_means(
        np.concatenate([clip.phones, clip.embeddings, clip.level[:, :, None]], axis=2), clip
    )
    likelihoods = means[:, :, :symbols]
    return _Said(
        likelihoods[:, np.arange(len(line.indices)), line.indices],
        likelihoods,
        _unit_length(means[:, :, symbols:-1]),
        means[:, :, -1],
        clip.count.astype(np.float64),
    )


def _span_means(values: FloatArray, clip: _Clip) -> FloatArray:
    """Mean over each phone's frames, (ears, phones, n); values (ears, frames, n)."""
    ears, frames, size = values.shape
    total = np.zeros((ears, 1 + frames, size))
    # Summed in 32 bits: the bundles were trained on means that are rounded so.
    total[:, 1:] = np.cumsum(values, axis=1)
    ear = np.arange(ears)[:, None]
    sums = total[ear, clip.end] - total[ear, clip.start]
    means: FloatArray = (sums / clip.count[:, :, None]).astype(np.float32)
    return means


def _unit_length(vectors: FloatArray) -> FloatArray:
    length = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    result: FloatArray = vectors / np.maximum(length, np.float32(1e-6))
    return result


def _mean(values: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """numpy's, without what it checks for."""
    result: NDArray[Any] = np.add.reduce(values, axis=axis) / values.shape[axis]
    return result


def _quantiles(ordered: NDArray[Any], wanted: Sequence[float]) -> list[NDArray[Any]]:
    """numpy's along the last axis, which must be in order."""
    found = []
    for share in wanted:
        place = ordered.dtype.type(share) * (ordered.shape[-1] - 1)
        at = int(place)
        low, high = ordered[..., at], ordered[..., min(at + 1, ordered.shape[-1] - 1)]
        part = place - ordered.dtype.type(at)
        step = high - low
        found.append(high - step * (1 - part) if part >= 0.5 else low + step * part)
    return found


def _phone_features(clip: _Clip, line: PhoneLine, own: _Said, against: Against) -> FloatArray:
    """float32 (ears, phones, len(PHONE_FEATURES)); what compares is the mean over references."""
    each = np.s_[:, None]
    stretch = np.log(own.frames[each] / against.frames)
    level = own.level - _mean(own.level)[:, None]
    columns = [
        own.goodness,
        own.goodness - _best_other(own.likelihoods, line),
        _best_frames(clip, line),
        _mean(own.goodness[each] - against.goodness, axis=1),
        _mean(1.0 - np.add.reduce(own.embeddings[each] * against.embeddings, axis=3), axis=1),
        np.log(own.frames),
        _mean(stretch - _median(stretch)[:, :, None], axis=1),
        _mean(level[each] - against.level, axis=1),
    ]
    return np.stack(columns, axis=2).astype(np.float32)


def _best_other(likelihoods: FloatArray, line: PhoneLine) -> FloatArray:
    """The likeliest phone that is not the wanted one, nor silence; (ears, phones)."""
    others = likelihoods.copy()
    others[:, np.arange(len(line.indices)), line.indices] = -np.inf
    others[:, :, SILENCE] = -np.inf
    best: FloatArray = others.max(axis=2)
    return best


def _best_frames(clip: _Clip, line: PhoneLine) -> FloatArray:
    """The log likelihood of each phone in its best frame; (ears, phones)."""
    ears, frames, symbols = clip.phones.shape
    count = clip.count.reshape(-1)
    firsts = np.cumsum(count) - count
    # The place of each phone's every frame and wanted symbol in all the likelihoods.
    row = (clip.start + frames * np.arange(ears)[:, None]).reshape(-1) - firsts
    wanted = symbols * row + np.array(line.indices * ears)
    places = np.repeat(wanted, count) + symbols * np.arange(firsts[-1] + count[-1])
    best: FloatArray = np.maximum.reduceat(clip.phones.reshape(-1)[places], firsts)
    return best.reshape(clip.count.shape)


def _pooled(phones: FloatArray, line: PhoneLine) -> _Numbers:
    """Mean, spread and the worst of every phone feature, over phones and over units."""
    columns = np.ascontiguousarray(phones.transpose(0, 2, 1))
    mean = _mean(columns)
    apart = columns - mean[:, :, None]
    deviation = np.sqrt(_mean(apart * apart))
    low, high = _quantiles(np.sort(columns), (0.1, 0.9))
    pooled = np.concatenate([mean, deviation, low, high], axis=1).T
    numbers: _Numbers = dict(zip(_NUMBERS, pooled, strict=True))
    count = (line.unit_ends - line.unit_starts).astype(np.float32)
    by_unit = np.add.reduceat(columns, line.unit_starts, axis=2) / count
    ordered = np.sort(by_unit[:, _LEVEL])
    (lows,) = _quantiles(ordered, (0.25,))
    for place, name in enumerate(("goodness", "margin", "relative")):
        numbers[f"{name}_worst_unit"] = ordered[:, place, 0]
        numbers[f"{name}_low_units"] = lows[:, place]
    numbers["distance_worst_unit"] = by_unit[:, PHONE_FEATURES.index("distance")].max(axis=1)
    margin, stretch = (columns[:, PHONE_FEATURES.index(name)] for name in ("margin", "stretch"))
    numbers["wrong_share"] = (margin < -1.0).mean(axis=1)
    numbers["right_share"] = (margin > 1.0).mean(axis=1)
    numbers["stretch_spread"] = _mean(np.abs(stretch))
    numbers["phones"] = np.full(len(phones), math.log(phones.shape[1]))
    return numbers


def _likelihoods(clip: _Clip, line: PhoneLine) -> _Numbers:
    """The text against anything else that could have been said in the take."""
    ears, frames = clip.level.shape
    best = clip.phones.max(axis=2)
    doubt = np.add.reduce(np.exp(clip.phones) * clip.phones, axis=2)
    speech = [slice(*ends) for ends in zip(clip.start[:, 0], clip.end[:, -1], strict=True)]
    forced = np.maximum(clip.forced / frames, FLOOR)
    decoded = [greedy(logs) for logs in clip.ctc]
    wanted = len(line.indices)
    return {
        "free": np.array([best[ear, part].mean() for ear, part in enumerate(speech)]),
        "forced": forced,
        "forced_against_free": forced - _mean(best),
        "ctc": ctc_per_phone(clip.ctc, line.indices),
        "edits": np.array([edits(symbols, line.indices) for symbols in decoded]) / wanted,
        "decoded_ratio": np.log((1 + np.array([*map(len, decoded)])) / (1 + wanted)),
        "entropy": np.array([-doubt[ear, part].mean() for ear, part in enumerate(speech)]),
    }


def ctc_per_phone(logs: FloatArray, phones: Sequence[int]) -> NDArray[np.float64]:
    """Log likelihood of the phones by CTC's forward sum, a phone; at least 2 * FLOOR.

    logs: (views, frames, 1 + phones of the set), blank at 0; gives (views,). Too few frames for
    the phones give the least.
    """
    found = _ctc(logs, phones)
    if not np.isfinite(found).all():
        found = _ctc_in_logarithms(logs, phones)
    result: NDArray[np.float64] = np.maximum(2 * FLOOR, found / len(phones))
    return result


def _ctc(logs: FloatArray, phones: Sequence[int]) -> NDArray[np.float64]:
    """The log likelihood (views,), summed as plain numbers; not finite where they are too small.

    Every frame's are taken against the likeliest symbol of the line, and every few frames' sums
    against the greatest: what is left out then lies 500 decades under it.
    """
    views, frames, _ = logs.shape
    labels = np.full(2 * len(phones) + 1, SILENCE)
    labels[1::2] = phones
    exact = logs.astype(np.float64)
    peaks = exact[:, :, np.unique(labels)].max(axis=2)
    shares = np.exp(np.minimum(exact - peaks[:, :, None], 0.0)).transpose(1, 0, 2)
    # The views lie side by side, with two columns before each in which there is nothing.
    size = len(labels) + 2
    weights = np.zeros((frames, views, size))
    weights[:, :, 2:] = shares.take(labels, axis=2)
    skips = np.zeros((views, size))
    skips[:, 5::2] = labels[3::2] != labels[1:-2:2]
    row, fresh, skipping = np.zeros((3, views * size))
    row.reshape(views, size)[:, 2:4] = weights[0, :, 2:4]
    total = peaks.sum(axis=1)
    skip, before = skips.reshape(-1)[2:], skipping[2:]
    for frame, weight in enumerate(weights.reshape(frames, -1)[1:, 2:]):
        if frame % _SCALED_EVERY == 0:
            by_view = row.reshape(views, size)
            greatest = by_view.max(axis=1)
            if not greatest.all():
                return np.full(views, -np.inf)
            by_view *= (_GREATEST / greatest)[:, None]
            total += np.log(greatest / _GREATEST)
        now = fresh[2:]
        np.multiply(row[:-2], skip, before)
        np.add(row[2:], row[1:-1], now)
        np.add(now, before, now)
        np.multiply(now, weight, now)
        row, fresh = fresh, row
    ends = row.reshape(views, size)[:, -2:].sum(axis=1)
    return np.where(ends > _LEAST, total + np.log(np.maximum(ends, _LEAST)), -np.inf)


def _ctc_in_logarithms(logs: FloatArray, phones: Sequence[int]) -> NDArray[np.float64]:
    """The log likelihood (views,), whatever it is."""
    views, frames, _ = logs.shape
    with torch.inference_mode():
        loss = functional.ctc_loss(
            torch.from_numpy(logs.transpose(1, 0, 2).astype(np.float64)),
            torch.tensor([list(phones)] * views),
            torch.tensor([frames] * views),
            torch.tensor([len(phones)] * views),
            blank=SILENCE,
            reduction="none",
        )
    result: NDArray[np.float64] = -loss.numpy()
    return result


def greedy(logs: FloatArray) -> list[int]:
    """The phones of CTC's likeliest frames: repeats said once, blanks left out."""
    best = logs.argmax(axis=1)
    keep = best != SILENCE
    keep[1:] &= best[1:] != best[:-1]
    symbols: list[int] = best[keep].tolist()
    return symbols


def edits(heard: Sequence[int], wanted: Sequence[int]) -> int:
    """Levenshtein distance: phones to replace, drop or add to make one line the other.

    Hyyrö's bit vectors (2001, after Myers 1999): a column of the table at once, its steps up and
    down as the bits of two whole numbers.
    """
    places: dict[int, int] = {}
    for place, symbol in enumerate(wanted):
        places[symbol] = places.get(symbol, 0) | 1 << place
    whole = (1 << len(wanted)) - 1
    last = 1 << len(wanted) - 1 if wanted else 0
    up, down, distance = whole, 0, len(wanted)
    for symbol in heard:
        same = places.get(symbol, 0)
        across = (((same & up) + up) ^ up) | same | down
        more = down | (~(across | up) & whole)
        fewer = up & across
        distance += bool(more & last) - bool(fewer & last)
        more, fewer = more << 1 | 1, fewer << 1
        up, down = (fewer | ~(same | down | more)) & whole, more & (same | down)
    return distance


def _timing(clip: _Clip, line: PhoneLine, against: Against) -> _Numbers:
    """The take's own timing, and its rate against the references'."""
    numbers = _own_timing(clip, line)
    numbers["rate_against"] = numbers["rate"] - against.rate
    numbers["articulation_against"] = numbers["articulation"] - against.articulation
    numbers["lengths_follow"] = against.lengths_vary.follow(np.log(clip.count))
    return numbers


def _own_timing(clip: _Clip, line: PhoneLine) -> _Numbers:
    gaps = clip.start[:, 1:] - clip.end[:, :-1]
    pauses = np.where(gaps >= PAUSE_FRAMES, gaps, 0)
    whole = (clip.end[:, -1] - clip.start[:, 0]).astype(np.float64)
    units = np.log(clip.end[:, line.unit_ends - 1] - clip.start[:, line.unit_starts])
    apart = units - _mean(units)[:, None]
    many = np.count_nonzero(pauses, axis=1)
    return {
        "rate": _rate(clip),
        "articulation": _articulation(clip),
        "pauses": many,
        "pauses_per_unit": many / units.shape[1],
        "pause_share": np.add.reduce(pauses, axis=1) / whole,
        "silence_share": np.add.reduce(gaps, axis=1) / whole,
        "longest_pause": np.log1p(pauses.max(axis=1, initial=0)),
        "unit_spread": np.sqrt(_mean(apart * apart)),
        "longest_phone": np.log(clip.count.max(axis=1)),
    }


def _rate(clip: _Clip) -> NDArray[np.float64]:
    """Log of phones a frame, pauses counted; (ears,)."""
    result: NDArray[np.float64] = np.log(clip.count.shape[1] / (clip.end[:, -1] - clip.start[:, 0]))
    return result


def _articulation(clip: _Clip) -> NDArray[np.float64]:
    """Log of phones a frame of speech; (ears,)."""
    result: NDArray[np.float64] = np.log(clip.count.shape[1] / np.add.reduce(clip.count, axis=1))
    return result


def _likeness(clip: _Clip, own: _Said, against: Against) -> _Numbers:
    """The take's length and loudness against the references'."""
    ears, frames = clip.level.shape
    return {
        "length_against": np.full(ears, math.log(frames) - against.length),
        "level_follows": against.levels_vary.follow(own.level),
    }


def _warping(clip: _Clip, against: Against) -> _Numbers:
    """What the warps of the take to its references cost, and how they bend."""
    frames = clip.level.shape[1]
    table = np.empty((frames, against.beside.columns), np.float32)
    parts = np.split(table, against.ears, axis=1)
    for mine, theirs, part in zip(clip.embeddings, against.warped, parts, strict=True):
        np.matmul(mine, theirs, out=part)
    np.subtract(np.float32(1.0), table, out=table)
    warps = warp(table, against.beside)
    each = _each_warp(warps, frames, against.beside.widths)
    by_ear = each.reshape(len(each), against.ears, against.count)
    names = ("warp", "warp_high", "warp_straight", "warp_bend")
    numbers: _Numbers = dict(zip(names, _mean(by_ear), strict=True))
    numbers["warp_nearest"] = by_ear[0].min(axis=1)
    return numbers


def _each_warp(warps: Warps, frames: int, widths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean cost, high cost, share of straight steps and bend of each path; (4, paths)."""
    # Each step straight on takes a frame of both, any other one of either.
    moves = warps.steps - 1
    straight = np.where(moves > 0, (frames + widths - 2 - moves) / np.maximum(moves, 1), 1.0)
    end = np.maximum(widths - 1, 1)
    line = np.repeat(end / max(frames - 1, 1), warps.steps) * warps.take
    bend = np.add.reduceat(np.abs(warps.reference - line), warps.starts) / warps.steps / end
    costs = np.split(warps.costs, warps.starts[1:])
    return np.array(
        [
            [_mean(one) for one in costs],
            [_quantiles(np.sort(one), (0.9,))[0] for one in costs],
            straight,
            bend,
        ]
    )


def _beside(clips: Sequence[FloatArray]) -> FloatArray:
    """Embeddings (compared, columns) as a `Beside` lays their frames; zeros between."""
    edge = np.zeros((1, clips[0].shape[1]), np.float32)
    return np.ascontiguousarray(np.concatenate([part for one in clips for part in (edge, one)]).T)


class _Varying:
    """What the references' phones vary by, (ears, references, phones), to be compared with."""

    def __init__(self, values: NDArray[np.floating]) -> None:
        self._apart = values - values.astype(np.float64).mean(axis=2, keepdims=True)
        self._spread = np.square(self._apart).sum(axis=2)

    def follow(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pearson's r of (ears, phones) to each reference, their mean; (ears,).

        0 where either does not vary.
        """
        count = values.shape[1]
        if count < 3:
            return np.zeros(len(values))
        apart = values - _mean(values.astype(np.float64))[:, None]
        spread = np.add.reduce(apart * apart, axis=1)[:, None]
        varies = np.minimum(spread, self._spread) >= count * _NO_SPREAD**2
        r = np.add.reduce(apart[:, None] * self._apart, axis=2)
        r /= np.sqrt(np.where(varies, spread * self._spread, 1.0))
        return _mean(np.where(varies, np.minimum(1.0, np.maximum(-1.0, r)), 0.0))


def _median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """numpy's along the last axis, without what it checks for."""
    ordered = np.sort(values)
    size = ordered.shape[-1]
    result: NDArray[np.float64] = (ordered[..., (size - 1) // 2] + ordered[..., size // 2]) / 2.0
    return result
