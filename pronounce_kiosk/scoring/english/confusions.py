"""Weigh what learners say in place of a phone: another one, none, or a vowel after it.

Each alternative is a change of the text's phones at one place. Its weight is the log likelihood
ratio of the changed and the text's phones over all CTC paths through the frames around the place,
less that of the references, which the same network hears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.language.phones import ENGLISH_PHONES, SILENCE, PhoneLine
from pronounce_kiosk.scoring.assessment import UnitAssessment
from pronounce_kiosk.scoring.english.alignment import PhonePlaces

AROUND_PHONES = 3
"""Phones of the text on either side of the place whose frames are weighed along."""
IMPOSSIBLE = -50.0
"""Weight of phones for which the frames are too few."""

RED, AMBER = 59.0, 79.0
"""Points of a word with a sure confusion, at most: of consonants that change words; of the rest,
which raters forgive more often."""


@dataclass(frozen=True)
class Bounds:
    """When an alternative is sure, in nepers, and what its word then gets at most.

    ratio: log likelihood ratio of the take. margin: by which it exceeds the references'.
    """

    ratio: float
    margin: float
    points: float = AMBER


_TH = Bounds(-1.5, 3.0, RED)
SUBSTITUTES = {
    ("TH", "S"): _TH, ("TH", "T"): _TH, ("TH", "F"): Bounds(1.0, 4.5, RED),
    ("R", "L"): Bounds(2.0, 4.0, RED), ("L", "R"): Bounds(-1.0, 5.0, RED),
    ("F", "P"): Bounds(0.5, 2.5, RED), ("P", "F"): Bounds(1.0, 3.0, RED),
    ("V", "B"): Bounds(-1.5, 1.2, RED), ("B", "V"): Bounds(2.0, 5.0, RED),
    ("Z", "JH"): Bounds(0.0, 3.0, RED),
    ("IH", "IY"): Bounds(3.0, 3.0), ("UH", "UW"): Bounds(1.0, 5.0), ("EH", "AE"): Bounds(2.0, 4.0),
}  # fmt: skip
"""What learners say for a phone, and is heard well enough. Chosen on words that espeak-ng's voices
say wrong and right, and on 758 words of learners with full marks. Told of those said wrong: TH 82 %
(S, T), R for L 89 %, L for R 90 %, P for F 92 %, B for V 60 %, JH for Z 92 %, long vowels for short
ones a third; of words with full marks .1 % each. DH for D and Z, short vowels for long ones, and AE
for EH are heard no better than by chance at that cost; word stress not at all."""
LESSON_LOG_ODDS = 1.5
"""By how much a confusion is likelier in a lesson on it, as log odds: both bounds come down by it.
Of words said wrong by espeak-ng's voices TH 91 % (82 without), R and L 88 % (83), F and P 96 % (92)
exceed the bounds then, of their right words 2 %. Raising it marks more, right words too."""
LOST = Bounds(2.5, 3.0)
"""A consonant at the end of a word is lost: 83 % of those left out, .3 % of words with full marks.
Some are lost in natives' speech, too, and not told."""
_NATURALLY_LOST = {"L", "N", "Z", "R", "T", "D"}
ADDED, ADDED_AFTER_STOP = Bounds(1.0, 4.5), Bounds(2.5, 4.0)
"""A vowel follows the consonant that ends a word: 90 % of EE, 55 % of UH, .4 and .5 % of words with
full marks; after T and D, which many end with a breath, fewer."""
ADDED_VOWELS = ("AH", "IY")
_BEFORE_VOWELS = {"R", "L"}
"""After a vowel these two colour it, and are not told from one another."""
_VOWELS = {
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
}  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """Another way to say one place of a text.

    place: of the phone in the line. heard: the phone said for it, "" for none; where `added`, the
    phone said after it. bounds: from which it is sure.
    """

    place: int
    heard: str
    bounds: Bounds
    added: bool = False


def alternatives(
    line: PhoneLine, contrasts: Sequence[Sequence[str]] = ()
) -> tuple[Alternative, ...]:
    """List what learners might say at each place of a text.

    The same of any contrasts (`Sentence.contrasts`); these only make some of it sure sooner.
    """
    names = [ENGLISH_PHONES[index - 1] for index in line.indices]
    ends = {int(end) - 1 for end in line.unit_ends}
    found = []
    for place, name in enumerate(names):
        following = names[place + 1] if place + 1 < len(names) else ""
        if name not in _BEFORE_VOWELS or (following in _VOWELS and place not in ends):
            found += [
                Alternative(place, heard, _in_lesson(bounds, own, heard, contrasts))
                for (own, heard), bounds in SUBSTITUTES.items()
                if own == name
            ]
        if place not in ends or name in _VOWELS:
            continue
        if name not in _NATURALLY_LOST:
            found.append(Alternative(place, "", LOST))
        if following not in _VOWELS and name != "R":
            bounds = ADDED_AFTER_STOP if name in ("T", "D") else ADDED
            found += [Alternative(place, vowel, bounds, added=True) for vowel in ADDED_VOWELS]
    return tuple(found)


def _in_lesson(bounds: Bounds, own: str, heard: str, contrasts: Sequence[Sequence[str]]) -> Bounds:
    if not any(own in members and heard in members for members in contrasts):
        return bounds
    ratio, margin = bounds.ratio - LESSON_LOG_ODDS, bounds.margin - LESSON_LOG_ODDS
    return replace(bounds, ratio=ratio, margin=margin)


