"""Describe the machine by its specifications, without a name."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path


def facts() -> dict[str, str | int | float]:
    """Return processor, cores, governor, memory, system and load; no host's or user's name."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "governor": _first_line(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")),
        "memory_mb": _memory_mb(),
        "architecture": platform.machine(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for path, pattern in (
        ("/proc/cpuinfo", r"^(?:model name|Model)\s*:\s*(.+)$"),
        ("/proc/device-tree/model", r"^([^\0]+)"),
    ):
        try:
            found = re.search(pattern, Path(path).read_text(errors="replace"), re.MULTILINE)
        except OSError:
            continue
        if found:
            return found[1].strip()
    return platform.machine()


def _memory_mb() -> int:
    found = re.search(r"MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text())
    return int(found[1]) // 1024 if found else 0


def _first_line(path: Path) -> str:
    try:
        return path.read_text().splitlines()[0].strip()
    except (OSError, IndexError):
        return "not told"
