"""scripts/install-pi where it may change nothing, and the check that a version comes up.

The whole of it, in fresh Debian trees, is described in systemd/README.md: it takes a network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "scripts/install-pi"
UNITS = REPOSITORY / "systemd"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *words], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["--nonsense"], 2)])
def test_it_explains_itself(words: list[str], code: int) -> None:
    done = run(*words)
    assert done.returncode == code
    assert "sudo scripts/install-pi --uninstall" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--user", "../x"], "no user's name"),
        (["--session", "kde", "--dry-run"], "cage or desktop"),
    ],
)
def test_it_refuses_in_one_line(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("session", ["cage", "desktop"])
def test_a_dry_run_lists_everything_and_changes_nothing(session: str) -> None:
    if shutil.which("dpkg-query") is None:
        pytest.skip("not Debian")
    done = run("--dry-run", "--user", "nobodysuser", "--session", session)
    if "bookworm or trixie" in done.stderr:
        pytest.skip(done.stderr)
    assert (done.returncode, done.stderr) == (0, "")
    for unit in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        assert f"/etc/systemd/user/{unit.name}\n" in done.stdout
    for word in ("polkit-1/rules.d", "udev/rules.d", "wireplumber.conf.d", "/opt/pronounce-kiosk"):
        assert word in done.stdout
    chosen = "pronounce-kiosk-cage.service" if session == "cage" else "pronounce-kiosk.desktop"
    assert f"/home/nobodysuser/.config/{'systemd' if session == 'cage' else 'autostart'}" in (
        done.stdout
    )
    assert chosen in done.stdout
    assert not Path("/var/lib/pronounce-kiosk-install").exists()
    assert not Path("/home/nobodysuser").exists()


def test_scripts_are_whole() -> None:
    for path in (SCRIPT, UNITS / "kiosk-message", UNITS / "come-up"):
        shell = "bash" if path == SCRIPT else "sh"
        assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0
        assert os.access(path, os.X_OK)


@pytest.mark.timeout(300)
def test_a_version_comes_up_and_one_that_does_not_is_told(tmp_path: Path) -> None:
    if not (REPOSITORY / ".venv/bin/pronounce-kiosk").exists():
        pytest.skip("scripts/setup has not made .venv here")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
    command = [str(UNITS / "come-up"), str(REPOSITORY)]
    good = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert good.returncode == 0, good.stdout + good.stderr
    assert good.stdout.endswith("the window came up\n")
    (tmp_path / "pronounce_kiosk").mkdir()
    (tmp_path / "pronounce_kiosk/__init__.py").write_text("raise RuntimeError('damaged')")
    bad = subprocess.run(
        command,
        env={**environment, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert bad.returncode != 0
