"""Tell whether a take reads words as they are spelled (국물 as [국물]) and not as they are said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

import numpy as np

from pronounce_kiosk.core.sentence import SPELLING, Sentence
from pronounce_kiosk.language.korean import jamo
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.pronunciation import allowed
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.acoustic.korean import COLUMN
from pronounce_kiosk.scoring.korean.alignment import Alignment, log_likelihoods
from pronounce_kiosk.scoring.korean.evidence import (
    FLOOR,
    MARGIN_FRAMES,
    MASS_FLOOR,
    SILENCE,
    Posteriors,
)
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, Phones, phones_of_syllables
from pronounce_kiosk.scoring.korean.units import UnitPoints

STOPS = ("ㄱ", "ㄷ", "ㅂ")


class Change(Enum):
    """How a stretch is said otherwise than it is spelled."""

    LINKED = "linked"
    """A coda becomes the next onset: 음악 [으막]."""
    TENSED_BY_A_STOP = "tensed after a stop"
    """An onset becomes tense after ㄱ, ㄷ, ㅂ: 학교 [학꾜]."""
    TENSED = "tensed otherwise"
    """An onset becomes tense where nothing but the word says so: 발전 [발쩐]."""
    OTHER = "other"
    """Codas and onsets become others: 국물 [궁물], 신라 [실라], 축하 [추카]."""


LEAST_NEPERS = {
    Change.LINKED: 2.2, Change.TENSED_BY_A_STOP: 0.7, Change.TENSED: 4.5, Change.OTHER: -0.4,
}  # fmt: skip
"""Evidence from which the spelled reading is the one that was said; raising one tells fewer. Of
stretches that natives say right 1 to 4 % lie above. In 57 % of the words that only the word tenses
(실제, 발생) the lax sound is heard of natives who read, after stops in 5 %: there the evidence has
to be strong."""

LESSON_LOG_ODDS = 1.2
"""Taken off in a list that teaches how words are said (`SPELLING`): there more is read by letters.
Raising it tells more, right ones too."""

MOST_POINTS = 79.0
"""Points of a unit that was read as it is spelled, at most: amber."""
NEARLY_NEPERS = 1.0
"""Width of the range under the needed evidence in which a unit's points fall from 100 to
`MOST_POINTS` at most. At 0 totals jump with the last digit of the evidence."""


@dataclass(frozen=True)
class SpelledReading:
    """A stretch of a sentence that is said otherwise than it is spelled.

    first, last: its units, last inclusive. phones: of the spelled reading of these units. change:
    the kind of sound change that the standard makes. taught: whether the sentence's list teaches
    how words are said.
    """

    first: int
    last: int
    phones: tuple[KoreanPhone, ...]
    change: Change
    taught: bool = False

    @property
    def least_nepers(self) -> float:
        """The evidence from which it is told."""
        return LEAST_NEPERS[self.change] - (LESSON_LOG_ODDS if self.taught else 0.0)


def spelled_readings(sentence: Sentence) -> tuple[SpelledReading, ...]:
    """List the stretches of a sentence that are not said as they are spelled."""
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    also = allowed(sentence.text)
    if len(also) != len(units):
        also = [(unit.said,) for unit in units]
    spelled = [as_spelled(unit.text) for unit in units]
    differs = [
        own != unit.said and own not in beside
        for own, unit, beside in zip(spelled, units, also, strict=True)
    ]
    found = []
    for first, last in _runs(differs):
        own = spelled[first : last + 1]
        before = units[first - 1].said if first else ""
        change = _change(own, [unit.said for unit in units[first : last + 1]], before)
        taught = SPELLING in sentence.contrasts
        phones = phones_of_syllables(own, first)
        found.append(SpelledReading(first, last, phones, change, taught))
    return tuple(found)


def as_spelled(syllable: str) -> str:
    """Read one syllable by itself, its coda neutralised; other signs stay."""
    if not is_hangul_syllable(syllable):
        return syllable
    onset, nucleus, coda = jamo.decompose(syllable)
    return jamo.compose(onset, nucleus, jamo.neutral_coda(coda))


def as_spelled_throughout(
    phones: Phones, readings: Sequence[SpelledReading]
) -> tuple[KoreanPhone, ...]:
    """Put every reading in the place of the units that it reads."""
    read = {unit for one in readings for unit in range(one.first, one.last + 1)}
    kept = [one for one in phones if one.unit not in read]
    spelled = [phone for one in readings for phone in one.phones]
    return tuple(sorted((*kept, *spelled), key=lambda phone: phone.unit))


def weighed_readings(
    posteriors: Posteriors, alignment: Alignment, phones: Phones, readings: Sequence[SpelledReading]
) -> dict[SpelledReading, float]:
    """Give the evidence for each reading over what it needs; above 0 it is what was said."""
    return {
        one: evidence(posteriors, alignment, phones, one) - one.least_nepers for one in readings
    }


def capped(points: UnitPoints, weighed: Mapping[SpelledReading, float]) -> UnitPoints:
    """Take the points over `MOST_POINTS` off the units that were read as they are spelled."""
    most = np.full(len(points.units), 100.0)
    for reading, over in weighed.items():
        units = (points.units >= reading.first) & (points.units <= reading.last)
        own = float(np.interp(over, (-NEARLY_NEPERS, 0.0), (100.0, MOST_POINTS)))
        most[units] = np.minimum(most[units], own)
    return replace(points, points=np.minimum(points.points, most))


def evidence(
    posteriors: Posteriors, alignment: Alignment, phones: Phones, reading: SpelledReading
) -> float:
    """Weigh the spelled reading of a stretch against the standard one, in nepers.

    A likelihood ratio tells most changes. It tells less where a coda is linked, as the network has
    never heard one before a vowel: there the posteriors' mass counts, and a neper for each frame of
    silence, which nobody leaves who links.
    """
    own = [place for place, one in enumerate(phones) if reading.first <= one.unit <= reading.last]
    if not own or not reading.phones:
        return -np.inf
    if reading.change in (Change.TENSED_BY_A_STOP, Change.OTHER):
        return _likelihood_ratio(posteriors, alignment, phones, reading.phones, own)
    standard = Counter(phones[place].name for place in own)
    spelled = Counter(one.name for one in reading.phones)
    changed = [place for place in own if phones[place].name in standard - spelled]
    if not changed:
        return -np.inf
    start, end = int(alignment.starts[changed[0]]), int(alignment.ends[changed[-1]])
    ratio = _mass_ratio(_around(posteriors, start, end), spelled - standard, standard - spelled)
    if reading.change is Change.TENSED:
        return ratio
    return ratio + max(_silence(posteriors, alignment, phones, place) for place in changed)


def _likelihood_ratio(
    posteriors: Posteriors, alignment: Alignment, phones: Phones, spelled: Phones, own: list[int]
) -> float:
    """Align both anew to the frames from the phone before the stretch to the one after it."""
    first, last = max(0, own[0] - 1), min(len(phones), own[-1] + 2)
    frames = posteriors[int(alignment.starts[first]) : int(alignment.ends[last - 1])]
    standard = phones[first:last]
    other = (*phones[first : own[0]], *spelled, *phones[own[-1] + 1 : last])
    if len(frames) < max(len(standard), len(other)):
        return -np.inf
    return _fit(frames, other) - _fit(frames, standard)


def _fit(frames: Posteriors, phones: Phones) -> float:
    said = np.stack([frames[:, list(one.accepted)].max(axis=1) for one in phones], axis=1)
    best = log_likelihoods(np.log(said + FLOOR)[None], np.log(frames[:, SILENCE] + FLOOR)[None])
    return float(best[0])


def _mass_ratio(frames: Posteriors, spelled: Iterable[str], standard: Iterable[str]) -> float:
    """Compare the mass of what only the spelled reading has with that of the standard one's own."""
    other, own = (
        frames[:, [COLUMN[name] for name in names]].sum() for names in (spelled, standard)
    )
    return float(np.log((other + MASS_FLOOR) / (own + MASS_FLOOR)))


