"""Features of an English take: of each phone, and of the take as a whole.

Training and use run this same code; the weights of a bundle are weights of these numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import SILENCE, PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S, FrameOutputs
from pronounce_kiosk.scoring.english import alignment
from pronounce_kiosk.scoring.english.alignment import PhonePlaces

PHONE_FEATURES = (
    "own", "rival", "margin", "own_against", "peak", "own_mass", "phone_mass", "emission", "before",
    "after", "stretch", "energy", "energy_against", "quiet_before", "blank", "likeness",
    "likeness_low", "vector_likeness", "unit_first", "unit_last",
)  # fmt: skip
"""Of each phone. own, rival: log of the highest posterior of the text's phone and of the best other
one in its stretch; margin: their difference; own_against: own less the references'. peak: log
posterior where CTC emits it. own_mass, phone_mass: log of the posteriors' sum over the stretch, of
the phone and of all phones. emission, before, after: log frames of the emission, and from and to
the neighbours'. stretch: log of before over the references', tempo taken off. energy: dB under the
loud frames; energy_against: less the references'. quiet_before: log of quiet frames since the phone
before. blank: the blank's mean. likeness: mean and least cosine of its frames to the references',
and of their means. unit_first, unit_last: whether it begins and ends its unit."""

TAKE_FEATURES = (
    "forced", "path", "free", "ratio", "edits", "decoded", "phones", "rate", "length_against",
    "speech_against", "pauses", "pause_share", "longest_pause", "quiet_share", "stretch_spread",
    "gaps_follow", "energy_follows", "likeness", "likeness_tenth", "own_tenth", "wrong_share",
    "own_against", "explained", "missing_run", "doubt",
)  # fmt: skip
"""Of the take. forced, path, free: log likelihood a phone of the text over all CTC paths, over the
best one, and of the likeliest symbols; ratio: path less free. edits: edit distance of the likeliest
phones to the text, a phone; decoded: log of their number over the text's. phones: log of their
number. rate: log phones a frame; length_against, speech_against: log length over the references',
with and without pauses. pauses: a unit; pause_share, longest_pause, quiet_share: of the spoken
part. stretch_spread: mean size of stretch. gaps_follow, energy_follows: correlation over phones
with the references. wrong_share: phones with a likelier rival. explained: share of all phones'
posteriors that the text's own make up. missing_run: share of phones in the longest row of them not
heard. doubt: mean entropy of the frames in which a phone is heard."""

ORDER_FEATURES = ("backwards", "exchanged", "cut", "repeats")
"""Of the take, for its acceptance alone. backwards, exchanged, cut: log likelihood a phone of the
text backwards, of its halves exchanged, and of the better half alone, less the text's own. repeats:
highest mean cosine of the hidden states to those some time later."""

FLOOR = 1e-4
"""Added to posteriors before their logarithm: below it, how impossible says nothing more."""
PAUSE_S = 0.3
"""Two emissions further apart than the references' by this hold a pause between them."""
QUIET_DB = 25.0
"""A frame this far under the take's loud ones is quiet."""
MISSING = 0.05
"""A phone whose posterior stays under this was not heard."""
_END_FRAMES = 10.0
"""The gap before the first phone and after the last one counts up to this."""
_LEAST_FORCED = -16.0
_LAG_FRAMES = range(6, 61)
"""A piece played over and over returns after so many frames: 0.12-1.2 s."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """One clip with the sentence's phones found in it; the first axis is the phones'.

    posteriors: float32 (phones, set), log of the highest posterior in each phone's stretch of
    every phone of the set; at `SILENCE` the blank's mean. vectors: float32 (phones, bottleneck),
    mean hidden state, the clip's mean taken off. frames: float32, hidden states of every frame of
    the stretches, likewise, of unit length. energy: dB over the clip's loud frames.
    """

    places: PhonePlaces
    posteriors: FloatArray
    vectors: FloatArray
    frames: FloatArray
    energy: FloatArray

    def beginning(self, count: int) -> "Spoken":
        """Give the same of the first phones, so many."""
        places = self.places
        edges = places.edges[: count + 1]
        return Spoken(
            PhonePlaces(places.first[:count], places.last[:count], edges, places.log_likelihood),
            self.posteriors[:count],
            self.vectors[:count],
            self.frames[: edges[-1] - edges[0]],
            self.energy[:count],
        )

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Frames of each phone's stretch."""
        return np.diff(self.places.edges)


