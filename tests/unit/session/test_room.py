"""The room check on seeded noise and a real voice, and what it says later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.session.room import (
    CHANGED_DB,
    TAKES_HEARD,
    RoomReport,
    RoomWatch,
    measure_room,
    take_noise_dbfs,
)

RATE = 16_000


def room(level_dbfs: float, seconds: float = 3.0, seed: int = 1) -> AudioClip:
    noise = np.random.default_rng(seed).normal(0, 10 ** (level_dbfs / 20), int(RATE * seconds))
    return AudioClip.from_array(noise.astype(np.float32), RATE)


def spoken(voice_peak: float, room_dbfs: float) -> AudioClip:
    said = EspeakLibrary().speak("안녕하세요 반갑습니다", "ko")
    voice = AudioClip.from_array(said.samples, said.sample_rate_hz).resampled(RATE)
    samples = np.array(voice.samples) * voice_peak / voice.peak
    samples += room(room_dbfs, len(samples) / RATE + 1).samples[: len(samples)]
    return AudioClip.from_array(np.clip(samples, -1, 1), RATE)


def test_a_good_room() -> None:
    report = measure_room(room(-60), spoken(0.5, -60), "2026-03-02T10:00")
    assert report.good
    assert report.noise_dbfs == pytest.approx(-60, abs=0.5)
    assert report.snr_db > 30
    assert report.at == "2026-03-02T10:00"


@pytest.mark.parametrize(
    ("quiet", "said", "microphone", "distance", "room_key"),
    [
        (room(-60), room(-60, seed=2), "no_voice", "unknown", "good"),
        (room(-60), spoken(8.0, -60), "clipped", "unknown", "good"),
        (room(-80), spoken(0.01, -80), "quiet", "good", "good"),
        (room(-38), spoken(0.3, -38), "good", "fair", "good"),
        (room(-30), spoken(0.4, -30), "good", "far", "loud"),
    ],
    ids=["nobody", "clipped", "quiet", "a little far", "loud"],
)
def test_what_can_be_better(
    quiet: AudioClip, said: AudioClip, microphone: str, distance: str, room_key: str
) -> None:
    report = measure_room(quiet, said)
    assert (report.microphone, report.distance, report.room) == (microphone, distance, room_key)
    assert not report.good


def test_nothing_recorded_is_no_voice() -> None:
    empty = AudioClip.from_array(np.zeros(0, np.float32), RATE)
    report = measure_room(empty, empty)
    assert report.microphone == "no_voice"
    assert np.isfinite([report.noise_dbfs, report.voice_dbfs]).all()
    assert take_noise_dbfs(empty) is None


def test_the_noise_of_a_take_is_the_room_s() -> None:
    pause = room(-50, 1.0)
    voice = spoken(0.5, -50)
    take = AudioClip.from_array(np.concatenate([pause.samples, voice.samples]), RATE)
    level = take_noise_dbfs(take)
    assert level is not None
    assert level == pytest.approx(-50, abs=3)


def test_it_warns_when_the_room_has_changed(tmp_path: Path) -> None:
    watch = RoomWatch(tmp_path / "room.json")
    for _ in range(TAKES_HEARD):
        watch.hear(room(-30))
    assert watch.changed_db is None  # nothing to compare with
    watch.keep(RoomReport(-60.0, -20.0, "good", "good", "good"))
    watch.hear(room(-30))
    assert watch.changed_db is None  # one slammed door
    for _ in range(TAKES_HEARD):
        watch.hear(room(-60 + CHANGED_DB / 2))
    assert watch.changed_db is None
    for _ in range(TAKES_HEARD):
        watch.hear(room(-45))
    assert watch.changed_db == pytest.approx(15, abs=1)
    assert RoomWatch(tmp_path / "room.json").report == watch.report


@pytest.mark.parametrize("damage", ["", "{", '{"noise_dbfs": 1}', "[1]", '{"a": 1}'])
def test_a_damaged_check_is_none(
    tmp_path: Path, damage: str, expected_log: Callable[[str], None]
) -> None:
    expected_log("check the room again")
    (tmp_path / "room.json").write_text(damage)
    assert RoomWatch(tmp_path / "room.json").report is None