def _silence(posteriors: Posteriors, alignment: Alignment, phones: Phones, place: int) -> float:
    """Frames of silence between the neighbours of a phone; 0 where a word begins or ends."""
    around = phones[max(0, place - 1) : place + 2]
    if len(around) < 3 or around[0].word != around[1].word:
        return 0.0
    start, end = int(alignment.ends[place - 1]), int(alignment.starts[place + 1])
    return float(_around(posteriors, start, end)[:, SILENCE].sum())


def _around(posteriors: Posteriors, start: int, end: int) -> Posteriors:
    return posteriors[max(0, start - MARGIN_FRAMES) : end + MARGIN_FRAMES]


def _runs(differs: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of units that differ."""
    for differing, run in groupby(range(len(differs)), key=differs.__getitem__):
        if differing:
            places = list(run)
            yield places[0], places[-1]


def _change(spelled: Sequence[str], said: Sequence[str], before: str) -> Change:
    """Tell the kind of change of a stretch; before: the syllable before it as it is said."""
    onsets = [
        (jamo.decompose(own)[0], jamo.decompose(standard)[0], previous)
        for own, standard, previous in zip(spelled, said, (before, *said), strict=False)
        if is_hangul_syllable(own) and is_hangul_syllable(standard)
    ]
    changed = [one for one in onsets if one[0] != one[1]]
    if any(own == "ㅇ" for own, _, _ in changed):
        return Change.LINKED
    if not changed or any(jamo.TENSE.get(own) != standard for own, standard, _ in changed):
        return Change.OTHER
    if all(is_hangul_syllable(one) and jamo.decompose(one)[2] in STOPS for _, _, one in changed):
        return Change.TENSED_BY_A_STOP
    return Change.TENSED
