"""Measure the agreement of scores with the raters of a corpus.

A bundle scores takes of speakers it was not trained on. For its training speakers, the
out-of-fold predictions of `train` in out_of_fold.tsv count. It is compared with timing alone, the
classic bundle, and a single human rater.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    Corpus,
    CorpusTake,
    other_sentences,
    read_corpus,
)
from pronounce_kiosk.training.evaluation.agreement import (
    Scorer,
    Truth,
    Words,
    acceptance_table,
    agreement_table,
    agreements,
    word_table,
)
from pronounce_kiosk.training.evaluation.out_of_fold import (
    ASPECT_ORDER,
    FILE_NAME,
    TakePrediction,
    read_out_of_fold,
)
from pronounce_kiosk.training.evaluation.processes import (
    engine,
    over_processes,
    points_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Report, Table
from pronounce_kiosk.training.evaluation.timing import TIMING, timing_baseline, timing_features

Values = NDArray[np.float64]
_SPEAKER_KEYS = ("training_speakers", "calibration_speakers")


def evaluate_bundle(
    corpus_folder: Path,
    bundle_folder: Path,
    jobs: Jobs,
    *,
    out_of_fold: Path | None = None,
    beside: Path | None = None,
) -> Report:
    """Compare a bundle with a corpus' raters, on speakers it was not trained on.

    Training and calibration speakers of the bundle are left out where the corpus is the one it was
    trained on, except for takes with an out-of-fold prediction.

    Args:
        corpus_folder: The rated corpus; see `read_corpus`.
        bundle_folder: The bundle.
        jobs: Processes, or a cluster.
        out_of_fold: File of out-of-fold predictions, by default the bundle's own.
        beside: A second bundle, measured on the speakers it was not trained on.

    Raises:
        TrainingError: The corpus or the predictions are not as documented, or no take is left.
        BundleError: A bundle cannot be read.
    """
    corpus = read_corpus(corpus_folder)
    manifest = read_manifest(bundle_folder)
    held = _held_out(bundle_folder, manifest, corpus, out_of_fold)
    fitted = fitted_speakers(manifest, corpus)
    wrong = other_sentences(corpus.takes)
    chosen = [
        row
        for row, take in enumerate(corpus.takes)
        if take.utterance in held or take.speaker not in fitted
    ]
    if not chosen:
        raise TrainingError(
            "The bundle was trained on every speaker here: name what training predicted of them "
            "with --out-of-fold."
        )
    takes = [corpus.takes[row] for row in chosen]
    work = [(corpus.takes[row], wrong[row]) for row in chosen]
    asked = [take.utterance not in held for take in takes]
    found = _predictions(work, asked, bundle_folder, jobs)
    own = Scorer(
        manifest.name,
        [held.get(take.utterance, one) for take, one in zip(takes, found, strict=True)],
    )
    # Acceptance values and scores are not to be compared: only the former where there are such.
    accepted = [own if not held else Scorer(own.name, [held.get(t.utterance) for t in takes])]
    beside_own: list[Scorer] = []
    if beside is not None and beside.resolve() != bundle_folder.resolve():
        other = read_manifest(beside)
        known = fitted_speakers(other, corpus)
        asked = [take.speaker not in known for take in takes]
        beside_own = [Scorer(other.name, _predictions(work, asked, beside, jobs))]
    timing = over_processes(_timing, corpus.takes, bundle_folder, jobs, "timing")
    by_timing = timing_baseline(corpus, np.array(timing), chosen)
    baseline = Scorer(TIMING, by_timing)
    tables, figures = _tables(
        takes, own, baseline, [s for s in beside_own if s.where.any()], accepted
    )
    return Report(
        f"{manifest.name} on {corpus_folder.resolve().name}",
        _note(manifest, takes, held),
        tuple(tables),
        figures,
    )


def _tables(
    takes: Sequence[CorpusTake],
    own: Scorer,
    timing: Scorer,
    others: Sequence[Scorer],
    accepted: Sequence[Scorer],
) -> tuple[list[Table], dict[str, float]]:
    """Make the tables, and the bundle's figures for its manifest."""
    truth = Truth.of(takes)
    found = agreements([own, timing, *others], truth)
    figures = {}
    for one in found:
        if one.who == own.name:
            figures[f"pcc_{one.aspect}"] = round(one.pearson.value, 3)
            figures[f"within_speaker_pcc_{one.aspect}"] = round(one.within.value, 3)
    tables = [agreement_table(found)]
    # Only takes whose words the scorer and the raters count alike.
    kept = [
        row
        for row, (take, one) in enumerate(zip(takes, own.predictions, strict=True))
        if one is not None and len(one.words) == len(take.word_accuracy) > 0
    ]
    if kept:
        words, word_figures = _words(takes, own, timing, kept)
        tables.append(words)
        figures |= word_figures
    acceptance, acceptance_figures = acceptance_table([*accepted, *others], truth)
    return [*tables, acceptance], figures | acceptance_figures


