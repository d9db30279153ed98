"""Predict ratings from timing alone: the baseline of a scorer that uses acoustics."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.vad import FRAME_MS, voiced_frames
from pronounce_kiosk.training.data.corpus import ASPECTS, Corpus, speaker_folds
from pronounce_kiosk.training.evaluation.out_of_fold import ASPECT_ORDER, TakePrediction

TIMING = "timing alone"
PAUSE_FRAMES = 5
"""Least unvoiced frames of a pause (0.15 s); fewer would count stop consonants."""
FOLDS = 5
SEED = 0

Values = NDArray[np.float64]


def timing_features(take: AudioClip, reference: AudioClip) -> tuple[float, ...]:
    """Measure a take's length against the reference, and its pauses.

    Args:
        take: Trimmed, 16 kHz.
        reference: Trimmed, 16 kHz.

    Returns:
        Log ratio of durations, share and number of pauses, the longest pause in seconds, log
        duration of the reference; zeros for an empty clip.
    """
    if not len(take.samples) or not len(reference.samples):
        return (0.0,) * 5
    gaps = _pause_lengths(voiced_frames(take))
    frames = max(1, len(take.samples) * 1000 // (PIPELINE_SAMPLE_RATE_HZ * FRAME_MS))
    return (
        math.log(take.duration_s / reference.duration_s),
        sum(gaps) / frames,
        float(len(gaps)),
        max(gaps, default=0) * FRAME_MS / 1000,
        math.log(reference.duration_s),
    )


def timing_baseline(
    corpus: Corpus, features: Values, chosen: Sequence[int]
) -> list[TakePrediction]:
    """Predict ratings from timing, out of fold over five speaker-disjoint folds of the corpus.

    Args:
        corpus: All rated takes.
        features: `timing_features` of every take, (takes, 5).
        chosen: The takes that are wanted.

    Returns:
        Predictions 0-10 of the chosen takes.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    speakers = [take.speaker for take in corpus.takes]
    folds = speaker_folds(speakers, min(FOLDS, len(set(speakers))), SEED)
    targets = np.array([take.ratings.mean(axis=1) for take in corpus.takes])
    predicted = np.tile(targets.mean(axis=0), (len(targets), 1))
    for fold in range(int(folds.max()) + 1):
        rest, held = folds != fold, folds == fold
        if rest.any() and held.any():
            model = ExtraTreesRegressor(200, min_samples_leaf=10, random_state=SEED)
            model.fit(features[rest], targets[rest])
            predicted[held] = model.predict(features[held])
    order = [ASPECTS.index(aspect) for aspect in ASPECT_ORDER]
    return [
        TakePrediction(
            corpus.takes[row].utterance,
            corpus.takes[row].speaker,
            math.inf,
            aspects=tuple(predicted[row, order].tolist()),
        )
        for row in chosen
    ]


def _pause_lengths(voiced: NDArray[np.bool_]) -> list[int]:
    """Measure the pauses: lengths in frames of long unvoiced runs inside speech."""
    inside = np.flatnonzero(voiced)
    gaps = np.diff(inside) - 1
    return [int(gap) for gap in gaps if gap >= PAUSE_FRAMES]
