"""The kiosk itself, alone on a (headless) Wayland screen, while its sound server goes and comes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from usb_rig import UsbRig

pytestmark = pytest.mark.timeout(300)

NOTICE_COLOUR = np.array([253, 235, 196], np.int16)
REPOSITORY = Path(__file__).resolve().parents[4]
# cage refuses to run as root: there it is root's files with another number.
_NOT_ROOT = ["unshare", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []


class Screen:
    """cage with the kiosk in it, and what it shows."""

    def __init__(self, rig: UsbRig, folder: Path) -> None:
        self._rig = rig
        self._folder = folder
        self._shots = 0
        kiosk = f"{sys.executable} -m pronounce_kiosk.cli kiosk --language en"
        version = subprocess.run(["cage", "-v"], capture_output=True, text=True, check=False)
        old = "0.1." in version.stdout
        size = ":" if old else "wlr-randr --output HEADLESS-1 --custom-mode 800x480"
        script = f"unset LD_PRELOAD; {size}; exec {kiosk}"
        self._notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._notices.bind(str(rig.folder / "notices"))
        self._environment = {
            "NOTIFY_SOCKET": str(rig.folder / "notices"),
            **rig.environment(),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_HEADLESS_OUTPUTS": "1",
            "QT_QPA_PLATFORM": "wayland",
            "QT_WAYLAND_DISABLE_WINDOWDECORATION": "1",
            "PYTHONPATH": str(REPOSITORY),
            "OMP_NUM_THREADS": "1",
            **({"LD_PRELOAD": str(_old_cages_library(rig.folder))} if old else {}),
        }
        with (folder / "kiosk.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*_NOT_ROOT, "setpriv", "--pdeathsig", "KILL", "cage", "--", "sh", "-c", script],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def is_ready(self) -> bool:
        """Whether the window has said that it is painted, as to a service manager."""
        try:
            return b"READY=1" in self._notices.recv(4096)
        except BlockingIOError:
            return False

    def shot(self) -> NDArray[np.int16]:
        """What is on the screen, (height, width, 3); nothing of it where there is no screen."""
        displays = [p.name for p in (self._rig.folder / "run").glob("wayland-?")]
        if not displays:
            return np.zeros((0, 0, 3), np.int16)
        time.sleep(0.5)
        path = self._folder / f"shot-{self._shots}.ppm"
        done = subprocess.run(
            ["grim", "-t", "ppm", str(path)],
            env={**self._environment, "WAYLAND_DISPLAY": displays[0]},
            capture_output=True,
            timeout=30,
            check=False,
        )
        if done.returncode:
            return np.zeros((0, 0, 3), np.int16)
        self._shots += 1
        size, data = path.read_bytes().split(b"\n", 3)[1:4:2]
        width, height = map(int, size.split())
        return np.frombuffer(data, np.uint8).reshape(height, width, 3).astype(np.int16)

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._notices.close()


def _old_cages_library(folder: Path) -> Path:
    """What Debian 12's cage needs to behave on a headless screen as it does on a Pi's."""
    library = folder / "old_cage.so"
    source = Path(__file__).with_name("old_cage.c")
    command = ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"]
    subprocess.run(command, check=True)
    return library


def has_notice(picture: NDArray[np.int16]) -> bool:
    """Whether there is a line of the screen a quarter of which has the notices' colour."""
    if not picture.size:
        return False
    alike = np.abs(picture - NOTICE_COLOUR).max(axis=2) < 8
    return bool(alike.mean(axis=1).max() > 0.25)


def test_the_kiosk_outlives_its_sound_server_and_says_so_meanwhile(
    rig: UsbRig, tmp_path: Path
) -> None:
    for program in ("cage", "grim", "wlr-randr"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (scripts/setup dev)")
    if rig.server == "pipewire" and "KIOSK_ALL_SERVERS" not in os.environ:
        pytest.skip("one server is enough for the screen; KIOSK_ALL_SERVERS=1 takes both")
    rig.start_server()
    rig.start_pin()
    rig.wait_until_right()
    screen = Screen(rig, tmp_path)
    try:

        def log() -> str:
            return (tmp_path / "kiosk.log").read_text(errors="replace")

        rig.wait(screen.is_ready, log)
        assert not has_notice(screen.shot())
        rig.stop_server()
        rig.wait(lambda: has_notice(screen.shot()), log)
        assert screen.process.poll() is None
        rig.start_server()
        rig.wait_until_right()
        healthy = np.zeros((0, 0, 3), np.int16)

        def cured() -> bool:
            nonlocal healthy
            healthy = screen.shot()
            return healthy.size > 0 and not has_notice(healthy)

        rig.wait(cured, log)
        assert healthy.shape == (480, 800, 3)
        assert healthy.std() > 10, "there is a picture, and not a black screen"
        assert screen.process.poll() is None
    finally:
        screen.close()
