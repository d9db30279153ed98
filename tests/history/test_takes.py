"""Kept takes, and room for everything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pronounce_kiosk.core.audio import AudioClip
from pronounce_kiosk.core.audio_file import read_clip
from pronounce_kiosk.history.takes import keep_take

TAKE = AudioClip.from_array(np.linspace(-0.5, 0.5, 1600, dtype=np.float32), 16_000)


def test_a_take_is_written_under_a_name_of_its_own(tmp_path: Path) -> None:
    names = {keep_take(tmp_path / "takes", TAKE, 0) for _ in range(3)}
    assert len(names) == 3
    for name in names:
        assert read_clip(tmp_path / "takes" / name).duration_s == TAKE.duration_s


def test_a_nearly_full_disk_keeps_none(tmp_path: Path) -> None:
    assert keep_take(tmp_path, TAKE, room_to_leave=10**18) == ""
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_costs_the_take_only(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    expected_log("WARNING pronounce_kiosk.history.takes: a take could not be kept")
    (tmp_path / "file").write_text("")
    assert keep_take(tmp_path / "file" / "takes", TAKE) == ""
