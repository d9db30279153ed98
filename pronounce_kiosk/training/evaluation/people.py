"""Measure how far scores agree with the raters of a corpus.

A bundle scores takes of speakers it was not trained on. For its training speakers the out-of-fold
predictions count that `train` left in out_of_fold.tsv. Beside it stand timing alone, the classic
bundle, and a single human rater.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.bundles.manifest import Manifest, read_manifest
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.training.data.corpus import (
    ASPECTS,
    Corpus,
    CorpusTake,
    other_sentences,
    read_corpus,
)
from pronounce_kiosk.training.evaluation.agreement import (
    Gate,
    Row,
    Truth,
    WordRow,
    Words,
    agreement_table,
    agreements,
    gate_table,
    word_table,
)
from pronounce_kiosk.training.evaluation.out_of_fold import FILE_NAME, HeldOut, read_out_of_fold
from pronounce_kiosk.training.evaluation.processes import engine, over_processes, score_of
from pronounce_kiosk.training.evaluation.report import Report, Table
from pronounce_kiosk.training.evaluation.timing import TIMING, timing_baseline, timing_features

Values = NDArray[np.float64]
Pair = tuple[Score, Score]
"""A take scored as its own sentence, and as another one."""


def evaluate_bundle(
    corpus_folder: Path,
    bundle_folder: Path,
    jobs: Jobs,
    *,
    out_of_fold: Path | None = None,
    beside: Path | None = None,
) -> Report:
    """Compare a bundle with a corpus' raters, on speakers it was not trained on.

    Speakers that the manifest names as training or calibration speakers are left out where the
    corpus is the one it was trained on, but for takes that out_of_fold speaks of (by default the
    bundle's own file). beside: a second bundle, on its own unheard speakers. Raises `TrainingError`
    and `BundleError`.
    """
    corpus = read_corpus(corpus_folder)
    manifest = read_manifest(bundle_folder)
    held = _held_out(bundle_folder, manifest, corpus, out_of_fold)
    heard = heard_speakers(manifest, corpus)
    asked = [take.utterance not in held and take.speaker not in heard for take in corpus.takes]
    chosen = [row for row, take in enumerate(corpus.takes) if asked[row] or take.utterance in held]
    if not chosen:
        raise TrainingError(
            "The bundle was trained on every speaker here: name what training predicted of them "
            "with --out-of-fold."
        )
    takes = [corpus.takes[row] for row in chosen]
    wrong = other_sentences(corpus.takes)
    work = [(corpus.takes[row], wrong[row]) for row in chosen]
    pairs = _pairs(work, [asked[row] for row in chosen], bundle_folder, jobs)
    answers = [_answers(manifest.name, takes, pairs, held)]
    if beside is not None and beside.resolve() != bundle_folder.resolve():
        other = read_manifest(beside)
        known = heard_speakers(other, corpus)
        pairs = _pairs(work, [take.speaker not in known for take in takes], beside, jobs)
        answers.append(_answers(other.name, takes, pairs, {}))
    timing = over_processes(_timing, corpus.takes, bundle_folder, jobs, "timing")
    tables, figures = _tables(
        takes,
        [one for one in answers if one.row.where.any()],
        timing_baseline(corpus, np.array(timing), chosen),
    )
    return Report(
        f"{manifest.name} on {corpus_folder.resolve().name}",
        _note(manifest, takes, held),
        tuple(tables),
        figures,
    )


@dataclass(frozen=True, eq=False)
class _Answers:
    """A bundle's predictions of every take. words: None where there are none to compare."""

    row: Row
    gate: Gate
    words: list[Values | None]


def _tables(
    takes: Sequence[CorpusTake],
    answers: Sequence[_Answers],
    timing: Mapping[str, Values],
) -> tuple[list[Table], dict[str, float]]:
    """Make the tables, and the first bundle's figures for its manifest."""
    truth = Truth.of(takes)
    everywhere = np.ones(len(takes), np.bool_)
    own = answers[0].row
    beside = [Row(TIMING, timing, everywhere), *(one.row for one in answers[1:])]
    found = agreements([own, *beside], truth)
    gate, gate_figures = gate_table([one.gate for one in answers], truth)
    tables = [agreement_table(found)]
    figures = {}
    for one in found:
        if one.who == own.name:
            figures[f"pcc_{one.aspect}"] = round(one.pearson.value, 3)
            figures[f"within_speaker_pcc_{one.aspect}"] = round(one.within.value, 3)
    if any(words is not None for words in answers[0].words):
        words, word_figures = _words(takes, answers[0], timing["accuracy"])
        tables.append(words)
        figures.update(word_figures)
    return [*tables, gate], figures | gate_figures


def _answers(
    name: str,
    takes: Sequence[CorpusTake],
    pairs: Sequence[Pair | None],
    held: Mapping[str, HeldOut],
) -> _Answers:
    """Collect a bundle's predictions: out of fold where there are such, else its scores."""
    rows = [held.get(take.utterance) for take in takes]
    predicted: dict[str, Values] = {}
    for aspect in ASPECTS:
        values = _points([pair and pair[0] for pair in pairs], aspect)
        for place, row in enumerate(rows):
            if row is not None:
                values[place] = row.points(aspect)
        predicted[aspect] = values
    by_fold = np.array([row is not None for row in rows])
    asked = np.array([pair is not None for pair in pairs])
    words = [_word_points(*both) for both in zip(takes, pairs, rows, strict=True)]
    return _Answers(
        Row(name, predicted, by_fold | asked),
        _gate_of_held(name, rows, predicted) if by_fold.any() else _gate_of_pairs(name, pairs),
        words,
    )


def _gate_of_held(
    name: str, rows: Sequence[HeldOut | None], predicted: Mapping[str, Values]
) -> Gate:
    def values(of: str) -> Values:
        return np.array([math.nan if row is None else getattr(row, of) for row in rows])

    right, wrong, spoiled = (
        np.nan_to_num(values(of), nan=-np.inf, posinf=np.inf)
        for of in ("similarity", "wrong_similarity", "spoiled_similarity")
    )
    where = np.array([row is not None for row in rows])
    known = [np.isfinite(side[where]).any() for side in (wrong, spoiled)]
    return Gate(
        name,
        where,
        right,
        wrong,
        predicted["total"],
        right <= 0.0,
        wrong <= 0.0 if known[0] else None,
        spoiled <= 0.0 if known[1] else None,
    )


def _gate_of_pairs(name: str, pairs: Sequence[Pair | None]) -> Gate:
    sides = [[pair and pair[side] for pair in pairs] for side in (0, 1)]
    right, wrong = (_points(side, "total") for side in sides)
    refused = [np.array([one is None or one.score is None for one in side]) for side in sides]
    where = np.array([pair is not None for pair in pairs])
    return Gate(name, where, right, wrong, right, refused[0], refused[1])


def _word_points(take: CorpusTake, pair: Pair | None, row: HeldOut | None) -> Values | None:
    """Give a take's words their points; None where it was not scored or has other words."""
    if row is not None:
        values = np.array(row.words)
    elif pair is not None:
        points = [unit.score for unit in pair[0].units]
        values = np.array([math.nan if point is None else point for point in points])
    else:
        return None
    fits = len(values) == len(take.word_accuracy) > 0 and np.isfinite(values).all()
    return values if fits else None


def _words(
    takes: Sequence[CorpusTake], answers: _Answers, timing: Values
) -> tuple[Table, dict[str, float]]:
    """Make the table of words, beside it the take's accuracy repeated for each of its words."""
    kept = [row for row, words in enumerate(answers.words) if words is not None]
    counts = [len(takes[row].word_accuracy) for row in kept]
    name = answers.row.name
    rows = [
        WordRow(name, np.concatenate([words for words in answers.words if words is not None])),
        WordRow(
            f"{name}, the take's accuracy",
            np.repeat(answers.row.predicted["accuracy"][kept], counts),
        ),
        WordRow(f"{TIMING}, the take's accuracy", np.repeat(timing[kept], counts)),
    ]
    words = Words(
        np.concatenate([takes[row].word_accuracy for row in kept]),
        tuple(np.repeat([takes[row].utterance for row in kept], counts).tolist()),
        tuple(np.repeat([takes[row].speaker for row in kept], counts).tolist()),
    )
    return word_table(rows, words)


def _held_out(
    bundle_folder: Path, manifest: Manifest, corpus: Corpus, path: Path | None
) -> dict[str, HeldOut]:
    """Read the out-of-fold rows of this corpus; none where there is no file."""
    if path is None:
        path = bundle_folder / FILE_NAME
        if not path.is_file():
            return {}
    held = read_out_of_fold(path, manifest.sha256)
    speakers = {take.utterance: take.speaker for take in corpus.takes}
    same = all(speakers.get(row.take) == row.speaker for row in held.values())
    return held if same else {}


def _note(manifest: Manifest, takes: Sequence[CorpusTake], held: Mapping[str, HeldOut]) -> str:
    """Say how many takes are out of fold, and how many of new speakers."""
    folds = sum(take.utterance in held for take in takes)
    fresh = len(takes) - folds
    parts = []
    if folds:
        parts.append(f"{folds} out-of-fold (by parts of the model that never heard their speakers)")
    if fresh:
        named = any(manifest.table("training").get(key) for key in _SPEAKER_KEYS)
        parts.append(
            f"{fresh} by speakers not heard in training"
            if named
            else f"{fresh} of which the manifest does not say whether it was trained on them"
        )
    speakers = len({take.speaker for take in takes})
    return f"{len(takes)} takes of {speakers} speakers: {'; '.join(parts)}. espeak-ng references."


_SPEAKER_KEYS = ("training_speakers", "calibration_speakers")


def heard_speakers(manifest: Manifest, corpus: Corpus) -> set[str]:
    """Find the speakers a bundle was fitted on, if they come from this corpus.

    Another corpus may number its speakers alike: only one that holds every name is the same.
    """
    table = manifest.table("training")
    names = {str(name) for key in _SPEAKER_KEYS for name in table.get(key, [])}
    return names if names <= set(corpus.speakers) else set()


def _pairs(
    work: Sequence[tuple[CorpusTake, Sentence]], asked: Sequence[bool], folder: Path, jobs: Jobs
) -> list[Pair | None]:
    """Score takes as right and as wrong sentences by a bundle; None where it may not be asked."""
    mine = [item for item, wanted in zip(work, asked, strict=True) if wanted]
    found = iter(over_processes(_pair, mine, folder, jobs, "takes") if mine else ())
    return [next(found) if wanted else None for wanted in asked]


def _pair(work: tuple[CorpusTake, Sentence]) -> Pair:
    take, wrong = work
    clip = read_clip(take.audio)
    return score_of(clip, _sentence(take)), score_of(clip, wrong)


def _timing(take: CorpusTake) -> tuple[float, ...]:
    reference = clean_reference(engine().reference(_sentence(take)).clip).clip
    return timing_features(clean_take(read_clip(take.audio)).clip, reference)


def _sentence(take: CorpusTake) -> Sentence:
    return Sentence("", take.sentence.text, take.sentence.language)


def _points(scores: Sequence[Score | None], aspect: str) -> Values:
    """Give an aspect as numbers: 0 of a refused take, the total where the aspect is missing."""
    values = []
    for score in scores:
        value = None if score is None or aspect == "total" else getattr(score, aspect)
        if value is None and score is not None:
            value = score.score
        values.append(0.0 if value is None else float(value))
    return np.array(values)