@dataclass(frozen=True, eq=False)
class Features:
    """What the heads read of a take.

    posteriors, vectors: see `Spoken`; posteriors_against, vectors_against: those less the
    references' mean. phones: float32 (phones, `PHONE_FEATURES`). take: float32
    (`TAKE_FEATURES`,). order: float32 (`ORDER_FEATURES`,).
    """

    places: PhonePlaces
    posteriors: FloatArray
    vectors: FloatArray
    posteriors_against: FloatArray
    vectors_against: FloatArray
    phones: FloatArray
    take: FloatArray
    order: FloatArray

    @property
    def numbers(self) -> FloatArray:
        """All that is known of each phone but the vectors, side by side; (phones, numbers)."""
        return np.hstack([self.posteriors, self.posteriors_against, self.phones])

    def of_phones(self, name: str) -> FloatArray:
        """Give one of `PHONE_FEATURES` of each phone, (phones,)."""
        return self.phones[:, PHONE_FEATURES.index(name)]

    @property
    def hidden(self) -> FloatArray:
        """Vectors and how they differ from the references', side by side."""
        return np.hstack([self.vectors, self.vectors_against])


def find_phones(heard: FrameOutputs, line: PhoneLine) -> Spoken | None:
    """Align the sentence's phones to a clip; None where it is too short for them."""
    places = alignment.align_ctc(heard.log_posteriors, line.indices)
    if places is None:
        return None
    posteriors = np.exp(heard.log_posteriors)
    first, end = places.edges[0], places.edges[-1]
    highest = np.log(np.maximum.reduceat(posteriors[:end], places.edges[:-1], axis=0) + FLOOR)
    highest[:, SILENCE] = _means(posteriors[:, SILENCE], places)
    hidden = heard.hidden - heard.hidden.mean(axis=0)
    energy = heard.energy_db - np.quantile(heard.energy_db, 0.9)
    return Spoken(
        places,
        highest,
        _means(hidden, places),
        _unit_length(hidden[first:end]),
        _means(energy, places),
    )


def _sums(values: NDArray[np.floating], places: PhonePlaces) -> FloatArray:
    """Sum over each phone's stretch; values (frames, ...)."""
    return np.add.reduceat(values[: places.edges[-1]], places.edges[:-1], axis=0)


def _means(values: NDArray[np.floating], places: PhonePlaces) -> FloatArray:
    lengths = np.diff(places.edges).reshape(-1, *[1] * (values.ndim - 1))
    return (_sums(values, places) / lengths).astype(np.float32)


