"""Kept takes: audio files beside the attempts, only where the setting `keep_takes` is on."""

from __future__ import annotations

import logging
import shutil
import uuid
from pathlib import Path

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.errors import KioskError

log = logging.getLogger(__name__)

ROOM_TO_LEAVE_BYTES = 500_000_000
"""Takes are the only thing here that grows without end: this much is left to everything else."""


def keep_take(folder: Path, take: AudioClip, room_to_leave: int = ROOM_TO_LEAVE_BYTES) -> str:
    """Write a take and give the name of its file.

    "" where the disk is nearly full or refuses: an attempt counts without its audio, and the log
    says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < room_to_leave:
            log.info("no take is kept: the disk is nearly full")
            return ""
        name = f"{uuid.uuid4().hex}.wav"
        write_clip(folder / name, take)
    except (OSError, KioskError) as error:
        log.warning("a take could not be kept: %s", error)
        return ""
    return name
