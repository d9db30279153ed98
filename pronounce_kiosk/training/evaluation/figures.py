"""Compute figures with their 95 % intervals, and make tables and reports of them.

Speakers differ more than a speaker's takes do, so every interval resamples speakers, and the
agreement within speakers is a figure of its own. Rows are made of items that have a speaker; of
`Value` where no other item is at hand. Musts and goals stand in data/targets.tsv, by label.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.batch.compare import pearson
from pronounce_kiosk.core import documents

HEADERS = ("what", "n", "figure", "95 %", "must", "goal")
SEED = 0
BOOTSTRAP_ROUNDS = 1000
"""Draws of speakers for an interval; more give a steadier interval and take longer."""

Values = NDArray[np.float64]
Statistic = Callable[..., float]
"""Computes a figure of arrays, each of shape (items, ...)."""


@dataclass(frozen=True)
class Table:
    """A titled table of a report. note: explains its rows."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """Write the table as Markdown in aligned columns, with its title as a heading."""
        cells = [self.headers, ("---",) * len(self.headers), *self.rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [f"### {self.title}", "", *([self.note, ""] if self.note else [])]
        for row in cells:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append(f"| {' | '.join(padded)} |")
        return "\n".join([*lines, ""])

    def beside(self, other: Table, name: str, column: str = "figure") -> Table:
        """Add another table's column after the one of that name; "-" where it lacks a row."""
        place = self.headers.index(column) + 1
        theirs = {row[0]: row[other.headers.index(column)] for row in other.rows}
        rows = tuple((*row[:place], theirs.get(row[0]) or "-", *row[place:]) for row in self.rows)
        headers = (*self.headers[:place], name, *self.headers[place:])
        return dataclasses.replace(self, headers=headers, rows=rows)


@dataclass(frozen=True)
class Report:
    """Tables in order. figures: the numbers a manifest keeps, by name."""

    title: str
    note: str
    tables: tuple[Table, ...]
    figures: dict[str, float] = field(default_factory=dict)

    def markdown(self) -> str:
        """Write the report as Markdown."""
        body = "\n".join(table.markdown() for table in self.tables)
        return f"## {self.title}\n\n{self.note}\n\n{body}"


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; NaN where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def __str__(self) -> str:
        if math.isnan(self.low):
            return number(self.value)
        return f"{number(self.value)} [{number(self.low)}, {number(self.high)}]"


def number(value: float, digits: int = 3) -> str:
    """Write a number for a table; "-" where there is none."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "-"


class Value(NamedTuple):
    """A value and who spoke."""

    speaker: str
    value: Any


Of = Callable[[Any], Any]
"""Gives the value of an item, which has a speaker."""
value_of = attrgetter("value")
"""Gives that of a `Value`."""


class Rows:
    """Rows of figures, collected in order, each given when it is added. prefix: of every label."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.cells: list[tuple[str, ...]] = []

    def share(self, what: str, items: Iterable[Any], of: Of = value_of) -> float:
        """Add the share of items for which a condition holds."""
        return self.add(what, items, lambda item: bool(of(item)), np.mean, percent)

    def mean(self, what: str, items: Iterable[Any], of: Of = value_of) -> float:
        """Add the mean of points."""
        return self.add(what, items, of, np.mean, points)

    def median(self, what: str, items: Iterable[Any], of: Of = value_of) -> float:
        """Add the median of points."""
        return self.add(what, items, of, np.median, points)

    def auc(self, what: str, right: Sequence[Value], wrong: Sequence[Value]) -> float:
        """Add the probability that a right value exceeds a wrong one; n counts the wrong ones."""
        speakers = [one.speaker for one in (*right, *wrong)]
        values = np.array([one.value for one in (*right, *wrong)], float)
        is_right = np.repeat([True, False], [len(right), len(wrong)])

        def split(values: Values, right: NDArray[np.bool_]) -> float:
            return auc(values[right], values[~right])

        return self.figure(what, split, [values, is_right], speakers, number, len(wrong))

    def add(
        self,
        what: str,
        items: Iterable[Any],
        of: Of,
        statistic: Statistic,
        form: Callable[[float], str],
    ) -> float:
        """Add a statistic of one value an item; see `figure`."""
        kept = list(items)
        speakers = [item.speaker for item in kept]
        return self.figure(what, statistic, [[of(item) for item in kept]], speakers, form)

    def figure(
        self,
        what: str,
        statistic: Statistic,
        arrays: Sequence[ArrayLike],
        speakers: Sequence[str],
        form: Callable[[float], str],
        count: int | None = None,
    ) -> float:
        """Add statistic(*arrays) and its interval by resampling speakers, one an item.

        what: The label, after the prefix. form: `percent`, `points` or `number`. count: The row's n
        where it is not the number of items.
        """
        label = f"{self.prefix}{what}"
        found = estimate(statistic, arrays, speakers)
        known = np.isfinite([found.low, found.high]).all()
        interval = f"{form(found.low)} to {form(found.high)}" if known else ""
        shown = str(len(speakers) if count is None else count)
        self.cells.append((label, shown, form(found.value), interval, *targets(label, what)))
        return found.value

    def table(self, title: str, note: str = "") -> Table:
        """Make a table of the rows."""
        return Table(title, HEADERS, tuple(self.cells), note)


