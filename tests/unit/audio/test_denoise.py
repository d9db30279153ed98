"""Denoise: takes noise out, leaves speech, and never breaks on what has no noise to learn."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.denoise import denoise, noise_profile
from pronounce_kiosk.audio.level import normalised

Speak = Callable[..., AudioClip]
RATE = 16_000


def rms_db(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples))) + 1e-12))


@pytest.mark.parametrize("before_s", [0.6, 1.5])
@pytest.mark.parametrize("noise_db", [10.0, 20.0])
def test_noise_goes_and_speech_stays(speak: Speak, before_s: float, noise_db: float) -> None:
    take = speak(before_s=before_s, noise_db=noise_db)
    cleaned = denoise(take)
    level = normalised(take)
    pause = slice(0, round((before_s - 0.2) * RATE))
    speech = slice(round((before_s + 0.1) * RATE), round((before_s + 1.0) * RATE))
    assert rms_db(cleaned.samples[pause]) < rms_db(level.samples[pause]) - 8
    assert rms_db(cleaned.samples[speech]) == pytest.approx(rms_db(level.samples[speech]), abs=3.0)


def test_without_a_pause_before_the_quietest_stretch_stands_in(speak: Speak) -> None:
    take = speak(before_s=0.0, after_s=0.6, noise_db=20.0)
    assert noise_profile(normalised(take)) is not None
    tail = slice(-round(0.3 * RATE), None)
    gone_db = rms_db(normalised(take).samples[tail]) - rms_db(denoise(take).samples[tail])
    assert gone_db > 8


def test_the_profile_is_the_room_and_never_speech(speak: Speak) -> None:
    take = normalised(speak(before_s=2.0, noise_db=25.0))
    profile = noise_profile(take)
    assert profile is not None
    assert len(profile) <= 1.0 * RATE
    assert rms_db(profile) == pytest.approx(rms_db(take.samples[:RATE]), abs=1.0)


def test_speech_without_any_pause_is_left_alone_but_for_what_nobody_hears(speak: Speak) -> None:
    clip = speak("아", noise_db=None, before_s=0, after_s=0)
    assert noise_profile(normalised(clip)) is None
    inside = slice(round(0.06 * RATE), -round(0.06 * RATE))
    cleaned, level = denoise(clip).samples[inside], normalised(clip).samples[inside]
    assert rms_db(cleaned - level) < rms_db(level) - 28


def test_where_pauses_are_digital_silence_speech_is_no_noise(speak: Speak) -> None:
    # 16-bit steps eat the room of a quiet recording. What sounds then is speech alone.
    said = speak("안녕하세요", noise_db=None, before_s=0, after_s=0).samples
    parts = [said, np.zeros(round(0.4 * RATE), np.float32)] * 3
    assert noise_profile(normalised(AudioClip.from_array(np.concatenate(parts), RATE))) is None


def test_a_breath_before_the_voice_is_not_the_room(speak: Speak) -> None:
    take = speak(before_s=1.0, after_s=0.6, noise_db=45.0)
    breath = np.random.default_rng(0).normal(0, 10 ** (-22 / 20), round(0.6 * RATE))
    samples = take.samples.astype(np.float64)
    loudest = np.abs(samples).max() / 4
    samples[4000 : 4000 + len(breath)] += loudest * breath
    profile = noise_profile(normalised(AudioClip.from_array(samples, RATE)))
    assert profile is not None
    assert rms_db(profile) < rms_db(loudest * breath) - 10


def test_digital_silence_in_the_pause_is_no_profile(speak: Speak) -> None:
    clip = speak("아", noise_db=None, before_s=1.0, after_s=1.0)
    assert noise_profile(normalised(clip)) is None
    assert np.isfinite(denoise(clip).samples).all()


@pytest.mark.parametrize(
    "samples",
    [np.zeros(0), np.zeros(1), np.ones(1), np.zeros(RATE), np.full(RATE, 0.7), np.ones(200)],
)
def test_what_has_no_noise_comes_back(samples: np.ndarray) -> None:
    cleaned = denoise(AudioClip.from_array(samples, RATE))
    assert cleaned.samples.shape == samples.shape
    assert np.isfinite(cleaned.samples).all()


def test_the_same_twice_and_the_same_at_any_loudness(take: AudioClip) -> None:
    once = denoise(take).samples
    np.testing.assert_array_equal(once, denoise(take).samples)
    for gain in (0.03, 10.0):
        again = denoise(AudioClip.from_array(take.samples * gain, RATE)).samples
        np.testing.assert_allclose(again, once, atol=1e-4)


def test_a_minute_goes_through_no_file(take: AudioClip, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the pipeline writes no files")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    long = AudioClip.from_array(np.tile(take.samples, 60 * RATE // len(take.samples)), RATE)
    assert denoise(long).samples.shape == long.samples.shape


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12_000), st.integers(0, 2**31))
def test_any_clip_keeps_its_length_and_is_finite(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    envelope = np.repeat(random.choice([0.0, 1e-7, 1e-3, 1.0], -(-size // 3000)), 3000)[:size]
    clip = AudioClip.from_array(envelope * random.standard_normal(size), RATE)
    cleaned = denoise(clip)
    assert cleaned.samples.shape == (size,)
    assert cleaned.sample_rate_hz == RATE
    assert np.isfinite(cleaned.samples).all()
