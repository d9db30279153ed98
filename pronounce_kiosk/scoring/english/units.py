"""Words of an English take: their times, scores and the phones that were heard in them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.language.phones import ENGLISH_PHONES, SILENCE, PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S
from pronounce_kiosk.scoring.assessment import UnitAssessment
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import PHONE_FEATURES, Features

SURE = math.log(0.5)
"""Another phone was heard where its log posterior exceeds this. Raising it names fewer."""
ABSENT = math.log(0.05)
"""A phone was not said where its log posterior stays under this."""
LEFT_OUT_FRAMES = 0.35
"""A word was left out where all its phones are absent and every one of them has less than so many
frames' worth of any phone's posterior. Raising it leaves out more."""
SURELY_WRONG = 75.0
"""A word in which another phone was heard scores this at most: amber."""
BEFORE_FRAMES, AFTER_FRAMES = 4.0, 6.0
"""How far a word reaches around its first and last phones' emissions beside a pause, in frames."""
_ALIKE = ({"AA", "AO", "AH"}, {"IH", "IY"}, {"ER", "R", "AH"}, {"UH", "UW"}, {"T", "D"})
"""Phones that are said for each other by natives, or that espeak-ng and the recogniser spell
differently: never named as heard instead."""
_OWN, _RIVAL, _MASS = (PHONE_FEATURES.index(name) for name in ("own", "rival", "phone_mass"))


def assess_units(
    features: Features, line: PhoneLine, words: Sequence[float]
) -> tuple[UnitAssessment, ...]:
    """Make the units of a take.

    Args:
        features: the take's.
        line: the sentence's phones.
        words: the network's scores of the said units, 0-100.
    """
    phones = phone_scores(features, line)
    start_s, end_s = unit_times_s(features.places, line)
    left_out = _left_out(features)
    units = []
    for row, unit in enumerate(line.said_units.tolist()):
        mine = slice(int(line.unit_starts[row]), int(line.unit_ends[row]))
        own = phones[mine]
        said = not left_out[mine].all()
        score = words[row] if said else 0.0
        if any(phone.heard for phone in own):
            score = min(score, SURELY_WRONG)
        units.append(UnitAssessment(unit, float(start_s[row]), float(end_s[row]), score, said, own))
    return tuple(units)


def unit_times_s(places: PhonePlaces, line: PhoneLine) -> NDArray[np.float64]:
    """Where the said units begin and end in the clip, (2, units), in seconds."""
    first, last = places.first[line.unit_starts], places.last[line.unit_ends - 1]
    start = np.maximum(places.edges[line.unit_starts], first - BEFORE_FRAMES)
    end = np.minimum(places.edges[line.unit_ends], last + 1 + AFTER_FRAMES)
    return np.stack([start, end]) * FRAME_S


def phone_scores(features: Features, line: PhoneLine) -> tuple[PhoneScore, ...]:
    """Score every phone, and name what was heard in its place where that is sure.

    The references are heard with the same ears: where they too seem to say another phone, that
    phone is not named.
    """
    rows = np.arange(len(line.indices))
    others = features.posteriors.copy()
    others[rows, line.indices] = -np.inf
    others[:, SILENCE] = -np.inf
    rivals = others.argmax(axis=1)
    right = features.posteriors - features.posteriors_against
    margin = features.phones[:, _OWN] - features.phones[:, _RIVAL]
    wanted_margin = right[rows, line.indices] - right[rows, rivals]
    scores = 100.0 / (1.0 + np.exp(-(margin + 3.0) / 1.2))
    found = []
    for row, phone in enumerate(line.indices):
        name, rival = ENGLISH_PHONES[phone - 1], ENGLISH_PHONES[int(rivals[row]) - 1]
        sure = features.phones[row, _RIVAL] > SURE and features.phones[row, _OWN] < ABSENT
        alike = any(name in some and rival in some for some in _ALIKE)
        heard = rival if sure and not alike and wanted_margin[row] > 0.0 else None
        found.append(PhoneScore(name, float(scores[row]), heard))
    return tuple(found)


def _left_out(features: Features) -> NDArray[np.bool_]:
    absent = features.phones[:, _OWN] < ABSENT
    silent: NDArray[np.bool_] = np.exp(features.phones[:, _MASS]) < LEFT_OUT_FRAMES
    return absent & silent
