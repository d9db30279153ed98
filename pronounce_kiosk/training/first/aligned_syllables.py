"""Teaching the judge Korean syllables: takes by synthesis whose faults are known.

Nobody has rated Korean syllables. A person's diphones say texts with one sound exchanged before it
is said, or with syllables cut, replaced or swapped afterwards. espeak-ng's voices as well made what
is learned worse on natives: to the references they are kin.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.first.aligned import unit_frames
from pronounce_kiosk.scoring.first.aligned_encoder import Ear
from pronounce_kiosk.scoring.first.aligned_evidence import Against, Evidence, gather_each
from pronounce_kiosk.scoring.first.aligned_judge import (
    SYLLABLE_FEATURES,
    evidence_rests,
    syllable_phones,
)
from pronounce_kiosk.scoring.first.aligned_syllables import by_usual_syllable
from pronounce_kiosk.scoring.frontend import clean_take
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.data.rooms import clip_of, in_a_room
from pronounce_kiosk.training.first.aligned_korean import is_hangul, with_wrong_sounds
from pronounce_kiosk.training.first.aligned_rows import start_worker, worker

LIKELIHOOD_SHARE = 0.7
"""What the likelihood ratio counts beside the relative likelihood, each in its own deviations.
Chosen by touched natives, for whom .6 to .8 are alike: synthesis, which the encoders know by heart,
would have it less."""
SPREAD_FLOOR = 1.0
"""Of a spread's mean over all directions, added to each: synthesis is too sure of its own."""
USUAL_DOUBT = 50.0
"""A sound that was said rarely is taken for the usual one, as if that had been said so often."""


@dataclass(frozen=True, eq=False)
class TouchedRow:
    """A synthetic Korean take with touched units.

    evidence: one an ear. touched: bool (units,).
    """

    evidence: tuple[Evidence, ...]
    line: PhoneLine
    touched: NDArray[np.bool_]

    @property
    def touched_phones(self) -> NDArray[np.bool_]:
        """Which phones belong to a touched unit."""
        return np.isin(self.line.units, self.line.said_units[self.touched])


@dataclass(frozen=True, eq=False)
class SyllableScale:
    """What syllables are judged by; a judge's buffers of the same names.

    forms: (ears, compared, compared). usual: (2, 1 + phones of the set, n), mean and deviation of
    each phone where it was said right. weights: (n,), higher is better.
    """

    forms: NDArray[np.float64]
    usual: NDArray[np.float64]
    weights: NDArray[np.float64]


def touched_rows(
    texts: Sequence[str],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
    diphones: Mbrola | None = None,
) -> list[TouchedRow]:
    """Korean said by another voice than the references', touched; what cannot be is left out."""
    jobs = list(enumerate(texts))
    start = (ears, mel, diphones)
    with ProcessPoolExecutor(processes, initializer=start_worker, initargs=start) as pool:
        return [row for row in pool.map(_touched_row, jobs, chunksize=4) if row is not None]


def _touched_row(job: tuple[int, str]) -> TouchedRow | None:
    index, text = job
    mine = worker()
    rng, noise = random.Random(f"touched/{index}"), np.random.default_rng([5, index])
    said = standard_pronunciation(text)
    named = [i for i, unit in enumerate(split_units(text, "ko")) if is_hangul(unit.said)]
    if len(named) != sum(is_hangul_syllable(ch) for ch in said):
        return None
    places: list[int] | None = None
    if index % 3 == 0:
        said, places = with_wrong_sounds(said, rng.choice((1, 2, 2)), rng)
    wave = mine.say(said, 1, rng)
    if index % 2:
        wave = in_a_room(wave, noise)
    else:
        wave = wave + noise.standard_normal(len(wave)) * rng.uniform(0, 0.006)
    cleaned = clean_take(clip_of(wave))
    if cleaned.verdict is not None:
        return None
    image = grayscale_mel(cleaned.clip, mine.mel)
    line, references = mine.references_in_use(Sentence("", text, "ko"))
    against = Against(line, references)
    if places is None:
        first = gather_each(mine.in_use.hear(image, "ko"), against)
        if not first:
            return None
        edges = unit_frames([one.spans for one in first], line)
        image, touched = touch(image, edges, line, 1 + index % 3, rng)
    else:
        touched = [named[place] for place in places]
    evidence = tuple(gather_each(mine.in_use.hear(image, "ko"), against))
    if not evidence:
        return None
    return TouchedRow(evidence, line, np.isin(line.said_units, touched))


