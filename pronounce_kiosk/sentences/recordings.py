"""A teacher's recordings: read them from a stick, encode them for the store."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import UnreadableAudioError
from pronounce_kiosk.sentences.messages import list_error

MAX_RECORDING_S = 60.0
MAX_RATE_HZ = 192_000
_LEAST_SWING = 2.0**-13
"""Least difference of the largest and smallest sample of a recording: four steps of 16 bits."""


def read_recording(path: Path) -> AudioClip:
    """Read a recording named in a list, resampled to `MAX_RATE_HZ` at most, FLAC's limit.

    Raises:
        SentenceListError: It cannot be used.
    """
    try:
        clip = read_clip(path, MAX_RECORDING_S)
    except (UnreadableAudioError, OSError) as error:
        raise list_error("audio_unreadable", path.name) from error
    if clip.sample_rate_hz > MAX_RATE_HZ:
        clip = clip.resampled(MAX_RATE_HZ)
    # A few samples at a rate of millions may resample to none; a constant offset is no sound.
    if not clip.samples.size or np.ptp(clip.samples) < _LEAST_SWING:
        raise list_error("audio_silent", path.name)
    return clip