def _unit_length(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(length, 1e-6)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Compared:
    """A take beside its references; the first axis is the phones'.

    own, rival: log posteriors, see `PHONE_FEATURES`. gaps, wanted_gaps: frames from phone to phone,
    the latter the references' geometric mean. like: (3, phones), mean and least cosine of frames,
    and cosine of means. quiet: every frame of the take.
    """

    own: FloatArray
    own_against: FloatArray
    rival: FloatArray
    gaps: NDArray[np.float64]
    wanted_gaps: NDArray[np.float64]
    like: NDArray[np.float64]
    wanted_energy: FloatArray
    quiet: NDArray[np.bool_]

    @property
    def stretch(self) -> NDArray[np.float64]:
        """Log of each gap over the references', the median (tempo) taken off."""
        stretch = np.log(self.gaps / self.wanted_gaps)
        return stretch - np.median(stretch) if len(stretch) else stretch


def gather_features(
    heard: FrameOutputs, line: PhoneLine, references: Sequence[Spoken]
) -> Features | None:
    """Compute the features of a take against references of the sentence, at least one.

    None where the take is too short for the phones. Noise and silence give finite numbers too:
    acceptance tells them from speech.
    """
    spoken = find_phones(heard, line)
    if spoken is None:
        return None
    compared = _compare(heard, line, spoken, references)
    forced = _forced(heard, line.indices)
    take = _take_features(heard, line, spoken, references, compared)
    return Features(
        spoken.places,
        spoken.posteriors,
        spoken.vectors,
        spoken.posteriors - np.mean([one.posteriors for one in references], axis=0),
        spoken.vectors - np.mean([one.vectors for one in references], axis=0),
        _phone_features(heard, line, spoken, compared),
        np.array([forced[0], *take], np.float32),
        np.array([*_order_features(forced), _repeats(heard.hidden)], np.float32),
    )


def _compare(
    heard: FrameOutputs, line: PhoneLine, spoken: Spoken, references: Sequence[Spoken]
) -> _Compared:
    rows = np.arange(len(line.indices))
    others = spoken.posteriors.copy()
    others[rows, line.indices] = -np.inf
    others[:, SILENCE] = -np.inf
    gaps = [np.log(np.maximum(np.diff(one.places.centres), 1.0)) for one in references]
    own = spoken.posteriors[rows, line.indices]
    wanted = np.mean([one.posteriors[rows, line.indices] for one in references], axis=0)
    return _Compared(
        own,
        own - wanted,
        others.max(axis=1),
        np.diff(spoken.places.centres),
        np.exp(np.mean(gaps, axis=0)),
        np.mean([_likeness(spoken, one) for one in references], axis=0),
        np.mean([one.energy for one in references], axis=0),
        heard.energy_db < np.quantile(heard.energy_db, 0.9) - QUIET_DB,
    )


def _likeness(take: Spoken, reference: Spoken) -> NDArray[np.float64]:
    """Cosines of a take to a reference, (3, phones); see `_Compared`.

    Frames are compared along the alignment; within a phone, time runs evenly in both.
    """
    lengths = take.lengths
    starts = np.cumsum(lengths) - lengths
    phone = np.repeat(np.arange(len(lengths)), lengths)
    place = (np.arange(len(phone)) - starts[phone] + 0.5) / lengths[phone]
    theirs = np.cumsum(reference.lengths) - reference.lengths
    at = theirs[phone] + (place * reference.lengths[phone]).astype(int)
    cosine = (take.frames * reference.frames[at]).sum(axis=1)
    means = (_unit_length(take.vectors) * _unit_length(reference.vectors)).sum(axis=1)
    return np.stack(
        [np.add.reduceat(cosine, starts) / lengths, np.minimum.reduceat(cosine, starts), means]
    )


def _phone_features(
    heard: FrameOutputs, line: PhoneLine, spoken: Spoken, compared: _Compared
) -> FloatArray:
    places, centres = spoken.places, spoken.places.centres
    posteriors = np.exp(heard.log_posteriors)
    stretches = np.repeat(np.array(line.indices), spoken.lengths)
    own = np.zeros(len(posteriors))
    own[places.edges[0] : places.edges[-1]] = posteriors[
        np.arange(places.edges[0], places.edges[-1]), stretches
    ]
    peak = [
        heard.log_posteriors[first : last + 1, phone].max()
        for first, last, phone in zip(places.first, places.last, line.indices, strict=True)
    ]
    ends = (centres[0], len(posteriors) - centres[-1])
    begin, finish = (min(max(gap, 1.0), _END_FRAMES) for gap in ends)
    before = np.log(np.r_[begin, compared.gaps, finish])
    change = np.diff(line.units) != 0
    columns = [
        compared.own,
        compared.rival,
        compared.own - compared.rival,
        compared.own_against,
        peak,
        np.log(_sums(own, places) + 1e-3),
        np.log(_sums(1.0 - posteriors[:, SILENCE], places) + 1e-3),
        np.log(places.last - places.first + 1.0),
        before[:-1],
        before[1:],
        np.r_[0.0, np.clip(compared.stretch, -2.0, 2.0)],
        spoken.energy,
        spoken.energy - compared.wanted_energy,
        np.log1p(_quiet_frames(compared.quiet, centres)),
        spoken.posteriors[:, SILENCE],
        *compared.like,
        np.r_[True, change],
        np.r_[change, True],
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _quiet_frames(quiet: NDArray[np.bool_], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Quiet frames since the phone before, or since the beginning; (phones,)."""
    total = np.r_[0, np.cumsum(quiet)]
    return np.diff(total[np.r_[0, np.round(centres).astype(int)]])


def _take_features(
    heard: FrameOutputs,
    line: PhoneLine,
    spoken: Spoken,
    references: Sequence[Spoken],
    compared: _Compared,
) -> list[float]:
    """All take features but the first."""
    return [
        *_likelihoods(heard, line, spoken.places),
        *_timing(line, spoken.places, references, compared),
        _correlation(np.log(compared.gaps), np.log(compared.wanted_gaps)),
        _correlation(spoken.energy, compared.wanted_energy),
        float(compared.like[0].mean()),
        float(np.quantile(compared.like[0], 0.1)),
        float(np.quantile(compared.own, 0.1)),
        float((compared.own < compared.rival).mean()),
        float(compared.own_against.mean()),
        *_fit(heard, line, spoken, compared),
    ]


def _likelihoods(heard: FrameOutputs, line: PhoneLine, places: PhonePlaces) -> list[float]:
    # Importing it takes a moment that the commands without a score save.
    from torchaudio.functional import edit_distance

    count = len(line.indices)
    free = float(heard.log_posteriors.max(axis=1).sum())
    greedy = alignment.greedy_phones(heard.log_posteriors)
    return [
        places.log_likelihood / count,
        free / count,
        (places.log_likelihood - free) / count,
        edit_distance(greedy, line.indices) / count,
        math.log((1 + len(greedy)) / (1 + count)),
        math.log(count),
    ]


def _forced(heard: FrameOutputs, phones: Sequence[int]) -> NDArray[np.float64]:
    """Log likelihoods a phone of the text, it backwards, its halves exchanged, and each half."""
    middle = len(phones) // 2
    first, last = phones[:middle], phones[middle:]
    texts = (phones, phones[::-1], (*last, *first), first or last, last)
    frames = len(heard.log_posteriors)
    whole = [(0, frames, text) for text in texts]
    found = alignment.ctc_log_likelihoods(heard.log_posteriors, whole) / len(phones)
    return np.maximum(found, _LEAST_FORCED)


def _order_features(forced: NDArray[np.float64]) -> list[float]:
    """All order features but the last: what is no speech fits the text and its parts alike."""
    whole, backwards, exchanged, *halves = forced.tolist()
    return [backwards - whole, exchanged - whole, max(halves) - whole]


def _repeats(hidden: FloatArray) -> float:
    """Highest mean cosine of the frames to those some time later; 0 of a clip too short for it."""
    frames = _unit_length(hidden - hidden.mean(axis=0))
    likeness = frames @ frames.T
    lags = [lag for lag in _LAG_FRAMES if 2 * lag <= len(frames)]
    return max((float(np.diagonal(likeness, lag).mean()) for lag in lags), default=0.0)


def _timing(
    line: PhoneLine, places: PhonePlaces, references: Sequence[Spoken], compared: _Compared
) -> list[float]:
    length = places.spoken_frames
    wanted = float(np.mean([np.log(one.places.spoken_frames) for one in references]))
    pauses = np.maximum(compared.gaps - compared.wanted_gaps - PAUSE_S / FRAME_S, 0.0)
    quiet = compared.quiet[places.first[0] : places.last[-1] + 1]
    stretch = np.abs(compared.stretch)
    return [
        math.log(len(line.indices) / length),
        math.log(length) - wanted,
        math.log(max(length - pauses.sum(), 1.0)) - wanted,
        np.count_nonzero(pauses) / len(line.said_units),
        float(pauses.sum()) / length,
        math.log1p(float(pauses.max(initial=0.0))),
        float(quiet.mean()),
        float(stretch.mean()) if len(stretch) else 0.0,
    ]


def _fit(
    heard: FrameOutputs, line: PhoneLine, spoken: Spoken, compared: _Compared
) -> tuple[float, float, float]:
    """The numbers that tell another text or no speech: explained, missing_run and doubt."""
    posteriors = np.exp(heard.log_posteriors)
    speech = 1.0 - posteriors[:, SILENCE]
    places = spoken.places
    frames = np.arange(places.edges[0], places.edges[-1])
    own = posteriors[frames, np.repeat(np.array(line.indices), spoken.lengths)]
    missing, longest = 0, 0
    for absent in compared.own < math.log(MISSING):
        missing = missing + 1 if absent else 0
        longest = max(longest, missing)
    entropy = -(posteriors * heard.log_posteriors).sum(axis=1)
    spoken_mass = float(speech.sum()) + 1e-3
    return (
        float(own.sum()) / spoken_mass,
        longest / len(line.indices),
        float((entropy * speech).sum()) / spoken_mass,
    )


def _correlation(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> float:
    """Pearson's r; 0 where either does not vary."""
    if len(ours) < 3 or np.std(ours) < 1e-6 or np.std(theirs) < 1e-6:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])