def confused(
    asked: Sequence[Alternative], own: NDArray[np.float32], usual: NDArray[np.float32]
) -> dict[int, Alternative]:
    """Choose the surest alternative of each place that has a sure one.

    Args:
        asked: from `alternatives`.
        own, usual: their weights in the take, and the highest in any reference, (alternatives,).
    """
    found: dict[int, tuple[float, Alternative]] = {}
    for one, ratio, margin in zip(asked, own.tolist(), (own - usual).tolist(), strict=True):
        if ratio <= one.bounds.ratio or margin <= one.bounds.margin:
            continue
        if one.place not in found or margin > found[one.place][0]:
            found[one.place] = (margin, one)
    return {place: one for place, (_, one) in found.items()}


def named(
    units: Sequence[UnitAssessment], line: PhoneLine, found: Mapping[int, Alternative]
) -> tuple[UnitAssessment, ...]:
    """Name sure confusions in the units' phones, and take the points off that their bounds ask.

    An added vowel becomes a phone without a name after the consonant.
    """
    starts = dict(zip(line.said_units.tolist(), line.unit_starts.tolist(), strict=True))
    return tuple(_named(unit, starts[unit.index], found) for unit in units)


def _named(unit: UnitAssessment, start: int, found: Mapping[int, Alternative]) -> UnitAssessment:
    own = {place: one for place, one in enumerate(unit.phones, start) if place in found}
    if not own or not unit.said:
        return unit
    phones: list[PhoneScore] = []
    points = unit.score
    for place, phone in enumerate(unit.phones, start):
        one = found.get(place)
        if one is None:
            phones.append(phone)
            continue
        points = min(points, one.bounds.points)
        score = min(phone.score, one.bounds.points)
        if one.added:
            phones += [phone, PhoneScore("", score, one.heard)]
        else:
            phones.append(PhoneScore(phone.phone, score, one.heard))
    return replace(unit, score=points, phones=tuple(phones))


def weights(
    log_posteriors: FloatArray,
    places: PhonePlaces,
    line: PhoneLine,
    asked: Sequence[Alternative],
) -> NDArray[np.float32]:
    """Give the log likelihood ratio of each alternative against the text, in nepers.

    Args:
        log_posteriors: of a clip, (frames, phones of the set + 1).
        places: of the text's phones in it.
        line: the text's phones.
        asked: from `alternatives`.

    Returns:
        (alternatives,); `IMPOSSIBLE` where the frames are too few.
    """
    if not asked:
        return np.zeros(0, np.float32)
    own_places = sorted({one.place for one in asked})
    spans = {place: _span(places, line, place) for place in own_places}
    texts = [(*spans[place].frames, spans[place].phones) for place in own_places]
    changed = [(*spans[one.place].frames, _changed(one, spans[one.place])) for one in asked]
    found = _log_likelihoods(log_posteriors, [*texts, *changed])
    own = dict(zip(own_places, found, strict=False))
    ratios = found[len(texts) :] - np.array([own[one.place] for one in asked])
    finite = np.nan_to_num(ratios, nan=IMPOSSIBLE, neginf=IMPOSSIBLE, posinf=-IMPOSSIBLE)
    return np.clip(finite, IMPOSSIBLE, -IMPOSSIBLE).astype(np.float32)


@dataclass(frozen=True)
class _Span:
    """Frames and phones around a place; at: where the place is among them."""

    frames: tuple[int, int]
    phones: list[int]
    at: int


def _span(places: PhonePlaces, line: PhoneLine, place: int) -> _Span:
    first = max(0, place - AROUND_PHONES)
    last = min(len(line.indices), place + AROUND_PHONES + 1)
    frames = int(places.edges[first]), int(places.edges[last])
    return _Span(frames, list(line.indices[first:last]), place - first)


def _changed(one: Alternative, span: _Span) -> list[int]:
    said = [ENGLISH_PHONES.index(one.heard) + 1] if one.heard else []
    after = span.phones[span.at + 1 :]
    kept = span.phones[: span.at + 1] if one.added else span.phones[: span.at]
    return [*kept, *said, *after]


def _log_likelihoods(
    log_posteriors: FloatArray, asked: Sequence[tuple[int, int, list[int]]]
) -> NDArray[np.float64]:
    """Log likelihood over all CTC paths of phones in spans of frames, (asked,)."""
    longest = max((end - start for start, end, _ in asked), default=1)
    most = max((len(phones) for _, _, phones in asked), default=1)
    frames = np.zeros((longest, len(asked), log_posteriors.shape[1]), np.float32)
    targets = np.zeros((len(asked), most), np.int64)
    for row, (start, end, phones) in enumerate(asked):
        frames[: end - start, row] = log_posteriors[start:end]
        targets[row, : len(phones)] = phones
    with torch.inference_mode():
        losses = F.ctc_loss(
            torch.from_numpy(frames),
            torch.from_numpy(targets),
            torch.tensor([end - start for start, end, _ in asked]),
            torch.tensor([len(phones) for _, _, phones in asked]),
            blank=SILENCE,
            reduction="none",
        )
    found: NDArray[np.float64] = -losses.numpy().astype(np.float64)
    return found
