"""The command pactl, which asks and changes the sound server (PulseAudio or PipeWire)."""

from __future__ import annotations

import os
import shutil
import subprocess

from pronounce_kiosk.core.errors import DeviceError

PACTL_TIMEOUT_S = 5.0


def pactl(*words: str, timeout_s: float = PACTL_TIMEOUT_S) -> str:
    """Run pactl and return its output.

    Raises:
        DeviceError: pactl is missing, fails or takes too long.
    """
    if shutil.which("pactl") is None:
        raise DeviceError("The command pactl is missing: install the package pulseaudio-utils.")
    try:
        done = subprocess.run(
            ["pactl", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            env=pactl_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeviceError(
            "The sound server does not answer: restart it, or the device.", reason=str(error)
        ) from error
    if done.returncode != 0:
        reason = " ".join(done.stderr.decode(errors="replace").split())
        if "onnection refused" in reason or "onnection failure" in reason:
            raise DeviceError("No sound server runs: start it, or restart the device.")
        raise DeviceError(
            f"The sound server refuses {' '.join(words)} ({reason or 'no reason given'}): "
            "see whether it runs.",
            command=" ".join(words),
            reason=reason,
        )
    # A card's own name may not be UTF-8.
    return done.stdout.decode("utf-8", errors="replace")


def pactl_environment() -> dict[str, str]:
    """Return an environment for pactl: English messages, a decimal point in its JSON."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
