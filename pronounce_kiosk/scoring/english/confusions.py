"""Weigh what learners say in place of a phone: another one, none, or a vowel after it.

Each alternative is a change of the text's phones at one place. Its evidence has three parts: the
log likelihood ratio of the changed and the text's phones over all CTC paths through the frames
around the place; the same of the references, which the network hears too; and how little the
phone's hidden states are like the references'.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.language.phones import ENGLISH_PHONES, PhoneLine
from pronounce_kiosk.scoring.assessment import UnitAssessment
from pronounce_kiosk.scoring.english.alignment import PhonePlaces, ctc_log_likelihoods

AROUND_PHONES = 3
"""Phones of the text on either side of the place whose frames are weighed along."""
IMPOSSIBLE = -50.0
"""Weight of phones for which the frames are too few."""
USUAL_SHARE = 1.0 / 3.0
"""Share of the references' log likelihood ratio that is taken off the take's."""
UNLIKE_NEPERS = 10.0
"""Nepers of evidence for each neper of `unlikeness`: the recogniser knows words and hears the
phones it expects, but its hidden states tell that something else was said."""
_LEAST_DISTANCE = 0.02

RED, AMBER = 59.0, 79.0
"""Points of a word with a sure confusion, at most: of consonants that change words; of the rest,
which raters forgive more often."""

SUBSTITUTES = {
    ("TH", "S"): 7.0, ("TH", "T"): 7.5, ("TH", "F"): 7.0, ("DH", "D"): 10.5, ("R", "L"): 11.25,
    ("L", "R"): 10.0, ("F", "P"): 6.5, ("P", "F"): 9.0, ("V", "B"): 7.5, ("B", "V"): 7.5,
    ("Z", "JH"): 8.5, ("IH", "IY"): 11.5, ("IY", "IH"): 9.25, ("UH", "UW"): 9.25,
    ("UW", "UH"): 7.5,
}  # fmt: skip
"""Evidence, in nepers, from which a phone was surely said for another one. All bounds were chosen
on half of speechocean762's speakers and half of espeak-ng's voices and sentences. The others:
TH 80 % (S, T), R and L 89 %, F and P 80 %, Z 91 %, long and short vowels 62 %, V and B 46 %, lost
consonants 76 %, added vowels 70 %; any told in .9 % of learners' words with full marks and in .6 %
of words that espeak-ng says right. EH and AE, and Z for DH, are heard no better than by chance at
that cost."""
LESSON_LOG_ODDS = 1.0
"""By how much a confusion is likelier in a lesson on it, as log odds: its bound comes down by it.
Raising it marks more, right words too."""
_ENDS = {
    "T D F V TH DH SH CH JH": (11.25, 11.75), "L": (math.inf, 11.75), "N NG M": (12.25, 8.5),
    "S Z": (9.75, 9.5), "K G P B": (10.0, 8.5),
}  # fmt: skip
"""The same for a consonant that ends a word: lost, and followed by a vowel. T and D end in
a breath, L is lost in natives' speech, too, and R is part of its vowel."""
LOST = {name: lost for names, (lost, _) in _ENDS.items() for name in names.split()}
ADDED = {name: added for names, (_, added) in _ENDS.items() for name in names.split()}
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
    phone said after it. least: evidence, in nepers, from which it is sure. points: what its word
    gets then, at most.
    """

    place: int
    heard: str
    least: float
    points: float = AMBER
    added: bool = False


def alternatives(
    line: PhoneLine, contrasts: Sequence[Sequence[str]] = ()
) -> tuple[Alternative, ...]:
    """List what learners might say at each place of a text, in the order of places.

    The same of any contrasts (`Sentence.contrasts`); these only make some of it sure sooner.
    """
    names = [ENGLISH_PHONES[index - 1] for index in line.indices]
    ends = {int(end) - 1 for end in line.unit_ends}
    found = []
    for place, name in enumerate(names):
        before_vowel = place not in ends and names[place + 1] in _VOWELS
        if before_vowel or name not in _BEFORE_VOWELS:
            points = AMBER if name in _VOWELS or name == "DH" else RED
            for (own, heard), least in SUBSTITUTES.items():
                if own == name:
                    taught = any(own in members and heard in members for members in contrasts)
                    least -= LESSON_LOG_ODDS * taught
                    found.append(Alternative(place, heard, least, points))
        if place in ends and name in LOST:
            found.append(Alternative(place, "", LOST[name]))
            found += [Alternative(place, vowel, ADDED[name], added=True) for vowel in ADDED_VOWELS]
    return tuple(found)


def unlikeness(likeness: NDArray[np.floating]) -> NDArray[np.floating]:
    """Give how much less each phone is like the references' than the take's phones in the mean.

    likeness: cosine of each phone's mean hidden state to the references', (phones,). Gives the log
    of its distance over the take's mean distance, in nepers, (phones,).
    """
    distance = 1.0 + _LEAST_DISTANCE - likeness
    return np.log(distance / distance.mean())


def confused(
    asked: Sequence[Alternative],
    own: NDArray[np.float32],
    usual: NDArray[np.float32],
    unlike: NDArray[np.floating],
) -> dict[int, Alternative]:
    """Choose the surest alternative of each place that has a sure one.

    own, usual: the alternatives' weights in the take, and the highest in any reference. unlike:
    from `unlikeness`.
    """
    found: dict[int, tuple[float, Alternative]] = {}
    evidence = own - USUAL_SHARE * usual + UNLIKE_NEPERS * unlike[[one.place for one in asked]]
    for one, nepers in zip(asked, evidence.tolist(), strict=True):
        margin = nepers - one.least
        if margin > 0.0 and (one.place not in found or margin > found[one.place][0]):
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
    if not unit.said:
        return unit
    phones: list[PhoneScore] = []
    points = unit.score
    for place, phone in enumerate(unit.phones, start):
        one = found.get(place)
        if one is None:
            phones.append(phone)
            continue
        points = min(points, one.points)
        name = "" if one.added else phone.phone
        changed = PhoneScore(name, min(phone.score, one.points), one.heard)
        phones += [phone, changed] if one.added else [changed]
    return replace(unit, score=points, phones=tuple(phones))


def weights(
    log_posteriors: FloatArray, places: PhonePlaces, line: PhoneLine, asked: Sequence[Alternative]
) -> NDArray[np.float32]:
    """Give the log likelihood ratio of each alternative against the text, in nepers.

    log_posteriors: of a clip, as of `align_ctc`. places: of the text's phones in it. `IMPOSSIBLE`
    where the frames are too few.
    """
    if not asked:
        return np.zeros(0, np.float32)
    frames = {one.place: _frames(places, one.place, len(log_posteriors)) for one in asked}
    texts = [(*span, _around(line, place)) for place, span in frames.items()]
    changed = [(*frames[one.place], _changed(one, line)) for one in asked]
    found = ctc_log_likelihoods(log_posteriors, [*texts, *changed])
    own = dict(zip(frames, found, strict=False))
    ratios = found[len(texts) :] - np.array([own[one.place] for one in asked])
    finite = np.nan_to_num(ratios, nan=IMPOSSIBLE)
    return np.clip(finite, IMPOSSIBLE, -IMPOSSIBLE).astype(np.float32)


def _frames(places: PhonePlaces, place: int, frames: int) -> tuple[int, int]:
    """Reach to the clip's edges with the first and the last phone: a vowel may follow the last."""
    first, last = place - AROUND_PHONES, place + AROUND_PHONES + 1
    start = int(places.edges[first]) if first > 0 else 0
    return start, int(places.edges[last]) if last < len(places.first) else frames


def _around(line: PhoneLine, place: int) -> tuple[int, ...]:
    return line.indices[max(0, place - AROUND_PHONES) : place + AROUND_PHONES + 1]


def _changed(one: Alternative, line: PhoneLine) -> list[int]:
    said = [ENGLISH_PHONES.index(one.heard) + 1] if one.heard else []
    at = min(one.place, AROUND_PHONES)
    phones = _around(line, one.place)
    return [*phones[: at + one.added], *said, *phones[at + 1 :]]
