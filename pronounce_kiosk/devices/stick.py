"""USB sticks: which are in, where their files are, and giving them back safely.

`UdisksSticks` asks `lsblk` what is plugged in and lets udisks2 mount and unmount it, which needs
no root. `FolderSticks` stands beside it: any folder is a stick, for tests and demonstrations.
Every call may take seconds (a slow stick writes its buffers), so none belongs in a window's thread.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError

log = logging.getLogger(__name__)

_LSBLK = (
    "lsblk",
    "--json",
    "--bytes",
    "--output",
    "PATH,LABEL,FSTYPE,SIZE,MOUNTPOINTS,RO,RM,HOTPLUG,TRAN,TYPE,MODEL",
)
_TIMEOUT_S = 10
_EJECT_TIMEOUT_S = 60
"""A slow stick with a full buffer."""
_NO_FILES = ("crypto_LUKS", "LVM2_member", "linux_raid_member", "swap")


@dataclass(frozen=True)
class Stick:
    """One file system on a USB stick.

    id: its device (``/dev/sda1``), or its folder for a folder that stands for one.
    label: what the teacher called it, else its model or device. folder: None while not mounted.
    """

    id: str
    label: str
    folder: Path | None
    read_only: bool = False
    size_bytes: int = 0


class Sticks(Protocol):
    """What the kiosk needs of USB sticks. Methods that act raise `DeviceError` in plain words."""

    def changed(self) -> bool:
        """Whether anything came or went since the last call; costs next to nothing."""

    def list(self) -> tuple[Stick, ...]:
        """The sticks that are in, those not mounted too."""

    def open(self, stick: Stick) -> Stick:
        """The stick with its folder, mounted where it was not."""

    def check(self, stick: Stick) -> None:
        """Whether the stick is still where it was: after a write, that it went to the stick."""

    def eject(self, stick: Stick) -> None:
        """Write everything out and let go: after this it may be pulled out."""


class UdisksSticks:
    """The real ones, through lsblk and udisksctl (packages util-linux and udisks2)."""

    def __init__(self, mountinfo: Path = Path("/proc/self/mountinfo")) -> None:
        self._mountinfo = mountinfo
        self._seen = ""

    def changed(self) -> bool:
        """From the kernel's own tables; a mount point's folder says nothing."""
        seen = _read(self._mountinfo) + _read(Path("/proc/partitions"))
        if seen == self._seen:
            return False
        self._seen = seen
        return True

    def list(self) -> tuple[Stick, ...]:
        """From lsblk; none where it is missing or says nothing sensible (which is logged)."""
        try:
            done = subprocess.run(
                _LSBLK, capture_output=True, timeout=_TIMEOUT_S, check=True, text=True
            )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            log.info("lsblk does not tell which sticks are in: %s", error)
            return ()
        return read_lsblk(done.stdout)

    def open(self, stick: Stick) -> Stick:
        """Mounts through udisks2. Raises `DeviceError` where that is refused."""
        if stick.folder is None:
            _udisksctl("mount", "--block-device", stick.id)
        for each in self.list():
            if each.id == stick.id and each.folder is not None:
                return each
        raise stick_gone(stick)

    def check(self, stick: Stick) -> None:
        """Whether the folder is still the mount of the same device. Raises `DeviceError`."""
        for line in _read(self._mountinfo).splitlines():
            folder, device = _mount(line)
            if folder == str(stick.folder) and device == stick.id:
                return
        raise stick_gone(stick)

    def eject(self, stick: Stick) -> None:
        """Unmounts every file system of the stick and switches it off. Raises `DeviceError`.

        A stick that is gone already is no error.
        """
        present = {each.id: each for each in self.list()}
        if stick.id not in present:
            return
        for each in present.values():
            if each.folder is not None and _disk(each.id) == _disk(stick.id):
                _udisksctl("unmount", "--block-device", each.id, timeout_s=_EJECT_TIMEOUT_S)
        try:
            _udisksctl("power-off", "--block-device", stick.id)
        except DeviceError as error:
            # Everything is written; some hubs cannot switch a port off.
            log.info("%s stays powered: %s", stick.id, error)


def read_lsblk(said: str) -> tuple[Stick, ...]:
    """The sticks in lsblk's JSON; none where it is not what lsblk says (which is logged)."""
    try:
        return tuple(sticks_of(json_document(said)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.info("lsblk does not tell which sticks are in: %s", error)
        return ()


def sticks_of(document: dict[str, Any]) -> Iterator[Stick]:
    """The sticks in lsblk's JSON: file systems on USB disks, but for the system's own disk."""
    for disk in document["blockdevices"]:
        parts = list(_parts(disk))
        folders = {folder for part in parts for folder in _folders(part)}
        is_usb = disk.get("tran") == "usb" or (disk.get("rm") and disk.get("hotplug"))
        # A kiosk may itself run from a USB disk.
        if not is_usb or folders & {"/", "/boot", "/boot/firmware", "/usr", "/home"}:
            continue
        for part in parts:
            kind = part.get("fstype")
            if kind and kind not in _NO_FILES:
                yield _stick(part, disk)


def _stick(part: dict[str, Any], disk: dict[str, Any]) -> Stick:
    folders = _folders(part)
    model = str(disk.get("model") or "").strip()
    label = str(part.get("label") or "").strip() or model or str(part["path"]).rsplit("/", 1)[-1]
    return Stick(
        str(part["path"]),
        "".join(ch for ch in label if ch.isprintable())[:40],
        Path(folders[0]) if folders else None,
        bool(part.get("ro")),
        int(part.get("size") or 0),
    )


def _parts(device: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield device
    for child in device.get("children") or ():
        yield from _parts(child)


def _folders(part: dict[str, Any]) -> list[str]:
    return [str(folder) for folder in part.get("mountpoints") or () if folder]


def _mount(line: str) -> tuple[str, str]:
    r"""Mount point and device of a line of mountinfo, whose blanks are written as ``\\040``."""
    before, _, after = line.partition(" - ")
    fields, device = before.split(" "), after.split(" ")
    if len(fields) < 5 or len(device) < 2:
        return "", ""
    return _unescaped(fields[4]), _unescaped(device[1])


def _unescaped(text: str) -> str:
    for code, ch in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, ch)
    return text


def _disk(device: str) -> str:
    """``/dev/sda`` of ``/dev/sda1``."""
    return device.rstrip("0123456789")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _udisksctl(*words: str, timeout_s: float = _TIMEOUT_S) -> None:
    command: Sequence[str] = ("udisksctl", *words, "--no-user-interaction")
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        subprocess.run(
            command, capture_output=True, timeout=timeout_s, check=True, text=True, env=environment
        )
    except FileNotFoundError as error:
        raise DeviceError(
            "USB sticks need udisks2: install the package udisks2.", reason_key="no_udisks"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise DeviceError(
            "The USB stick does not answer: wait a moment, then try again.", reason_key="slow"
        ) from error
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip()
        log.info("%s: %s", " ".join(command), said)
        raise _refused(said) from error


def _refused(said: str) -> DeviceError:
    if "busy" in said.lower():
        return DeviceError(
            "The USB stick is still in use: wait a moment, then try again.", reason_key="busy"
        )
    if "NotAuthorized" in said:
        return DeviceError(
            "The kiosk may not use USB sticks: run scripts/install-pi again.",
            reason_key="not_allowed",
        )
    return DeviceError(
        "The USB stick cannot be used: pull it out and plug it in again.", reason_key="refused"
    )


def stick_gone(stick: Stick) -> DeviceError:
    """Build the error that says that a stick was pulled out."""
    return DeviceError(
        f"The USB stick {stick.label} was pulled out: plug it in again and repeat.",
        reason_key="gone",
        label=stick.label,
    )
