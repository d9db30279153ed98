"""Features of an English take: of each phone, and of the take as a whole.

Training and use run this same code; the weights of a bundle are weights of these numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import SILENCE, PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S, FrameOutputs
from pronounce_kiosk.scoring.english.alignment import (
    PhonePlaces,
    align_ctc,
    ctc_log_likelihood,
    greedy_phones,
)
from pronounce_kiosk.scoring.english.edits import edit_distance

PHONE_FEATURES = (
    "own", "rival", "margin", "peak", "own_mass", "phone_mass", "emission", "before", "after",
    "energy", "quiet_before", "blank", "likeness", "likeness_low", "vector_likeness", "stretch",
    "own_against", "energy_against", "unit_first", "unit_last",
)  # fmt: skip
TAKE_FEATURES = (
    "forced", "forced_path", "free", "ratio", "edits", "decoded", "phones", "rate", "rate_against",
    "articulation_against", "pauses", "pause_share", "longest_pause", "quiet_share",
    "stretch_spread", "gaps_follow", "energy_follows", "likeness", "likeness_low", "own_low",
    "wrong_share", "deviation_rate", "forced_against", "head", "tail",
)  # fmt: skip
FLOOR = 1e-4
"""Added to posteriors before their logarithm: below it, how impossible says nothing more."""
PAUSE_S = 0.3
"""Two emissions further apart than the reference's by this hold a pause between them."""
_PAUSE_FRAMES = PAUSE_S / FRAME_S
QUIET_DB = 25.0
"""A frame so far under the take's loud ones is quiet."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """One clip with the sentence's phones found in it; the first axis is the phones'.

    posteriors: float32, log of the highest posterior of every phone of the set in each phone's
    stretch, the blank's mean at `SILENCE`. vectors: float32, mean hidden state, the clip's mean
    taken off, unit length. frames: unit-length hidden states of every frame, likewise centred.
    energy: dB over the clip's loud frames, mean of the stretch.
    """

    places: PhonePlaces
    posteriors: FloatArray
    vectors: FloatArray
    frames: FloatArray
    energy: FloatArray


@dataclass(frozen=True, eq=False)
class Features:
    """posteriors: see `Spoken`. against: those less the references' mean. vectors: see `Spoken`.
    phones: float32 (phones, `PHONE_FEATURES`). take: float32 (`TAKE_FEATURES`,)."""

    places: PhonePlaces
    posteriors: FloatArray
    against: FloatArray
    vectors: FloatArray
    phones: FloatArray
    take: FloatArray


def find_phones(heard: FrameOutputs, line: PhoneLine) -> Spoken | None:
    """Align the sentence's phones to a clip; None where it is too short for them."""
    places = align_ctc(heard.log_posteriors, line.indices)
    if places is None:
        return None
    posteriors = np.exp(heard.log_posteriors)
    starts, end = places.edges[:-1], places.edges[-1]
    highest = np.log(np.maximum.reduceat(posteriors[:end], starts, axis=0) + FLOOR)
    lengths = np.diff(places.edges)[:, None]
    highest[:, SILENCE] = np.add.reduceat(posteriors[:end, SILENCE], starts) / lengths[:, 0]
    hidden = heard.hidden - heard.hidden.mean(axis=0)
    vectors = np.add.reduceat(hidden[:end], starts, axis=0) / lengths
    loud_db = np.quantile(heard.energy_db, 0.9)
    energy = heard.energy_db[:end] - loud_db
    mean_energy = np.add.reduceat(energy, starts) / lengths[:, 0]
    return Spoken(
        places, highest, _unit(vectors), _unit(hidden), mean_energy.astype(np.float32)
    )


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: FloatArray = (vectors / np.maximum(length, 1e-6)).astype(np.float32)
    return scaled


def gather_features(
    heard: FrameOutputs, line: PhoneLine, references: Sequence[Spoken]
) -> Features | None:
    """Compute the features of a take; None where it is too short for the sentence's phones.

    Args:
        heard: the take's frame outputs.
        line: the sentence's phones.
        references: clips of the sentence said right; at least one.
    """
    spoken = find_phones(heard, line)
    if spoken is None:
        return None
    wanted = np.array(line.indices)
    rows = np.arange(len(wanted))
    against = spoken.posteriors - np.mean([one.posteriors for one in references], axis=0)
    own = spoken.posteriors[rows, wanted]
    others = spoken.posteriors.copy()
    others[rows, wanted] = -np.inf
    others[:, SILENCE] = -np.inf
    rival = others.max(axis=1)
    posteriors = np.exp(heard.log_posteriors)
    starts, end = spoken.places.edges[:-1], spoken.places.edges[-1]
    inside = np.repeat(wanted, np.diff(spoken.places.edges))
    mine = posteriors[np.arange(starts[0], end), inside]
    mass = np.add.reduceat(mine, starts - starts[0])
    speech = np.add.reduceat(1.0 - posteriors[:end, SILENCE], starts)
    emission = np.log(spoken.places.last - spoken.places.first + 1.0)
    peak = np.array(
        [
            heard.log_posteriors[a : b + 1, p].max()
            for a, b, p in zip(spoken.places.first, spoken.places.last, wanted, strict=True)
        ]
    )
    centres = spoken.places.centres
    gaps = np.diff(centres)
    reference_gaps = np.array([np.diff(one.places.centres) for one in references])
    stretch = np.log(gaps / np.maximum(reference_gaps, 1.0)).mean(axis=0)
    tempo = float(np.median(stretch)) if len(stretch) else 0.0
    before = np.log(np.r_[_lead(centres[0]), gaps])
    after = np.r_[before[1:], _lead(len(heard.hidden) - centres[-1])]
    quiet = heard.energy_db < np.quantile(heard.energy_db, 0.9) - QUIET_DB
    quiet_before = np.log1p(_quiet_frames(quiet, centres))
    like = np.mean([_frame_likeness(spoken, one) for one in references], axis=0)
    by_vector = np.mean([(spoken.vectors * one.vectors).sum(axis=1) for one in references], axis=0)
    energy_against = spoken.energy - np.mean([one.energy for one in references], axis=0)
    units = np.array(line.units)
    change = units[1:] != units[:-1]
    columns = [
        own, rival, own - rival, peak, np.log(mass + 1e-3), np.log(speech + 1e-3), emission,
        before, after, spoken.energy, quiet_before, spoken.posteriors[:, SILENCE], like[0],
        like[1], by_vector, np.r_[0.0, np.clip(stretch - tempo, -2.0, 2.0)],
        against[rows, wanted], energy_against, np.r_[True, change], np.r_[change, True],
    ]  # fmt: skip
    phones = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    take = _take_numbers(
        heard, line, spoken, references, own, rival, gaps, reference_gaps, stretch, like, quiet
    )
    return Features(
        spoken.places,
        spoken.posteriors,
        against.astype(np.float32),
        spoken.vectors,
        phones,
        np.array(take, np.float32),
    )


