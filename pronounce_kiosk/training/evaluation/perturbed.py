"""Cut, replace or swap syllables of natives' takes, and see which units score lower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation.clips import CROSS_FADE_S, cross_faded
from pronounce_kiosk.training.evaluation.figures import Rows, Value
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.trials import (
    Changed,
    Heard,
    Request,
    Scored,
    score_changed,
)

COUNTS = (1, 2, 4)
"""Syllables perturbed at once."""
KINDS = ("cut", "replaced", "swapped")
MIN_UNIT_S = 0.05
"""Shortest syllable that is perturbed; a higher value leaves out more syllables."""


def perturbed_table(request: Request) -> Table:
    """Measure whether perturbed syllables get lower scores, and only those.

    Raises:
        TrainingError: No take was scored and long enough.
    """
    takes = request.takes("korean", most=100)
    trials = score_changed(request, perturbed_clips, takes, "perturbed")
    if not trials:
        raise TrainingError("No take was scored and long enough: use longer sentences.")
    return perturbed_rows(trials)


def perturbed_rows(trials: Sequence[Scored]) -> Table:
    """Make the table: AUC of units, and refusals."""
    rows = Rows()
    for kind in ("all", *KINDS):
        mine = [one for one in trials if kind in ("all", one.kind) and not one.refused]
        rows.auc(f"AUC of units, {kind}", _units(mine, False), _units(mine, True))
    rows.share("perturbed take refused", trials, lambda one: one.refused)
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


def perturbed_clips(heard: Heard) -> Iterator[Changed]:
    """Perturb a take in every way; in none where it is refused or short."""
    units, sentence = heard.plain.units, heard.take.sentence
    said = [unit.said for unit in split_units(sentence.text, sentence.language)]
    if heard.plain.score is None or len(perturbable(units, said)) < 2 * max(COUNTS):
        return
    for count, kind in product(COUNTS, KINDS):
        if kind != "swapped" or count % 2 == 0:
            clip, rows = perturb(heard.clip, units, said, kind, count, heard.random)
            yield Changed(kind, clip, tuple(rows))


def _units(trials: Sequence[Scored], perturbed: bool) -> list[Value]:
    """Collect the scores of perturbed or of untouched units."""
    return [
        Value(trial.speaker, unit.score)
        for trial in trials
        for index, unit in enumerate(trial.score.units)
        if unit.score is not None and (index in trial.units) == perturbed
    ]
