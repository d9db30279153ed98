"""A thousand damaged files for every reader, the same each time; and all that ever broke one."""

from __future__ import annotations

import itertools
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.fuzz.brought import read_audio_by_all_means
from tools.fuzz.kept import history_seeds, read_history
from tools.fuzz.mutation import CHANGE_BYTES, HEAD_BYTES, Target, damaged
from tools.fuzz.targets import TARGETS

CHANGES_MAX = 6
FINDS = Path(__file__).with_name("finds")


@pytest.fixture(autouse=True)
def _fast_and_quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A damaged file is news for the log, but not a thousand times; no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def cases_of(target: Target) -> int:
    return target.cases if os.environ.get("PRONOUNCE_KIOSK_WEEKLY_TESTS") else target.cases // 5


def read_damaged(target: Target, folder: Path) -> int:
    """The same cases every time (weekly: others, and all of them); gives how many differed."""
    most = HEAD_BYTES + CHANGES_MAX * CHANGE_BYTES
    numbers = itertools.count()
    seen: set[bytes] = set()

    @settings(max_examples=cases_of(target), suppress_health_check=list(HealthCheck))
    @given(st.binary(min_size=HEAD_BYTES + CHANGE_BYTES, max_size=most))
    def read(choices: bytes) -> None:
        # What one case leaves behind may meet some others, but not all.
        place = folder / str(next(numbers) // 100)
        place.mkdir(exist_ok=True)
        data = damaged(target, choices)
        seen.add(data)
        target.read(data, place)

    read()
    return len(seen)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_damaged_files_are_read_or_refused(target: Target, tmp_path: Path) -> None:
    assert read_damaged(target, tmp_path) > cases_of(target) / 2


def test_damaged_audio_that_ffmpeg_gets_too(tmp_path: Path) -> None:
    assert TARGETS[0].name == "audio"
    read_damaged(replace(TARGETS[0], read=read_audio_by_all_means, cases=50), tmp_path)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whole_files_are_read(target: Target, tmp_path: Path) -> None:
    for number, seed in enumerate(target.seeds()):
        folder = tmp_path / str(number)
        folder.mkdir()
        target.read(seed, folder)


@pytest.mark.parametrize(
    "find", sorted(FINDS.glob("*/*")), ids=lambda find: f"{find.parent.name}/{find.name}"
)
def test_what_broke_it_once(find: Path, tmp_path: Path) -> None:
    read: dict[str, Callable[[bytes, Path], None]] = {t.name: t.read for t in TARGETS}
    read[find.parent.name](find.read_bytes(), tmp_path)


def test_attempts_with_nonsense_in_any_column_are_answered_or_refused(tmp_path: Path) -> None:
    """What flipped bytes seldom hit: SQLite itself finds nothing wrong."""
    (whole,) = history_seeds()
    file, folder = tmp_path / "changed", tmp_path / "history"
    folder.mkdir()
    file.write_bytes(whole)
    with closing(sqlite3.connect(file)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM pragma_table_list")]
        columns = [
            (table, row[1])
            for table in tables
            if not table.startswith("sqlite_")
            for row in connection.execute(f"PRAGMA table_info({table})")
        ]
    tried = 0
    for (table, column), value in itertools.product(columns, ("", 2**62)):
        file.write_bytes(whole)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            try:
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
            except (sqlite3.IntegrityError, sqlite3.OperationalError):
                continue  # of another type, or the only one of its kind
            connection.commit()
        tried += 1
        read_history(file.read_bytes(), folder)
    assert tried > len(columns)
