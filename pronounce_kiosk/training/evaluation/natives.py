"""Natives who say the right sentence, or another one: totals, refusals and red marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.grades import AMBER_BELOW, FAIR_POINTS, GOOD_POINTS, RED_BELOW
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.training.evaluation.figures import (
    HEADERS,
    SEED,
    Cells,
    figure,
    median,
    median_row,
    points,
    share_row,
)
from pronounce_kiosk.training.evaluation.processes import (
    over_processes,
    points_of,
    score_of,
    unit_points,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import ENGLISH, NATIVES, TEDX, SpokenTake

NEUTRAL = "neutral"
_MEDIAN = {NATIVES: ("92", "95"), TEDX: ("86", "90")}
_REFUSED = {NATIVES: ("1 %", "0.3 %"), TEDX: ("5 %", "2 %")}
_RED = {NATIVES: ("2 %", "0.5 %"), TEDX: ("4 %", "2 %")}
_WRONG = {NATIVES: ("98.5 %", "99.5 %"), ENGLISH: ("97.5 %", "99.5 %")}


def red_marks_table(
    sets: Mapping[str, Sequence[SpokenTake]], bundle_folder: Path, jobs: Jobs
) -> Table:
    """Score natives' takes of the right sentence: totals, refusals, red units, moods."""
    rows: list[Cells] = []
    for name, takes in sets.items():
        work = [(take, take.sentence) for take in takes]
        scores = over_processes(_score, work, bundle_folder, jobs, name)
        rows += right_rows(name, takes, scores)
    return Table(
        "Natives saying the right sentence",
        HEADERS,
        tuple(rows),
        f"A take that is not scored counts as 0. Red: under {FAIR_POINTS:g}; amber: under "
        f"{GOOD_POINTS:g}, red ones too. Moods are compared with neutral takes of the same "
        "speakers: the largest difference of medians.",
    )


def right_rows(name: str, takes: Sequence[SpokenTake], scores: Sequence[Score]) -> list[Cells]:
    """Make the rows of one set of takes."""
    speakers = [take.speaker for take in takes]
    totals = np.array([points_of(score) for score in scores])
    refused = np.array([score.score is None for score in scores])
    per_take = [unit_points(score) for score in scores]
    units = np.concatenate([np.zeros(0), *per_take])
    unit_speakers = np.repeat(np.array(speakers, str), [len(one) for one in per_take])
    known = np.isfinite(units)
    units, unit_speakers = units[known], unit_speakers[known]
    marked = np.array([bool((one < RED_BELOW).any()) for one in per_take])
    told = np.array([len(one) > 0 for one in per_take], bool)
    rows = [
        median_row(f"{name}: median total", totals, speakers, *_MEDIAN.get(name, ())),
        share_row(f"{name}: refused", refused, speakers, *_REFUSED.get(name, ())),
        share_row(f"{name}: total under 60", totals < RED_BELOW, speakers),
        share_row(f"{name}: red units", units < RED_BELOW, unit_speakers, *_RED.get(name, ())),
        share_row(f"{name}: amber units", units < AMBER_BELOW, unit_speakers),
        share_row(
            f"{name}: scored takes with a red unit", marked[told], np.array(speakers, str)[told]
        ),
    ]
    return rows + _mood_rows(name, takes, totals)


def _mood_rows(name: str, takes: Sequence[SpokenTake], totals: NDArray[np.float64]) -> list[Cells]:
    emotions = np.array([take.emotion for take in takes], str)
    speakers = np.array([take.speaker for take in takes], str)
    moods = sorted(set(emotions) - {"", NEUTRAL})
    acted = np.isin(speakers, speakers[np.isin(emotions, moods)])
    if not moods or not (acted & (emotions == NEUTRAL)).any():
        return []
    rows = []
    for mood in (NEUTRAL, *moods):
        mine = acted & (emotions == mood)
        label = f"{name}: {mood}, median total"
        rows.append(median_row(label, totals[mine], speakers[mine]))
    label = f"{name}: moods against neutral"
    arrays = [totals[acted], emotions[acted]]
    rows.append(figure(label, _largest_gap, arrays, speakers[acted], points, "5", "2"))
    return rows


def _largest_gap(totals: NDArray[np.float64], moods: NDArray[np.str_]) -> float:
    """Largest difference of a mood's median total from that of neutral takes."""
    neutral = median(totals[moods == NEUTRAL])
    return max(abs(median(totals[moods == mood]) - neutral) for mood in set(moods))


def wrong_sentence_table(
    sets: Mapping[str, Sequence[SpokenTake]], bundle_folder: Path, jobs: Jobs
) -> Table:
    """Score takes against another sentence of like length: it must be refused."""
    rows = []
    for name, takes in sets.items():
        wrong = nearest_in_length([take.sentence for take in takes])
        work = list(zip(takes, wrong, strict=True))
        scores = over_processes(_score, work, bundle_folder, jobs, name)
        refused = [score.score is None for score in scores]
        label = f"{name}: wrong sentence refused"
        speakers = [take.speaker for take in takes]
        rows.append(share_row(label, refused, speakers, *_WRONG.get(name, ())))
    return Table(
        "Wrong sentence of like length",
        HEADERS,
        tuple(rows),
        "The wrong sentence is the other text whose number of units is nearest. English: speakers "
        "the bundle may have been trained on; agreement with people has them out of fold.",
    )


def nearest_in_length(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Choose for each sentence another text of as nearly the same number of units; ties by lot.

    Raises:
        TrainingError: There is one text only.
    """
    texts = sorted({sentence.text for sentence in sentences})
    if len(texts) < 2:
        raise TrainingError("All takes say one sentence: there is no wrong one to try.")
    language = sentences[0].language
    lengths = {text: len(split_units(text, language)) for text in texts}
    random = np.random.default_rng(SEED)
    chosen = []
    for sentence in sentences:
        others = [text for text in texts if text != sentence.text]
        gaps = [abs(lengths[text] - lengths[sentence.text]) for text in others]
        nearest = [text for text, gap in zip(others, gaps, strict=True) if gap == min(gaps)]
        chosen.append(Sentence("", str(random.choice(nearest)), language))
    return chosen


def _score(work: tuple[SpokenTake, Sentence]) -> Score:
    take, sentence = work
    return score_of(read_clip(take.audio), sentence)
