"""Rows of a table of figures: each with its 95 % interval by speaker, the must and the goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.training.evaluation.report import number
from pronounce_kiosk.training.evaluation.statistics import auc, estimate

HEADERS = ("what", "n", "figure", "95 %", "must", "goal")
SEED = 0

Cells = tuple[str, ...]
Speakers = Sequence[str] | NDArray[np.str_]


def figure(
    what: str,
    statistic: Callable[..., float],
    arrays: Sequence[ArrayLike],
    speakers: Speakers,
    form: Callable[[float], str],
    must: str = "",
    goal: str = "",
    count: int | None = None,
) -> Cells:
    """Make a row of `HEADERS`: statistic(*arrays) and its interval by resampling speakers.

    Args:
        arrays: Each shape (items, ...), of which the statistic is a function.
        speakers: Of each item.
        form: Writes a value: `percent`, `points` or `number`.
        must, goal: What is asked for and aimed at, with its unit.
        count: The row's n where it is not the number of items.
    """
    count = len(speakers) if count is None else count
    value = estimate(statistic, [np.asarray(array) for array in arrays], list(speakers))
    known = np.isfinite([value.low, value.high]).all()
    interval = f"{form(value.low)} to {form(value.high)}" if known else ""
    return (what, str(count), form(value.value), interval, must, goal)


def share_row(
    what: str, flags: ArrayLike, speakers: Speakers, must: str = "", goal: str = ""
) -> Cells:
    """Make a row of the share of true flags."""
    return figure(what, mean, [flags], speakers, percent, must, goal)


def mean_row(
    what: str, values: ArrayLike, speakers: Speakers, must: str = "", goal: str = ""
) -> Cells:
    """Make a row of the mean of points."""
    return figure(what, mean, [values], speakers, points, must, goal)


def median_row(
    what: str, values: ArrayLike, speakers: Speakers, must: str = "", goal: str = ""
) -> Cells:
    """Make a row of the median of points."""
    return figure(what, median, [values], speakers, points, must, goal)


def auc_row(
    what: str,
    right: tuple[ArrayLike, Speakers],
    wrong: tuple[ArrayLike, Speakers],
    must: str = "",
    goal: str = "",
) -> Cells:
    """Make a row of the chance that a right value lies above a wrong one, ties half.

    right, wrong: Values and the speaker of each; n counts the wrong ones.
    """
    values = np.concatenate([np.asarray(side[0], float) for side in (right, wrong)])
    flags = np.repeat([True, False], [len(right[1]), len(wrong[1])])
    speakers = [*right[1], *wrong[1]]
    return figure(
        what, _split_auc, [values, flags], speakers, number, must, goal, count=len(wrong[1])
    )


def mean(values: ArrayLike) -> float:
    """Average values, NaN of none."""
    return float(np.mean(np.asarray(values, float))) if np.size(values) else float("nan")


def median(values: ArrayLike) -> float:
    """Compute the median, NaN of no value."""
    return float(np.median(np.asarray(values, float))) if np.size(values) else float("nan")


def percent(value: float) -> str:
    """Write a share in percent; "-" for NaN."""
    return f"{100 * value:.1f} %" if np.isfinite(value) else "-"


def points(value: float) -> str:
    """Write points of a score; "-" for NaN."""
    return number(value, 1)


def _split_auc(values: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    return auc(values[right], values[~right])
