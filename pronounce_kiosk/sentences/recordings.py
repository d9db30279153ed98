"""A teacher's recordings: find and read them in a list's folder."""

import contextlib
import re
import unicodedata
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import UnreadableAudioError
from pronounce_kiosk.sentences.messages import LineRefusedError, list_error

MAX_RECORDING_S = 60.0
MAX_RATE_HZ = 192_000
_DRIVE_OR_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
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


def find_recording(cell: str, folder: Path) -> Path:
    """Return the recording's absolute path; refuse one that is missing or outside the folder.

    Backslashes count as separators. Absolute paths, drives, web addresses, '..' and links that lead
    out of ``folder`` are refused without checking whether the file exists.
    """
    relative = cell.replace("\\", "/")
    parts = relative.split("/")
    if relative.startswith(("/", "~")) or _DRIVE_OR_SCHEME.match(relative) or ".." in parts:
        raise LineRefusedError("audio", "audio_outside", path=cell)
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # a long name, a loop of links
        home = folder.resolve()
        target = _as_on_disk(home, parts).resolve()
        if not target.is_relative_to(home):
            raise LineRefusedError("audio", "audio_outside", path=cell)
        if target.is_file():
            return target
    raise LineRefusedError("audio", "audio_missing", path=cell)


def _as_on_disk(folder: Path, parts: list[str]) -> Path:
    """Find a path by the names as the disk stores them.

    macOS decomposes Hangul; Windows ignores case.
    """
    path = folder
    for part in parts:
        if not (path / part).exists() and path.is_dir():
            wanted = _comparable(part)
            part = next((e.name for e in path.iterdir() if _comparable(e.name) == wanted), part)
        path /= part
    return path


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
