"""Measure the agreement of scores with the raters of a corpus.

A bundle scores takes of speakers it was not trained on. For its training speakers, the
out-of-fold predictions of `train` in out_of_fold.tsv count. It is compared with timing alone, the
classic bundle, and a single human rater.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.vad import FRAME_MS, voiced_frames
from pronounce_kiosk.bundles.manifest import Manifest, read_manifest
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.training.data.corpus import (
    ASPECTS,
    CorpusTake,
    other_sentences,
    read_corpus,
    speaker_folds,
)
from pronounce_kiosk.training.evaluation import base
from pronounce_kiosk.training.evaluation.agreement import Scorer, compare
from pronounce_kiosk.training.evaluation.figures import SEED, Report, Values
from pronounce_kiosk.training.evaluation.out_of_fold import (
    ASPECT_ORDER,
    FILE_NAME,
    TakePrediction,
    read_out_of_fold,
)

TIMING = "timing alone"
PAUSE_FRAMES = 5
"""Least unvoiced frames of a pause (0.15 s); fewer would count stop consonants."""
FOLDS = 5
_Work = tuple[CorpusTake, Sentence]
"""A take, and another sentence to score it against."""
_Predictions = Mapping[str, TakePrediction]
"""Out-of-fold predictions, by take."""
_SPEAKER_KEYS = ("training_speakers", "calibration_speakers")


def evaluate_bundle(request: base.Request) -> Report:
    """Compare a bundle with a corpus' raters, and with a second bundle.

    Where the corpus is the one a bundle was trained on, takes of its training and calibration
    speakers are left out, except for those with an out-of-fold prediction.

    Raises:
        TrainingError: The corpus or the predictions are not as documented, or no take is left.
        BundleError: A bundle cannot be read.
    """
    folder = request.folders["corpus"]
    assert folder is not None
    corpus = read_corpus(folder)
    manifest = read_manifest(request.bundle)
    held = _held_out(request, manifest, corpus)
    work = list(zip(corpus, other_sentences(corpus), strict=True))
    everywhere = _scorer(request, corpus, work, held)
    chosen = np.flatnonzero(everywhere.where).tolist()
    if not chosen:
        raise TrainingError(
            "The bundle was trained on every speaker here: name what training predicted of them "
            "with --out-of-fold."
        )
    takes = [corpus[row] for row in chosen]
    own = Scorer(manifest.name, [everywhere.predictions[row] for row in chosen])
    timed = timing_baseline(corpus, np.array(request.over(_timing, corpus, "timing")))
    timing = [Scorer(TIMING, [timed[row] for row in chosen])]
    others = []
    beside = request.beside or request.baseline
    if beside is not None and beside.resolve() != request.bundle.resolve():
        asked = replace(request, bundle=beside)
        other = _scorer(asked, corpus, [work[row] for row in chosen], {})
        others = [other] if other.where.any() else []
    # Acceptance values are not comparable with scores: only the former where there are such.
    accepted = Scorer(own.name, [held.get(take.utterance) for take in takes]) if held else own
    tables, figures = compare(takes, own, timing, others, accepted)
    title = f"{manifest.name} on {folder.resolve().name}"
    return Report(title, _note(manifest, takes, held), tables, figures)


def _scorer(
    request: base.Request, corpus: Sequence[CorpusTake], work: Sequence[_Work], held: _Predictions
) -> Scorer:
    """Collect predictions, out of fold or scored; none of speakers a bundle was fitted on."""
    manifest = read_manifest(request.bundle)
    fitted = fitted_speakers(manifest, corpus)
    asked = [
        (take, wrong)
        for take, wrong in work
        if take.utterance not in held and take.speaker not in fitted
    ]
    found = request.over(_predict, asked, "takes") if asked else []
    known = {one.take: one for one in found} | {**held}
    return Scorer(manifest.name, [known.get(take.utterance) for take, _ in work])


def _held_out(
    request: base.Request, manifest: Manifest, corpus: Sequence[CorpusTake]
) -> _Predictions:
    """Read the out-of-fold rows of this corpus; none where there is no file."""
    path = request.out_of_fold or request.bundle / FILE_NAME
    if request.out_of_fold is None and not path.is_file():
        return {}
    held = read_out_of_fold(path, manifest.sha256)
    speakers = {take.utterance: take.speaker for take in corpus}
    same = all(speakers.get(row.take) == row.speaker for row in held.values())
    return held if same else {}


def _note(manifest: Manifest, takes: Sequence[CorpusTake], held: _Predictions) -> str:
    """Describe how many takes are out of fold, and how many of new speakers."""
    folds = sum(take.utterance in held for take in takes)
    fresh = len(takes) - folds
    parts = []
    if folds:
        parts.append(f"{folds} out-of-fold (by parts of the model trained without their speakers)")
    if fresh:
        named = any(manifest.tables.get("training", {}).get(key) for key in _SPEAKER_KEYS)
        unsaid = "of which the manifest does not say whether it was trained on them"
        parts.append(f"{fresh} {'by speakers not used in training' if named else unsaid}")
    speakers = len({take.speaker for take in takes})
    return f"{len(takes)} takes of {speakers} speakers: {'; '.join(parts)}. espeak-ng references."


def fitted_speakers(manifest: Manifest, corpus: Sequence[CorpusTake]) -> set[str]:
    """Find the speakers a bundle was fitted on; none where the corpus does not hold them all."""
    table = manifest.tables.get("training", {})
    names = {str(name) for key in _SPEAKER_KEYS for name in table.get(key, [])}
    return names if names <= {take.speaker for take in corpus} else set()


def _predict(work: _Work) -> TakePrediction:
    take, wrong = work
    clip = read_clip(take.audio)
    right = base.score_of(clip, _sentence(take))
    points = [unit.score for unit in right.units]
    aspects = [getattr(right, "score" if name == "total" else name) for name in ASPECT_ORDER]
    total = right.score or 0.0
    return TakePrediction(
        take.utterance,
        take.speaker,
        _similarity(right),
        _similarity(base.score_of(clip, wrong)),
        aspects=tuple(total if one is None else float(one) for one in aspects),
        words=tuple(one for one in points if one is not None) if None not in points else (),
    )


def _similarity(score: Score) -> float:
    """Return the total as acceptance value; a take with 0 points is accepted all the same."""
    return 0.0 if score.score is None else max(score.score, 1e-6)


def _timing(take: CorpusTake) -> tuple[float, ...]:
    reference = clean_reference(base.engine().reference(_sentence(take)).clip).clip
    return timing_features(clean_take(read_clip(take.audio)).clip, reference)


def _sentence(take: CorpusTake) -> Sentence:
    return Sentence("", take.sentence.text, take.sentence.language)


def timing_features(take: AudioClip, reference: AudioClip) -> tuple[float, ...]:
    """Measure a take's length against the reference, and its pauses; both trimmed, at 16 kHz.

    Returns:
        Log ratio of durations, share and number of pauses, the longest pause in seconds, log
        duration of the reference; zeros for an empty clip.
    """
    if not len(take.samples) or not len(reference.samples):
        return (0.0,) * 5
    # Frames between two voiced ones.
    runs = np.diff(np.flatnonzero(voiced_frames(take))) - 1
    gaps = [int(run) for run in runs if run >= PAUSE_FRAMES]
    frames = max(1, len(take.samples) * 1000 // (PIPELINE_SAMPLE_RATE_HZ * FRAME_MS))
    return (
        math.log(take.duration_s / reference.duration_s),
        sum(gaps) / frames,
        float(len(gaps)),
        max(gaps, default=0) * FRAME_MS / 1000,
        math.log(reference.duration_s),
    )


def timing_baseline(takes: Sequence[CorpusTake], features: Values) -> list[TakePrediction]:
    """Predict ratings from timing, 0-10, out of fold over five speaker-disjoint folds.

    features: `timing_features` of every take, (takes, 5).
    """
    from sklearn.ensemble import ExtraTreesRegressor

    speakers = [take.speaker for take in takes]
    folds = speaker_folds(speakers, min(FOLDS, len(set(speakers))), SEED)
    targets = np.array([take.ratings.mean(axis=1) for take in takes])
    predicted = np.tile(targets.mean(axis=0), (len(targets), 1))
    for fold in range(int(folds.max()) + 1):
        rest, held = folds != fold, folds == fold
        if rest.any() and held.any():
            model = ExtraTreesRegressor(200, min_samples_leaf=10, random_state=SEED)
            model.fit(features[rest], targets[rest])
            predicted[held] = model.predict(features[held])
    order = [ASPECTS.index(aspect) for aspect in ASPECT_ORDER]
    return [
        TakePrediction(take.utterance, take.speaker, math.inf, aspects=tuple(row))
        for take, row in zip(takes, predicted[:, order].tolist(), strict=True)
    ]
