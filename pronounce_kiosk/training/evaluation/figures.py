"""Rows of a table of figures: each with its 95 % interval by speaker, the must and the goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from pronounce_kiosk.training.evaluation.report import Estimate, number
from pronounce_kiosk.training.evaluation.statistics import auc, estimate

HEADERS = ("what", "n", "figure", "95 %", "must", "goal")
SEED = 0

Cells = tuple[str, ...]


def figure(
    what: str,
    statistic: Callable[..., float],
    arrays: Sequence[ArrayLike],
    speakers: Sequence[str],
    form: Callable[[float], str],
    must: str = "",
    goal: str = "",
    count: int | None = None,
) -> Cells:
    """Make a row of `HEADERS`: statistic(*arrays) and its interval by resampling speakers.

    Args:
        what: The row's name.
        statistic: A function of the arrays.
        arrays: Each shape (items, ...).
        speakers: Of each item.
        form: Writes a value: `percent`, `points` or `area`.
        must: The least that is asked for, with its unit.
        goal: The value aimed at, with its unit.
        count: The row's n where it is not the number of items.
    """
    count = len(speakers) if count is None else count
    value = estimate(statistic, [np.asarray(array) for array in arrays], speakers)
    return (what, str(count), form(value.value), interval(value, form), must, goal)


def interval(value: Estimate, form: Callable[[float], str]) -> str:
    """Write an interval; empty where there is none."""
    if not np.isfinite([value.low, value.high]).all():
        return ""
    return f"{form(value.low)} to {form(value.high)}"


def share(flags: ArrayLike) -> float:
    """Share of true flags, NaN of none."""
    return mean(flags)


def mean(values: ArrayLike) -> float:
    """Mean, NaN of no value."""
    return float(np.mean(np.asarray(values, float))) if np.size(values) else float("nan")


def median(values: ArrayLike) -> float:
    """Median, NaN of no value."""
    return float(np.median(np.asarray(values, float))) if np.size(values) else float("nan")


def split_auc(values: ArrayLike, right: ArrayLike) -> float:
    """Chance that a value whose flag is set lies above one whose flag is not, ties half."""
    points, flags = np.asarray(values, float), np.asarray(right, bool)
    return auc(points[flags], points[~flags])


def percent(value: float) -> str:
    """Write a share in percent; "-" for NaN."""
    return f"{100 * value:.1f} %" if np.isfinite(value) else "-"


def points(value: float) -> str:
    """Write points of a score; "-" for NaN."""
    return number(value, 1)


def area(value: float) -> str:
    """Write an area under the curve; "-" for NaN."""
    return number(value)
