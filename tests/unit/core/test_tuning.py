"""Memory is kept between takes, and numpy asks for one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

TAKES = """
import json, resource
from pronounce_kiosk.core.tuning import keep_heap, one_thread_for_numpy
one_thread_for_numpy()
kept = KEEP and keep_heap()
import numpy as np
def take():
    return [np.ones(300_000) for _ in range(8)]
for _ in range(5):
    take()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    take()
faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
with open("/proc/self/status") as file:
    threads = next(int(line.split()[1]) for line in file if line.startswith("Threads"))
np.ones((400, 400)) @ np.ones((400, 400))
print(json.dumps({"kept": kept, "faults": faults, "threads": threads}))
"""


LOADING = """
import json
from pronounce_kiosk.core.tuning import keep_heap, trim_heap
keep_heap()
import numpy as np
def resident_mb():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024
held = [np.ones(300_000) for _ in range(20)]
stays = held.pop()
del held
kept = resident_mb()
trim_heap()
print(json.dumps({"kept": kept, "trimmed": resident_mb()}))
"""


def takes(keep: bool) -> dict[str, int]:
    return run(TAKES.replace("KEEP", str(keep)))


def run(program: str) -> dict[str, int]:
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_the_heap_keeps_what_a_take_needed_for_the_next_one() -> None:
    kept, usual = takes(True), takes(False)
    assert kept["kept"]
    assert kept["faults"] * 10 < usual["faults"]
    # Numpy's OpenBLAS begins its threads when it is loaded.
    assert kept["threads"] == 1


def test_what_loading_left_is_given_back() -> None:
    found = run(LOADING)
    assert found["trimmed"] < found["kept"] - 20
