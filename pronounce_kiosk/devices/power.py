"""Switch the device off from the screen, so that nobody pulls the plug.

Uses systemd-logind over D-Bus; polkit permits it by a rule that scripts/install-pi writes. No
password is asked for, as nobody could type one.
"""

import logging
from typing import ClassVar

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.programs import SystemdService

log = logging.getLogger(__name__)


class Power(SystemdService):
    """The device's power."""

    service = "login1"
    interface = "login1.Manager"
    sentences: ClassVar = {
        "not_allowed": "The kiosk may not switch the device off: run scripts/install-pi again.",
        "no_service": (
            "The device cannot be switched off from here: pull the plug, nothing is lost."
        ),
        "slow": "The device does not answer: wait a minute, then pull the plug, nothing is lost.",
        "refused": "The device cannot be switched off now: wait a minute and try again.",
    }

    def can_power_off(self) -> bool:
        """Tell whether `power_off` would be obeyed; else the screen does not offer it."""
        try:
            # "challenge" would ask for a password.
            return self._call("CanPowerOff").split() == ["s", '"yes"']
        except DeviceError as error:
            log.info("the device cannot be switched off from here: %s", error)
            return False

    def power_off(self) -> None:
        """Request it and return at once; all services, the kiosk too, end in order.

        Raises:
            DeviceError: It is refused; field ``reason_key``: a key of `sentences`.
        """
        log.info("the device is switched off from the screen")
        self._call("PowerOff", "b", "false")
