"""Stand-ins for the power button, the clock and USB sticks."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from pronounce_kiosk.devices.clock import clock_refusal
from pronounce_kiosk.devices.power import refusal
from pronounce_kiosk.devices.stick import Stick, stick_gone


class FakePower:
    """Replaces the power switch in tests and in the demo: it only counts.

    refuses: a ``reason_key`` with which `power_off` is refused, "" for never.
    """

    def __init__(self, *, can: bool = True, refuses: str = "") -> None:
        self.can = can
        self.refuses = refuses
        self.times_off = 0

    def can_power_off(self) -> bool:
        """Return the value given at construction."""
        return self.can

    def power_off(self) -> None:
        """Count the call.

        Raises:
            DeviceError: It was made to refuse.
        """
        if self.refuses:
            raise refusal(self.refuses)
        self.times_off += 1


class FakeClock:
    """Replaces the device's clock in tests and in the demo: it only records the time set.

    refuses: a ``reason_key`` with which `set` is refused, "" for never.
    """

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.moments: list[datetime] = []

    def set(self, moment: datetime) -> None:
        """Record the moment.

        Raises:
            DeviceError: It was made to refuse.
        """
        if self.refuses:
            raise clock_refusal(self.refuses)
        self.moments.append(moment)


class FolderSticks:
    """Simulates sticks: each folder inside ``root`` is one, named as the folder.

    A folder that vanishes is a stick that was pulled out.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: tuple[str, ...] | None = None
        self.ejected: list[str] = []

    def changed(self) -> bool:
        """Tell whether the folders differ from the last call."""
        seen = tuple(stick.id for stick in self.list())
        if seen == self._seen:
            return False
        self._seen = seen
        return True

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
        """Return the stick itself.

        Raises:
            DeviceError: It is gone.
        """
        self.check(stick)
        return stick

    def check(self, stick: Stick) -> None:
        """Check that the folder exists.

        Raises:
            DeviceError: It does not.
        """
        if stick.folder is None or not stick.folder.is_dir() or stick.id in self.ejected:
            raise stick_gone(stick)

    def eject(self, stick: Stick) -> None:
        """Hide the stick from the list; its folder stays."""
        self.ejected.append(stick.id)
