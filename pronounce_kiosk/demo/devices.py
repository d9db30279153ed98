"""Stand-ins for the power button, the clock and USB sticks."""

import shutil
from datetime import datetime
from pathlib import Path

from pronounce_kiosk.devices.clock import Clock
from pronounce_kiosk.devices.power import Power
from pronounce_kiosk.devices.stick import Stick, Sticks, stick_gone


class DemoPower(Power):
    """A device that never switches off."""

    def can_power_off(self) -> bool:
        """Offer it."""
        return True

    def power_off(self) -> None:
        """Do nothing."""


class DemoClock(Clock):
    """A clock that cannot be changed."""

    def set(self, moment: datetime) -> None:
        """Do nothing."""


class FolderSticks(Sticks):
    """Simulates sticks: each folder inside ``root`` is one, named as the folder.

    A folder that vanishes is a stick that was pulled out.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: tuple[str, ...] | None = None
        self.ejected: list[str] = []

    def changed(self) -> bool:
        """Tell whether the folders differ from the last call."""
        before, self._folders = self._folders, tuple(stick.id for stick in self.list())
        return self._folders != before

    def list(self) -> tuple[Stick, ...]:
        """List the folders, except ejected ones."""
        try:
            folders = sorted(path for path in self._root.iterdir() if path.is_dir())
        except OSError:
            return ()
        return tuple(
            Stick(str(each), each.name, each, size_bytes=shutil.disk_usage(each).total)
            for each in folders
            if str(each) not in self.ejected
        )

    def open(self, stick: Stick) -> Stick:
        """Return the stick itself."""
        self.check(stick)
        return stick

    def check(self, stick: Stick) -> None:
        """Check that the folder exists."""
        if stick.folder is None or not stick.folder.is_dir() or stick.id in self.ejected:
            raise stick_gone(stick)

    def eject(self, stick: Stick) -> None:
        """Hide the stick from the list; its folder stays."""
        self.ejected.append(stick.id)
