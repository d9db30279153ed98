"""Measure the cost of imports, in a process of its own."""

from __future__ import annotations

import importlib
import time
from typing import Any

IN_ORDER = (
    "numpy",
    "PyQt5.QtWidgets",
    "sounddevice",
    "pronounce_kiosk.app",
    "torch",
    "webrtcvad",
    "soxr",
    "pronounce_kiosk.scoring.scorer",
)
"""In the order of the kiosk's start: the window first, then the scorer."""


def original() -> dict[str, Any]:
    """Import the modules that the original program imports at its start."""
    begin = time.process_time()
    importlib.import_module("tools.bench.original")
    return {"seconds": time.process_time() - begin, "mb": _resident_mb()}


def ours() -> dict[str, Any]:
    """Import the modules that a kiosk needs until it can score, one after another."""
    modules = {}
    begin = time.process_time()
    for name in IN_ORDER:
        start = time.process_time()
        importlib.import_module(name)
        modules[name] = time.process_time() - start
    return {"seconds": time.process_time() - begin, "mb": _resident_mb(), "modules_s": modules}


def _resident_mb() -> float:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024
