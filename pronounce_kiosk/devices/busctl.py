"""Calls of a systemd service over D-Bus, through busctl (package systemd)."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable, Sequence

from pronounce_kiosk.core.errors import DeviceError

log = logging.getLogger(__name__)

_TIMEOUT_S = 10
_REASONS = {
    "not_allowed": ("access denied", "interactive authentication"),
    "slow": ("timed out",),
    "no_service": ("no such file", "not provided", "unknown"),
}
"""What busctl says, in lower case, for each reason of a refusal."""


def call_service(
    command: Sequence[str],
    service: Sequence[str],
    method: str,
    *arguments: str,
    refusal: Callable[[str], DeviceError],
) -> str:
    """Call a method and return what busctl prints; waits up to 15 seconds.

    Args:
        command: busctl, or what stands in for it.
        service: the service's name, path and interface.
        method: the method's name.
        arguments: the signature and the values.
        refusal: makes the error for a reason: not_allowed, no_service, slow or refused.

    Raises:
        DeviceError: The service is missing, refuses or does not answer in time.
    """
    try:
        done = subprocess.run(
            (*command, "--system", f"--timeout={_TIMEOUT_S}", "call", *service, method, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S + 5,
            check=True,
            text=True,
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise refusal("no_service") from error
    except subprocess.TimeoutExpired as error:
        raise refusal("slow") from error
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip()
        log.info("%s, %s: %s", service[0], method, said)
        raise refusal(_reason(said)) from error
    return done.stdout


def _reason(said: str) -> str:
    lowered = said.lower()
    for reason, signs in _REASONS.items():
        if any(sign in lowered for sign in signs):
            return reason
    return "refused"
