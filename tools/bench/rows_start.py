"""Start of the command to window and readiness; memory and processor use afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pronounce_kiosk.demo.sound import VirtualSound
from tools.bench.registry import Bench, Measured, row
from tools.bench.takes import take_file

SETTLE_S = 8.0
"""Time for work after readiness: writing caches, the first idle jobs."""
TAKE_LENGTHS_S = (2.0, 3.0, 5.0, 8.0)
_TICKS = os.sysconf("SC_CLK_TCK")


class _Kiosk:
    """A running `probe_start`."""

    def __init__(self, process: subprocess.Popen[str], begun_s: float) -> None:
        self.pid = process.pid
        self._process = process
        self._begun_s = begun_s

    def wait(self, event: str) -> tuple[float, float]:
        """Wait for an event; return the seconds since the command and the processor seconds."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("event") == event:
                return told["clock_s"] - self._begun_s, told["processor_s"]
        raise RuntimeError(f"the kiosk ended before it was {event}")

    def memory_mb(self) -> float:
        """Measure resident memory, with its child processes."""
        return sum(_status_kb(pid, "VmRSS") for pid in self._pids()) / 1024

    def processor_s(self) -> float:
        """Measure processor time until now, with ended children."""
        total = 0
        for pid in self._pids():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += sum(int(field) for field in fields[11:15])
        return total / _TICKS

    def _pids(self) -> list[int]:
        pids = [self.pid]
        for pid in pids:
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    pids += map(int, (task / "children").read_text().split())
        return pids


@contextlib.contextmanager
def _kiosk(bench: Bench) -> Iterator[_Kiosk]:
    """Run the kiosk's own command in an offscreen window, with a sound server and a microphone."""
    with VirtualSound() as sound, sound.applied():
        begun_s = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench.probe_start"],
            # The kiosk's own thread settings, not those of a bench child.
            env={k: v for k, v in bench.environment().items() if k != "OMP_NUM_THREADS"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield _Kiosk(process, begun_s)
        finally:
            process.communicate(timeout=60)


def _starts(bench: Bench) -> list[dict[str, tuple[float, float]]]:
    def start() -> dict[str, tuple[float, float]]:
        with _kiosk(bench) as kiosk:
            return {event: kiosk.wait(event) for event in ("painted", "ready")}

    start()  # the first start reads everything from the disk
    return [start() for _ in range(bench.rounds(9, 2))]


def _start_row(bench: Bench, event: str) -> Measured:
    starts = bench.once("starts", lambda: _starts(bench))
    seconds = [each[event][0] for each in starts]
    processor = [each[event][1] for each in starts]
    note = (
        f"at best {min(seconds):.2f} s; processor time {statistics.median(processor):.2f} s, at "
        f"best {min(processor):.2f} s"
    )
    return Measured(seconds, note=note, details={"processor_s": processor})


@row("painted", "the command `kiosk` to its first painted window", "s", 1.2, 0.5)
def painted(bench: Bench) -> Measured:
    """Measure with a warm disk and otherwise a cold start."""
    return _start_row(bench, "painted")


@row("ready", "the command `kiosk` to ready to record and score", "s", 5, 2.5)
def ready(bench: Bench) -> Measured:
    """Measure as `painted`."""
    return _start_row(bench, "ready")


def _rest(bench: Bench) -> dict[str, float]:
    """Measure memory and processor use of an idle kiosk."""
    seconds = bench.rounds(60, 10)
    with _kiosk(bench) as kiosk:
        kiosk.wait("ready")
        time.sleep(SETTLE_S)
        held_mb = kiosk.memory_mb()
        before_s, begun_s = kiosk.processor_s(), time.monotonic()
        time.sleep(seconds)
        busy_s = kiosk.processor_s() - before_s
        return {"held_mb": held_mb, "idle_share": 100 * busy_s / (time.monotonic() - begun_s)}


@row("memory", "resident memory when ready", "MB", 400, 330)
def memory(bench: Bench) -> Measured:
    """Measure the kiosk with all its processes."""
    return Measured([bench.once("rest", lambda: _rest(bench))["held_mb"]])


@row("idle", "processor use when idle, of one core", "%", 3, 0.5)
def idle(bench: Bench) -> Measured:
    """Measure with the microphone monitored."""
    return Measured([bench.once("rest", lambda: _rest(bench))["idle_share"]])


@row("memory-takes", "growth of resident memory over 1,000 takes", "MB", 10, 0)
def memory_takes(bench: Bench) -> Measured:
    """Score takes of many lengths; the first hundred fill the bounded caches."""
    takes = [take_file(bench.work / "takes", seconds) for seconds in TAKE_LENGTHS_S]
    found: dict[str, Any] = bench.child(
        "probe_compute:held",
        {
            "takes": [(str(path), sentence.text) for path, sentence in takes],
            "count": bench.rounds(1000, 100),
        },
    )
    held = found["held_mb"]
    note = f"{held[0]:.1f} MB after the first 100, {held[-1]:.1f} MB after the last"
    # Shrinking counts as no growth.
    return Measured((), value=max(0.0, held[-1] - held[0]), note=note, details=found)


@row(
    "imports",
    "the original's imports, against this one's until it can score",
    "x",
    None,
    None,
    True,
)
def imports(bench: Bench) -> Measured:
    """Measure in processes of their own, in turn."""
    pairs = [
        [bench.child(f"probe_imports:{name}", {}) for name in ("original", "ours")]
        for _ in range(bench.rounds(5, 1))
    ]
    theirs, ours = (statistics.median(pair[side]["seconds"] for pair in pairs) for side in (0, 1))
    note = f"{theirs:.1f} s and {pairs[0][0]['mb']:.0f} MB against {ours:.1f} s and "
    note += f"{pairs[0][1]['mb']:.0f} MB"
    ratios = [pair[0]["seconds"] / pair[1]["seconds"] for pair in pairs]
    return Measured(ratios, note=note, details={"each_s": pairs[0][1]["modules_s"]})


def _status_kb(pid: int, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return 0
