"""Set the device's clock from the screen: without a network a Pi does not know the time.

Uses systemd-timedated over D-Bus; polkit permits it by a rule that scripts/install-pi writes.
"""

import logging
from datetime import datetime
from typing import ClassVar

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.programs import SystemdService

log = logging.getLogger(__name__)


class Clock(SystemdService):
    """The device's clock."""

    service = "timedate1"
    interface = "timedate1"
    sentences: ClassVar = {
        "not_allowed": "The kiosk may not set the clock: run scripts/install-pi again.",
        "no_service": "The clock cannot be set from here: connect the device to a network.",
        "slow": "The device does not answer: wait a minute and try again.",
        "refused": "The clock cannot be set now: wait a minute and try again.",
    }

    def set(self, moment: datetime) -> None:
        """Set the clock; a time server, once there is a network, corrects it later.

        timedated refuses to set a synchronised clock, so synchronising pauses meanwhile.

        Raises:
            DeviceError: It is refused; field ``reason_key``: a key of `sentences`.
        """
        microseconds = round(moment.timestamp() * 1_000_000)
        pauses = self._synchronise(False)
        try:
            self._call("SetTime", "xbb", str(microseconds), "false", "false")
        finally:
            if pauses:
                self._synchronise(True)
        log.info("the clock was set from the screen")

    def _synchronise(self, on: bool) -> bool:
        """Switch time servers on or off; False where none is installed."""
        try:
            self._call("SetNTP", "bb", "true" if on else "false", "false")
        except DeviceError as error:
            if error.fields.get("reason_key") != "refused":
                raise
            return False
        return True
