"""Fitting the judge on out-of-fold evidence, and the figures it gets on speakers it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from pronounce_kiosk.pipeline.aligned_evidence import PHONE_FEATURES
from pronounce_kiosk.pipeline.aligned_judge import (
    ASPECTS,
    KNOTS,
    TOTAL_WEIGHTS,
    UNIT_FEATURES,
    Judge,
    trust,
)
from pronounce_kiosk.training.aligned_rows import TakeRow, TouchedRow
from pronounce_kiosk.training.data import CorpusTake, speaker_folds

WIDTH = 0.004
RIDGE = 1.0
"""Of the kernel machine; .002-.008 and .3-3 gave within .005 of each other."""
GATE_STRENGTH = 0.05
RIGHT_REFUSED = 0.008
"""Share of right takes (human total of 4 or more) the English gate is set to refuse."""
DOUBT_ENDS = 0.04
FOLDS = 5

KOREAN_GATE_SHIFT = 1.6
KOREAN_MEDIAN = (8.03, 8.51, 8.06)
KOREAN_LOW = (7.02, 7.55, 7.20)
"""The anchors of the Korean scale: the kernel machine's raw accuracy, fluency and prosody for the
median native take and for the one that 3 % fall under; and how far the gate's threshold moves."""
KOREAN_UNIT_MEDIAN = -1.62
KOREAN_UNIT_LOW = -3.83
"""The same two anchors for units: the median syllable of a native, and one in ten."""
KOREAN_UNIT_MEDIAN_POINTS = 0.92
KOREAN_UNIT_LOW_POINTS = 0.60
KOREAN_MEDIAN_POINTS = 0.94
KOREAN_LOW_POINTS = 0.74


@dataclass(frozen=True, eq=False)
class Fitted:
    """The judge of all takes, and what judges of four fifths said of the last fifth.

    predicted: (takes, 3) on the raters' scale before calibration; similarity: (takes,), and
    against another sentence, and of spoiled takes. words: predictions and raters' means.
    """

    judge: Judge
    kept: NDArray[np.int64]
    predicted: NDArray[np.float64]
    human: NDArray[np.float64]
    right: NDArray[np.float64]
    wrong: NDArray[np.float64]
    negative: NDArray[np.float64]
    words: tuple[NDArray[np.float64], NDArray[np.float64]]


def fit_judge(
    takes: Sequence[CorpusTake], rows: Sequence[TakeRow], touched: Sequence[TouchedRow]
) -> Fitted:
    """Fit everything; the figures in the result are out-of-fold over speaker-disjoint folds.

    takes: what `TakeRow.index` counts in. Takes without features are left out.
    """
    kept = [row for row in rows if row.features is not None]
    chosen = [takes[row.index] for row in kept]
    examples = _Examples(
        np.stack([row.features for row in kept if row.features is not None]),
        _stack([row.wrong for row in kept]),
        _stack([row.negative for row in kept]),
        np.array([[take.human(aspect) for aspect in ASPECTS] for take in chosen]),
        np.array([take.human("total") for take in chosen]),
    )
    folds = speaker_folds([take.speaker for take in chosen], FOLDS, 0)
    predicted, right, wrong, negative = _out_of_fold(examples, folds)
    judge = _machine(examples)
    weights = _gate(judge, examples)
    _set(judge, "gate_en", weights)
    _set(judge, "gate_ko", np.r_[weights[:-1], weights[-1] + KOREAN_GATE_SHIFT])
    aspects = range(len(ASPECTS))
    human = examples.human
    _set_scales(judge, "en", [_quantile_map(predicted[:, i], human[:, i]) for i in aspects])
    _set_scales(judge, "ko", [_anchored(KOREAN_LOW[i], KOREAN_MEDIAN[i]) for i in aspects])
    words = _fit_words(judge, kept, chosen, folds)
    _fit_touched(judge, touched)
    index = np.array([row.index for row in kept])
    return Fitted(judge, index, predicted, human, right, wrong, negative, words)


@dataclass(frozen=True, eq=False)
class _Examples:
    """What the judge learns from, a row a take, all float64.

    right, wrong, negative: features of the take against its sentence, of it against another, and
    of it spoiled, (takes, n). human: the raters' means, (takes, 3); total: (takes,); both 0-10.
    """

    right: NDArray[np.float64]
    wrong: NDArray[np.float64]
    negative: NDArray[np.float64]
    human: NDArray[np.float64]
    total: NDArray[np.float64]

    def __getitem__(self, rows: NDArray[np.bool_]) -> _Examples:
        return _Examples(
            self.right[rows],
            self.wrong[rows],
            self.negative[rows],
            self.human[rows],
            self.total[rows],
        )


