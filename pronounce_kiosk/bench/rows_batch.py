"""Many takes at once."""

from __future__ import annotations

import statistics

from pronounce_kiosk.bench.registry import Bench, Measured, row
from pronounce_kiosk.bench.takes import take_file

LENGTHS_S = (3.0, 5.0, 4.0, 2.0)


@row("batch", "score-batch, two processes against one, warm cache", "x", 1.7, 1.95, True)
def batch(bench: Bench) -> Measured:
    """The ratio of takes a second, in turn; loading the processes is left out."""
    files = [take_file(bench.work / "takes", seconds) for seconds in LENGTHS_S]
    takes = [(str(path), sentence.text) for path, sentence in files]
    count = bench.rounds(600, 300)
    rates = [
        [
            bench.child("probe_batch:rate", {"takes": takes, "count": count, "jobs": jobs})
            for jobs in (1, 2)
        ]
        for _ in range(bench.rounds(3, 1))
    ]
    one, two = (statistics.median(pair[side] for pair in rates) for side in (0, 1))
    best = [max(pair[side] for pair in rates) for side in (0, 1)]
    note = (
        f"{one:.1f} takes a second by one process, {two:.1f} by two; at best {best[0]:.1f} and "
        f"{best[1]:.1f} (both cores must be free for two)"
    )
    return Measured([b / a for a, b in rates], note=note, details={"rates": rates})
