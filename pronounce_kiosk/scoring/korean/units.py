"""Points of units, phones heard in place of others, and words left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.grades import RED_BELOW
from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.korean.evidence import PhoneEvidence, phone_name
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, Phones

NAMED_BELOW = 57.0
"""Points under which it is told what was heard. At 60 natives who say it right are told of a sound
half as often again, and hardly more swapped ones are named."""
SURE_SHARE = 0.6
"""Share of the mass of a phone and its likeliest rival that the rival must have for its name to be
told. Raising it names fewer, more surely."""
HEARD_MASS = 0.3
"""Frames' worth of posterior that a rival needs to be named at all."""
ABSENT_MASS = 0.3
"""Frames' worth of posterior under which a coda and its rivals were not said."""
LEFT_OUT_NEPERS = 2.5
"""A word is left out where its phones cost this much each against a path without them. Raising it
finds fewer. Silence in place of the word's speech would cost far more, so a word that is merely
said wrong is never called left out."""

DOUBT_NEPERS = -0.5
"""Nepers a phone by which a path without a syllable may be better. What lies above is taken off the
syllable's support: perhaps it was not said. Raising it lets cut or exchanged syllables pass, which
are told by area under the curve .90 without this, .92 with it. Of natives' right syllables 4 % lie
above reading, 12 % on a stage."""
UNSURE_WEIGHT = 8.0
"""Times what all phones of a clip are given because it is heard badly: syllables are doubted in
clips that are heard well. Lowering it costs takes in rooms points."""
DOUBTED_SUPPORT = -5.0
"""Least support that doubt leaves a syllable: amber, as fast speakers leave out syllables, too."""


@dataclass(frozen=True, eq=False)
class UnitPoints:
    """The units of a sentence that have phones, in order.

    units: their places in the sentence. points: 0-100. said: False where left out. All are
    (units,). phones: each unit's phones with their points and what was heard.
    """

    units: NDArray[np.int64]
    points: NDArray[np.float64]
    said: NDArray[np.bool_]
    phones: tuple[tuple[PhoneScore, ...], ...]


def unit_points(evidence: PhoneEvidence, phones: Phones, calibration: Calibration) -> UnitPoints:
    """Give every unit the points of its worst phone, calibrated from its support in nepers.

    A syllable that the take can do without gets fewer.
    """
    left_out = _left_out_words(evidence, phones)
    place_of = np.array([phone.unit for phone in phones])
    units = np.unique(place_of)
    scores = _phone_scores(evidence, phones, calibration)
    places = [np.flatnonzero(place_of == unit) for unit in units]
    by_unit = [tuple(one for place in own for one in scores[place]) for own in places]
    said = np.array([phones[int(own[0])].word not in left_out for own in places])
    points = np.array([min(one.score for one in own) for own in by_unit])
    doubtful = [_doubtful(evidence, own) for own in places]
    points = np.minimum(points, calibration.many(np.array(doubtful, np.float32)))
    return UnitPoints(units, np.where(said, points, 0.0), said, tuple(by_unit))


def _doubtful(evidence: PhoneEvidence, places: NDArray[np.int64]) -> float:
    """The support of a syllable's worst phone, less the doubt whether the syllable was said."""
    worst = float(evidence.support[places].min())
    doubt = _gain_without(evidence, places) - DOUBT_NEPERS - UNSURE_WEIGHT * evidence.unsure
    return max(worst - max(0.0, doubt), min(worst, DOUBTED_SUPPORT))


def _gain_without(evidence: PhoneEvidence, places: NDArray[np.int64]) -> float:
    """What a path without some phones in a row is better by than the best, in nepers a phone."""
    alignment = evidence.alignment
    without = alignment.without(int(places[0]), int(places[-1]) + 1)
    return (without - alignment.log_likelihood) / len(places)


def _phone_scores(
    evidence: PhoneEvidence, phones: Phones, calibration: Calibration
) -> list[list[PhoneScore]]:
    """The score of each phone, and of the coda that was added to it where one was."""
    own = calibration.many(evidence.support).tolist()
    added = calibration.many(evidence.added).tolist()
    scores = []
    for place, phone in enumerate(phones):
        named_below = RED_BELOW if evidence.expected[place] else NAMED_BELOW
        heard = _heard(evidence, phone, place) if own[place] < named_below else None
        scores.append([PhoneScore(phone.name, own[place], heard)])
        if added[place] < RED_BELOW:
            coda = phone_name(int(evidence.added_coda[place]))
            scores[-1].append(PhoneScore("", added[place], coda))
    return scores


def _heard(evidence: PhoneEvidence, phone: KoreanPhone, place: int) -> str | None:
    """Name what was said for a phone, "" for nothing; None where nothing is sure."""
    own, rival = float(evidence.mass[place]), float(evidence.rival_mass[place])
    if phone.is_coda and own < ABSENT_MASS and rival < ABSENT_MASS:
        return ""
    unsure = rival < SURE_SHARE * (own + rival) or rival < HEARD_MASS
    if unsure and not evidence.expected[place]:
        return None
    return phone_name(int(evidence.rival[place]))


def _left_out_words(evidence: PhoneEvidence, phones: Phones) -> set[int]:
    """The words that a path without them fits much better."""
    words = np.array([phone.word for phone in phones])
    return {
        int(word)
        for word in np.unique(words)
        if _gain_without(evidence, np.flatnonzero(words == word)) > LEFT_OUT_NEPERS
    }
