from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import UnreadableAudioError

RATES_HZ = st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
FLOATS = hnp.arrays(np.float32, st.integers(0, 4_000), elements=st.floats(-1, 1, width=32))


@given(FLOATS, RATES_HZ)
def test_a_clip_is_read_only_float32_mono(samples: np.ndarray, rate_hz: int) -> None:
    clip = AudioClip.from_array(samples, rate_hz)
    assert clip.samples.dtype == np.float32
    assert clip.samples.ndim == 1
    assert not clip.samples.flags.writeable
    np.testing.assert_array_equal(clip.samples, samples)
    assert clip.duration_s == len(samples) / rate_hz


def test_a_clip_does_not_follow_its_source() -> None:
    source = np.zeros(10, np.float32)
    clip = AudioClip.from_array(source, 16_000)
    view = AudioClip.from_array(source[2:8], 16_000)
    source[:] = 1
    assert clip.peak == 0
    assert view.peak == 0


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        (np.int16, -32768, 32767),
        (np.int32, -(2**31), 2**31 - 1),
        (np.uint8, 0, 255),
        (np.int8, -128, 127),
    ],
)
def test_integers_are_scaled_by_their_full_scale(dtype: type, low: int, high: int) -> None:
    clip = AudioClip.from_array(np.array([low, high], dtype), 16_000)
    assert clip.samples[0] == -1
    assert 0.99 <= clip.samples[1] <= 1


def test_unsigned_silence_is_silence() -> None:
    assert AudioClip.from_array(np.full(100, 128, np.uint8), 8_000).peak == 0


def test_channels_are_averaged() -> None:
    stereo = np.array([[1.0, 0.0], [0.5, -0.5]], np.float32)
    assert AudioClip.from_array(stereo, 16_000).samples.tolist() == [0.5, 0.0]
    assert len(AudioClip.from_array(np.zeros((0, 2)), 16_000).samples) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -3e38])
def test_what_is_not_a_number_is_refused(bad: float) -> None:
    with pytest.raises(UnreadableAudioError):
        AudioClip.from_array(np.array([0.0, bad]), 16_000)
    with pytest.raises(UnreadableAudioError):
        AudioClip.from_array(np.array([[0.0, 0.1], [bad, bad]]), 16_000)


def test_what_is_far_too_loud_is_a_clip_at_every_rate() -> None:
    loud = np.array([0.0, 1e12, -1e12, 1.0] * 4_000)
    assert AudioClip.from_array(loud, 44_100).resampled(16_000).duration_s > 0.3


@pytest.mark.parametrize(
    ("samples", "rate_hz"),
    [
        (np.zeros((2, 2, 2)), 16_000),
        (np.float32(0), 16_000),
        (np.zeros(3), 0),
        (np.zeros(3), -8_000),
        (np.zeros(3, bool), 16_000),
        (np.zeros(3, complex), 16_000),
        (np.array(["a"]), 16_000),
    ],
)
def test_what_is_not_audio_is_refused(samples: np.ndarray, rate_hz: int) -> None:
    with pytest.raises(UnreadableAudioError):
        AudioClip.from_array(samples, rate_hz)


def test_levels_of_nothing_silence_and_a_square() -> None:
    assert AudioClip.from_array([], 16_000).peak == 0
    assert AudioClip.from_array([], 16_000).rms == 0
    assert AudioClip.from_array(np.zeros(100), 16_000).rms == 0
    square = AudioClip.from_array(np.tile([1.0, -1.0], 500), 16_000)
    assert square.peak == 1
    assert square.rms == pytest.approx(1)


@given(FLOATS, st.floats(-1, 2), st.floats(-1, 2))
def test_slices_stay_inside(samples: np.ndarray, start_s: float, end_s: float) -> None:
    clip = AudioClip.from_array(samples, 8_000)
    part = clip.slice_s(start_s, end_s)
    assert len(part.samples) <= len(clip.samples)
    if end_s <= start_s:
        assert len(part.samples) == 0


def test_a_slice_is_what_was_asked_for() -> None:
    clip = AudioClip.from_array(np.arange(8_000) / 8_000, 8_000)
    np.testing.assert_array_equal(clip.slice_s(0.25, 0.5).samples, clip.samples[2_000:4_000])


@given(RATES_HZ, RATES_HZ, st.integers(0, 5_000))
def test_resampling_keeps_the_duration(from_hz: int, to_hz: int, count: int) -> None:
    clip = AudioClip.from_array(np.zeros(count), from_hz).resampled(to_hz)
    assert clip.sample_rate_hz == to_hz
    assert abs(len(clip.samples) - count * to_hz / from_hz) <= 1


def test_resampling_keeps_a_tone() -> None:
    time_s = np.arange(48_000) / 48_000
    tone = AudioClip.from_array(0.5 * np.sin(2 * np.pi * 440 * time_s), 48_000)
    resampled = tone.resampled(16_000)
    spectrum = np.abs(np.fft.rfft(resampled.samples))
    assert np.argmax(spectrum) == 440
    assert resampled.rms == pytest.approx(tone.rms, rel=0.01)
    assert tone.resampled(48_000) is tone
