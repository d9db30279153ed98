"""Leave out words of natives' takes, or cut, replace and swap syllables, and see what it costs."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import cut_out, joined, silenced

PLACES = ("first", "middle", "last")
CHANGES = {"silenced": silenced, "cut out": cut_out}
MIN_WORDS = 3
COST = 70.0
"""Points that leaving out every syllable costs at least; a part of them costs its share."""
COUNTS = (1, 2, 4)
"""Syllables perturbed at once."""
KINDS = ("cut", "replaced", "swapped")
MIN_UNIT_S = 0.05
"""Shortest syllable that is perturbed; a higher value leaves out more syllables."""


def perturbed_table(request: base.Request) -> figures.Table:
    """Measure whether perturbed syllables get lower scores, and only those."""
    takes = request.takes("korean", most=100)
    trials = base.score_changed(request, perturbed_clips, takes, "perturbed")
    if not trials:
        raise TrainingError("No take was scored and long enough: use longer sentences.")
    return perturbed_rows(trials)


def perturbed_rows(trials: Sequence[base.Scored]) -> figures.Table:
    """Make the table: AUC of units, and refusals."""
    rows = figures.Rows()
    for kind in ("all", *KINDS):
        mine = [one for one in trials if kind in ("all", one.kind) and not one.refused]
        untouched, touched = (_scores(mine, changed) for changed in (False, True))
        rows.auc(f"AUC of units, {kind}", untouched, touched)
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
    """Cut, replace or swap `count` syllables of a clip; give it, and the units perturbed.

    A syllable's place is taken by another one of the take that sounds different.
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
    pieces = []
    end_s = 0.0
    for row in sorted(source):
        pieces.append(clip.slice_s(end_s, units[row].start_s))
        other = source[row]
        if other is not None:
            pieces.append(clip.slice_s(units[other].start_s, units[other].end_s))
        end_s = max(end_s, units[row].end_s)
    pieces.append(clip.slice_s(end_s, clip.duration_s))
    return joined(pieces), sorted(source)


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


def perturbed_clips(heard: base.Heard) -> Iterator[base.Changed]:
    """Perturb a take in every way; in none where it is short."""
    units, sentence = heard.plain.units, heard.take.sentence
    said = [unit.said for unit in split_units(sentence.text, sentence.language)]
    if len(perturbable(units, said)) < 2 * max(COUNTS):
        return
    for count, kind in product(COUNTS, KINDS):
        if kind != "swapped" or count % 2 == 0:
            clip, rows = perturb(heard.clip, units, said, kind, count, heard.random)
            yield base.Changed(kind, clip, tuple(rows))


def _scores(trials: Sequence[base.Scored], changed: bool) -> list[figures.Value]:
    units = _units(trials, changed)
    return [figures.Value(who, unit.score) for who, unit in units if unit.score is not None]


def _units(trials: Sequence[base.Scored], changed: bool) -> list[tuple[str, UnitScore]]:
    """Collect the units that were changed, or the others, with their speakers."""
    return [
        (one.speaker, unit)
        for one in trials
        for index, unit in enumerate(one.score.units)
        if (index in one.units) is changed
    ]


def left_out_table(request: base.Request) -> figures.Table:
    """Measure totals and missing units of takes without one word, by the take's own times."""
    takes = request.takes("korean", most=100)
    return left_out_rows(base.score_changed(request, without_a_word, takes, "left out"))


def left_out_rows(trials: Sequence[base.Scored]) -> figures.Table:
    """Make the table. Only a model that gives phones reports units as left out."""
    rows = figures.Rows()
    for how, place in product(CHANGES, ("any", *PLACES)):
        kinds = [f"{one} word {how}" for one in PLACES if place in ("any", one)]
        mine = [one for one in trials if one.kind in kinds]
        scored = (one for one in mine if not one.refused)
        rows.prefix = f"{place} word {how}: "
        rows.share("costs its share, or refused", mine, is_felt)
        rows.share("refused", mine, lambda one: one.refused)
        rows.mean("mean total, where scored", scored, lambda one: one.total)
    rows.prefix = ""
    has_phones = any(unit.phones for one in trials for unit in one.score.units)
    for label, missing in (("missing units found", True), ("other units called missing", False)):
        units = _units(trials, missing) if has_phones else []
        rows.share(label, [figures.Value(who, not unit.said) for who, unit in units])
    return rows.table(
        "A word left out",
        f"Takes of {MIN_WORDS} words and more, by the unit times of the untouched take; the first "
        "and the last word up to the clip's ends. Silenced: digital silence in its place; cut out: "
        "the rest joined, as one who leaves it out goes on. A word costs its share: the total is "
        f"at most 100 less {COST:g} times the share of syllables missing.",
    )


def is_felt(trial: base.Scored) -> bool:
    """Test whether a take was refused, or lost the points that the missing units cost."""
    assert trial.plain is not None
    return trial.total <= 100.0 - COST * len(trial.units) / len(trial.plain.units)


def units_of_words(text: str, language: str = "ko") -> list[list[int]]:
    """Group a sentence's units by the words, between spaces, that they begin in."""
    words: dict[int, list[int]] = {}
    for index, unit in enumerate(split_units(text, language)):
        words.setdefault(len(text[: unit.start + 1].split()), []).append(index)
    return list(words.values())


def without_a_word(heard: base.Heard) -> Iterator[base.Changed]:
    """Leave out each word of `PLACES`; none of a short take."""
    units = heard.plain.units
    words = units_of_words(heard.take.sentence.text, heard.take.sentence.language)
    if not units or len(words) < MIN_WORDS:
        return
    for place, at in zip(PLACES, (0, len(words) // 2, len(words) - 1), strict=True):
        missing = words[at]
        # Over the clip's ends, so that no fade is left there.
        start_s = -1.0 if place == "first" else units[missing[0]].start_s
        end_s = heard.clip.duration_s + 1.0 if place == "last" else units[missing[-1]].end_s
        for how, change in CHANGES.items():
            clip = change(heard.clip, start_s, end_s)
            yield base.Changed(f"{place} word {how}", clip, tuple(missing))
