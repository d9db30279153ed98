"""Words of an English take: their times and scores, and those of their phones."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.language.phones import ENGLISH_PHONES, SILENCE, PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S
from pronounce_kiosk.scoring.assessment import UnitAssessment
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import Features

HEARD = math.log(0.5)
ABSENT = math.log(0.1)
"""Another phone was heard where its log posterior exceeds `HEARD` and the text's own stays under
`ABSENT`. Raising the first or lowering the second names fewer."""
RIGHT_MARGIN = 1.0
"""And where the references' posterior of the text's phone exceeds that of the other one by this,
in nepers: a phone that the recogniser mistakes when it is said right is none. So 41 of 100 words
swapped by espeak-ng voices are found, 2 of 356 right ones, and 13 % of the words to which the
raters of speechocean762 gave full marks: they forgive much that is heard. Too many to say which
phone it was: `confusions` does, where it is sure."""
WRONG_PHONE = 79.0
"""A word in which another phone was heard scores this at most: amber."""
LEFT_OUT_FRAMES = 0.5
LEFT_OUT_SCORE = 80.0
"""A word was left out where all its phones are absent, have fewer frames' worth of any phone's
posterior than the one in the mean, and the network scores it less than the other. Raising either
finds more, of both kinds: about half of words cut out of takes or silenced, and 0.2 % of all
words of whole takes."""
_ALIKE = (
    {"AA", "AO", "AH"}, {"IH", "IY"}, {"ER", "R", "AH"}, {"AH", "IH", "EH"}, {"UH", "UW", "AH"},
    {"T", "D"}, {"S", "Z"}, {"F", "V"}, {"TH", "DH"},
)  # fmt: skip
"""Phones that natives say for each other in places, or that espeak-ng and the recogniser spell
differently: no other phone."""
BEFORE_FRAMES, AFTER_FRAMES = 4.0, 6.0
"""How far a word reaches around its first and last phones' emissions beside a pause, in frames."""
_HALF_SCORE, _SCORE_SLOPE = -3.0, 1.2
"""Log posterior of a phone over the best other one that scores 50, and how steep the score is."""


def assess_units(
    features: Features, line: PhoneLine, words: Sequence[float]
) -> tuple[UnitAssessment, ...]:
    """Make the units of a take; words are the network's scores of the said units, 0-100."""
    phones, wrong = phone_scores(features, line)
    start_s, end_s = unit_times_s(features.places, line)
    absent = features.of_phones("own") < ABSENT
    frames = np.exp(features.of_phones("phone_mass"))
    units = []
    for row, unit in enumerate(line.said_units.tolist()):
        mine = slice(int(line.unit_starts[row]), int(line.unit_ends[row]))
        own, score = phones[mine], words[row]
        silent = bool(absent[mine].all() and frames[mine].mean() < LEFT_OUT_FRAMES)
        said = not silent or score >= LEFT_OUT_SCORE
        if not said:
            own, score = tuple(replace(one, score=0.0, heard="") for one in own), 0.0
        elif wrong[mine].any():
            score = min(score, WRONG_PHONE)
        units.append(UnitAssessment(unit, float(start_s[row]), float(end_s[row]), score, said, own))
    return tuple(units)


def unit_times_s(places: PhonePlaces, line: PhoneLine) -> NDArray[np.float64]:
    """Where the said units begin and end in the clip, (2, units), in seconds."""
    first, last = places.first[line.unit_starts], places.last[line.unit_ends - 1]
    start = np.maximum(places.edges[line.unit_starts], first - BEFORE_FRAMES)
    end = np.minimum(places.edges[line.unit_ends], last + 1 + AFTER_FRAMES)
    return np.stack([start, end]) * FRAME_S


def phone_scores(
    features: Features, line: PhoneLine
) -> tuple[tuple[PhoneScore, ...], NDArray[np.bool_]]:
    """Score every phone by its posterior against the best other one.

    Returns:
        The phones, and in which of them another one was heard, (phones,): not where the references,
        which the same network hears, seem to hold it too.
    """
    rows, wanted = np.arange(len(line.indices)), np.array(line.indices)
    others = features.posteriors.copy()
    others[rows, wanted] = -np.inf
    others[:, SILENCE] = -np.inf
    rivals = others.argmax(axis=1)
    right = features.posteriors - features.posteriors_against
    own, rival = features.of_phones("own"), features.of_phones("rival")
    scores = 100.0 / (1.0 + np.exp(-(own - rival - _HALF_SCORE) / _SCORE_SLOPE))
    wrong = (rival > HEARD) & (own < ABSENT)
    wrong &= right[rows, wanted] - right[rows, rivals] > RIGHT_MARGIN
    names = [ENGLISH_PHONES[phone - 1] for phone in line.indices]
    pairs = [{name, ENGLISH_PHONES[rival - 1]} for name, rival in zip(names, rivals, strict=True)]
    wrong &= [not any(pair <= alike for alike in _ALIKE) for pair in pairs]
    found = (PhoneScore(name, score) for name, score in zip(names, scores.tolist(), strict=True))
    return tuple(found), wrong
