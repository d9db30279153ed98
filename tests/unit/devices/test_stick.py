"""USB sticks: lsblk's answers, udisksctl's words (by a program that stands for it), folders."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.demo.devices import FolderSticks
from pronounce_kiosk.devices.stick import Stick, Sticks, sticks_of


def part(path: str, folder: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "label": None,
        "fstype": "vfat",
        "size": 8_000_000_000,
        "mountpoints": [folder],
        "ro": False,
        "type": "part",
        **more,
    }


def disk(*parts: dict[str, Any], tran: str | None = "usb", **more: Any) -> dict[str, Any]:
    whole = {"path": "/dev/sda", "fstype": None, "mountpoints": [None], "model": "Flash Drive"}
    return {**whole, "tran": tran, "rm": True, "hotplug": True, "children": list(parts), **more}


def found(*disks: dict[str, Any]) -> list[Stick]:
    return list(sticks_of({"blockdevices": list(disks)}))


def test_a_stick_and_the_card_beside_it() -> None:
    card = disk(part("/dev/mmcblk0p2", "/"), tran=None, rm=False, hotplug=False)
    stick = disk(part("/dev/sda1", "/media/pi/수업", label="수업"))
    assert found(card, stick) == [
        Stick("/dev/sda1", "수업", Path("/media/pi/수업"), False, 8_000_000_000)
    ]


def test_a_stick_without_a_partition_or_a_label_or_a_mount() -> None:
    (whole,) = found(disk(fstype="exfat"))
    assert whole == Stick("/dev/sda", "Flash Drive", None)
    (other,) = found(disk(part("/dev/sda1"), model=None))
    assert (other.label, other.folder) == ("sda1", None)


def test_what_is_no_stick_for_lists() -> None:
    assert found(disk(part("/dev/sda1", "/boot/firmware"), part("/dev/sda2", "/"))) == []
    assert (
        found(disk(part("/dev/sda1", fstype="crypto_LUKS"), part("/dev/sda2", fstype=None))) == []
    )


def test_a_label_that_plays_tricks_is_drawn_plainly() -> None:
    (stick,) = found(disk(part("/dev/sda1", label="a\x1b[2J\u202eb" + "x" * 100)))
    assert stick.label.isprintable()
    assert len(stick.label) == 40


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs found first: lsblk prints lsblk.json, udisksctl notes its words.

    ``mount`` mounts in lsblk.json; udisksctl fails with the text in the file ``refuse``.
    """
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "lsblk").write_text(f"#!/bin/sh\ncat {folder}/lsblk.json\n")
    (folder / "udisksctl").write_text(
        f'#!/bin/sh\necho "$1 $3" >> {folder}/said\n'
        f"if [ -f {folder}/refuse ]; then cat {folder}/refuse >&2; exit 1; fi\n"
        "if [ $1 = mount ]; then\n"
        f"  sed -i 's#\\[null\\]#[\"/media/pi/S\"]#g' {folder}/lsblk.json\nfi\n"
    )
    for name in ("lsblk", "udisksctl"):
        (folder / name).chmod(stat.S_IRWXU)
    (folder / "lsblk.json").write_text(json.dumps({"blockdevices": [disk(part("/dev/sda1"))]}))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def said(programs: Path) -> list[str]:
    file = programs / "said"
    return file.read_text().splitlines() if file.exists() else []


def test_open_mounts_and_eject_unmounts_and_switches_off(programs: Path) -> None:
    sticks = Sticks()
    (stick,) = sticks.list()
    opened = sticks.open(stick)
    assert opened.folder == Path("/media/pi/S")
    sticks.open(opened)  # mounted already: nothing to do
    sticks.eject(opened)
    assert said(programs) == ["mount /dev/sda1", "unmount /dev/sda1", "power-off /dev/sda1"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Error unmounting /dev/sda1: target is busy", "busy"),
        ("GDBus.Error:org.freedesktop.UDisks2.Error.NotAuthorizedCanObtain: ...", "not_allowed"),
        ("wrong fs type, bad option, bad superblock", "refused"),
    ],
)
def test_refusals_in_plain_words(programs: Path, words: str, key: str) -> None:
    (programs / "refuse").write_text(words)
    sticks = Sticks()
    (stick,) = sticks.list()
    with pytest.raises(DeviceError) as caught:
        sticks.open(stick)
    assert caught.value.fields["reason_key"] == key
    assert words not in caught.value.message


def test_a_stick_pulled_out_is_gone_and_ejecting_it_is_no_error(programs: Path) -> None:
    sticks = Sticks()
    (stick,) = sticks.list()
    (programs / "lsblk.json").write_text('{"blockdevices": []}')
    sticks.eject(stick)
    assert said(programs) == []
    with pytest.raises(DeviceError, match="pulled out"):
        sticks.open(stick)


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", '{"blockdevices": [{}]}', '{"blockdevices": 3}']
)
def test_an_lsblk_that_makes_no_sense_means_no_sticks(programs: Path, answer: str) -> None:
    (programs / "lsblk.json").write_text(answer)
    assert Sticks().list() == ()


def test_without_the_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Sticks().list() == ()
    with pytest.raises(DeviceError, match="udisks2"):
        Sticks().open(Stick("/dev/sda1", "S", None))


MOUNTS = (
    "22 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
    "40 22 8:17 / /media/pi/MY\\040STICK rw,nosuid - vfat /dev/sdb1 rw\nshort line\n"
)


def test_check_knows_the_mount(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    sticks = Sticks(table)
    assert sticks.changed()
    assert not sticks.changed()
    sticks.check(Stick("/dev/sdb1", "S", Path("/media/pi/MY STICK")))
    table.write_text(MOUNTS.replace("sdb1", "sdc1"))
    assert sticks.changed()
    with pytest.raises(DeviceError, match="pulled out"):
        sticks.check(Stick("/dev/sdb1", "S", Path("/media/pi/MY STICK")))


def test_folders_stand_for_sticks(tmp_path: Path) -> None:
    sticks: Sticks = FolderSticks(tmp_path / "sticks")
    assert sticks.list() == ()
    assert sticks.changed()
    (tmp_path / "sticks" / "CLASS").mkdir(parents=True)
    assert sticks.changed()
    assert not sticks.changed()
    (stick,) = sticks.list()
    assert sticks.open(stick).folder == tmp_path / "sticks" / "CLASS"
    sticks.eject(stick)
    assert sticks.list() == ()
    with pytest.raises(DeviceError):
        sticks.check(stick)


def test_a_folder_that_vanishes_is_a_stick_pulled_out(tmp_path: Path) -> None:
    (tmp_path / "CLASS").mkdir()
    sticks = FolderSticks(tmp_path)
    (stick,) = sticks.list()
    (tmp_path / "CLASS").rmdir()
    with pytest.raises(DeviceError, match="CLASS was pulled out"):
        sticks.open(stick)
