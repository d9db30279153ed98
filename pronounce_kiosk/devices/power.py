"""Switch the device off from the screen, so that nobody pulls the plug.

Uses systemd-logind over D-Bus; polkit permits it by a rule that scripts/install-pi writes. No
password is asked for, as nobody could type one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.busctl import call_service

log = logging.getLogger(__name__)

_LOGIND = (
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
)


class Power(Protocol):
    """Interface for switching the device off.

    Both methods block on another program: do not call them in the GUI thread.
    """

    def can_power_off(self) -> bool:
        """Tell whether `power_off` would be obeyed; else the screen does not offer it."""

    def power_off(self) -> None:
        """Request it and return at once; all services, the kiosk too, end in order.

        Raises:
            DeviceError: It is refused; field ``reason_key``: not_allowed, no_service, slow,
                refused.
        """


class LogindPower:
    """The device's power, through busctl (package systemd)."""

    def __init__(self, command: Sequence[str] = ("busctl",)) -> None:
        self._command = tuple(command)

    def can_power_off(self) -> bool:
        """Tell whether logind answers "yes"; "challenge" would ask for a password."""
        try:
            return self._call("CanPowerOff").split() == ["s", '"yes"']
        except DeviceError as error:
            log.info("the device cannot be switched off from here: %s", error)
            return False

    def power_off(self) -> None:
        """Request it; see `Power.power_off`."""
        log.info("the device is switched off from the screen")
        self._call("PowerOff", "b", "false")

    def _call(self, method: str, *arguments: str) -> str:
        return call_service(self._command, _LOGIND, method, *arguments, refusal=refusal)


_SENTENCES = {
    "not_allowed": "The kiosk may not switch the device off: run scripts/install-pi again.",
    "no_service": "The device cannot be switched off from here: pull the plug, nothing is lost.",
    "slow": "The device does not answer: wait a minute, then pull the plug, nothing is lost.",
    "refused": "The device cannot be switched off now: wait a minute and try again.",
}


def refusal(reason_key: str) -> DeviceError:
    """Build the error for a device that was not switched off."""
    return DeviceError(_SENTENCES[reason_key], reason_key=reason_key)
