"""What Korean syllables are judged by: how a phone differs from its reference more than the voice.

A person's every phone is some way off synthesis, and much in the same way: that is the voice, not a
fault. So what the take's other phones show of this voice is taken off first, by a ridge regression
from the references' vectors to the take's that leaves out the phone in question (in closed form;
Allen 1974). What is left is judged by how such rests are spread where a phone was said and where
something else was, a likelihood ratio of two Gaussians as in speaker verification (PLDA; Ioffe
2006), and against how much this phone differs wherever it is said right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.korean.jamo import CODA_PHONES, NUCLEI
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine

RIDGE = 3.0
"""How many phones' worth of doubt there is that this voice differs at all; 1-10 are near alike."""
DOUBT = 4.0
"""The same for how likely one phone sounds in it."""
RELATIVE_LIMITS = (-8.0, 4.0)

_KOREAN = ("", *PHONE_SETS["ko"])
_H = _KOREAN.index("ㅎ")
_VOICED = np.array([phone in NUCLEI or phone in ("ㄴ_", "ㄹ_", "ㅁ_", "ㅇ_") for phone in _KOREAN])
_CODA = np.array([phone in CODA_PHONES for phone in _KOREAN])


def rests(vectors: FloatArray, wanted: FloatArray) -> NDArray[np.float64]:
    """What is left of each phone's difference from its reference, (ears, phones, n).

    vectors, wanted: (ears, phones, n), of unit length, the take's and the references'. A phone
    alone keeps all of its difference.
    """
    x = wanted.astype(np.float64)
    differences = vectors - x
    across = x.swapaxes(1, 2)
    # Where there are fewer phones than numbers the smaller of two equal systems is solved.
    inner = x @ across + RIDGE * np.eye(x.shape[1])
    hat = np.linalg.solve(inner, x @ across).swapaxes(1, 2)
    own = np.einsum("epp->ep", hat)
    result: NDArray[np.float64] = (differences - hat @ differences) / (1.0 - own)[:, :, None]
    return result


def relative_rests(relative: NDArray[np.floating], line: PhoneLine) -> NDArray[np.float64]:
    """Each phone's likelihood beside its reference's, less the same phone's elsewhere in the take.

    relative: (phones,), natural logarithms.
    """
    bounded = np.clip(np.asarray(relative, np.float64), *RELATIVE_LIMITS)
    symbols = np.array(line.indices)
    same = (symbols[:, None] == symbols[None]).astype(np.float64)
    others = same @ bounded - bounded
    result: NDArray[np.float64] = bounded - others / (same.sum(axis=1) - 1.0 + DOUBT)
    return result


def likelihood_ratios(rest: NDArray[np.float64], forms: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more a rest is like something else's than the phone's own, (phones,); no constant.

    rest: `rests`'. forms: (ears, n, n), the inverse of the spread where the phone was said less
    the inverse where something else was.
    """
    result: NDArray[np.float64] = np.einsum("epi,eij,epj->p", rest, forms, rest, optimize=True)
    return result


def swallowed(line: PhoneLine) -> NDArray[np.bool_]:
    """Phones that are right however they are said, (phones,), and never all of a syllable.

    Between voiced sounds a Korean ㅎ is hardly more than a breath, if that, and the coda before it
    then begins the next syllable: 전화 is said 저놔 (Sohn, The Korean Language, 1999).
    """
    if line.language != "ko":
        return np.zeros(len(line.indices), bool)
    symbols = np.array(line.indices)
    after_voice = np.concatenate([[False], _VOICED[symbols[:-1]]])
    weak = (symbols == _H) & after_voice
    before_weak = np.concatenate([weak[1:], [False]])
    result: NDArray[np.bool_] = weak | (_CODA[symbols] & before_weak)
    return result


def by_usual_syllable(
    values: NDArray[np.float64],
    frames: NDArray[np.floating],
    line: PhoneLine,
    usual: NDArray[np.float64],
) -> NDArray[np.float64]:
    """`by_syllable` of values, each against its phone's own; usual: (2, 1 + phones of the set, n),
    the mean and deviation where a phone is said right."""
    mean, deviation = usual[:, list(line.indices)]
    return by_syllable((values - mean) / deviation, frames, line)


def by_syllable(
    values: NDArray[np.float64], frames: NDArray[np.floating], line: PhoneLine
) -> NDArray[np.float64]:
    """Values of phones, (phones, n), to their units, (units, n): of two, both count for more.

    frames: (phones,), how long each is; a longer one counts more, and one that people swallow
    nothing. Where phones are independent of each other, what is gained has the same spread whatever
    the syllable.
    """
    weight = (np.sqrt(np.asarray(frames, np.float64)) * ~swallowed(line))[:, None]
    starts = line.unit_starts
    spread = np.sqrt(np.add.reduceat(weight * weight, starts))
    result: NDArray[np.float64] = np.add.reduceat(weight * values, starts) / spread
    return result
