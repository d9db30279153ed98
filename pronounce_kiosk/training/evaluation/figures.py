"""Make rows of figures: each with its 95 % interval by speaker, its must and its goal.

Rows are made of items that have a speaker; of `Value` where no other item is at hand. Musts and
goals stand in data/targets.tsv, by the row's label.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.training.evaluation import statistics
from pronounce_kiosk.training.evaluation.report import Table, number

HEADERS = ("what", "n", "figure", "95 %", "must", "goal")
SEED = 0

Cells = tuple[str, ...]


class HasSpeaker(Protocol):
    """Anything said by a speaker."""

    @property
    def speaker(self) -> str:
        """Name of the speaker."""


class Value(NamedTuple):
    """A value and who spoke."""

    speaker: str
    value: Any


Item = TypeVar("Item", bound=HasSpeaker)
Of = Callable[[Item], Any]
"""Gives an item's value."""


def value_of(item: Any) -> Any:
    """Return the value of a `Value`."""
    return item.value


def values_of(speakers: Iterable[str], values: Iterable[Any]) -> list[Value]:
    """Join speakers and values."""
    return [Value(*pair) for pair in zip(speakers, values, strict=True)]


class Rows:
    """Rows of figures, collected in order. prefix: begins every label."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.cells: list[Cells] = []

    def share(self, what: str, items: Iterable[Item], of: Of[Item] = value_of) -> None:
        """Add the share of items for which a condition holds."""
        self.add(what, items, lambda item: bool(of(item)), mean, percent)

    def mean(self, what: str, items: Iterable[Item], of: Of[Item] = value_of) -> None:
        """Add the mean of points."""
        self.add(what, items, of, mean, points)

    def median(self, what: str, items: Iterable[Item], of: Of[Item] = value_of) -> None:
        """Add the median of points."""
        self.add(what, items, of, median, points)

    def auc(self, what: str, right: Sequence[Value], wrong: Sequence[Value]) -> None:
        """Add the probability that a right value exceeds a wrong one, ties half.

        n counts the wrong ones.
        """
        speakers = [one.speaker for one in (*right, *wrong)]
        values = np.array([one.value for one in (*right, *wrong)], float)
        is_right = np.repeat([True, False], [len(right), len(wrong)])
        self.figure(what, _split_auc, [values, is_right], speakers, number, len(wrong))

    def add(
        self,
        what: str,
        items: Iterable[Item],
        of: Of[Item],
        statistic: Callable[..., float],
        form: Callable[[float], str],
    ) -> None:
        """Add a statistic of one value an item; see `figure`."""
        kept = list(items)
        speakers = [item.speaker for item in kept]
        self.figure(what, statistic, [[of(item) for item in kept]], speakers, form)

    def figure(
        self,
        what: str,
        statistic: Callable[..., float],
        arrays: Sequence[ArrayLike],
        speakers: Sequence[str],
        form: Callable[[float], str],
        count: int | None = None,
    ) -> None:
        """Add statistic(*arrays) and its interval by resampling speakers.

        Args:
            what: Label, after the prefix.
            statistic: Function of the arrays.
            arrays: Each shape (items, ...).
            speakers: Speaker of each item.
            form: Formats a value: `percent`, `points` or `number`.
            count: The row's n where it is not the number of items.
        """
        label = f"{self.prefix}{what}"
        found = statistics.estimate(statistic, arrays, speakers)
        known = np.isfinite([found.low, found.high]).all()
        interval = f"{form(found.low)} to {form(found.high)}" if known else ""
        shown = str(len(speakers) if count is None else count)
        bounds = targets(label, what)
        self.cells.append((label, shown, form(found.value), interval, *bounds))

    def table(self, title: str, note: str = "") -> Table:
        """Make a table of the rows."""
        return Table(title, HEADERS, tuple(self.cells), note)


def mean(values: ArrayLike) -> float:
    """Average values, NaN of none."""
    return float(np.mean(np.asarray(values, float))) if np.size(values) else float("nan")


def median(values: ArrayLike) -> float:
    """Compute the median, NaN of no value."""
    return float(np.median(np.asarray(values, float))) if np.size(values) else float("nan")


def percent(value: float) -> str:
    """Format a share in percent; "-" for NaN."""
    return f"{100 * value:.1f} %" if np.isfinite(value) else "-"


points = partial(number, digits=1)
"""Formats points of a score; "-" for NaN."""


def read_table(name: str) -> list[dict[str, str]]:
    """Read a table of evaluation/data: tabs between, names of columns first."""
    text = (files("pronounce_kiosk.training.evaluation") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def targets(*labels: str) -> tuple[str, str]:
    """Look up must and goal of the first label that has them; "" for none."""
    return next((_targets()[label] for label in labels if label in _targets()), ("", ""))


@cache
def _targets() -> dict[str, tuple[str, str]]:
    """Read must and goal of rows, by label."""
    return {row["row"]: (row["must"], row["goal"]) for row in read_table("targets.tsv")}


def _split_auc(values: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    return statistics.auc(values[right], values[~right])
