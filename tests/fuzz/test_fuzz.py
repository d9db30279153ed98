"""A thousand damaged files for every reader, the same each time; and all that ever broke one."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.bench.fuzz_targets import (
    KINDS,
    TARGETS,
    Target,
    mutated,
    read_audio_by_all_means,
)

CASES = 1000
FINDS = Path(__file__).with_name("finds")


@pytest.fixture(autouse=True)
def _fast_and_quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A damaged file is news for the log, but not a thousand times; no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def read_damaged(target: Target, folder: Path, cases: int) -> None:
    """The same cases every time."""
    seeds = target.seeds()
    piece = st.sampled_from(target.tokens) | st.binary(max_size=8)
    change = st.tuples(st.floats(0, 1), st.sampled_from(KINDS), piece)
    numbers = itertools.count()

    @settings(max_examples=cases, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(range(len(seeds))), st.lists(change, min_size=1, max_size=6))
    def read(seed: int, changes: list[tuple[float, str, bytes]]) -> None:
        # What one case leaves behind may meet some others, but not all.
        place = folder / str(next(numbers) // 100)
        place.mkdir(exist_ok=True)
        target.read(mutated(seeds[seed], changes), place)

    read()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_damaged_files_are_read_or_refused(target: Target, tmp_path: Path) -> None:
    read_damaged(target, tmp_path, CASES)


def test_damaged_audio_that_ffmpeg_gets_too(tmp_path: Path) -> None:
    read_damaged(replace(TARGETS[0], read=read_audio_by_all_means), tmp_path, 10)


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
