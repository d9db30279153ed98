"""Silence or cut out the first, a middle or the last word of natives' takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation.clips import cut_out, silenced
from pronounce_kiosk.training.evaluation.figures import Rows, Value
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.trials import (
    Changed,
    Heard,
    Request,
    Scored,
    score_changed,
)

PLACES = ("first", "middle", "last")
CHANGES = {"silenced": silenced, "cut out": cut_out}
MIN_WORDS = 3
COST = 70.0
"""Points that leaving out every syllable costs at least; a part of them costs its share."""


def left_out_table(request: Request) -> Table:
    """Measure totals and missing units of takes without one word, by the take's own times."""
    takes = request.takes("korean", most=100)
    return left_out_rows(score_changed(request, without_a_word, takes, "left out"))


def left_out_rows(trials: Sequence[Scored]) -> Table:
    """Make the table. Only a model that gives phones reports units as left out."""
    rows = Rows()
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
        units: list[Value] = [
            Value(one.speaker, not unit.said)
            for one in trials
            for index, unit in enumerate(one.score.units)
            if has_phones and (index in one.units) == missing
        ]
        rows.share(label, units)
    return rows.table(
        "A word left out",
        f"Takes of {MIN_WORDS} words and more, by the unit times of the untouched take; the first "
        "and the last word up to the clip's ends. Silenced: digital silence in its place; cut out: "
        "the rest joined, as one who leaves it out goes on. A word costs its share: the total is "
        f"at most 100 less {COST:g} times the share of syllables missing.",
    )


def is_felt(trial: Scored) -> bool:
    """Test whether a take was refused, or lost the points that the missing units cost."""
    assert trial.plain is not None
    return trial.total <= 100.0 - COST * len(trial.units) / len(trial.plain.units)


def units_of_words(text: str, language: str = "ko", pronunciation: str = "") -> list[list[int]]:
    """Group a sentence's units by the words, between spaces, that they begin in."""
    words: dict[int, list[int]] = {}
    for index, unit in enumerate(split_units(text, language, pronunciation)):
        words.setdefault(len(text[: unit.start + 1].split()), []).append(index)
    return list(words.values())


def without_a_word(heard: Heard) -> Iterator[Changed]:
    """Leave out each word of `PLACES`; none of a short take or a refused one."""
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
            yield Changed(f"{place} word {how}", clip, tuple(missing))
