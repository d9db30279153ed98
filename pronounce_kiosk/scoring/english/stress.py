"""Tell whether a word was stressed on another syllable than in its references.

The recogniser's hidden states hold stress: along one direction of its second block (`DIRECTION`) a
vowel lies the further, the more it is stressed. The evidence of a moved stress is by how much more
another vowel of the word gained on the stressed one, beside the references, in nepers.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.score import Remark, RemarkKind
from pronounce_kiosk.language.phones import ENGLISH_PHONES, PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import WIDTH
from pronounce_kiosk.scoring.assessment import Assessment
from pronounce_kiosk.scoring.english.confusions import AMBER
from pronounce_kiosk.scoring.english.features import Features, Spoken

DIRECTION = np.array((
    1, 70, -55, 91, 20, 49, -21, 7, 46, -8, -3, -88, -35, 10, 156, -105, -2, 72, -63, 23, 19,
    -17, 49, -28, 37, -153, -30, 143, -20, -105, 37, -101, -88, 29, -69, -8, 28, 75, -144, 100,
    -25, 55, 12, 68, -82, -73, 76, 47, -15, -123, 208, 154, 80, -132, -48, 49, 76, 48, 111, 50,
    268, -43, -122, -115, 20, 267, -22, -102, 69, 19, -43, 1, -7, 115, 80, -26, -85, 91, -81,
    -79, 137, -42, -144, 92, -95, 8, 51, -133, 78, -160, 32, -32, 62, -111, 117, -9, 120, 28,
    134, 48, -95, -103, -43, 43, -65, -12, 23, 36, -168, -17, -22, 40, 48, 38, -56, -114, 79,
    135, -37, 1, -26, -18, -189, -76, -78, -67, 95, -19, -57, -225, -45, 119, -1, 34, -28, 127,
    8, 71, -51, -67, -243, 95, -113, -39,
)) / 1000.0  # fmt: skip
"""Nepers of each channel of that block: weights of a logistic regression over pairs of a word's
vowels, the take's difference less the references' (L2, 1,567 words of speechocean762's learners and
1,704 by espeak-ng's voices, of which half was used). Positive are words of which espeak-ng's
phonemes have the stress moved, and right words beside references whose stress was moved."""
LEAST = 4.0
"""Evidence from which a stress was surely moved: of the learners' words with full marks on which it
was chosen, .5 % have it."""
LESSON_LOG_ODDS = 1.2
"""By how much a moved stress is likelier in a list that teaches it, as log odds: 3 % of such words
have what is left. Raising it tells more, of right words too."""
BY_ITSELF = {
    "AA": -0.3, "AE": -0.2, "AH": 0.3, "AO": -0.2, "AW": -0.5, "AY": -0.8, "EH": -0.9, "ER": 1.0,
    "EY": -0.2, "IH": 0.7, "IY": 0.5, "OW": 0.1, "OY": 0.0, "UH": -0.1, "UW": 0.5,
}  # fmt: skip
"""Strength, in nepers, taken from a vowel of the references before it is asked which one of a word
they stress: how far it lies along the direction by itself."""
LAST = 1.0
"""The same of a word's last vowel, beside its own."""
CLEAR = 0.1
"""By how much the references have to stress a vowel of a word more than all others, in nepers: of
other words than those it was fitted to, 1.6 % are not asked and 1.3 % taken for stressed otherwise.
Right takes of these gain nothing anywhere, and are told nothing."""
LESSON_POINTS = 84.0
"""Most points of a take with a moved stress in a list that teaches it: too few for three stars."""


def moved_stresses(
    features: Features, line: PhoneLine, references: Sequence[Spoken], taught: bool = False
) -> tuple[Remark, ...]:
    """Find words stressed on another syllable, where the references' stress is clear.

    references: one at least. taught: whether the list teaches stress, so that a moved one is
    likelier.
    """
    names = [ENGLISH_PHONES[phone - 1] for phone in line.indices]
    usual = np.mean([_strengths(one.vectors) for one in references], axis=0)
    gained = _strengths(features.vectors_against)
    least = LEAST - LESSON_LOG_ODDS * taught
    found = []
    for unit, start, end in zip(line.said_units, line.unit_starts, line.unit_ends, strict=True):
        vowels = [place for place in range(start, end) if names[place] in BY_ITSELF]
        stressed = _stressed(usual[vowels], [names[place] for place in vowels])
        if stressed is None:
            continue
        evidence = gained[vowels] - gained[vowels[stressed]]
        heard = int(evidence.argmax())
        if evidence[heard] > least:
            syllables = (len(vowels), stressed, heard)
            found.append(Remark(RemarkKind.STRESS, int(unit), int(unit), syllables))
    return tuple(found)


def told(assessment: Assessment, moved: Sequence[Remark], taught: bool) -> Assessment:
    """Add remarks on words that were said; in a list that teaches stress, take points off."""
    said = {unit.index for unit in assessment.units if unit.said}
    remarks = tuple(one for one in moved if one.first in said)
    total = assessment.total
    if not taught or not remarks or total is None:
        return replace(assessment, remarks=remarks)
    words = {one.first for one in remarks}
    units = tuple(
        replace(unit, score=min(unit.score, AMBER)) if unit.index in words else unit
        for unit in assessment.units
    )
    total = min(total, LESSON_POINTS)
    return replace(assessment, units=units, total=total, remarks=remarks)


def _strengths(vectors: FloatArray) -> NDArray[np.float64]:
    strengths: NDArray[np.float64] = vectors[:, :WIDTH] @ DIRECTION
    return strengths


def _stressed(strengths: NDArray[np.float64], names: Sequence[str]) -> int | None:
    """Choose the stressed one of a word's vowels; None where it is not clear, or the only one."""
    if len(names) < 2:
        return None
    above = strengths - [BY_ITSELF[name] for name in names]
    above[-1] -= LAST
    *_, second, first = np.sort(above)
    return int(above.argmax()) if first - second > CLEAR else None
