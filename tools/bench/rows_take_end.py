"""Ends of takes: no speaker is cut off in a pause, and no one waits long at the end."""

from __future__ import annotations

import statistics
from typing import Any

from tools.bench.registry import Bench, Measured, row
from tools.bench.rows_practice import percentile

CUT_OFF_S = -0.1
"""An end declared this long before the last sound counts as cut off."""
QUICK_EVERY = 9
NO_CORPUS = "--corpus DIR names natives' takes with audio/ and utterances.tsv"


@row("cut", "natives cut off in a pause of 0.5-2.5 s between two words", "%", must=1, goal=0)
def cut(bench: Bench) -> Measured:
    """Play each take of the corpus once, with one pause; see `probe_take_end`."""
    if bench.corpus is None:
        return Measured(skipped=NO_CORPUS)
    found = _found(bench)
    ends_s = found["ended_s"]
    share = 100 * sum(end_s < CUT_OFF_S for end_s in ends_s) / len(ends_s)
    usual = 100 * sum(end_s < CUT_OFF_S for end_s in found["usual_ended_s"]) / len(ends_s)
    note = f"{len(ends_s)} takes; the usual silence alone cuts {usual:.0f} %"
    return Measured(value=share, note=note, details=found)


@row("ended", "last sound of a whole sentence to its score, median", "s", must=1.3, goal=0.7)
def ended(bench: Bench) -> Measured:
    """Measure the time until the end is declared and the score is ready, on the takes of `cut`."""
    if bench.corpus is None:
        return Measured(skipped=NO_CORPUS)
    found = _found(bench)
    whole = [n for n, end_s in enumerate(found["ended_s"]) if end_s >= CUT_OFF_S]
    scored_s = [found["scored_s"][n] for n in whole]
    ended_s = [found["ended_s"][n] for n in whole]
    usual_s = [found["usual_scored_s"][n] for n in whole if found["usual_ended_s"][n] >= CUT_OFF_S]
    note = (
        f"declared after {statistics.median(ended_s):.2f} s, p95 {percentile(ended_s, 95):.2f} s; "
        f"score p95 {percentile(scored_s, 95):.2f} s; by the usual silence alone "
        f"{statistics.median(usual_s):.2f} s, p95 {percentile(usual_s, 95):.2f} s"
    )
    return Measured(scored_s, statistics.median(scored_s), note)


def _found(bench: Bench) -> dict[str, Any]:
    arguments = {
        "corpus": str(bench.corpus),
        "every": QUICK_EVERY if bench.quick else 1,
        "slower": 1.0,
    }
    found: dict[str, Any] = bench.once(
        "take end", lambda: bench.child("probe_take_end:take_end", arguments, home="takes-home")
    )
    return found
