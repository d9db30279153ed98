"""The room: how loud it is, how clear a voice is in it, and whether it has changed since."""

import json
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import FRAME_S, decibels, frame_rms, is_loud
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import read_kept

GOOD_SNR_DB = 20.0
FAIR_SNR_DB = 12.0
"""Under this the level check itself begins to call takes noisy."""
QUIET_VOICE_DBFS = -45.0
"""A spoken sentence under this comes from too far away, or the microphone is turned down."""
LOUD_PEAK = 0.98
LOUD_ROOM_DBFS = -35.0
CHANGED_DB = 8.0
"""Louder than at the check by this much, over several takes: another room, or another class."""
TAKES_HEARD = 8
MICROPHONE_KEYS = ("good", "no_voice", "clipped", "quiet")
DISTANCE_KEYS = ("good", "fair", "far", "unknown")
ROOM_KEYS = ("good", "loud")


@dataclass(frozen=True)
class RoomReport:
    """What a check found; levels in dBFS.

    noise_dbfs: the room alone, the median of 30 ms frames. voice_dbfs: the sentence's loud frames.
    microphone, distance, room: one of `MICROPHONE_KEYS`, `DISTANCE_KEYS`, `ROOM_KEYS`.
    at: when, ISO 8601, as the kiosk's clock had it.
    """

    noise_dbfs: float
    voice_dbfs: float
    microphone: str
    distance: str
    room: str
    at: str = ""

    @property
    def snr_db(self) -> float:
        """How far the voice stands out."""
        return self.voice_dbfs - self.noise_dbfs

    @property
    def good(self) -> bool:
        """Whether nothing needs to be done."""
        return (self.microphone, self.distance, self.room) == ("good", "good", "good")


def measure_room(quiet: AudioClip, spoken: AudioClip, at: str = "") -> RoomReport:
    """Judge a clip of the room alone and one of a sentence said in it. Any rates.

    Clips too short to measure, silent ones too, give -120 dBFS and ``no_voice``.
    """
    noise = float(np.median(_levels(quiet)))
    voice = float(np.quantile(_levels(spoken), 0.9))
    snr = voice - noise
    if len(spoken.samples) == 0 or snr < 6.0:
        microphone, distance = "no_voice", "unknown"
    elif spoken.peak >= LOUD_PEAK or is_loud(spoken):
        microphone, distance = "clipped", "unknown"
    else:
        microphone = "quiet" if voice < QUIET_VOICE_DBFS else "good"
        distance = "good" if snr >= GOOD_SNR_DB else "fair" if snr >= FAIR_SNR_DB else "far"
    room = "loud" if noise > LOUD_ROOM_DBFS else "good"
    return RoomReport(round(noise, 1), round(voice, 1), microphone, distance, room, at)


def take_noise_dbfs(take: AudioClip) -> float | None:
    """How loud the room was during a take: its quietest tenth. None for too short a take."""
    if take.duration_s < 0.6:
        return None
    return float(np.quantile(_levels(take), 0.1))


class RoomWatch:
    """Compares the takes of a day with the kept check, in ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heard: deque[float] = deque(maxlen=TAKES_HEARD)
        self.report = read_kept(path, _parsed, None, "check the room again")

    def keep(self, report: RoomReport) -> None:
        """Keep a check; what was heard before it no longer counts. Raises OSError."""
        write_atomically(self._path, json.dumps(asdict(report)).encode())
        self.report = report
        self._heard.clear()

    def hear(self, take: AudioClip) -> None:
        """One take, as it was recorded."""
        level = take_noise_dbfs(take)
        if level is not None:
            self._heard.append(level)

    @property
    def changed_db(self) -> float | None:
        """How much louder it has become, where that is worth a new check; None otherwise."""
        # Half of `TAKES_HEARD` takes are needed: one slammed door is none.
        if self.report is None or len(self._heard) < TAKES_HEARD // 2:
            return None
        louder = median(self._heard) - self.report.noise_dbfs
        return round(louder, 1) if louder >= CHANGED_DB else None


def _parsed(document: Any) -> RoomReport:
    """Raises ValueError or TypeError for what no check finds: the screens have no words for it."""
    report = RoomReport(**document)
    if not np.isfinite([report.noise_dbfs, report.voice_dbfs, report.snr_db]).all():
        raise ValueError("no numbers")
    found = (report.microphone, report.distance, report.room)
    known = zip(found, (MICROPHONE_KEYS, DISTANCE_KEYS, ROOM_KEYS), strict=True)
    if not all(key in keys for key, keys in known) or not isinstance(report.at, str):
        raise ValueError("no such findings")
    return report


def _levels(clip: AudioClip) -> np.ndarray:
    """DBFS of 30 ms frames, at least -120; one frame of -120 for a clip too short for any."""
    rms = frame_rms(clip.samples, max(1, round(FRAME_S * clip.sample_rate_hz)))
    return np.maximum(decibels(rms), -120.0) if len(rms) else np.array([-120.0])
