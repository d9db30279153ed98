"""Setting the clock: what timedated is asked, and what its answers mean."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.clock import Clock

MOMENT = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)


def answering(folder: Path, script: str = "") -> Clock:
    """With a stand-in for busctl that notes what it was called with."""
    path = folder / "busctl"
    path.write_text(f'#!/bin/sh\necho "$*" >>{folder}/calls\n{script}\n')
    path.chmod(0o755)
    return Clock([str(path)])


def calls(folder: Path) -> list[str]:
    lines = (folder / "calls").read_text().splitlines()
    return [line.split("org.freedesktop.timedate1 ")[-1] for line in lines]


def test_synchronising_pauses_while_the_clock_is_set(tmp_path: Path) -> None:
    answering(tmp_path).set(MOMENT)
    assert calls(tmp_path) == [
        "SetNTP bb false false",
        f"SetTime xbb {round(MOMENT.timestamp() * 1e6)} false false",
        "SetNTP bb true false",
    ]


def test_synchronising_goes_on_where_the_clock_was_refused(tmp_path: Path) -> None:
    script = 'case "$*" in *SetTime*) echo "Failed to set local time" >&2; exit 1;; esac'
    with pytest.raises(DeviceError) as caught:
        answering(tmp_path, script).set(MOMENT)
    assert caught.value.fields["reason_key"] == "refused"
    assert calls(tmp_path)[-1] == "SetNTP bb true false"


def test_a_device_without_time_servers_can_be_set(tmp_path: Path) -> None:
    script = 'case "$*" in *SetNTP*) echo "NTP not supported" >&2; exit 1;; esac'
    answering(tmp_path, script).set(MOMENT)
    assert len(calls(tmp_path)) == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Call failed: Access denied", "not_allowed"),
        ("Call failed: Interactive authentication required.", "not_allowed"),
        ("Failed to connect to bus: No such file or directory", "no_service"),
        ("Call failed: Connection timed out", "slow"),
    ],
)
def test_a_refusal_has_a_reason(tmp_path: Path, said: str, reason: str) -> None:
    with pytest.raises(DeviceError) as caught:
        answering(tmp_path, f"echo '{said}' >&2; exit 1").set(MOMENT)
    assert caught.value.fields["reason_key"] == reason


def test_a_device_without_systemd(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        Clock([str(tmp_path / "none")]).set(MOMENT)
    assert caught.value.fields["reason_key"] == "no_service"
