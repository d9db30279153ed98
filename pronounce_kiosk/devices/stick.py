"""USB sticks: list, mount and eject them.

udisks2 mounts them without root. Every call may take seconds (a slow stick writes its buffers): do
not call in the GUI thread.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.programs import ProgramError, ask_program, run_program

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
"""Allows for a slow stick with a full buffer."""
_SENTENCES = {
    "no_udisks": "USB sticks need udisks2: install the package udisks2.",
    "slow": "The USB stick does not answer: wait a moment, then try again.",
    "busy": "The USB stick is still in use: wait a moment, then try again.",
    "not_allowed": "The kiosk may not use USB sticks: run scripts/install-pi again.",
    "refused": "The USB stick cannot be used: pull it out and plug it in again.",
}
MALFORMED = (ValueError, KeyError, TypeError, AttributeError)
_NO_FILES = ("crypto_LUKS", "LVM2_member", "linux_raid_member", "swap")


@dataclass(frozen=True)
class Stick:
    """One file system on a USB stick.

    Attributes:
        id: Its device (``/dev/sda1``), or a folder's path in a demonstration.
        label: Its own, else the stick's model or device.
        folder: None while not mounted.
    """

    id: str
    label: str
    folder: Path | None
    read_only: bool = False
    size_bytes: int = 0


class Sticks:
    """USB sticks, through lsblk and udisksctl (packages util-linux and udisks2)."""

    def __init__(self, mountinfo: Path = Path("/proc/self/mountinfo")) -> None:
        self._mountinfo = mountinfo
        self._seen = ""

    def changed(self) -> bool:
        """Tell whether a stick came or went since the last call; costs next to nothing."""
        seen = _read(self._mountinfo) + _read(Path("/proc/partitions"))
        if seen == self._seen:
            return False
        self._seen = seen
        return True

    def list(self) -> tuple[Stick, ...]:
        """List the connected sticks, mounted or not; none where lsblk fails, which is logged."""
        try:
            said = run_program(*_LSBLK, timeout_s=_TIMEOUT_S)
            return tuple(sticks_of(json_document(said)))
        except (ProgramError, *MALFORMED) as error:
            log.info("lsblk does not tell which sticks are in: %s", error)
            return ()

    def open(self, stick: Stick) -> Stick:
        """Return the stick with its folder, mounting it if needed.

        Raises:
            DeviceError: It cannot be mounted.
        """
        if stick.folder is None:
            _udisksctl("mount", "--block-device", stick.id)
        for each in self.list():
            if each.id == stick.id and each.folder is not None:
                return each
        raise stick_gone(stick)

    def check(self, stick: Stick) -> None:
        """Check after a write that the stick is still mounted where it was.

        Raises:
            DeviceError: It is not.
        """
        for line in _read(self._mountinfo).splitlines():
            folder, device = _mount(line)
            if folder == str(stick.folder) and device == stick.id:
                return
        raise stick_gone(stick)

    def eject(self, stick: Stick) -> None:
        """Write all buffers and switch the stick off, so that it may be pulled out.

        A stick that is already gone is no error.

        Raises:
            DeviceError: Unmounting failed.
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


def sticks_of(document: dict[str, Any]) -> Iterator[Stick]:
    """Yield the file systems on USB disks, except the system's own disk.

    document: lsblk's; an odd one raises one of `MALFORMED`.
    """
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
    r"""Parse mount point and device of a line of mountinfo; it writes blanks as ``\\040``."""
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
    """Return the disk of a partition: ``/dev/sda`` of ``/dev/sda1``."""
    return device.rstrip("0123456789")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _udisksctl(*words: str, timeout_s: float = _TIMEOUT_S) -> None:
    command = ("udisksctl", *words, "--no-user-interaction")
    ask_program(*command, sentences=_SENTENCES, missing="no_udisks", timeout_s=timeout_s)


def stick_gone(stick: Stick) -> DeviceError:
    """Build the error for a stick that was pulled out."""
    return DeviceError(
        f"The USB stick {stick.label} was pulled out: plug it in again and repeat.",
        reason_key="gone",
        label=stick.label,
    )