def touch(
    mel: FloatArray, edges: NDArray[np.float64], line: PhoneLine, most: int, rng: random.Random
) -> tuple[FloatArray, list[int]]:
    """Cut, replace or swap syllables of a take's image. Gives it and the units touched.

    edges: `unit_frames`'. most: how many, but no more than a third of the units, and at least one.
    """
    spans = np.clip(edges.T.round().astype(int), 0, mel.shape[1]).tolist()
    order, touched = _shuffled(len(spans), most, rng)
    pieces, at = [], 0
    for (start, end), source in zip(spans, order, strict=True):
        pieces.append(mel[:, at : max(at, start)])
        if source >= 0:
            pieces.append(mel[:, slice(*spans[source])])
        at = max(at, end)
    pieces.append(mel[:, at:])
    return np.concatenate(pieces, axis=1), [int(line.said_units[place]) for place in touched]


def _shuffled(size: int, most: int, rng: random.Random) -> tuple[list[int], list[int]]:
    """Which unit is put in each place (-1 none), and the places that were touched."""
    order = list(range(size))
    touched: list[int] = []
    for place in rng.sample(order, min(most, max(1, size // 3))):
        if place in touched:
            continue
        how = rng.choice(("cut", "replace", "swap"))
        if how == "cut":
            order[place] = -1
        elif how == "replace":
            order[place] = rng.randrange(size)
        elif place + 1 < size:
            order[place], order[place + 1] = order[place + 1], order[place]
            touched.append(place + 1)
        touched.append(place)
    return order, touched


def fit_syllables(rows: Sequence[TouchedRow], language: str = "ko") -> SyllableScale:
    """What tells touched syllables from the others, by synthesis alone."""
    touched = np.concatenate([row.touched_phones for row in rows])
    symbols = np.concatenate([row.line.indices for row in rows])
    forms = _forms(np.concatenate([evidence_rests(row.evidence) for row in rows], axis=1), touched)
    heard = [syllable_phones(row.evidence, row.line, forms) for row in rows]
    values = np.concatenate([phones for phones, _ in heard])
    usual = _usual(values[~touched], symbols[~touched], 1 + len(PHONE_SETS[language]))
    units = np.concatenate(
        [
            by_usual_syllable(phones, frames, row.line, usual)
            for row, (phones, frames) in zip(rows, heard, strict=True)
        ]
    )
    shares = np.array([-LIKELIHOOD_SHARE, 1.0 - LIKELIHOOD_SHARE])
    return SyllableScale(forms, usual, shares / units.std(axis=0))


def _forms(rest: NDArray[np.float64], touched: NDArray[np.bool_]) -> NDArray[np.float64]:
    """`likelihood_ratios`' of rests (ears, phones, n)."""
    return np.stack([_inverse(ear[~touched]) - _inverse(ear[touched]) for ear in rest])


def _inverse(rest: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = np.cov(rest.T)
    floor = SPREAD_FLOOR * np.trace(spread) / len(spread)
    result: NDArray[np.float64] = np.linalg.inv(spread + floor * np.eye(len(spread)))
    return result


def _usual(
    values: NDArray[np.float64], symbols: NDArray[np.int64], size: int
) -> NDArray[np.float64]:
    """Mean and deviation of each phone's values, (2, size, n), drawn towards all phones'."""
    mean, variance = values.mean(axis=0), values.var(axis=0)
    usual = np.empty((2, size, len(SYLLABLE_FEATURES)))
    for symbol in range(size):
        mine = values[symbols == symbol]
        count = len(mine) + USUAL_DOUBT
        usual[0, symbol] = (mine.sum(axis=0) + USUAL_DOUBT * mean) / count
        apart = np.square(mine - usual[0, symbol]).sum(axis=0)
        usual[1, symbol] = np.sqrt((apart + USUAL_DOUBT * variance) / count)
    return usual
