"""Cut, replace or swap syllables of natives' takes, and see which units score lower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.clips import CROSS_FADE_S, cross_faded
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
    unit_points,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake

COUNTS = (1, 2, 4)
"""Syllables perturbed at once."""
KINDS = ("cut", "replaced", "swapped")
MIN_UNIT_S = 0.05
"""Shortest syllable that is perturbed; a higher value leaves out more syllables."""

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Trial:
    """A perturbed take.

    Attributes:
        speaker: Of the take.
        kind: One of `KINDS`.
        perturbed: Which units, bool (units,).
        points: Each unit's score, NaN where there is none; empty where the take was refused.
    """

    speaker: str
    kind: str
    perturbed: Flags
    points: Values


def perturbed_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Measure whether perturbed syllables get lower scores, and only those.

    Raises:
        TrainingError: No take was scored and long enough.
    """
    per_take = over_processes(_perturb_all, takes, bundle, jobs, "perturbed")
    trials = [trial for found in per_take for trial in found]
    if not trials:
        raise TrainingError("No take was scored and long enough: use longer sentences.")
    return perturbed_rows(trials)


def perturbed_rows(trials: Sequence[Trial]) -> Table:
    """Make the table: AUC of units, and refusals."""
    rows = figures.Rows()
    for kind in ("all", *KINDS):
        mine = [one for one in trials if kind in ("all", one.kind) and len(one.points)]
        rows.auc(f"AUC of units, {kind}", _units(mine, False), _units(mine, True))
    rows.share("perturbed take refused", trials, lambda one: not len(one.points))
    return rows.table(
        "Syllables cut, replaced and swapped",
        "From natives' own takes, by the unit times of the untouched take, cross-faded over 5 ms. "
        "AUC: untouched against perturbed units of perturbed takes that were scored. One syllable "
        "cannot be swapped.",
    )


def perturbable(units: Sequence[UnitScore], said: Sequence[str]) -> list[int]:
    """Choose the units that are one scored syllable of `MIN_UNIT_S` at least."""
    return [
        row
        for row, (unit, syllable) in enumerate(zip(units, said, strict=False))
        if unit.score is not None and len(syllable) == 1 and unit.end_s - unit.start_s >= MIN_UNIT_S
    ]


def perturb(
    clip: AudioClip,
    units: Sequence[UnitScore],
    said: Sequence[str],
    kind: str,
    count: int,
    random: np.random.Generator,
) -> tuple[AudioClip, list[int]]:
    """Cut, replace or swap `count` syllables of a clip.

    A syllable's place is taken by another one of the take that sounds different.

    Returns:
        The clip, and which units were perturbed.
    """
    good = perturbable(units, said)
    rows = sorted(int(row) for row in random.choice(good, count, replace=False))
    source: dict[int, int | None] = dict.fromkeys(rows)
    if kind == "replaced":
        for row in rows:
            others = [other for other in good if said[other] != said[row]]
            source[row] = int(random.choice(others)) if others else None
    elif kind == "swapped":
        source = _swapped(good, said, count, random)
    rate = clip.sample_rate_hz
    pieces: list[NDArray[np.float32]] = []
    end = 0
    for row in sorted(source):
        pieces.append(clip.samples[end : round(units[row].start_s * rate)])
        other = source[row]
        if other is not None:
            pieces.append(clip.slice_s(units[other].start_s, units[other].end_s).samples)
        end = max(end, round(units[row].end_s * rate))
    pieces.append(clip.samples[end:])
    joined = cross_faded(pieces, round(CROSS_FADE_S * rate))
    return AudioClip.from_array(joined, rate), sorted(source)


def _swapped(
    good: Sequence[int], said: Sequence[str], count: int, random: np.random.Generator
) -> dict[int, int | None]:
    """Pair syllables that sound different, each in the other's place."""
    source: dict[int, int | None] = {}
    for row in (int(row) for row in random.permutation(good)):
        if len(source) >= count:
            break
        others = [o for o in good if o not in source and o != row and said[o] != said[row]]
        if row in source or not others:
            continue
        other = int(random.choice(others))
        source |= {row: other, other: row}
    return source


def _units(trials: Sequence[Trial], perturbed: bool) -> list[figures.Value]:
    """Collect the scores of perturbed or of untouched units; NaN left out."""
    return [
        figures.Value(trial.speaker, value)
        for trial in trials
        for value in trial.points[trial.perturbed == perturbed]
        if np.isfinite(value)
    ]


def _perturb_all(take: SpokenTake) -> list[Trial]:
    """Score the take perturbed in every way; none where it is refused or short."""
    random = random_of(take.audio)
    clip = clip_at_16_khz(take.audio)
    first = score_of(clip, take.sentence)
    said = [unit.said for unit in split_units(take.sentence.text, take.sentence.language)]
    good = perturbable(first.units, said)
    if first.score is None or len(good) < 2 * max(COUNTS):
        return []
    trials = []
    for count, kind in product(COUNTS, KINDS):
        if kind == "swapped" and count % 2:
            continue
        edited, rows = perturb(clip, first.units, said, kind, count, random)
        score = score_of(edited, take.sentence)
        points = unit_points(score) if score.score is not None else np.zeros(0)
        trials.append(Trial(take.speaker, kind, np.isin(np.arange(len(said)), rows), points))
    return trials
