"""The power button and the clock, without a device."""

from __future__ import annotations

from datetime import datetime

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices import clock, power


class FakePower(power.Power):
    """Counts what it is asked for.

    refuses: a ``reason_key`` with which `power_off` is refused, "" for never.
    """

    def __init__(self) -> None:
        self.can = True
        self.refuses = ""
        self.times_off = 0

    def can_power_off(self) -> bool:
        return self.can

    def power_off(self) -> None:
        if self.refuses:
            raise DeviceError(power.Power.sentences[self.refuses], reason_key=self.refuses)
        self.times_off += 1


class FakeClock(clock.Clock):
    """Keeps what it is set to.

    refuses: a ``reason_key`` with which `set` is refused, "" for never.
    """

    def __init__(self) -> None:
        self.refuses = ""
        self.moments: list[datetime] = []

    def set(self, moment: datetime) -> None:
        if self.refuses:
            raise DeviceError(clock.Clock.sentences[self.refuses], reason_key=self.refuses)
        self.moments.append(moment)
