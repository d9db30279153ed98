"""A kiosk in use, with a real sound server."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from tools.bench.registry import Bench, Measured, row

THREADS = 2


@row("shown", "end of speech declared to score shown, p95", "ms", must=100, goal=40)
def shown(bench: Bench) -> Measured:
    """Measure 100 takes through the real microphone path, each stored and painted."""
    found = bench.child(
        "probe_practice:shown", {"takes": bench.rounds(100, 10)}, THREADS, "shown-home"
    )
    delays_ms = [1000 * delay for delay in found["delays_s"]]
    ends = ", ".join(f"{found['ends'].count(end)} {end}" for end in sorted(set(found["ends"])))
    note = f"{len(delays_ms)} takes ({ends}), median {statistics.median(delays_ms):.0f} ms"
    return Measured(delays_ms, percentile(delays_ms, 95), note)


@row("held", "longest time the window is held in a practice round", "ms", must=50, goal=16)
def held(bench: Bench) -> Measured:
    """Measure by a heartbeat in the window's thread, minus the time lost to other processes."""
    found = bench.child("probe_practice:held", {"rounds": bench.rounds(6, 2)}, THREADS, "held-home")
    rounds_ms = [1000 * times[0] for times in found["held_s"]]
    clock = ", ".join(f"{1000 * longest:.0f}" for longest in found["by_the_clock_s"])
    note = f"the longest of {len(rounds_ms)} rounds; by the clock {clock} ms"
    return Measured(rounds_ms, max(rounds_ms), note, details=found)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that share percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]
