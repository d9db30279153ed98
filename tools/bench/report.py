"""Format the table and the JSON file."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.bench.registry import Measured, Row


@dataclass(frozen=True)
class Finished:
    """A row that was run. error: why it failed, "" where it did not."""

    row: Row
    measured: Measured
    seconds: float
    error: str = ""

    @property
    def verdict(self) -> str:
        """goal, must, MISSED, FAILED, skipped; "" for an informative row."""
        figure = self.measured.figure
        if self.error:
            return "FAILED"
        if self.measured.skipped or figure is None:
            return "skipped"
        if not self.row.meets(figure, self.row.must):
            return "MISSED"
        if self.row.goal is not None and self.row.meets(figure, self.row.goal):
            return "goal"
        return "" if self.row.must is None else "must"


def table(rows: Sequence[Finished]) -> str:
    """Format the rows as text, a line each, and notes below."""
    head = ("row", "figure", "spread", "must", "goal", "")
    lines = [head, *(_cells(each) for each in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(
            cell.ljust(width) if column in (0, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    text.insert(1, "-" * max(len(line) for line in text))
    notes = [
        f"{each.row.name}: {note}"
        for each in rows
        for note in (each.error, each.measured.skipped, each.measured.note)
        if note
    ]
    return "\n".join([*text, "", *notes]).rstrip()


def document(facts: dict[str, Any], quick: bool, rows: Sequence[Finished]) -> str:
    """Format the rows with every sample as JSON."""
    return json.dumps(
        {
            "machine": facts,
            "quick": quick,
            "rows": [
                {
                    "name": each.row.name,
                    "what": each.row.what,
                    "unit": each.row.unit,
                    "value": each.measured.figure,
                    "must": each.row.must,
                    "goal": each.row.goal,
                    "more_is_better": each.row.more_is_better,
                    "verdict": each.verdict,
                    "samples": [round(value, 6) for value in each.measured.samples],
                    "note": each.measured.note,
                    "skipped": each.measured.skipped,
                    "error": each.error,
                    "seconds": round(each.seconds, 1),
                    "details": dict(each.measured.details),
                }
                for each in rows
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def number(value: float | None, unit: str = "") -> str:
    """Format three significant digits with a unit."""
    if value is None:
        return "-"
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}".rstrip() if unit != "x" else f"{text}x"


def _cells(each: Finished) -> tuple[str, ...]:
    unit = each.row.unit
    samples = each.measured.samples
    spread = ""
    if len(samples) > 1:
        spread = f"{number(min(samples))}-{number(max(samples))}"
        if len(samples) >= 4:
            low, _, high = statistics.quantiles(samples, n=4)
            spread = f"{number(low)}..{number(high)} ({spread})"
    return (
        f"{each.row.name}: {each.row.what}",
        number(each.measured.figure, unit),
        spread,
        number(each.row.must, unit),
        number(each.row.goal, unit),
        each.verdict,
    )
