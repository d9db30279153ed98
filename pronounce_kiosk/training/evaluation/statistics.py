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

BOOTSTRAP_ROUNDS = 1000
"""Draws of speakers for an interval; more give a steadier interval and take longer."""


def pearson(left: ArrayLike, right: ArrayLike) -> float:
    """Compute Pearson's correlation; NaN for fewer than 3 values or no variance."""
    a, b = np.asarray(left, float), np.asarray(right, float)
    if len(a) < 3 or min(a.std(), b.std()) < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def auc(right: ArrayLike, wrong: ArrayLike) -> float:
    """Compute the probability that a right value exceeds a wrong one, ties half; NaN of none."""
    from scipy.stats import rankdata

    a, b = np.asarray(right, float), np.asarray(wrong, float)
    if not len(a) or not len(b):
        return float("nan")
    ranks = rankdata(np.concatenate([a, b]))
    return float((ranks[: len(a)].sum() - len(a) * (len(a) + 1) / 2) / (len(a) * len(b)))


def estimate(
    statistic: Callable[..., float], arrays: Sequence[ArrayLike], speakers: Sequence[str]
) -> Estimate:
    """Compute statistic(*arrays) and its 95 % interval by drawing whole speakers with replacement.

    Args:
        statistic: Function of the arrays.
        arrays: Each shape (items, ...).
        speakers: Speaker of each item.

    Returns:
        The figure; NaN draws do not count for the interval. All NaN where there are no items.
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
    return Estimate(statistic(*columns), float(ends[0]), float(ends[1]))


def one_rater_against_the_others(ratings: Values) -> float:
    """Correlate each rater with the mean of the others, and average over raters.

    Args:
        ratings: Shape (takes, raters).
    """
    others = (ratings.sum(axis=1, keepdims=True) - ratings) / (ratings.shape[1] - 1)
    return float(np.mean([pearson(*pair) for pair in zip(ratings.T, others.T, strict=True)]))


def without_means(values: ArrayLike, groups: Sequence[str]) -> Values:
    """Subtract from each value the mean of its group.

    Whole groups may be drawn from the result: their means stay 0 whatever is drawn.

    Args:
        values: Shape (takes,) or (takes, n).
        groups: Group of each take, as its speaker.
    """
    result = np.array(values, float)
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.zeros((int(group.max(initial=-1)) + 1, *result.shape[1:]))
    np.add.at(sums, group, result)
    counts = np.bincount(group).reshape(-1, *[1] * (result.ndim - 1))
    centred: Values = result - (sums / np.maximum(counts, 1))[group]
    # Rounding errors of a group whose values are equal are no variance.
    centred[np.abs(centred) < 1e-9 * np.abs(result).max(initial=0.0)] = 0.0
    return centred