def _out_of_fold(
    examples: _Examples, folds: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Raw aspects (takes, 3), and the gate's value of right, wrong and negative, (takes,) each."""
    predicted = np.zeros_like(examples.human)
    right, wrong, negative = np.zeros((3, len(folds)))
    for fold in range(FOLDS):
        judge = _machine(examples[folds != fold])
        weights = _gate(judge, examples[folds != fold])
        test = folds == fold
        held = examples[test]
        predicted[test] = judge.raw_aspects(judge.standardised(held.right))
        right[test] = _apply(judge, weights, held.right)
        wrong[test] = _apply(judge, weights, held.wrong)
        negative[test] = _apply(judge, weights, held.negative)
    return predicted, right, wrong, negative


def calibrated(fitted: Fitted) -> NDArray[np.float64]:
    """Out-of-fold (takes, 4): accuracy, fluency, prosody, total, 0-10, calibrated and doubted."""
    source = fitted.judge.get_buffer("aspect_from_en").numpy().astype(np.float64)
    target = fitted.judge.get_buffer("aspect_to_en").numpy().astype(np.float64)
    aspects = np.stack(
        [np.interp(fitted.predicted[:, i], source[i], target[i]) for i in range(len(ASPECTS))], 1
    )
    aspects = aspects * trust(fitted.right)[:, None] * 10.0
    return np.concatenate([aspects, (aspects @ np.array(TOTAL_WEIGHTS))[:, None]], axis=1)


def _machine(examples: _Examples) -> Judge:
    """Kernel ridge regression with a Gaussian kernel, on standardised features."""
    features, human = examples.right, examples.human
    judge = Judge(len(features))
    _set(judge, "center", features.mean(axis=0))
    _set(judge, "scale", features.std(axis=0) + 1e-6)
    # The weights are solved for the vectors as they are stored.
    vectors = judge.standardised(features).astype(np.float16).astype(np.float64)
    _set(judge, "vectors", vectors)
    norms = np.square(vectors).sum(axis=1)
    kernel = np.exp(-WIDTH * (norms[:, None] + norms[None] - 2.0 * vectors @ vectors.T))
    bias = human.mean(axis=0)
    solved = np.linalg.solve(kernel + RIDGE * np.eye(len(vectors)), human - bias)
    _set(judge, "weights", solved)
    _set(judge, "bias", bias)
    _set(judge, "width", np.array(WIDTH))
    return judge


def _gate(judge: Judge, examples: _Examples) -> NDArray[np.float64]:
    """Weights and bias: 0 at the threshold, 1 where `DOUBT_ENDS` of the right takes lie under."""
    right, others = examples.right, (examples.wrong, examples.negative)
    values = judge.standardised(np.concatenate([right, *others]))
    labels = np.arange(len(values)) < len(right)
    model = LogisticRegression(C=GATE_STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit(values, labels)
    odds = model.decision_function(values[: len(right)])[examples.total >= 4.0]
    threshold, sure = np.quantile(odds, [RIGHT_REFUSED, DOUBT_ENDS])
    span = max(float(sure - threshold), 1e-3)
    return np.r_[model.coef_[0] / span, (model.intercept_[0] - threshold) / span]


def _apply(
    judge: Judge, weights: NDArray[np.float64], features: NDArray[np.float64]
) -> NDArray[np.float64]:
    values: NDArray[np.float64] = judge.standardised(features) @ weights[:-1] + weights[-1]
    return values


def _quantile_map(
    predicted: NDArray[np.float64], human: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Knots that give predictions the spread of human means: a regressor shrinks to the middle.

    predicted, human: 0-10. From predictions to 0-1.
    """
    shares = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
    source, target = np.quantile(predicted, shares), np.quantile(human, shares)
    source = np.r_[source[0] - max(target[0], 1.0), source, source[-1] + 0.7]
    target = np.r_[0.0, target, 10.0]
    assert len(source) == KNOTS
    return source, np.maximum.accumulate(target) / 10.0


def _set_scales(
    judge: Judge,
    language: str,
    scales: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> None:
    """One scale an aspect: its knots on the raters' scale, and what they are made, 0-1."""
    _set(judge, f"aspect_from_{language}", np.stack([source for source, _ in scales]))
    _set(judge, f"aspect_to_{language}", np.stack([target for _, target in scales]))


def _anchored(low: float, middle: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A straight scale through two anchors, flattening out towards 1 and down to 0."""
    slope = (KOREAN_MEDIAN_POINTS - KOREAN_LOW_POINTS) / (middle - low)
    zero = middle - KOREAN_MEDIAN_POINTS / slope
    source = np.r_[np.linspace(zero, middle, KNOTS - 2), middle + 0.5, middle + 1.5]
    target = np.r_[np.linspace(0.0, KOREAN_MEDIAN_POINTS, KNOTS - 2), 0.98, 1.0]
    return source, target


def _fit_words(
    judge: Judge, rows: Sequence[TakeRow], takes: Sequence[CorpusTake], folds: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Words by the raters' means. Gives the words' out-of-fold predictions and those means."""
    rated = [
        (row.units, take.word_accuracy, fold)
        for row, take, fold in zip(rows, takes, folds, strict=True)
        if row.units is not None and len(row.units) == len(take.word_accuracy)
    ]
    values = np.concatenate([units for units, _, _ in rated])
    human = np.concatenate([np.array(points) for _, points, _ in rated])
    fold_of = np.concatenate([np.full(len(points), fold) for _, points, fold in rated])
    predicted = np.zeros(len(human))
    for fold in range(FOLDS):
        test = fold_of == fold
        model = _ridge(values[~test], human[~test])
        predicted[test] = values[test] @ model[:-1] + model[-1]
    source, target = _quantile_map(predicted, human)
    _set(judge, "unit_en", _ridge(values, human))
    _set(judge, "unit_from_en", source)
    _set(judge, "unit_to_en", target)
    return predicted, human


def _ridge(values: NDArray[np.float64], human: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights and bias on the values as they are."""
    center, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = Ridge(10.0).fit((values - center) / scale, human)
    weights = model.coef_ / scale
    return np.r_[weights, model.intercept_ - weights @ center]


def _fit_touched(judge: Judge, rows: Sequence[TouchedRow]) -> None:
    """Korean units have no raters: touched against untouched syllables of synthetic takes.

    Three features only: with all of them the model learned what is special to synthesis.
    """
    values = np.concatenate([row.units for row in rows])
    touched = np.concatenate([row.touched for row in rows])
    center, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    used = [PHONE_FEATURES.index(name) for name in ("goodness", "distance", "length")]
    model = LogisticRegression(C=0.1, max_iter=3000, class_weight="balanced")
    model.fit(((values - center) / scale)[:, used], ~touched)
    weights = np.zeros(UNIT_FEATURES)
    weights[used] = model.coef_[0] / scale[used]
    slope = (KOREAN_UNIT_MEDIAN_POINTS - KOREAN_UNIT_LOW_POINTS) / (
        KOREAN_UNIT_MEDIAN - KOREAN_UNIT_LOW
    )
    zero = KOREAN_UNIT_MEDIAN - KOREAN_UNIT_MEDIAN_POINTS / slope
    source = np.r_[np.linspace(zero, KOREAN_UNIT_MEDIAN, KNOTS - 1), KOREAN_UNIT_MEDIAN + 3.0]
    target = np.r_[np.linspace(0.0, KOREAN_UNIT_MEDIAN_POINTS, KNOTS - 1), 1.0]
    _set(judge, "unit_ko", np.r_[weights, model.intercept_[0] - weights @ center])
    _set(judge, "unit_from_ko", source)
    _set(judge, "unit_to_ko", target)


def _set(judge: Judge, name: str, values: NDArray[np.float64]) -> None:
    buffer = judge.get_buffer(name)
    if tuple(buffer.shape) != tuple(np.shape(values)):
        raise ValueError(f"{name}: {np.shape(values)} for {tuple(buffer.shape)}")
    with torch.no_grad():
        buffer.copy_(torch.from_numpy(np.asarray(values, np.float64)).to(buffer.dtype))


def _stack(rows: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64]:
    """What could not be aligned counts as the clearest negative: the worst of all seen."""
    found = np.stack([row for row in rows if row is not None])
    worst = found[np.argmin(found.sum(axis=1))]
    return np.stack([worst if row is None else row for row in rows])
