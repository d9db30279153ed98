"""Score natives' takes as the right sentence and as another one: totals, refusals, red marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.grades import AMBER_BELOW, FAIR_POINTS, GOOD_POINTS, RED_BELOW
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation import base, figures

NEUTRAL = "neutral"
MOST_ENGLISH = 300
"""English takes for a wrong sentence where no limit is given."""


def red_marks_table(request: base.Request) -> figures.Table:
    """Score natives' takes of the right sentence: totals, refusals, red units, moods."""
    rows = request.rows_by_set(base.score_right, add_right_rows, "korean", "tedx")
    return rows.table(
        "Natives saying the right sentence",
        f"A take that is not scored counts as 0. Red: under {FAIR_POINTS:g}; amber: under "
        f"{GOOD_POINTS:g}, red ones too. Moods are compared with neutral takes of the same "
        "speakers: the largest difference of medians.",
    )


def add_right_rows(rows: figures.Rows, name: str, found: Sequence[base.Scored]) -> None:
    """Add the rows of one set of takes, whose kind is their mood."""
    rows.prefix = f"{name}: "
    units = [figures.Value(one.speaker, unit) for one in found for unit in one.unit_scores]
    with_units = [one for one in found if one.score.units]
    rows.median("median total", found, _total)
    rows.share("refused", found, lambda one: one.refused)
    rows.share("total under 60", found, lambda one: one.total < RED_BELOW)
    rows.share("red units", units, lambda unit: unit.value < RED_BELOW)
    rows.share("amber units", units, lambda unit: unit.value < AMBER_BELOW)
    rows.share(
        "scored takes with a red unit",
        with_units,
        lambda one: any(x < RED_BELOW for x in one.unit_scores),
    )
    _add_moods(rows, found)


def _total(one: base.Scored) -> float:
    return one.total


def _add_moods(rows: figures.Rows, found: Sequence[base.Scored]) -> None:
    moods = sorted({one.kind for one in found} - {"", NEUTRAL})
    actors = {one.speaker for one in found if one.kind in moods}
    acted = [one for one in found if one.speaker in actors]
    if not any(one.kind == NEUTRAL for one in acted):
        return
    for mood in (NEUTRAL, *moods):
        rows.median(f"{mood}, median total", (x for x in acted if x.kind == mood), _total)
    arrays = ([one.total for one in acted], [one.kind for one in acted])
    speakers = [one.speaker for one in acted]
    rows.figure("moods against neutral", _largest_gap, arrays, speakers, figures.points)


def _largest_gap(totals: NDArray[np.float64], moods: NDArray[np.str_]) -> float:
    """Compute the largest difference of a mood's median total from that of neutral takes."""
    neutral = figures.median(totals[moods == NEUTRAL])
    return max(abs(figures.median(totals[moods == mood]) - neutral) for mood in set(moods))


def wrong_sentence_table(request: base.Request) -> figures.Table:
    """Score takes against another sentence of like length: it must be refused."""
    rows = figures.Rows()
    for folder in ("korean", "tedx", "corpus"):
        takes = request.takes(folder, most=MOST_ENGLISH if folder == "corpus" else None)
        if takes:
            name = base.FOLDERS[folder]
            wrong = nearest_in_length([take.sentence for take in takes])
            found = request.over(base.score_as, list(zip(takes, wrong, strict=True)), name)
            rows.share(f"{name}: wrong sentence refused", found, lambda one: one.refused)
    return rows.table(
        "Wrong sentence of like length",
        "The wrong sentence is the other text whose number of units is nearest. English: speakers "
        "the bundle may have been trained on; agreement with people has them out of fold.",
    )


def nearest_in_length(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Choose for each sentence another text of nearest number of units; ties by lot."""
    texts = sorted({sentence.text for sentence in sentences})
    if len(texts) < 2:
        raise TrainingError("All takes say one sentence: there is no wrong one to try.")
    language = sentences[0].language
    lengths = {text: len(split_units(text, language)) for text in texts}
    random = np.random.default_rng(figures.SEED)
    chosen = []
    for sentence in sentences:
        gaps = {text: abs(lengths[text] - lengths[sentence.text]) for text in texts}
        del gaps[sentence.text]
        nearest = [text for text, gap in gaps.items() if gap == min(gaps.values())]
        chosen.append(Sentence("", str(random.choice(nearest)), language))
    return chosen
