"""The pitch curve: right on tones and glides, silent on silence and noise, as pYIN on voices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.pitch import HIGHEST_HZ, HOP_S, LOWEST_HZ, pitch, semitones

RATE = 16_000


def voice(hertz: np.ndarray) -> AudioClip:
    """A buzz with falling harmonics, which a plain autocorrelation takes an octave too low."""
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    wave = sum(np.sin(n * phase) / n for n in range(1, 12))
    return AudioClip.from_array((0.1 * wave).astype(np.float32), RATE)


@given(st.floats(LOWEST_HZ + 15, HIGHEST_HZ - 50), st.floats(-0.4, 0.4))
def test_a_glide_is_followed(start_hz: float, octaves: float) -> None:
    seconds = np.arange(RATE) / RATE
    hertz = np.clip(start_hz * 2.0 ** (octaves * seconds), LOWEST_HZ + 5, HIGHEST_HZ - 10)
    found = pitch(voice(hertz))
    assert len(found) == pytest.approx(1.0 / HOP_S, abs=1)
    inner = slice(5, 95)
    wanted = hertz[(np.arange(len(found)) * HOP_S * RATE).astype(int).clip(0, RATE - 1)]
    cents = 1200 * np.abs(np.log2(found / wanted))[inner]
    assert np.isfinite(found[inner]).all()
    assert cents.max() < 50


def test_loudness_does_not_count() -> None:
    clip = voice(np.full(RATE, 180.0))
    softer = AudioClip.from_array(clip.samples * 0.01, RATE)
    np.testing.assert_allclose(pitch(softer), pitch(clip), rtol=1e-3)


def test_where_there_is_no_voice_there_is_no_pitch() -> None:
    assert pitch(AudioClip.from_array(np.zeros(0, np.float32), RATE)).shape == (0,)
    silence = pitch(AudioClip.from_array(np.zeros(RATE, np.float32), RATE))
    assert np.isnan(silence).all()
    assert np.isnan(semitones(silence)).all()
    noise = np.random.default_rng(3).normal(0, 0.1, RATE).astype(np.float32)
    assert np.isnan(pitch(AudioClip.from_array(noise, RATE))).mean() > 0.95
    pause = voice(np.full(RATE, 150.0)).samples.copy()
    pause[RATE // 3 : 2 * RATE // 3] = 0.0
    found = pitch(AudioClip.from_array(pause, RATE))
    assert np.isnan(found[40:60]).all()
    assert np.isfinite(found[10:25]).all()


def test_semitones_are_around_the_voice_s_own_middle() -> None:
    low, high = (pitch(voice(np.linspace(base, base * 1.5, RATE))) for base in (100.0, 200.0))
    np.testing.assert_allclose(semitones(low)[5:95], semitones(high)[5:95], atol=0.3)
    assert float(np.nanmedian(semitones(low))) == pytest.approx(0.0, abs=0.01)


def test_another_rate_gives_the_same() -> None:
    clip = voice(np.full(RATE, 220.0))
    np.testing.assert_allclose(pitch(clip.resampled(44_100))[5:95], 220.0, rtol=0.01)


def test_a_voice_as_pyin_hears_it() -> None:
    import librosa

    from pronounce_kiosk.references.espeak_library import EspeakLibrary

    said = EspeakLibrary().speak("머거써요", "ko+f4", 145)
    clip = AudioClip.from_array(said.samples, said.sample_rate_hz).resampled(RATE)
    found = pitch(clip)
    expected, _, _ = librosa.pyin(
        np.array(clip.samples),
        fmin=LOWEST_HZ,
        fmax=HIGHEST_HZ,
        sr=RATE,
        frame_length=1024,
        hop_length=160,
        resolution=0.2,
    )
    both = np.isfinite(found) & np.isfinite(expected[: len(found)])
    assert both.mean() > 0.4
    cents = 1200 * np.abs(np.log2(found[both] / expected[: len(found)][both]))
    assert np.quantile(cents, 0.9) < 50
