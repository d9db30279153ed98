"""Compute correlations, AUC and their intervals from arrays, one value a take.

Speakers differ more than a speaker's takes do, so every interval resamples speakers, and the
agreement within speakers is a figure of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.training.evaluation.report import Estimate

Values = NDArray[np.float64]
Statistic = Callable[..., float]

BOOTSTRAP_ROUNDS = 1000


def pearson(left: ArrayLike, right: ArrayLike) -> float:
    """Compute Pearson's correlation; NaN for fewer than 3 values or no variance."""
    a, b = np.asarray(left, float), np.asarray(right, float)
    if len(a) < 3:
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 1e-12 else float("nan")


def auc(right: ArrayLike, wrong: ArrayLike) -> float:
    """Compute the chance that a right one scores above a wrong one, ties half; NaN of none."""
    from scipy.stats import rankdata

    a, b = np.asarray(right, float), np.asarray(wrong, float)
    if not len(a) or not len(b):
        return float("nan")
    ranks = rankdata(np.concatenate([a, b]))
    return float((ranks[: len(a)].sum() - len(a) * (len(a) + 1) / 2) / (len(a) * len(b)))


def estimate(
    statistic: Statistic, arrays: Sequence[ArrayLike], speakers: Sequence[str] | NDArray[np.str_]
) -> Estimate:
    """Compute statistic(*arrays) with its 95 % interval by drawing whole speakers with replacement.

    NaN draws are left out of the interval. All NaN where there is nothing.
    """
    if not len(speakers):
        return Estimate(float("nan"))
    names = np.asarray(speakers)
    rows = [np.flatnonzero(names == name) for name in sorted(set(names.tolist()))]
    columns = [np.asarray(array) for array in arrays]
    random = np.random.default_rng(0)
    draws = []
    for _ in range(BOOTSTRAP_ROUNDS):
        drawn = np.concatenate([rows[row] for row in random.integers(len(rows), size=len(rows))])
        draws.append(statistic(*(column[drawn] for column in columns)))
    finite = np.array(draws)[np.isfinite(draws)]
    ends = np.quantile(finite, [0.025, 0.975]) if len(finite) else (np.nan, np.nan)
    return Estimate(statistic(*arrays), float(ends[0]), float(ends[1]))


def one_rater_against_the_others(ratings: NDArray[np.float64]) -> float:
    """Correlate each rater with the mean of the others, and average over raters.

    ratings: (takes, raters). NaN as `pearson`.
    """
    raters = ratings.shape[1]
    sides = [ratings, (ratings.sum(axis=1, keepdims=True) - ratings) / (raters - 1)]
    if len(ratings) < 3:
        return float("nan")
    own, others = (side - side.mean(axis=0) for side in sides)
    scale = np.sqrt(np.square(own).sum(axis=0) * np.square(others).sum(axis=0))
    if (scale <= 1e-12).any():
        return float("nan")
    return float(((own * others).sum(axis=0) / scale).mean())


def without_means(values: ArrayLike, groups: Sequence[str]) -> Values:
    """Subtract from values, (takes,) or (takes, n), the mean of their group.

    Whole groups may be drawn from the result: their means stay 0 whatever is drawn.
    """
    result = np.array(values, float)
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.zeros((int(group.max(initial=-1)) + 1, *result.shape[1:]))
    np.add.at(sums, group, result)
    counts = np.bincount(group).reshape(-1, *[1] * (result.ndim - 1))
    centred: Values = result - (sums / np.maximum(counts, 1))[group]
    # What rounding leaves of a group whose values are equal is no variance.
    centred[np.abs(centred) < 1e-9 * np.abs(result).max(initial=0.0)] = 0.0
    return centred
