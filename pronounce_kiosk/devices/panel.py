"""Set the loudspeaker's volume and the screen's brightness.

Both calls may wait for a program or a driver: do not call in the GUI thread.
"""

import logging
from pathlib import Path

from pronounce_kiosk.devices.programs import ProgramError, run_program

log = logging.getLogger(__name__)

BACKLIGHTS = Path("/sys/class/backlight")
_TIMEOUT_S = 5


def set_volume(percent: int) -> bool:
    """Set the default output's volume, 0-100. False where the sound server refuses."""
    percent = min(max(percent, 0), 100)
    commands = (
        ("pactl", "set-sink-volume", "@DEFAULT_SINK@", f"{percent}%"),
        ("wpctl", "set-volume", "@DEFAULT_AUDIO_SINK@", f"{percent}%"),
        ("amixer", "-q", "sset", "Master", f"{percent}%"),
    )
    for command in commands:
        try:
            run_program(*command, timeout_s=_TIMEOUT_S)
        except ProgramError as error:
            log.info("%s does not set the volume: %s", command[0], error)
            continue
        return True
    return False


def has_brightness(backlights: Path = BACKLIGHTS) -> bool:
    """Tell whether there is a screen whose brightness this program may change."""
    return _backlight(backlights) is not None


def set_brightness(percent: int, backlights: Path = BACKLIGHTS) -> bool:
    """Set the screen's brightness, 10-100: never too dark to undo.

    False where there is no such screen or it refuses.
    """
    folder = _backlight(backlights)
    if folder is None:
        return False
    try:
        highest = int((folder / "max_brightness").read_text())
        value = max(1, round(highest * min(max(percent, 10), 100) / 100))
        (folder / "brightness").write_text(str(value))
    except (OSError, ValueError) as error:
        log.info("the screen's brightness stays: %s", error)
        return False
    return True


def _backlight(backlights: Path) -> Path | None:
    try:
        for folder in sorted(backlights.iterdir()):
            with (folder / "brightness").open("r+"):
                return folder
    except OSError:
        pass
    return None
