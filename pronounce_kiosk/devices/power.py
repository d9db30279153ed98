"""Switch the device off from the screen, so that nobody pulls the plug.

Uses systemd-logind over D-Bus; polkit permits it by a rule that scripts/install-pi writes. No
password is asked for, as nobody could type one.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Sequence
from typing import Protocol

from pronounce_kiosk.core.errors import DeviceError

log = logging.getLogger(__name__)

_LOGIND = (
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
)
_TIMEOUT_S = 10


class Power(Protocol):
    """Interface for switching the device off.

    Both methods block on another program: do not call them in the GUI thread.
    """

    def can_power_off(self) -> bool:
        """Tell whether `power_off` would be obeyed; else the screen does not offer it."""

    def power_off(self) -> None:
        """Request it and return at once; all services, the kiosk too, end in order.

        Raises:
            DeviceError: It is refused; field ``reason_key``: not_allowed, no_logind, slow, refused.
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
        command = (*self._command, "--system", f"--timeout={_TIMEOUT_S}", "call", *_LOGIND, method)
        try:
            done = subprocess.run(
                (*command, *arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_S + 5,
                check=True,
                text=True,
                errors="replace",
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise refusal("no_logind") from error
        except subprocess.TimeoutExpired as error:
            raise refusal("slow") from error
        except subprocess.CalledProcessError as error:
            said = str(error.stderr).strip()
            log.info("logind, %s: %s", method, said)
            raise refusal(_reason(said)) from error
        return done.stdout


def _reason(said: str) -> str:
    lowered = said.lower()
    if "access denied" in lowered or "interactive authentication" in lowered:
        return "not_allowed"
    if "timed out" in lowered:
        return "slow"
    if "no such file" in lowered or "not provided" in lowered or "unknown" in lowered:
        return "no_logind"
    return "refused"


_SENTENCES = {
    "not_allowed": "The kiosk may not switch the device off: run scripts/install-pi again.",
    "no_logind": "The device cannot be switched off from here: pull the plug, nothing is lost.",
    "slow": "The device does not answer: wait a minute, then pull the plug, nothing is lost.",
    "refused": "The device cannot be switched off now: wait a minute and try again.",
}


def refusal(reason_key: str) -> DeviceError:
    """Build the error for a device that was not switched off."""
    return DeviceError(_SENTENCES[reason_key], reason_key=reason_key)
