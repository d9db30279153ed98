"""Volume by whatever program is there; brightness by the kernel's files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pronounce_kiosk.devices.panel import has_brightness, set_brightness, set_volume


@pytest.fixture
def screen(tmp_path: Path) -> Path:
    folder = tmp_path / "backlight" / "rpi_backlight"
    folder.mkdir(parents=True)
    (folder / "max_brightness").write_text("255\n")
    (folder / "brightness").write_text("255\n")
    return tmp_path / "backlight"


@pytest.mark.parametrize(("percent", "value"), [(100, "255"), (50, "128"), (0, "26"), (300, "255")])
def test_brightness(screen: Path, percent: int, value: str) -> None:
    assert has_brightness(screen)
    assert set_brightness(percent, screen)
    assert (screen / "rpi_backlight" / "brightness").read_text() == value


def test_no_screen_that_can_be_changed(tmp_path: Path, screen: Path) -> None:
    assert not has_brightness(tmp_path / "absent")
    assert not set_brightness(50, tmp_path / "absent")
    (screen / "rpi_backlight" / "max_brightness").write_text("dark")
    assert not set_brightness(50, screen)


@pytest.mark.parametrize("program", ["pactl", "wpctl", "amixer"])
def test_volume_by_the_program_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    said = tmp_path / "said"
    (tmp_path / program).write_text(f'#!/bin/sh\necho "$@" > {said}\n')
    (tmp_path / program).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert set_volume(140)
    assert said.read_text().split()[-1] == "100%"


def test_no_sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not set_volume(50)
