"""The grayscale mel image: its shape, its range, and that loudness is not in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel, mel_image

RATE = 16_000
PARAMETERS = MelParameters()


@pytest.mark.parametrize("size", [0, 1, 100, 159, 160, 400, 16_000])
def test_shape_and_range(size: int) -> None:
    samples = np.random.default_rng(0).standard_normal(size)
    mel = grayscale_mel(AudioClip.from_array(samples, RATE), PARAMETERS)
    assert mel.shape == (64, 1 + size // 160 if size else 0)
    assert mel.dtype == np.float32
    if size > 1:
        assert mel.max() == 1.0
        assert mel.min() >= 0.0


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(RATE, 0.5)])
def test_silence_is_black(samples: np.ndarray) -> None:
    mel = grayscale_mel(AudioClip.from_array(samples, RATE), PARAMETERS)
    assert mel.shape == (64, 101)
    assert not mel.any()


@pytest.mark.parametrize("gain_db", [-80, -30, -6, 20])
def test_loudness_is_not_in_it(take: AudioClip, gain_db: float) -> None:
    louder = AudioClip.from_array(take.samples * 10 ** (gain_db / 20), RATE)
    np.testing.assert_allclose(
        grayscale_mel(louder, PARAMETERS), grayscale_mel(take, PARAMETERS), atol=2e-4
    )


def test_a_higher_tone_lies_higher() -> None:
    time_s = np.arange(RATE) / RATE
    rows = [
        int(
            grayscale_mel(AudioClip.from_array(np.sin(2 * np.pi * hz * time_s), RATE), PARAMETERS)
            .sum(axis=1)
            .argmax()
        )
        for hz in (200, 500, 1000, 3000, 6000)
    ]
    assert rows == sorted(set(rows))


def test_every_filter_passes_something() -> None:
    noise = np.random.default_rng(1).standard_normal(4 * RATE)
    mel = grayscale_mel(AudioClip.from_array(noise, RATE), PARAMETERS)
    assert (mel.mean(axis=1) > 0.5).all()


def test_the_image_is_upside_down_and_eight_bits() -> None:
    mel = np.zeros((3, 2), np.float32)
    mel[0] = 1.0
    image = mel_image(mel)
    assert image.dtype == np.uint8
    assert image.tolist() == [[0, 0], [0, 0], [255, 255]]
    assert image.flags["C_CONTIGUOUS"]
    assert mel_image(np.zeros((64, 0), np.float32)).shape == (64, 0)


def test_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="16000"):
        grayscale_mel(AudioClip.from_array(np.zeros(800), 8000), PARAMETERS)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6000), st.floats(-12, 6), st.integers(0, 2**31))
def test_any_clip_gives_numbers_from_0_to_1(size: int, exponent: float, seed: int) -> None:
    samples = 10**exponent * np.random.default_rng(seed).standard_normal(size)
    mel = grayscale_mel(AudioClip.from_array(samples, RATE), PARAMETERS)
    assert np.isfinite(mel).all()
    assert mel.min() >= 0.0
    assert mel.max() <= 1.0
