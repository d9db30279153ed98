"""The unit files: nothing systemd would ignore, and hardened as far as user units can be."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[3] / "systemd"
NAMES = sorted(path.name for pattern in ("*.service", "*.timer") for path in UNITS.glob(pattern))
SERVICES = [name for name in NAMES if name.endswith(".service")]
EXPOSURE_UNDER = 5.0
INSTALLED = "/opt/pronounce-kiosk"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All units, with commands that are there: what is not is an error to `verify`."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    program = tmp_path / "app/.venv/bin/pronounce-kiosk"
    cage = tmp_path / "cage"
    message = tmp_path / "app/systemd/kiosk-message"
    for command in (program, cage, message):
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text("#!/bin/sh\n")
        command.chmod(0o755)
    units = tmp_path / "units"
    units.mkdir()
    for name in NAMES:
        text = (UNITS / name).read_text().replace(INSTALLED, str(tmp_path / "app"))
        (units / name).write_text(text.replace("/usr/bin/cage", str(cage)))
    return units


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--user", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SYSTEMD_PAGER": "", "LC_ALL": "C.UTF-8"},
    )


@pytest.mark.parametrize("name", NAMES)
def test_verify_has_nothing_to_say(folder: Path, name: str) -> None:
    done = analyze("verify", "--man=no", str(folder / name))
    # It exits 0 on an unknown key: what it prints counts.
    assert (done.stderr, done.stdout, done.returncode) == ("", "", 0)


def test_verify_would_say_it(folder: Path) -> None:
    unit = folder / "pronounce-mic.service"
    unit.write_text(unit.read_text() + "\n[Service]\nRestartMaximum=3\n")
    assert "RestartMaximum" in analyze("verify", "--man=no", str(unit)).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_exposure_is_bounded(folder: Path, name: str) -> None:
    done = analyze("security", "--offline=true", str(folder / name))
    found = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)
    if found is None and "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze knows no --offline")
    assert found is not None, done.stderr
    assert float(found[1]) < EXPOSURE_UNDER


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded(name: str) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string((UNITS / name).read_text())
    service = parser["Service"]
    assert "MemoryMax" in service
    assert "TasksMax" in service
    # A user's manager may drop capabilities in a user namespace only: else nothing would start.
    assert (service["PrivateUsers"], service["CapabilityBoundingSet"]) == ("yes", "")
    if service["Type"] == "notify":
        assert "WatchdogSec" in service
        assert service["Restart"] in ("always", "on-failure")
