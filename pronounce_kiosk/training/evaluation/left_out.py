"""Silence or cut out the first, a middle or the last word of natives' takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.clips import cut_out, silenced
from pronounce_kiosk.training.evaluation.processes import clip_at_16_khz, over_processes, score_of
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake

PLACES = ("first", "middle", "last")
SILENCED, CUT = "silenced", "cut out"
MIN_WORDS = 3
COST = 70.0
"""Points that leaving out every syllable costs at least; a part of them costs its share."""


@dataclass(frozen=True)
class LeftOut:
    """A take without one word. how: `SILENCED` or `CUT`. missing: the word's units."""

    speaker: str
    how: str
    place: str
    missing: tuple[int, ...]
    score: Score
    units: int

    @property
    def felt(self) -> bool:
        """Whether the take was refused, or lost the points that the word costs."""
        total = self.score.score
        return total is None or total <= 100.0 - COST * len(self.missing) / self.units


def left_out_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Measure totals and missing units of takes without one word, by the take's own times."""
    found = over_processes(_leave_out, takes, bundle, jobs, "left out")
    return left_out_rows([one for take in found for one in take])


def left_out_rows(trials: Sequence[LeftOut]) -> Table:
    """Make the table. Only a model that gives phones reports units as left out."""
    rows = figures.Rows()
    for how, place in product((SILENCED, CUT), ("any", *PLACES)):
        mine = [one for one in trials if one.how == how and place in ("any", one.place)]
        scored = (one for one in mine if one.score.score is not None)
        rows.prefix = f"{place} word {how}: "
        rows.share("costs its share, or refused", mine, lambda one: one.felt)
        rows.share("refused", mine, lambda one: one.score.score is None)
        rows.mean("mean total, where scored", scored, lambda one: one.score.score)
    rows.prefix = ""
    has_phones = any(unit.phones for one in trials for unit in one.score.units)
    for label, missing in (("missing units found", True), ("other units called missing", False)):
        units: list[figures.Value] = [
            figures.Value(one.speaker, not unit.said)
            for one in trials
            for index, unit in enumerate(one.score.units)
            if has_phones and (index in one.missing) == missing
        ]
        rows.share(label, units)
    return rows.table(
        "A word left out",
        f"Takes of {MIN_WORDS} words and more, by the unit times of the untouched take; the first "
        "and the last word up to the clip's ends. Silenced: digital silence in its place; cut out: "
        "the rest joined, as one who leaves it out goes on. A word costs its share: the total is "
        f"at most 100 less {COST:g} times the share of syllables missing.",
    )


def units_of_words(text: str, language: str = "ko", pronunciation: str = "") -> list[list[int]]:
    """Group a sentence's units by the words, between spaces, that they begin in."""
    words: dict[int, list[int]] = {}
    for index, unit in enumerate(split_units(text, language, pronunciation)):
        words.setdefault(len(text[: unit.start + 1].split()), []).append(index)
    return list(words.values())


def _leave_out(take: SpokenTake) -> list[LeftOut]:
    clip = clip_at_16_khz(take.audio)
    units = score_of(clip, take.sentence).units
    words = units_of_words(take.sentence.text, take.sentence.language)
    if not units or len(words) < MIN_WORDS:
        return []
    trials = []
    for place, at in zip(PLACES, (0, len(words) // 2, len(words) - 1), strict=True):
        missing = words[at]
        # Over the clip's ends, so that no fade is left there.
        start_s = -1.0 if place == "first" else units[missing[0]].start_s
        end_s = clip.duration_s + 1.0 if place == "last" else units[missing[-1]].end_s
        for how, change in ((SILENCED, silenced), (CUT, cut_out)):
            score = score_of(change(clip, start_s, end_s), take.sentence)
            trials.append(LeftOut(take.speaker, how, place, tuple(missing), score, len(units)))
    return trials
