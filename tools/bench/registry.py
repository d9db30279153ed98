"""The table's rows: measurement, must and goal."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tools.bench

CHILD_TIMEOUT_S = 900
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """Result of a row.

    Attributes:
        value: The figure to compare; None takes the samples' median.
        samples: Each single measurement.
        skipped: Why it could not be measured here, "" where it was.
        details: Further data for the JSON file; plain numbers, text, lists and dicts.
    """

    samples: Sequence[float] = ()
    value: float | None = None
    note: str = ""
    skipped: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figure(self) -> float | None:
        """The value, or the samples' median; None where nothing was measured."""
        if self.value is not None or not self.samples:
            return self.value
        return statistics.median(self.samples)


@dataclass(frozen=True)
class Row:
    """One line of the table. must, goal: None where the row is only informative."""

    name: str
    what: str
    unit: str
    must: float | None
    goal: float | None
    more_is_better: bool
    measure: Callable[[Bench], Measured]

    def meets(self, figure: float, bound: float | None) -> bool:
        """Tell whether a figure is at the bound or better; without a bound it always is."""
        if bound is None:
            return True
        return figure >= bound if self.more_is_better else figure <= bound


@dataclass
class Bench:
    """One run: its options, and the children's folder.

    Attributes:
        quick: Fewer rounds, for an impression only.
        work: An empty folder with the children's home, so that the user's is not touched.
        corpus: A folder of real takes with utterances.tsv and audio/, or None.
    """

    work: Path
    quick: bool = False
    corpus: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    def rounds(self, usual: int, quick: int) -> int:
        """Return the number of repetitions."""
        return quick if self.quick else usual

    def once(self, key: str, measure: Callable[[], Any]) -> Any:
        """Measure data shared by several rows, for the first one that asks."""
        if key not in self.memory:
            self.memory[key] = measure()
        return self.memory[key]

    def environment(self, threads: int = 1, home: str = "home") -> dict[str, str]:
        """Return a child's environment: a home under `work`, no screen, that many threads."""
        return os.environ | {
            "PRONOUNCE_KIOSK_HOME": str(self.work / home),
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_NUM_THREADS": str(threads),
            "PYTHONHASHSEED": "0",
        }

    def child(
        self, function: str, arguments: Mapping[str, Any], threads: int = 1, home: str = "home"
    ) -> Any:
        """Call `function` ("probe_module:name") with keyword arguments in a new process.

        Arguments and result are JSON.

        Raises:
            RuntimeError: It fails; with the child's last output.
        """
        run = subprocess.run(
            [sys.executable, "-m", "tools.bench.child", function, json.dumps(arguments)],
            cwd=REPOSITORY,
            env=self.environment(threads, home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CHILD_TIMEOUT_S,
        )
        if run.returncode:
            raise RuntimeError(f"{function} failed: {run.stderr.strip()[-2000:]}")
        return json.loads(run.stdout.splitlines()[-1])


_rows: list[Row] = []


def row(
    name: str,
    what: str,
    unit: str,
    must: float | None = None,
    goal: float | None = None,
    more_is_better: bool = False,
) -> Callable[[Callable[[Bench], Measured]], Callable[[Bench], Measured]]:
    """Register a function as a row. name: as in `--only`."""

    def enter(measure: Callable[[Bench], Measured]) -> Callable[[Bench], Measured]:
        _rows.append(Row(name, what, unit, must, goal, more_is_better, measure))
        return measure

    return enter


def all_rows() -> tuple[Row, ...]:
    """Return every row of every `rows_*` module, module by module, in the order of the source."""
    for found in pkgutil.iter_modules(tools.bench.__path__):
        if found.name.startswith("rows_"):
            importlib.import_module(f"tools.bench.{found.name}")
    return tuple(_rows)
