"""Batch scoring."""

from __future__ import annotations

import statistics

from tools.bench.registry import Bench, Measured, row
from tools.bench.takes import take_file

LENGTHS_S = (3.0, 5.0, 4.0, 2.0)


@row("batch", "score-batch, two processes against one, warm cache", "x", 1.7, 1.95, True)
def batch(bench: Bench) -> Measured:
    """Compare takes a second of two processes and one, without their start."""
    files = [take_file(bench.work / "takes", seconds) for seconds in LENGTHS_S]
    takes = [(str(path), sentence.text) for path, sentence in files]
    rates = bench.child(
        "probe_batch:rates",
        {"takes": takes, "count": bench.rounds(80, 40), "turns": bench.rounds(16, 4)},
    )
    one, two = (statistics.median(turn[side] for turn in rates) for side in (0, 1))
    ratios = [two / one for one, two in rates]
    low, _, high = statistics.quantiles(ratios)
    note = (
        f"{one:.1f} takes a second by one process, {two:.1f} by two; "
        f"half of {len(ratios)} turns within {low:.2f} and {high:.2f}"
    )
    return Measured(ratios, note=note, details={"rates": rates})
