"""Predict ratings from timing alone: the baseline of a scorer that uses acoustics."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.vad import FRAME_MS, voiced_frames
from pronounce_kiosk.training.data.corpus import ASPECTS, CorpusTake, speaker_folds
from pronounce_kiosk.training.evaluation.figures import SEED, Values
from pronounce_kiosk.training.evaluation.out_of_fold import ASPECT_ORDER, TakePrediction

TIMING = "timing alone"
PAUSE_FRAMES = 5
"""Least unvoiced frames of a pause (0.15 s); fewer would count stop consonants."""
FOLDS = 5


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

    Args:
        takes: All takes of a corpus.
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
