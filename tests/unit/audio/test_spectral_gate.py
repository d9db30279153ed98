"""The spectral gate gives what the library it was written after gives."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.spectral_gate import gate

RATE = 16_000


def reduce_noise(samples: np.ndarray, noise: np.ndarray) -> np.ndarray:
    from noisereduce import reduce_noise as library

    cleaned: np.ndarray = library(
        y=samples,
        sr=RATE,
        stationary=True,
        y_noise=noise,
        prop_decrease=0.9,
        n_fft=512,
        chunk_size=None,
        clip_noise_stationary=False,
        padding=4 * 512,
    )
    return cleaned


def voice(seconds: float, seed: int) -> np.ndarray:
    """Something with bands and gaps, in noise."""
    random = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * RATE)) / RATE
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * time_s)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    loud = np.clip(np.sin(2 * np.pi * 1.3 * time_s), 0, 1)
    tones = sum(np.sin(n * phase) / n for n in range(1, 20))
    return 0.1 * loud * tones + random.normal(0, 0.003, len(time_s))


@pytest.mark.parametrize(
    ("seconds", "noise_s"), [(0.03, 0.21), (0.2, 0.21), (2.0, 1.0), (5.013, 0.99)]
)
def test_it_is_the_library_s_to_the_last_bit_of_a_clip(seconds: float, noise_s: float) -> None:
    samples = voice(seconds, seed=1)
    noise = np.random.default_rng(2).normal(0, 0.003, round(noise_s * RATE))
    ours, theirs = gate(samples, noise), reduce_noise(samples, noise)
    assert ours.shape == theirs.shape == samples.shape
    assert np.abs(ours - theirs).max() < 1e-14
    assert np.abs(theirs - samples).max() > 1e-3  # it did something
    # Clips are float32, half a billion times coarser.
    different = ours.astype(np.float32) != theirs.astype(np.float32)
    assert different.mean() < 1e-5


def test_bands_that_are_all_near_their_threshold_stay_open_as_in_the_library() -> None:
    samples = np.random.default_rng(3).normal(0, 1e-3, RATE)
    noise = 30.0 * np.random.default_rng(4).normal(0, 1e-3, RATE)
    np.testing.assert_allclose(gate(samples, noise), reduce_noise(samples, noise), atol=1e-15)


def test_without_noise_what_is_far_under_the_voice_is_taken_down_all_the_same() -> None:
    loud = np.sin(2 * np.pi * 440.0 * np.arange(RATE) / RATE) * 0.14
    faint = np.random.default_rng(3).normal(0, 2e-5, RATE)
    samples = np.concatenate([loud, faint])
    for noise in (None, 1e-3 * faint):
        cleaned = gate(samples, noise)
        assert np.std(cleaned[RATE + 2000 : -2000]) < 0.2 * np.std(faint)
        assert np.std(cleaned[2000 : RATE - 2000]) == pytest.approx(np.std(loud), rel=0.5)


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_silence_stays_silence() -> None:
    silence = np.zeros(RATE)
    noise = np.random.default_rng(5).normal(0, 1e-3, RATE)
    np.testing.assert_array_equal(gate(silence, noise), silence)
    np.testing.assert_array_equal(gate(silence, silence), silence)