def estimate(
    statistic: Statistic, arrays: Sequence[ArrayLike], speakers: Sequence[str]
) -> Estimate:
    """Compute statistic(*arrays) and its 95 % interval by drawing whole speakers with replacement.

    NaN draws do not count for the interval; all is NaN of no item.
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


def auc(right: ArrayLike, wrong: ArrayLike) -> float:
    """Compute the probability that a right value exceeds a wrong one, ties half; NaN of none."""
    from scipy.stats import mannwhitneyu

    pairs = np.size(right) * np.size(wrong)
    if not pairs:
        return math.nan
    return float(mannwhitneyu(right, wrong, method="asymptotic").statistic) / pairs


def one_rater_against_the_others(ratings: Values) -> float:
    """Correlate each rater with the mean of the others, and average; (takes, raters)."""
    others = (ratings.sum(axis=1, keepdims=True) - ratings) / (ratings.shape[1] - 1)
    return float(np.mean([pearson(*pair) for pair in zip(ratings.T, others.T, strict=True)]))


def without_means(values: ArrayLike, groups: Sequence[str]) -> Values:
    """Subtract from each value, (takes,) or (takes, n), the mean of its group, as its speaker.

    Whole groups may be drawn from the result: their means stay 0 whatever is drawn.
    """
    centred: Values = np.array(values, float)
    rounding = 1e-9 * np.abs(centred).max(initial=0.0)
    names = np.asarray(groups)
    for name in np.unique(names):
        centred[names == name] -= centred[names == name].mean(axis=0)
    # Rounding errors of a group whose values are equal are no variance.
    centred[np.abs(centred) < rounding] = 0.0
    return centred


def median(values: ArrayLike) -> float:
    """Compute the median, NaN of no value."""
    return float(np.median(np.asarray(values, float))) if np.size(values) else float("nan")


def percent(value: float) -> str:
    """Format a share in percent; "-" for NaN."""
    return f"{100 * value:.1f} %" if np.isfinite(value) else "-"


points = partial(number, digits=1)
"""Formats points of a score; "-" for NaN."""


def read_table(name: str) -> list[dict[str, str]]:
    """Read a table of evaluation/data."""
    return documents.read_table(Path(__file__).parent / "data" / name)


def targets(*labels: str) -> tuple[str, str]:
    """Look up must and goal of the first label that has them; "" for none."""
    return next((_targets()[label] for label in labels if label in _targets()), ("", ""))


@cache
def _targets() -> dict[str, tuple[str, str]]:
    return {row["row"]: (row["must"], row["goal"]) for row in read_table("targets.tsv")}
