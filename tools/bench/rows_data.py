"""Long lists and a long history."""

from __future__ import annotations

import statistics

from tools.bench.registry import Bench, Measured, row

LINES, ATTEMPTS = 10_000, 100_000


@row("list-import", "a list of 10,000 sentences: import", "s", 2, 0.5)
def list_import(bench: Bench) -> Measured:
    """Measure reading, checking and storing a long list."""
    arguments = {"lines": LINES, "rounds": bench.rounds(5, 2)}
    return Measured(bench.child("probe_data:import_list", arguments, home="lists"))


@row("results-open", "100,000 attempts: open the class's results", "s", 0.2, 0.05)
def results_open(bench: Bench) -> Measured:
    """Measure opening the file and the page's four queries."""
    arguments = {"attempts": ATTEMPTS, "rounds": bench.rounds(15, 3)}
    found = bench.child("probe_data:open_results", arguments, home="history")
    names = found["each_s"][0]
    parts = (
        f"{name} {1000 * statistics.median(each[name] for each in found['each_s']):.0f} ms"
        for name in names
    )
    return Measured(found["seconds"], note=", ".join(parts), details=found)
