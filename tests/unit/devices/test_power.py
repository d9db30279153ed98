"""Switching off: how logind's answers are read. A real one is in tests/system/systemd."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.power import Power


def answering(folder: Path, script: str) -> Power:
    """With a stand-in for busctl that notes what it was called with."""
    path = folder / "busctl"
    path.write_text(f'#!/bin/sh\necho "$*" >>{folder}/calls\n{script}\n')
    path.chmod(0o755)
    return Power([str(path)])


@pytest.mark.parametrize(
    ("answer", "can"), [("yes", True), ("challenge", False), ("no", False), ("na", False)]
)
def test_only_a_plain_yes_offers_it(tmp_path: Path, answer: str, can: bool) -> None:
    assert answering(tmp_path, f"echo 's \"{answer}\"'").can_power_off() is can


def test_it_is_asked_for_without_a_password(tmp_path: Path) -> None:
    answering(tmp_path, "").power_off()
    said = (tmp_path / "calls").read_text()
    assert said.endswith("org.freedesktop.login1.Manager PowerOff b false\n")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Call failed: Access denied", "not_allowed"),
        ("Call failed: Interactive authentication required.", "not_allowed"),
        ("Failed to connect to bus: No such file or directory", "no_service"),
        ("Call failed: Connection timed out", "slow"),
        ("Call failed: Operation already in progress", "refused"),
    ],
)
def test_a_refusal_is_one_sentence_with_its_reason(tmp_path: Path, said: str, reason: str) -> None:
    power = answering(tmp_path, f"echo '{said}' >&2; exit 1")
    with pytest.raises(DeviceError) as caught:
        power.power_off()
    assert caught.value.fields["reason_key"] == reason
    assert not power.can_power_off()


def test_without_the_program_it_is_not_offered(tmp_path: Path) -> None:
    power = Power([str(tmp_path / "missing")])
    assert not power.can_power_off()
    with pytest.raises(DeviceError, match="pull the plug"):
        power.power_off()
