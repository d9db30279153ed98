"""A lesson on lax, tense and aspirated sounds: what is told of one said for another.

Every take is scored as in the bundled list that teaches to tell these sounds apart: against its own
text, and against the text with one onset exchanged, in writing too (풀 for a 불 that was said).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.grades import RED_BELOW, stars
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import compose, decompose, is_hangul_syllable
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.confusions import sign
from pronounce_kiosk.session.naming import naming
from pronounce_kiosk.training.evaluation.figures import Rows, Value
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.swaps import ONSETS
from pronounce_kiosk.training.evaluation.takes import SpokenTake

CONTRASTS = tuple(tuple(onsets) for onsets in ONSETS)
_MOST_UNITS = 40


@dataclass(frozen=True)
class Exchange:
    """A sentence with one onset exchanged. unit: its place. wanted, spoken: the two onsets."""

    sentence: Sentence
    unit: int
    wanted: str
    spoken: str


@dataclass(frozen=True)
class LessonTake:
    """What a take gets in the lesson.

    Attributes:
        speaker: the take's, or the word where there is one voice.
        right: of each unit with such an onset, whether it is red; empty where the take is refused.
        wrong: of each exchange, whether the unit is red, and whether it is also rightly named and
            costs the third star.
    """

    speaker: str
    right: tuple[bool, ...]
    wrong: tuple[tuple[bool, bool], ...]


def lesson_table(sets: Mapping[str, Sequence[SpokenTake]], bundle: Path, jobs: Jobs) -> Table:
    """Measure exchanged onsets on sets of takes, by name."""
    rows = Rows()
    for name, takes in sets.items():
        found = over_processes(_score_take, takes, bundle, jobs, name)
        add_lesson_rows(rows, name, found)
        # The lesson's odds were chosen on the first half.
        for half, label in enumerate(("speakers of the choice", "other speakers")):
            add_lesson_rows(rows, f"{name}, {label}", _half(found, half))
    return rows.table(
        "Lax, tense and aspirated in a list that teaches them",
        "A take against its text with one onset exchanged for another of its contrast. A refused "
        "one counts as not told. Right: units with such an onset, of takes against their own text.",
    )


def add_lesson_rows(rows: Rows, name: str, found: Sequence[LessonTake]) -> None:
    """Add the rows of one set of takes."""
    wrong = [Value(take.speaker, flags) for take in found for flags in take.wrong]
    right = [Value(take.speaker, flag) for take in found for flag in take.right]
    rows.prefix = f"{name}: "
    rows.share("red unit", wrong, lambda one: one.value[0])
    rows.share("red unit, named, no three stars", wrong, lambda one: one.value[1])
    rows.share("right units red", right)


def exchanges(sentence: Sentence, random: np.random.Generator) -> tuple[Exchange, ...]:
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
    for wanted in _others(unit.said):
        text = sentence.text[: unit.start] + _with(wanted, unit.text) + sentence.text[unit.end :]
        heard = "".join((*said[:index], _with(wanted, unit.said), *said[index + 1 :]))
        changed = replace(sentence, text=text, pronunciation=heard)
        found.append(Exchange(changed, index, wanted, decompose(unit.said)[0]))
    return tuple(found)


def _others(syllable: str) -> Iterator[str]:
    onset = decompose(syllable)[0]
    yield from (one for onsets in ONSETS if onset in onsets for one in onsets if one != onset)


def _with(onset: str, syllable: str) -> str:
    _, nucleus, coda = decompose(syllable)
    return compose(onset, nucleus, coda)


def _score_take(take: SpokenTake) -> LessonTake:
    clip = clip_at_16_khz(take.audio)
    sentence = replace(take.sentence, contrasts=CONTRASTS)
    right = score_of(clip, sentence)
    onsets = {onset for onsets in ONSETS for onset in onsets}
    units = [unit for unit in right.units if any(one.phone in onsets for one in unit.phones)]
    wrong = tuple(
        _told(score_of(clip, one.sentence), one)
        for one in exchanges(sentence, random_of(take.audio))
    )
    return LessonTake(
        take.speaker or take.sentence.text,
        tuple(unit.score is not None and unit.score < RED_BELOW for unit in units),
        wrong,
    )


def _told(score: Score, exchange: Exchange) -> tuple[bool, bool]:
    if score.score is None:
        return False, False
    points = score.units[exchange.unit].score
    red = points is not None and points < RED_BELOW
    sentence = exchange.sentence
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    advice = naming(score, exchange.unit, units)
    signs = sign(exchange.wanted)[0], sign(exchange.spoken)[0]
    fields = advice.fields if advice is not None else {}
    named = (fields.get("target_ko"), fields.get("heard_ko")) == signs
    return red, red and named and stars(score) < 3


def _half(found: Sequence[LessonTake], half: int) -> list[LessonTake]:
    """Take every second speaker."""
    speakers = sorted({take.speaker for take in found})
    mine = set(speakers[half::2])
    return [take for take in found if take.speaker in mine]
