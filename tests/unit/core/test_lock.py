"""The lock of the only kiosk: held by one, and never by a dead one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pronounce_kiosk.core.lock import ProcessLock, locked

HOLD = """
import subprocess, sys
from pathlib import Path
from pronounce_kiosk.core.lock import ProcessLock
lock = ProcessLock(Path(sys.argv[1]))
assert lock.acquire()
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_one_holds_it_and_then_another(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kiosk.lock"
    first, second = ProcessLock(path), ProcessLock(path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    first.release()
    with second:
        assert second.acquire()
        assert not first.acquire()
    assert first.acquire()
    first.release()


def test_a_killed_process_holds_nothing_and_its_children_neither(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    lock = ProcessLock(path)
    try:
        assert not lock.acquire()
        holder.kill()
        holder.wait(30)
        assert Path(f"/proc/{child}").exists()
        assert lock.acquire()
    finally:
        lock.release()
        subprocess.run(["kill", str(child)], check=False)
        holder.communicate()


def test_a_lock_is_waited_for_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    other = ProcessLock(path)
    with locked(path):
        assert not other.acquire()
    assert other.acquire()
    other.release()
