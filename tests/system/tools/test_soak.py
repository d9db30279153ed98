"""The soak's short form: every fault once, over a real sound server; and its accounts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.soak.runner import growth


@pytest.mark.timeout(500)
def test_every_fault_once(tmp_path: Path) -> None:
    """In a process of its own: its threads, files and memory are counted."""
    report_file = tmp_path / "report.json"
    command = [sys.executable, "-m", "tools.soak", "--takes", "18"]
    command += ["--fault-every", "2", "--output", str(report_file)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=480
    )
    assert report_file.is_file(), done.stderr
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert report["problems"] == []
    assert done.returncode == 0
    assert report["takes"] == 18
    assert set(report["faults"]) == {
        "microphone_away",
        "disk_full",
        "clock_jump",
        "bundle_swap",
        "language_switch",
        "server_restart",
        "scoring_cancelled",
        "learner_gone",
    }
    # Pulled out, cancelled and restarted takes may have no end; the others have.
    assert report["ends"]["result"] >= 12


def footprints(rss_mb: float = 0.0, threads: float = 0.0, files: float = 0.0) -> list[dict]:
    """A run of 1,000 takes in which each grew by this much, bit by bit."""
    return [
        {
            "takes": 50.0 * step,
            "rss_mb": 300 + rss_mb * step / 20,
            "threads": 6 + int(threads * step / 20),
            "files": 15 + int(files * step / 20),
        }
        for step in range(21)
    ]


def test_what_grows_is_found() -> None:
    assert growth(footprints()) == []
    assert growth(footprints(rss_mb=5)) == []
    assert "memory grew by" in growth(footprints(rss_mb=30))[0]
    assert "more threads" in growth(footprints(threads=3))[0]
    assert "more files" in growth(footprints(files=3))[0]
