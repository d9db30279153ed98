"""The slow example: longer, at its own pitch."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.pitch import pitch
from pronounce_kiosk.audio.tempo import SLOW_TEMPO, slowed
from pronounce_kiosk.core.errors import ReferenceFailedError

RATE = 22_050


@pytest.fixture
def voice() -> AudioClip:
    seconds = np.arange(2 * RATE) / RATE
    wave = sum(np.sin(2 * np.pi * 180 * n * seconds) / n for n in range(1, 9))
    return AudioClip.from_array((0.1 * wave).astype(np.float32), RATE)


def test_slower_at_the_same_pitch(voice: AudioClip) -> None:
    slow = slowed(voice)
    assert slow.sample_rate_hz == RATE
    assert slow.duration_s == pytest.approx(voice.duration_s / SLOW_TEMPO, rel=0.03)
    assert float(np.nanmedian(pitch(slow))) == pytest.approx(180.0, rel=0.02)
    assert slow.rms == pytest.approx(voice.rms, rel=0.2)


def test_nothing_stays_nothing() -> None:
    assert not len(slowed(AudioClip.from_array(np.zeros(0, np.float32), RATE)).samples)


def test_without_ffmpeg_it_is_an_error(voice: AudioClip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ReferenceFailedError, match="ffmpeg"):
        slowed(voice)
