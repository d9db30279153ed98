"""A real block device, a real file system, the real udevd, udisks2, lsblk and kernel tables.

The device is a loop device over a file, on a private system bus. One thing is not real: the kernel
calls it a loop device, so lsblk's word for how it is attached is put to "usb" on the way.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.errors import DeviceError, SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.devices.stick import Stick, Sticks
from pronounce_kiosk.sentences import store as store_module
from pronounce_kiosk.sentences import transfer
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.transfer import export_list, preview_list

UDISKSD = "/usr/libexec/udisks2/udisksd"
UDEVD = "/lib/systemd/systemd-udevd"
PROGRAMS = ("losetup", "mkfs.ext4", "e2fsck", "udisksctl", "udevadm", "dbus-daemon", UDISKSD, UDEVD)
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/><allow user="*"/></policy></busconfig>
"""
LABEL = "CLASS 3-2"
WAIT_S = 30.0


def run(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Plug:
    """A stick that is put in and pulled out; the image is what lies on it."""

    def __init__(self, root: Path) -> None:
        self.image = root / "stick.img"
        self.device = ""
        with self.image.open("wb") as file:
            file.truncate(24 * 1024 * 1024)
        run("mkfs.ext4", "-q", "-F", "-L", LABEL, self.image)

    def put_in(self) -> None:
        self.device = run("losetup", "--find", "--show", self.image)
        run("udevadm", "trigger", "--action=change", f"--name-match={self.device}")
        run("udevadm", "settle")
        # udisksd hears of it in its own time, a person's hand is slower.
        ask = ["udisksctl", "info", "--block-device", self.device]
        wait(lambda: not subprocess.run(ask, capture_output=True).returncode)

    def pull_out(self) -> None:
        """What is mounted goes at once, as when the kernel loses the disk."""
        for folder in self.folders():
            run("umount", "--lazy", folder)
        run("losetup", "--detach", self.device)
        # A detached device that something still holds goes with its last holder.
        wait(lambda: self.device not in run("losetup", "--list", "--noheadings"))

    def folders(self) -> list[str]:
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
        mounts = [line.split()[4] for line in lines if f" {self.device} " in line]
        return [mount.replace("\\040", " ") for mount in mounts]

    def is_whole(self) -> bool:
        done = subprocess.run(["e2fsck", "-f", "-p", str(self.image)], capture_output=True)
        # 1: the journal was played back, as after any pull.
        return done.returncode in (0, 1)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        pytest.skip(f"not here: {', '.join(missing)}")
    probe = subprocess.run(["losetup", "--find"], capture_output=True, text=True)
    if os.geteuid() or probe.returncode or Path("/run/udev/control").exists():
        pytest.skip("needs root, a free loop device and a machine without its own udevd")
    root = tmp_path_factory.mktemp("udisks")
    (root / "bus.conf").write_text(BUS.format(path=root / "bus"))
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={root / 'bus'}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = []
    for command, is_up in (
        (["dbus-daemon", f"--config-file={root / 'bus.conf'}", "--nofork"], (root / "bus").exists),
        ([UDEVD], Path("/run/udev/control").exists),
    ):
        started.append(subprocess.Popen(command, env=environment, **quiet))  # type: ignore[call-overload]
        wait(is_up)
    started.append(subprocess.Popen([UDISKSD], env=environment, **quiet))  # type: ignore[call-overload]
    ask = ["udisksctl", "status"]
    wait(lambda: not subprocess.run(ask, env=environment, capture_output=True).returncode)
    yield root
    for process in reversed(started):
        process.terminate()
        process.wait(WAIT_S)
    shutil.rmtree("/run/udev", ignore_errors=True)


@pytest.fixture
def plug(services: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plug]:
    plug = Plug(tmp_path)
    shim = tmp_path / "bin" / "lsblk"
    shim.parent.mkdir()
    real = shutil.which("lsblk")
    change = 's/"tran": *null/"tran": "usb"/'
    shim.write_text(
        f"#!/bin/sh\n{real} \"$@\" $(losetup -nO NAME -j {plug.image}) | sed '{change}'\n"
    )
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={services / 'bus'}")
    plug.put_in()
    yield plug
    if plug.device in run("losetup", "--list", "--noheadings"):
        plug.pull_out()


def spoken_list(tmp_path: Path, count: int = 3) -> SentenceList:
    """Sentences with recordings, in a store of their own."""
    clip = AudioClip.from_array(np.sin(np.arange(16_000) / 9).astype(np.float32) / 2, 16_000)
    sentences = []
    for number in range(count):
        path = tmp_path / f"{number}.wav"
        write_clip(path, clip)
        sentences.append(Sentence(f"s{number}", f"문장 {number}번.", "ko", audio=path))
    return SentenceList("반", "반", "ko", tuple(sentences))


def the_stick(sticks: Sticks) -> Stick:
    (stick,) = sticks.list()
    return stick


def test_in_mounted_written_ejected_and_read_again(plug: Plug, tmp_path: Path) -> None:
    sticks = Sticks()
    assert sticks.changed()
    assert not sticks.changed()
    stick = the_stick(sticks)
    assert (stick.label, stick.folder) == (LABEL, None)
    opened = sticks.open(stick)
    assert opened.folder is not None
    assert sticks.changed()
    export_list(opened.folder / "반.csv", spoken_list(tmp_path))
    sticks.check(opened)
    with (opened.folder / "반.csv").open(), pytest.raises(DeviceError) as refused:
        sticks.eject(opened)
    assert refused.value.fields["reason_key"] == "busy"
    sticks.eject(opened)
    assert plug.folders() == []
    # Pulled out and put into the next device: everything is on it.
    plug.pull_out()
    assert plug.is_whole()
    plug.put_in()
    again = sticks.open(the_stick(sticks))
    assert again.folder is not None
    result = preview_list(again.folder / "반.csv")
    assert result.is_whole
    assert len(result.sentence_list.sentences) == 3
    sticks.eject(again)


def pull_out_after_one(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, plug: Plug
) -> None:
    """Pull the stick out after the first call of a module's function."""
    calls, real = itertools.count(1), getattr(module, name)

    def call(*arguments: object) -> object:
        result = real(*arguments)
        if next(calls) == 1:
            plug.pull_out()
        return result

    patch.setattr(module, name, call)


def test_pulled_out_during_an_export(
    plug: Plug, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sticks = Sticks()
    opened = sticks.open(the_stick(sticks))
    assert opened.folder is not None
    sentences = spoken_list(tmp_path)
    export_list(opened.folder / "before.csv", sentences)
    subprocess.run(["sync", "-f", str(opened.folder)], check=True)

    pull_out_after_one(monkeypatch, transfer, "write_atomically", plug)
    with pytest.raises(SentenceListError):
        export_list(opened.folder / "during.csv", sentences)
    with pytest.raises(DeviceError) as gone:
        sticks.check(opened)
    assert gone.value.fields["reason_key"] == "gone"
    assert not opened.folder.exists() or not list(opened.folder.iterdir())
    assert plug.is_whole()
    plug.put_in()
    again = sticks.open(the_stick(sticks))
    assert again.folder is not None
    assert read_list(again.folder / "before.csv").is_whole
    assert not (again.folder / "during.csv").exists()
    sticks.eject(again)


def test_pulled_out_during_an_import(
    plug: Plug, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sticks = Sticks()
    opened = sticks.open(the_stick(sticks))
    assert opened.folder is not None
    export_list(opened.folder / "반.csv", spoken_list(tmp_path))
    new = preview_list(opened.folder / "반.csv").sentence_list
    store = ListStore(tmp_path / "lists")
    store.import_list(SentenceList("old", "old", "ko", (Sentence("a", "네.", "ko"),)))

    pull_out_after_one(monkeypatch, store_module, "read_recording", plug)
    with pytest.raises(SentenceListError):
        store.import_list(new)
    assert [each.list.id for each in store.lists()] == ["old"]
    assert plug.is_whole()
