"""Workers of a run that was killed outright, or interrupted, do not stay behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_SCRIPT = """
import os, time
from pathlib import Path
from pronounce_kiosk.batch.parallel import map_in_order

def quick():
    pass

def work(item):
    Path(item[0], str(os.getpid())).touch()
    time.sleep(60)

if __name__ == "__main__":
    list(map_in_order(work, [({folder!r},)] * 32, jobs=2, initializer=quick))
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _until(condition: object, limit_s: float = 75.0) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_workers_die_with_the_process_that_asked(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    script = tmp_path / "run.py"
    script.write_text(_SCRIPT.replace("{folder!r}", repr(str(marks))))
    parent = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL)
    try:
        if not _until(lambda: len(list(marks.iterdir())) == 2):
            pytest.fail("the workers never began")
        workers = [int(mark.name) for mark in marks.iterdir()]
        os.kill(parent.pid, signal.SIGKILL)
        assert _until(lambda: not any(map(_alive, workers)))
    finally:
        parent.kill()
        parent.wait()


_SLOW_TO_BEGIN = """
import os, time
from pathlib import Path
from pronounce_kiosk.batch.parallel import map_in_order

def begin(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(600)

def work(item):
    pass

if __name__ == "__main__":
    try:
        list(map_in_order(work, range(64), jobs=2, initializer=begin, initargs=({folder!r},)))
    except KeyboardInterrupt:
        raise SystemExit(130)
"""


def test_an_interrupt_does_not_wait_for_workers_that_still_begin(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    script = tmp_path / "run.py"
    script.write_text(_SLOW_TO_BEGIN.replace("{folder!r}", repr(str(marks))))
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        if not _until(lambda: len(list(marks.iterdir())) == 2):
            pytest.fail("the workers never began")
        parent.send_signal(signal.SIGINT)
        _, errors = parent.communicate(timeout=120)
        assert (parent.returncode, errors) == (130, "")
        workers = [int(mark.name) for mark in marks.iterdir()]
        assert _until(lambda: not any(map(_alive, workers)))
    finally:
        parent.kill()
        parent.wait()
