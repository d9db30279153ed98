"""What a take costs to compute."""

from __future__ import annotations

import statistics
from typing import Any

from pronounce_kiosk.bench.registry import Bench, Measured, row
from pronounce_kiosk.bench.takes import take_file

TAKE_S = 5.0
LENGTHS_S = (2.0, 4.0, 8.0, 15.0)


@row("compute", "a 5 s take, file to score, one thread, against the original", "x", 4, 12, True)
def compute(bench: Bench) -> Measured:
    """The ratio of each pair of runs, theirs and ours in turn."""
    return _against_original(bench, 1)


@row("compute-2", "the same with two threads", "x", more_is_better=True)
def compute_2(bench: Bench) -> Measured:
    """See `compute`."""
    return _against_original(bench, 2)


def _against_original(bench: Bench, threads: int) -> Measured:
    take, sentence = bench.once("take-5", lambda: take_file(bench.work / "takes", TAKE_S))
    arguments = {
        "take": str(take),
        "text": sentence.text,
        "rounds": bench.rounds(40, 5),
        "threads": threads,
    }
    found = bench.child("probe_compute:against_original", arguments, threads)
    ratios = [a / b for a, b in zip(found["theirs"], found["ours"], strict=True)]
    theirs, ours = (1000 * statistics.median(found[side]) for side in ("theirs", "ours"))
    stages = ", ".join(f"{name} {spent:.1f}" for name, spent in found["stages_ms"].items())
    note = (
        f"{theirs:.0f} ms theirs, {ours:.1f} ms ours ({stages}); by processor time "
        f"{statistics.median(found['cpu_ratios']):.1f}x"
    )
    return Measured(ratios, note=note, details=found)


@row("linear", "cost a second, takes of 15 s against 4 s (1: linear)", "x", must=1.15, goal=1.0)
def linear(bench: Bench) -> Measured:
    """Sentences grow with their takes, so both sides of the alignment do."""
    takes = [take_file(bench.work / "takes", seconds) for seconds in LENGTHS_S]
    found = bench.child(
        "probe_compute:costs",
        {
            "takes": [(str(path), sentence.text) for path, sentence in takes],
            "rounds": bench.rounds(15, 3),
        },
    )["takes"]
    by_stage = [_medians(rounds) for rounds in found]
    totals = [stages["total"] for stages in by_stage]
    ratios = [
        (long["total"] / LENGTHS_S[-1]) / (short["total"] / LENGTHS_S[1])
        for long, short in zip(found[-1], found[1], strict=True)
    ]
    note = ", ".join(
        f"{seconds:g} s {total:.1f} ms (align {stages.get('align', 0):.1f})"
        for seconds, total, stages in zip(LENGTHS_S, totals, by_stage, strict=True)
    )
    return Measured(ratios, note=note, details={"lengths_s": LENGTHS_S, "stages_ms": by_stage})


def _medians(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {
        name: statistics.median(each[name] for each in rounds)
        for name in rounds[0]
        if name != "verdict"
    }
