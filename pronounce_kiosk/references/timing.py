"""Assign espeak-ng's phones to units, which gives each unit its time.

espeak-ng gives its phones with times, but merges words ("of the") without an event for the second
one, omits the events of some Korean words, and pronounces some phones other than expected. So the
phones are aligned with those expected of each unit, by edit distance over phone families, with the
available word events as anchors.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.references.espeak_library import SpokenPhone

_VOWELS = frozenset("aɐɑɒæeɛəɜɚɘiɪᵻoɔɵøœuʊʉɯɤʌyʏɞɶ")
_FAMILIES = ("kqɡgxɣcɟ", "tdʈɖɾθð", "pbɸβ", "fv", "szʃʒɕʑʂʐ", "hɦ", "mnŋɲɳɴ", "lɫɭɹɾrʁʀɻʎ", "jwɥɰʋ")
_AFFRICATES = ("tɕ", "dʑ", "tʃ", "dʒ", "ts", "dz")
_MATCH, _INSERT, _LOSE = range(3)
_BAND = 60
_INSERTED = 0.8
_LOST_CONSONANT = 1.0
_LOST_VOWEL = 2.0
_OFF_ANCHOR = 6.0


@dataclass(frozen=True)
class ExpectedPhone:
    """A phone expected in a unit.

    group: expected phones of one group are one phone to the caller (ㅊ is [tʃ] and [h] to
    espeak-ng).
    """

    ipa: str
    unit: int
    group: int


@dataclass(frozen=True)
class Span:
    """A stretch of time in seconds."""

    start_s: float
    end_s: float


def align_phones(
    expected: Sequence[ExpectedPhone], spoken: Sequence[SpokenPhone], anchors: dict[int, int]
) -> list[int]:
    """Assign each spoken phone to an expected one.

    Args:
        expected: In order; empty gives only -1.
        spoken: In order, with pauses.
        anchors: Spoken index to the unit that begins there.

    Returns:
        For each spoken phone, the index of the expected phone it is or belongs to, -1 for a pause.
        It never decreases from one phone to the next.
    """
    said = [index for index, phone in enumerate(spoken) if phone.ipa]
    result = [-1] * len(spoken)
    if not expected or not said:
        return result
    n, m = len(said), len(expected)
    # Banded edit distance: rows near the diagonal keep a long text quick.
    band = max(_BAND, abs(n - m) + _BAND)
    infinite = float("inf")
    cost = [[infinite] * (m + 1) for _ in range(n + 1)]
    step = [[_MATCH] * (m + 1) for _ in range(n + 1)]
    cost[0][0] = 0.0
    first_of_unit = [j == 0 or expected[j - 1].unit != expected[j].unit for j in range(m)]
    lost = [_LOST_VOWEL if is_vowel(phone.ipa) else _LOST_CONSONANT for phone in expected]
    for i in range(n + 1):
        ipa = spoken[said[i - 1]].ipa if i else ""
        anchor = anchors.get(said[i - 1]) if i else None
        for j in range(max(0, i - band), min(m, i + band) + 1):
            best, how = cost[i][j], step[i][j]
            if i and j:
                here = expected[j - 1]
                change = cost[i - 1][j - 1] + _difference(here.ipa, ipa)
                if anchor is not None and not (here.unit == anchor and first_of_unit[j - 1]):
                    change += _OFF_ANCHOR
                if change < best:
                    best, how = change, _MATCH
            if i and cost[i - 1][j] + _INSERTED < best:
                best, how = cost[i - 1][j] + _INSERTED, _INSERT
            if j and cost[i][j - 1] + lost[j - 1] < best:
                best, how = cost[i][j - 1] + lost[j - 1], _LOSE
            cost[i][j], step[i][j] = best, how
    i, j = n, m
    while i:
        how = step[i][j]
        if how == _LOSE:
            j -= 1
            continue
        # An inserted phone belongs to the one before it; at the very start, to the first.
        result[said[i - 1]] = max(j - 1, 0)
        i -= 1
        j -= how == _MATCH
    return result


def fill_gaps(spans: Sequence[Span | None], groups: Sequence[int]) -> list[Span]:
    """Fill spans that are None with equal parts of a neighbour's span.

    Args:
        spans: In order.
        groups: In order. The nearest of an equal group is taken (a lost coda shares its nucleus),
            else the nearest before.

    Raises:
        ValueError: Every span is None.
    """
    known = [index for index, span in enumerate(spans) if span is not None]
    if not known:
        raise ValueError("no span is known")

    def host_of(index: int) -> int:
        return min(known, key=lambda k: (groups[k] != groups[index], k > index, abs(k - index)))

    hosts = [host_of(index) for index in range(len(spans))]
    filled = []
    for index, host in enumerate(hosts):
        span = spans[host]
        assert span is not None
        edges_s = np.linspace(span.start_s, span.end_s, hosts.count(host) + 1).tolist()
        place = hosts[:index].count(host)
        filled.append(Span(edges_s[place], edges_s[place + 1]))
    return filled


def is_vowel(ipa: str) -> bool:
    """Tell whether an IPA phone is a vowel."""
    return bool(ipa) and unicodedata.normalize("NFD", ipa)[0] in _VOWELS


def _difference(expected: str, said: str) -> float:
    """Return 0 for equal phones, and more the less alike two phones are."""
    if expected == said:
        return 0.0
    if is_vowel(expected) != is_vowel(said):
        return 3.0
    if is_vowel(expected):
        return 0.2 if expected[0] == said[0] else 0.6
    affricates = (expected[:2] in _AFFRICATES, said[:2] in _AFFRICATES)
    if all(affricates):
        return 0.3
    if any(affricates):
        return 1.0
    alike = any(expected[:1] in family and said[:1] in family for family in _FAMILIES)
    return 0.3 if alike else 1.4
