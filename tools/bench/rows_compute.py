"""Cost of scoring a take."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tools.bench.registry import Bench, Measured, row
from tools.bench.takes import take_file

TAKE_S = 5.0
WARM_UP = 3
_TIMES = ("seconds", "processor_s")
LENGTHS_S = (2.0, 4.0, 8.0, 15.0)


@row("compute", "a 5 s take, file to score, one thread, against the original", "x", 2, 3, True)
def compute(bench: Bench) -> Measured:
    """Compute the ratio of each pair of runs, the original's and the kiosk's in turn."""
    return _against_original(bench, 1)


@row("compute-2", "the same with two threads", "x", more_is_better=True)
def compute_2(bench: Bench) -> Measured:
    """Measure as `compute`, with two threads."""
    return _against_original(bench, 2)


def _against_original(bench: Bench, threads: int) -> Measured:
    take, sentence = bench.once("take-5", lambda: take_file(bench.work / "takes", TAKE_S))
    costs: dict[str, list[dict[str, Any]]] = {"original": [], "ours": []}
    with (
        # A take of equal length is its own reference, so both sides do equal work.
        _flow(bench, "original", str(take), threads) as theirs,
        _flow(bench, "ours", sentence.text, threads) as ours,
    ):
        for number in range(WARM_UP + bench.rounds(40, 5)):
            for name, score in (("original", theirs), ("ours", ours)):
                cost = score(str(take))
                if number >= WARM_UP:
                    costs[name].append(cost)
    # On one thread, processor time is independent of other programs.
    what = "processor_s" if threads == 1 else "seconds"
    ratios = [a[what] / b[what] for a, b in zip(costs["original"], costs["ours"], strict=True)]
    medians = {
        name: {each: statistics.median(cost[each] for cost in found) for each in _TIMES}
        for name, found in costs.items()
    }
    stages = {name: _medians([cost["stages_ms"] for cost in costs[name]]) for name in costs}
    parts = ", ".join(f"{name} {spent:.1f}" for name, spent in stages["ours"].items())
    both = (
        f"{1000 * medians['original'][each]:.0f} ms theirs, "
        f"{1000 * medians['ours'][each]:.1f} ms ours"
        for each in _TIMES
    )
    note = "by the clock {}; by processor time {}".format(*both) + f" ({parts})"
    return Measured(ratios, note=note, details={"stages_ms": stages, "costs": costs})


@contextlib.contextmanager
def _flow(
    bench: Bench, name: str, argument: str, threads: int
) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Start a process that scores a file on request."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.bench.probe_compute", name, argument],
        env=bench.environment(threads),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def score(take: str) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{take}\n")
        process.stdin.flush()
        cost: dict[str, Any] = json.loads(process.stdout.readline())
        return cost

    try:
        yield score
    finally:
        process.communicate(timeout=60)


@row("linear", "cost a second, takes of 15 s against 4 s (1: linear)", "x", must=1.15, goal=1.0)
def linear(bench: Bench) -> Measured:
    """Compare takes whose sentences grow with them, so that both sides of the alignment do."""
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
        f"{seconds:g} s {total:.1f} ms (network {stages['siamese']:.1f})"
        for seconds, total, stages in zip(LENGTHS_S, totals, by_stage, strict=True)
    )
    return Measured(ratios, note=note, details={"lengths_s": LENGTHS_S, "stages_ms": by_stage})


def _medians(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
