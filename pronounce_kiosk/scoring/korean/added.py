"""Find speech in a take that belongs to none of its sentence's sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.grades import FAIR_POINTS
from pronounce_kiosk.scoring.acoustic.korean import FRAME_S
from pronounce_kiosk.scoring.korean.alignment import Alignment
from pronounce_kiosk.scoring.korean.evidence import SILENCE, Posteriors
from pronounce_kiosk.scoring.korean.phones import KoreanPhone
from pronounce_kiosk.scoring.korean.units import UnitPoints

LEAST_S = 0.3
"""Speech shorter than this is no word, but a sound drawn out or said otherwise."""
EXPLAINED = 0.1
"""Posterior from which a phone near its place explains a frame."""
NEAR_PHONES = 2


def added_before(
    posteriors: Posteriors,
    alignment: Alignment,
    phones: Sequence[KoreanPhone],
    points: UnitPoints,
) -> tuple[int, ...]:
    """List the units before which something was said that the sentence does not have.

    Only at the edge of a word whose sounds on both sides were said well enough: elsewhere it is the
    sentence's own sound said wrong. One past the last unit stands for the end.

    Args:
        posteriors: (frames, 1 + phones).
        alignment: of the sentence's phones.
        phones: of the sentence.
        points: of its units.
    """
    said = dict(zip(points.units.tolist(), points.points.tolist(), strict=True))
    found = []
    for start, end in _runs(_unexplained(posteriors, alignment, phones)):
        middle = (start + end) / 2.0
        after = int(np.searchsorted((alignment.starts + alignment.ends) / 2.0, middle))
        place = _edge(phones, after)
        if place is None:
            continue
        beside = [phones[at].unit for at in (place - 1, place) if 0 <= at < len(phones)]
        if all(said[unit] >= FAIR_POINTS for unit in beside):
            found.append(phones[place].unit if place < len(phones) else phones[-1].unit + 1)
    return tuple(dict.fromkeys(found))


def _unexplained(
    posteriors: Posteriors, alignment: Alignment, phones: Sequence[KoreanPhone]
) -> NDArray[np.bool_]:
    """Frames of speech in which no phone whose place is near is heard, (frames,)."""
    explained = np.zeros(len(posteriors))
    centres = (alignment.starts + alignment.ends) / 2.0
    nearest = np.searchsorted(centres, np.arange(len(posteriors)))
    for frame, place in enumerate(nearest.tolist()):
        near = phones[max(0, place - NEAR_PHONES) : place + NEAR_PHONES]
        columns = {column for one in near for column in (*one.accepted, *one.rivals)}
        explained[frame] = posteriors[frame, sorted(columns)].sum()
    return (posteriors[:, SILENCE] < 0.5) & (explained < EXPLAINED)


def _runs(unexplained: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of such frames of `LEAST_S` at least; a single frame that is explained breaks none."""
    closed = unexplained.copy()
    closed[1:-1] |= unexplained[:-2] & unexplained[2:]
    edges = np.flatnonzero(np.diff(np.r_[0, closed.astype(np.int8), 0]))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [run for run in runs if (run[1] - run[0]) * FRAME_S >= LEAST_S]


def _edge(phones: Sequence[KoreanPhone], after: int) -> int | None:
    """The phone that begins the word next to a run, None where the run lies inside a word."""
    places = [
        place
        for place in range(max(0, after - 1), min(len(phones), after + 1) + 1)
        if place in (0, len(phones)) or phones[place - 1].word != phones[place].word
    ]
    return min(places, key=lambda place: abs(place - after)) if places else None