def _lead(frames: float) -> float:
    """The gap at an end of the clip: no more than an ordinary phone's."""
    return min(max(frames, 1.0), 10.0)


def _quiet_frames(quiet: NDArray[np.bool_], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.r_[0, np.cumsum(quiet)]
    at = np.r_[0, np.round(centres).astype(int)]
    counts: NDArray[np.float64] = np.diff(total[at]).astype(np.float64)
    return counts


def _frame_likeness(take: Spoken, reference: Spoken) -> NDArray[np.float64]:
    """Mean and least cosine of each phone's frames to the reference's; (2, phones).

    Within a phone time runs evenly in both.
    """
    ours, theirs = take.places.edges, reference.places.edges
    lengths = np.diff(ours)
    phone = np.repeat(np.arange(len(lengths)), lengths)
    place = (np.arange(ours[0], ours[-1]) - ours[phone] + 0.5) / lengths[phone]
    at = theirs[phone] + (place * np.diff(theirs)[phone]).astype(int)
    cosine = (take.frames[ours[0] : ours[-1]] * reference.frames[at]).sum(axis=1)
    starts = ours[:-1] - ours[0]
    return np.stack(
        [np.add.reduceat(cosine, starts) / lengths, np.minimum.reduceat(cosine, starts)]
    )


def _take_numbers(
    heard: FrameOutputs,
    line: PhoneLine,
    spoken: Spoken,
    references: Sequence[Spoken],
    own: NDArray[np.floating],
    rival: NDArray[np.floating],
    gaps: NDArray[np.float64],
    reference_gaps: NDArray[np.float64],
    stretch: NDArray[np.float64],
    like: NDArray[np.float64],
    quiet: NDArray[np.bool_],
) -> list[float]:
    count, frames = len(line.indices), len(heard.hidden)
    forced = max(ctc_log_likelihood(heard.log_posteriors, line.indices) / count, -16.0)
    free = float(heard.log_posteriors.max(axis=1).sum())
    greedy = greedy_phones(heard.log_posteriors)
    length = float(spoken.places.last[-1] - spoken.places.first[0] + 1)
    reference_length = np.mean(
        [np.log(one.places.last[-1] - one.places.first[0] + 1.0) for one in references]
    )
    pauses = np.maximum(gaps - reference_gaps.mean(axis=0) - _PAUSE_FRAMES, 0.0)
    many = np.count_nonzero(pauses)
    speech = max(length - pauses.sum(), 1.0)
    tempo = stretch - (np.median(stretch) if len(stretch) else 0.0)
    reference_own = np.mean(
        [one.posteriors[np.arange(count), line.indices] for one in references], axis=0
    )
    return [
        forced,
        spoken.places.log_likelihood / count,
        free / count,
        (spoken.places.log_likelihood - free) / count,
        edit_distance(greedy, line.indices) / count,
        math.log((1 + len(greedy)) / (1 + count)),
        math.log(count),
        math.log(count / length),
        math.log(length) - float(reference_length),
        math.log(speech) - float(reference_length),
        many / max(len(line.said_units), 1),
        float(pauses.sum()) / length,
        math.log1p(float(pauses.max(initial=0.0))),
        float(quiet[spoken.places.first[0] : spoken.places.last[-1] + 1].mean()),
        float(np.abs(tempo).mean()) if len(tempo) else 0.0,
        _follow(np.log(gaps), np.log(np.maximum(reference_gaps, 1.0)).mean(axis=0)),
        _follow(spoken.energy, np.mean([one.energy for one in references], axis=0)),
        float(like[0].mean()),
        float(np.quantile(like[0], 0.1)),
        float(np.quantile(own, 0.1)),
        float((own < rival).mean()),
        float(np.log(own.size / max(frames, 1))),
        float((own - reference_own).mean()),
        math.log1p(float(spoken.places.first[0])),
        math.log1p(float(frames - 1 - spoken.places.last[-1])),
    ]


def _follow(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> float:
    """Pearson's r; 0 where either does not vary."""
    if len(ours) < 3 or np.std(ours) < 1e-6 or np.std(theirs) < 1e-6:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])
