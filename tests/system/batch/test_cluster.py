"""Takes scored on a real Dask cluster: the same results, and no row lost with a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pronounce_kiosk.batch.parallel import map_in_order
from pronounce_kiosk.core.errors import UsageError

TEXTS = ("안녕하세요", "감사합니다", "오늘은 삼겹살을 먹었어요", "국물이 맛있어요")


class TwoWorkers:
    """A scheduler and two workers, as somebody starts them on a command line."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        place = ("--host", "127.0.0.1", "--no-dashboard")
        self._programs = [
            self._start("scheduler", *place, "--port", "0", "--scheduler-file", str(self._file))
        ]
        while not self._file.is_file():
            time.sleep(0.05)
        options = ("--scheduler-file", str(self._file), "--nthreads", "1", "--no-nanny")
        self.workers = [
            self._start(
                "worker", *options, *place, "--local-directory", str(folder / f"worker-{number}")
            )
            for number in range(2)
        ]
        self._programs += self.workers

    @property
    def address(self) -> str:
        import json

        return str(json.loads(self._file.read_text())["address"])

    def stop(self) -> None:
        for program in self._programs:
            program.kill()
        for program in self._programs:
            program.wait(30)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture
def cluster(tmp_path: Path, kiosk_home: Path) -> Iterator[TwoWorkers]:
    started = TwoWorkers(tmp_path)
    yield started
    started.stop()


def pid_and_item(item: int) -> tuple[int, int]:
    time.sleep(0.02)
    return os.getpid(), item


def test_a_worker_killed_in_the_middle_loses_no_item(cluster: TwoWorkers) -> None:
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    items = list(range(400))
    results = map_in_order(pid_and_item, items, jobs=cluster.address, initializer=int)
    first = [next(results) for _ in range(20)]
    cluster.workers[0].send_signal(signal.SIGKILL)
    found = first + list(results)
    assert [item for _, item in found] == items
    assert len({pid for pid, _ in found}) == 2


def test_score_batch_gives_what_one_process_gives(
    cluster: TwoWorkers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pronounce_kiosk.cli.main import main

    manifest = tmp_path / "manifest.tsv"
    rows = ["id\taudio\ttext\tlang"]
    for number in range(20):
        text = TEXTS[number % len(TEXTS)]
        audio = tmp_path / f"{number}.wav"
        pitch = str(30 + number)
        command = ["espeak-ng", "-v", "ko", "-p", pitch, "-w", str(audio), text]
        subprocess.run(command, check=True, timeout=60)
        rows.append(f"{number}\t{audio.name}\t{text}\tko")
    rows.append("gone\tgone.wav\t안녕하세요\tko")
    manifest.write_text("\n".join(rows), encoding="utf-8")

    def scored(name: str, *options: str) -> str:
        out = tmp_path / name
        command = ["score-batch", str(manifest), "--out", str(out), "--engine", "espeak", *options]
        assert main(command) == 1  # one row could not be read
        return out.read_text(encoding="utf-8")

    here = scored("here.tsv", "--jobs", "1")
    there = scored("there.tsv", "--scheduler", cluster.address)
    assert there == here
    assert len(here.splitlines()) == 22
    capsys.readouterr()


def test_no_scheduler_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="No Dask scheduler answers at tcp://127.0.0.1:9"):
        list(map_in_order(abs, [1], jobs="tcp://127.0.0.1:9", initializer=int))
