"""A real systemd in namespaces of its own, over a throw-away copy of this machine."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
UNITS = REPOSITORY / "systemd"
PATIENCE_S = 90.0
USER, UID = "kioskuser", 47111

_PREPARE = f"""
set -eu
useradd --uid {UID} --create-home --shell /bin/bash {USER}
chmod a+x /root
ln -sfn {REPOSITORY} /opt/pronounce-kiosk
mkdir -p /etc/systemd/user/default.target.wants
cp {UNITS}/*.service {UNITS}/*.timer /etc/systemd/user/
ln -s ../pronounce-mic.service /etc/systemd/user/default.target.wants/
: >/etc/machine-id
mkdir -p /etc/systemd/user.conf.d
cat >/etc/systemd/user.conf.d/test.conf <<CONF
[Manager]
DefaultEnvironment=PYTHONPATH={REPOSITORY}
CONF
cat >/etc/systemd/system/kiosk-test.target <<UNIT
[Unit]
Requires=dbus.service
Wants=systemd-logind.service user@{UID}.service systemd-journald.service
After=basic.target
AllowIsolate=yes
UNIT
# As systemd-tmpfiles leaves it: not the user's.
mkdir -m 1777 /tmp/.X11-unix
# What the machine itself runs is no business of this systemd.
rm -rf /etc/systemd/system/*.wants
"""


class Machine:
    """The booted systemd."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="systemd-", dir="/tmp"))
        self._log = (self._folder.parent / f"{self._folder.name}.log").open("wb")
        spaces = ["--mount", "--pid", "--cgroup", "--uts", "--ipc", "--net"]
        self._process = subprocess.Popen(
            ["unshare", *spaces, "--fork", "--kill-child", "bash",
             str(Path(__file__).with_name("boot.sh")), str(self._folder), _PREPARE],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.pid = 0

    def boot(self) -> None:
        """Waits until the user's own manager is up."""
        self.wait(self._find_pid, "PID 1")
        self.wait(lambda: self.user("true").returncode == 0, "the user's bus")
        self.wait(
            lambda: self.user("systemctl --user is-active default.target").stdout == "active\n",
            "the user's default.target",
        )

    def close(self) -> None:
        self._process.kill()  # and with it all in its PID namespace
        self._process.wait()
        self._log.close()
        Path(self._log.name).unlink()
        shutil.rmtree(self._folder, ignore_errors=True)

    def root(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a shell command as root inside."""
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "-m", "-p", "-C", "-u", "-i", "-n", "env", "-i",
             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "bash", "-c", command],
            capture_output=True, text=True, errors="replace", timeout=120, check=False,
        )  # fmt: skip

    def user(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a shell command as the kiosk's user inside."""
        runtime = f"/run/user/{UID}"
        script = f"cd ~; export XDG_RUNTIME_DIR={runtime}; export DBUS_SESSION_BUS_ADDRESS="
        script += f"unix:path={runtime}/bus; {command}"
        quoted = "'" + script.replace("'", "'\\''") + "'"
        return self.root(
            f"setpriv --reuid={UID} --regid={UID} --init-groups env HOME=/home/{USER} "
            f"USER={USER} bash -c {quoted}"
        )

    def show(self, unit: str) -> dict[str, str]:
        """What systemctl shows of a user unit."""
        lines = self.user(f"systemctl --user show {unit}").stdout.splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def drop_in(self, unit: str, lines: str) -> None:
        """Changes a unit for a test; take the change back with `undo`."""
        folder = f"/etc/systemd/user/{unit}.d"
        self.root(f"mkdir -p {folder}; cat >{folder}/test.conf <<'UNIT'\n{lines}\nUNIT")
        self.user("systemctl --user daemon-reload")

    def undo(self, unit: str) -> None:
        self.user(f"systemctl --user stop {unit}")
        self.root(f"rm -r /etc/systemd/user/{unit}.d")
        self.user(f"systemctl --user daemon-reload; systemctl --user reset-failed {unit}")

    def journal(self, unit: str) -> list[tuple[str, str]]:
        """The unit's messages, each after its level."""
        shown = self.root(
            f"journalctl -o json --no-pager _SYSTEMD_USER_UNIT={unit} + USER_UNIT={unit}"
        ).stdout
        entries = [json.loads(line) for line in shown.splitlines()]
        return [(entry.get("PRIORITY", ""), str(entry.get("MESSAGE"))) for entry in entries]

    def wait(self, reached: Callable[[], object], what: str | Callable[[], str]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not reached():
            if time.monotonic() > deadline or self._process.poll() is not None:
                said = what if isinstance(what, str) else what()
                log = Path(self._log.name).read_text(errors="replace")[-3000:]
                raise AssertionError(f"never came: {said}\n{log}")
            time.sleep(0.1)

    def wait_off(self) -> None:
        """Waits until it has switched itself off."""
        self._process.wait(PATIENCE_S)

    def _find_pid(self) -> int:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in children.read_text().split():
            if Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                self.pid = int(child)
        return self.pid


def why_not() -> str:
    """What a systemd of its own lacks here, "" for nothing."""
    if REPOSITORY.is_relative_to("/tmp"):
        return "a clone under /tmp is hidden from services that have a /tmp of their own"
    if os.geteuid() != 0:
        return "root is needed"
    if any(entry.pw_uid == UID for entry in pwd.getpwall()):
        return f"user {UID} exists"
    missing = [name for name in ("unshare", "nsenter", "dbus-daemon") if not shutil.which(name)]
    missing += [p for p in ("/usr/lib/systemd/systemd",) if not Path(p).exists()]
    if missing:
        return f"not installed: {', '.join(missing)}"
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        script = (
            f"mount --make-rprivate / && mount -t tmpfs t {folder} && cd {folder} && "
            "mkdir u w r && mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w r && "
            "mount -t cgroup2 c u"
        )
        command = ["unshare", "--mount", "--pid", "--cgroup", "--fork", "sh", "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return done.stderr.strip()


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Booted once for a module."""
    lack = why_not()
    if lack:
        pytest.skip(f"no systemd of our own here: {lack}")
    made = Machine()
    try:
        made.boot()
        yield made
    finally:
        made.close()
