"""Cut, replace or swap syllables of natives' takes, and see which units score lower."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    points_of,
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
        kind: One of `KINDS`, or ``none`` for the take as it was.
        count: Perturbed syllables.
        total: 0 where the perturbed take was refused.
        perturbed: Which units, bool (units,).
        before, after: Each unit's score, NaN where there is none; after is empty where the
            perturbed take was refused.
    """

    speaker: str
    kind: str
    count: int
    total: float
    perturbed: Flags
    before: Values
    after: Values


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
    """Make the table: AUC of units, means of totals, changes of neighbours."""
    scored = [trial for trial in trials if len(trial.after) and trial.count]
    kinds = [kind for kind in KINDS if any(trial.kind == kind for trial in trials)]
    rows = figures.Rows()
    for kind in ("all", *kinds):
        mine = [one for one in scored if kind in ("all", one.kind)]
        intact = _units(mine, lambda one: ~one.perturbed, lambda one: one.after)
        changed = _units(mine, lambda one: one.perturbed, lambda one: one.after)
        rows.auc(f"AUC of units, {kind}", intact, changed)
    for kind, count in product(kinds, (0, *COUNTS)):
        mine = [t for t in trials if t.count == count and t.kind in ("none", kind)]
        if mine:
            rows.mean(f"mean total, {count} {kind}", mine, lambda one: one.total)
    attempts = (trial for trial in trials if trial.count)
    rows.share("perturbed take refused", attempts, lambda one: not len(one.after))
    groups: dict[str, Callable[[Trial], Flags]] = {
        "perturbed units": lambda one: one.perturbed,
        "neighbours": lambda one: beside(one.perturbed),
        "units further off": lambda one: ~(one.perturbed | beside(one.perturbed)),
    }
    for label, some in groups.items():
        changes = _units(scored, some, lambda one: one.after - one.before)
        rows.mean(f"{label}, mean change", changes)
    return rows.table(
        "Syllables cut, replaced and swapped",
        "From natives' own takes, by the unit times of the untouched take, cross-faded over 5 ms. "
        "AUC: untouched against perturbed units of perturbed takes that were scored; a refused "
        "take counts as 0 in the totals. One syllable cannot be swapped.",
    )


def beside(perturbed: Flags) -> Flags:
    """Mark the untouched units next to a perturbed one."""
    flags = np.zeros(len(perturbed), bool)
    flags[1:] |= perturbed[:-1]
    flags[:-1] |= perturbed[1:]
    return flags & ~perturbed


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


def _units(
    trials: Sequence[Trial], some: Callable[[Trial], Flags], values: Callable[[Trial], Values]
) -> list[figures.Value]:
    """Collect a value of some units of trials; NaN left out."""
    return [
        figures.Value(trial.speaker, value)
        for trial in trials
        for value in values(trial)[some(trial)]
        if np.isfinite(value)
    ]


def _perturb_all(take: SpokenTake) -> list[Trial]:
    """Score the take as it is and perturbed in every way; none where it is refused or short."""
    random = random_of(take.audio)
    clip = clip_at_16_khz(take.audio)
    first = score_of(clip, take.sentence)
    said = [unit.said for unit in split_units(take.sentence.text, take.sentence.language)]
    good = perturbable(first.units, said)
    if first.score is None or len(good) < 2 * max(COUNTS):
        return []
    before = unit_points(first)
    nothing = np.zeros(len(said), bool)
    trials = [Trial(take.speaker, "none", 0, first.score, nothing, before, before)]
    for count in COUNTS:
        for kind in KINDS:
            if kind == "swapped" and count % 2:
                continue
            edited, rows = perturb(clip, first.units, said, kind, count, random)
            score = score_of(edited, take.sentence)
            flags = np.isin(np.arange(len(said)), rows)
            after = unit_points(score) if score.score is not None else np.zeros(0)
            trials.append(Trial(take.speaker, kind, count, points_of(score), flags, before, after))
    return trials