def _words(
    takes: Sequence[CorpusTake], own: Scorer, timing: Scorer, kept: Sequence[int]
) -> tuple[Table, dict[str, float]]:
    """Make the table of words, beside it the take's accuracy repeated for each of its words."""
    some = [takes[row] for row in kept]
    counts = [len(take.word_accuracy) for take in some]
    said = [one.words for row in kept if (one := own.predictions[row]) is not None]
    scorers = {own.name: np.concatenate(said)}
    for scorer in (own, timing):
        whole = np.repeat(scorer.points("accuracy")[kept], counts)
        scorers[f"{scorer.name}, the take's accuracy"] = whole
    words = Words(
        np.concatenate([take.word_accuracy for take in some]),
        tuple(np.repeat([take.utterance for take in some], counts).tolist()),
        tuple(np.repeat([take.speaker for take in some], counts).tolist()),
    )
    return word_table(scorers, words)


def _held_out(
    bundle_folder: Path, manifest: Manifest, corpus: Corpus, path: Path | None
) -> dict[str, TakePrediction]:
    """Read the out-of-fold rows of this corpus; none where there is no file."""
    if path is None:
        path = bundle_folder / FILE_NAME
        if not path.is_file():
            return {}
    held = read_out_of_fold(path, manifest.sha256)
    speakers = {take.utterance: take.speaker for take in corpus.takes}
    same = all(speakers.get(row.take) == row.speaker for row in held.values())
    return held if same else {}


def _note(
    manifest: Manifest, takes: Sequence[CorpusTake], held: Mapping[str, TakePrediction]
) -> str:
    """Describe how many takes are out of fold, and how many of new speakers."""
    folds = sum(take.utterance in held for take in takes)
    fresh = len(takes) - folds
    parts = []
    if folds:
        parts.append(f"{folds} out-of-fold (by parts of the model trained without their speakers)")
    if fresh:
        named = any(manifest.table("training").get(key) for key in _SPEAKER_KEYS)
        parts.append(
            f"{fresh} by speakers not used in training"
            if named
            else f"{fresh} of which the manifest does not say whether it was trained on them"
        )
    speakers = len({take.speaker for take in takes})
    return f"{len(takes)} takes of {speakers} speakers: {'; '.join(parts)}. espeak-ng references."


def fitted_speakers(manifest: Manifest, corpus: Corpus) -> set[str]:
    """Find the speakers a bundle was fitted on, if they come from this corpus.

    Another corpus may number its speakers alike; it is the same if it holds every name.
    """
    table = manifest.table("training")
    names = {str(name) for key in _SPEAKER_KEYS for name in table.get(key, [])}
    return names if names <= set(corpus.speakers) else set()


def _predictions(
    work: Sequence[tuple[CorpusTake, Sentence]], asked: Sequence[bool], folder: Path, jobs: Jobs
) -> list[TakePrediction | None]:
    """Score takes as right and as wrong sentences by a bundle; None where it may not be asked."""
    mine = [item for item, wanted in zip(work, asked, strict=True) if wanted]
    found = iter(over_processes(_predict, mine, folder, jobs, "takes") if mine else ())
    return [next(found) if wanted else None for wanted in asked]


def _predict(work: tuple[CorpusTake, Sentence]) -> TakePrediction:
    take, wrong = work
    clip = read_clip(take.audio)
    right = score_of(clip, _sentence(take))
    points = [unit.score for unit in right.units]
    aspects = [
        right.score if aspect == "total" else getattr(right, aspect) for aspect in ASPECT_ORDER
    ]
    total = points_of(right)
    return TakePrediction(
        take.utterance,
        take.speaker,
        _similarity(right),
        _similarity(score_of(clip, wrong)),
        aspects=tuple(total if one is None else float(one) for one in aspects),
        words=tuple(one for one in points if one is not None) if None not in points else (),
    )


def _similarity(score: Score) -> float:
    """Return the total as acceptance value; a take with 0 points is accepted all the same."""
    return 0.0 if score.score is None else max(score.score, 1e-6)


def _timing(take: CorpusTake) -> tuple[float, ...]:
    reference = clean_reference(engine().reference(_sentence(take)).clip).clip
    return timing_features(clean_take(read_clip(take.audio)).clip, reference)


def _sentence(take: CorpusTake) -> Sentence:
    return Sentence("", take.sentence.text, take.sentence.language)
