"""Write tables of figures, for a terminal and as Markdown, and reports made of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A titled table of a report. note: explains its rows."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """Write the table as Markdown, with its title as a heading."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines += [_bar(self.headers), _bar(["---"] * len(self.headers))]
        return "\n".join([*lines, *(_bar(row) for row in self.rows), ""])

    def text(self) -> str:
        """Write the table for a terminal, in columns."""
        cells = [self.headers, *self.rows]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.headers))]
        lines = [self.title, *([self.note] if self.note else [])]
        for row in cells:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  " + "  ".join(padded).rstrip())
        return "\n".join(lines) + "\n"

    def beside(self, other: Table, name: str, column: str = "figure") -> Table:
        """Add another table's column after this table's column of that name.

        Rows are matched by their first cell; a row the other lacks gets "-".
        """
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

    def text(self) -> str:
        """Write the report for a terminal."""
        return "\n".join([self.title, self.note, "", *(table.text() for table in self.tables)])


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


def _bar(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
