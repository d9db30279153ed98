"""A lesson on lax, tense and aspirated sounds: what is told of one said for another.

Every take is scored as in the bundled list that teaches to tell these sounds apart: against its own
text, and against the text with one onset exchanged, in writing too (풀 for a 불 that was said).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pronounce_kiosk.core.grades import RED_BELOW, stars
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import compose, decompose, is_hangul_syllable
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation.figures import Rows, Value
from pronounce_kiosk.training.evaluation.namings import names_what_was_said
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.swaps import (
    LARYNGEAL,
    ONSETS,
    Swap,
    SwappedTake,
    Trial,
    score_swaps,
    swap_of,
)
from pronounce_kiosk.training.evaluation.takes import SpokenTake
from pronounce_kiosk.training.evaluation.trials import Request

CONTRASTS = tuple(tuple(onsets) for onsets in ONSETS)
_MOST_UNITS = 40


def lesson_table(request: Request) -> Table:
    """Measure exchanged onsets on sets of takes."""
    rows = request.rows_by_set(_score_take, _add_halves, "korean", "tedx", "gtts")
    return rows.table(
        "Lax, tense and aspirated in a list that teaches them",
        "A take against its text with one onset exchanged for another of its contrast. A refused "
        "one counts as not told. Right: units with such an onset, of takes against their own text.",
    )


def add_lesson_rows(rows: Rows, name: str, found: Sequence[SwappedTake]) -> None:
    """Add the rows of one set of takes."""
    trials = [trial for take in found for trial in take.swapped]
    right = [
        Value(take.speaker, unit.score is not None and unit.score < RED_BELOW)
        for take in found
        for unit in take.right.units
        if _has_such_an_onset(unit)
    ]
    rows.prefix = f"{name}: "
    rows.share("red unit", trials, lambda one: one.is_under(RED_BELOW))
    rows.share("red unit, named, no three stars", trials, _is_told)
    rows.share("right units red", right)


def exchanges(sentence: Sentence, random: np.random.Generator) -> tuple[Swap, ...]:
    """Exchange an onset of a sentence for each other member of its contrast.

    One that is said as it is written, of a unit by chance; none where there is no such unit.
    """
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    said = [unit.said for unit in units]
    if len(said) > _MOST_UNITS or not all(is_hangul_syllable(one) for one in said):
        return ()
    able = [
        index
        for index, unit in enumerate(units)
        if len(unit.text) == 1
        and is_hangul_syllable(unit.text)
        and decompose(unit.text)[0] == decompose(unit.said)[0]
        and any(_others(unit.said))
    ]
    if not able:
        return ()
    index = able[int(random.integers(len(able)))]
    unit = units[index]
    found = []
    for onset in _others(unit.said):
        text = sentence.text[: unit.start] + _with(onset, unit.text) + sentence.text[unit.end :]
        changed = replace(sentence, text=text)
        found.append(swap_of(changed, LARYNGEAL, index, said, _with(onset, unit.said)))
    return tuple(found)


def _others(syllable: str) -> Iterator[str]:
    onset = decompose(syllable)[0]
    yield from (one for onsets in ONSETS if onset in onsets for one in onsets if one != onset)


def _with(onset: str, syllable: str) -> str:
    _, nucleus, coda = decompose(syllable)
    return compose(onset, nucleus, coda)


def _score_take(take: SpokenTake) -> SwappedTake:
    sentence = replace(take.sentence, contrasts=CONTRASTS)
    return score_swaps(replace(take, speaker=take.source, sentence=sentence), exchanges)


def _has_such_an_onset(unit: UnitScore) -> bool:
    return any(one.phone in onsets for one in unit.phones for onsets in ONSETS)


def _is_told(trial: Trial) -> bool:
    """Test whether the unit is red, rightly named, and costs the third star."""
    red = trial.is_under(RED_BELOW)
    return red and names_what_was_said(trial) and stars(trial.score) < 3


def _add_halves(rows: Rows, name: str, found: Sequence[SwappedTake]) -> None:
    """Add the rows of all takes, and of every second speaker: the odds were chosen on half."""
    add_lesson_rows(rows, name, found)
    speakers = sorted({take.speaker for take in found})
    for half, label in enumerate(("speakers of the choice", "other speakers")):
        mine = set(speakers[half::2])
        kept = [take for take in found if take.speaker in mine]
        add_lesson_rows(rows, f"{name}, {label}", kept)
