"""Find a vowel that was said after a coda: 밥 as [바브], which makes two syllables of one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.scoring.acoustic.korean import COLUMN
from pronounce_kiosk.scoring.korean.alignment import Alignment, log_likelihoods
from pronounce_kiosk.scoring.korean.evidence import Posteriors, log_emissions, phone_name
from pronounce_kiosk.scoring.korean.phones import Phones
from pronounce_kiosk.scoring.korean.units import UnitPoints

LEAST_NEPERS = 2.5
"""How much better the vowel's path has to fit the frames around the coda. Raising it finds fewer.
Of 135 vowels ㅡ and ㅜ that natives say and the text does not have, 51 % are found, many of the
rest being short; of natives' right codas .14 % reading (2,166), .59 % on a stage (2,207): .04 and
.18 % of their units."""
LEAST_MASS = 0.2
"""Frames' worth of posterior that the vowel needs before the next sounds to be weighed at all."""
MOST_POINTS = 59.0
"""Points of a syllable that became two, at most: red."""
_VOWELS = tuple(COLUMN[name] for name in "ㅡㅜ")
"""What learners add whose own language ends no syllable so."""
_RELEASED = {
    "ㄱ_": "ㄱㄲㅋ", "ㄷ_": "ㄷㄸㅌㅅㅆㅈㅊ", "ㅂ_": "ㅂㅃㅍ",
    "ㄴ_": "ㄴ", "ㅁ_": "ㅁ", "ㄹ_": "ㄹ",
}  # fmt: skip
"""What a coda becomes before a vowel; ㅇ stays."""
_CODAS = tuple(column for name, column in COLUMN.items() if name.endswith("_"))


def added_vowels(posteriors: Posteriors, alignment: Alignment, phones: Phones) -> dict[int, str]:
    """Give the units whose coda a vowel follows that does not belong there, and which vowel."""
    found = {}
    for place, phone in enumerate(phones):
        following = phones[place + 1] if place + 1 < len(phones) else None
        if not phone.is_coda or (following is not None and following.is_vowel):
            continue
        start = int(alignment.starts[place])
        end = len(posteriors) if following is None else int(alignment.ends[place + 1])
        mass = posteriors[start:end, list(_VOWELS)].sum(axis=0)
        if mass.sum() < LEAST_MASS or _gain(posteriors, alignment, phones, place) < LEAST_NEPERS:
            continue
        found[phone.unit] = phone_name(_VOWELS[int(mass.argmax())])
    return found


def with_vowels(points: UnitPoints, vowels: Mapping[int, str]) -> UnitPoints:
    """Name added vowels after their codas, and take the points over `MOST_POINTS` off.

    The coda itself is then no longer told to be another one.
    """
    if not vowels:
        return points
    phones = []
    for unit, own in zip(points.units.tolist(), points.phones, strict=True):
        if unit in vowels:
            coda = replace(own[-1], heard=None)
            added = PhoneScore("", min(coda.score, MOST_POINTS), vowels[unit])
            own = (*own[:-1], coda, added)
        phones.append(own)
    most = np.where(np.isin(points.units, list(vowels)), MOST_POINTS, np.inf)
    return replace(points, points=np.minimum(points.points, most), phones=tuple(phones))


def _gain(posteriors: Posteriors, alignment: Alignment, phones: Phones, place: int) -> float:
    """Log-likelihood ratio, in nepers, of the sounds around a coda with a vowel and without.

    Without it any coda may stand there: one said for another is no vowel.
    """
    first, last = max(0, place - 1), min(len(phones), place + 2)
    end = len(posteriors) if place + 1 == len(phones) else int(alignment.ends[last - 1])
    frames = posteriors[int(alignment.starts[first]) : end]
    coda, before, after = phones[place], phones[first:place], phones[place + 1 : last]
    vowel = replace(coda, accepted=_VOWELS)
    said = [[coda, vowel]]
    if coda.name in _RELEASED:
        released = replace(coda, accepted=tuple(COLUMN[name] for name in _RELEASED[coda.name]))
        said += [[released, vowel], [coda, released, vowel]]
    longest = max(len(one) for one in said) + len(before) + len(after)
    if len(frames) < longest:
        return -np.inf
    other = replace(coda, accepted=_CODAS)
    best = max(_fit(frames, [*before, *one, *after]) for one in said)
    return best - _fit(frames, [*before, other, *after])


def _fit(frames: Posteriors, phones: Phones) -> float:
    return float(log_likelihoods(*log_emissions(frames[None], phones))[0])
