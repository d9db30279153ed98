"""Mains hum told from voices, music and noise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.devices.hum import hum_frequency_hz
from pronounce_kiosk.devices.microphone import MicrophoneStatus, StreamHealth


def hum(mains_hz: float, seconds: float, rate_hz: int, level: float = 0.02) -> NDArray[np.float32]:
    """A fundamental, its rectified harmonics, and a room's noise."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    parts = [np.sin(2 * np.pi * mains_hz * n * t + n) / n for n in (1, 2, 3, 5)]
    noise = np.random.default_rng(1).normal(0, 0.1, len(t))
    return (level * (np.sum(parts, axis=0) + noise)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_is_found_at_every_rate(mains_hz: int, rate_hz: int) -> None:
    assert hum_frequency_hz(hum(mains_hz, 2.0, rate_hz), rate_hz) == mains_hz
    # The mains' frequency is never exact.
    assert hum_frequency_hz(hum(mains_hz * 1.001, 2.0, rate_hz), rate_hz) == mains_hz


def test_what_is_no_hum() -> None:
    rate_hz = 16_000
    rng = np.random.default_rng(2)
    t = np.arange(2 * rate_hz) / rate_hz
    noise = rng.normal(0, 0.1, len(t)).astype(np.float32)
    gliding = np.sin(2 * np.pi * np.cumsum(110 + 15 * np.sin(2 * np.pi * t)) / rate_hz)
    for heard in (noise, gliding.astype(np.float32) * 0.1, np.zeros(len(t), np.float32)):
        assert hum_frequency_hz(heard, rate_hz) == 0
    assert hum_frequency_hz(hum(50, 2.0, rate_hz, level=1e-4), rate_hz) == 0, "too soft to matter"
    assert hum_frequency_hz(hum(50, 0.9, rate_hz), rate_hz) == 0, "too short to know"
    assert hum_frequency_hz(np.zeros(0, np.float32), rate_hz) == 0


def test_the_microphone_says_hum_and_stops_saying_it_once_cured() -> None:
    rate_hz = 16_000
    health = StreamHealth(0.0)
    now_s = 0.0
    said = []
    quiet = np.random.default_rng(3).normal(0, 1e-3, 3 * rate_hz).astype(np.float32)
    for block in np.split(np.concatenate((hum(60, 3.0, rate_hz), quiet)), 300):
        now_s += len(block) / rate_hz
        health.feed(block, rate_hz, now_s)
        said.append(health.judge(now_s))
    assert said[:99] == [MicrophoneStatus.OK] * 99, "one second is not enough to say it"
    assert said[110] is MicrophoneStatus.HUM
    assert said[-1] is MicrophoneStatus.OK
