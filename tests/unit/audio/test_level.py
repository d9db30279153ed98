"""The level check: what cannot be scored, and that loudness alone is no reason."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import check_level, is_loud, normalised, strip_digital_silence
from pronounce_kiosk.core.score import Verdict

Speak = Callable[..., AudioClip]
RATE = 16_000
RANDOM = np.random.default_rng(0)


def clip(samples: object, rate: int = RATE) -> AudioClip:
    return AudioClip.from_array(np.asarray(samples, np.float32), rate)


def square(seconds: float, amplitude: float) -> np.ndarray:
    return amplitude * np.sign(np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE))


def test_a_good_take_passes(take: AudioClip) -> None:
    assert check_level(take) is None


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        ([], Verdict.SILENCE),
        ([0.5], Verdict.SILENCE),
        (np.zeros(RATE), Verdict.SILENCE),
        (np.full(RATE, 0.4), Verdict.SILENCE),
        (RANDOM.integers(-1, 2, RATE) / 32768, Verdict.SILENCE),
        (1e-3 * RANDOM.standard_normal(RATE), Verdict.SILENCE),
        (0.1 * RANDOM.standard_normal(RATE), Verdict.NOISY),
        (0.3 * np.sin(np.arange(RATE) * 0.05), Verdict.NOISY),
        (square(1.0, 1.0), Verdict.CLIPPED),
        (0.3 * RANDOM.standard_normal(RATE // 10), Verdict.TOO_SHORT),
    ],
    ids=[
        "empty",
        "one sample",
        "zeros",
        "dc",
        "dither",
        "quiet room",
        "noise",
        "hum",
        "square",
        "tenth of a second",
    ],
)
def test_what_is_no_take(samples: object, verdict: Verdict) -> None:
    assert check_level(clip(samples)) is verdict


@pytest.mark.parametrize("gain_db", [-40, -30, -10, 0, 6])
@pytest.mark.parametrize("sixteen_bit", [False, True])
def test_loudness_is_no_fault(take: AudioClip, gain_db: float, sixteen_bit: bool) -> None:
    samples = take.samples * 10 ** (gain_db / 20)
    if sixteen_bit:
        samples = np.round(samples * 32768).astype(np.int16)
    assert check_level(AudioClip.from_array(samples, RATE)) is None


def test_a_voice_eaten_by_sixteen_bits_is_too_quiet(take: AudioClip) -> None:
    steps = np.round(take.samples / take.rms * 10 ** (-90 / 20) * 32768).astype(np.int16)
    assert steps.any()
    assert check_level(AudioClip.from_array(steps, RATE)) is Verdict.TOO_QUIET


def driven(take: AudioClip, share: float) -> AudioClip:
    """The take so loud that this share of its samples is clipped."""
    gain = 1 / np.quantile(np.abs(take.samples), 1 - share)
    return clip(np.clip(take.samples * gain, -1, 1))


def test_a_voice_driven_into_the_ceiling_is_clipped(take: AudioClip) -> None:
    assert check_level(driven(take, 0.2)) is Verdict.CLIPPED


@pytest.mark.parametrize("share", [0.01, 0.02, 0.05])
def test_some_clipped_peaks_are_loud_and_can_be_judged(take: AudioClip, share: float) -> None:
    assert check_level(driven(take, share)) is None
    assert is_loud(driven(take, share))


def test_flat_tops_are_found_behind_a_codec_or_a_resampler(take: AudioClip) -> None:
    smeared = driven(take, 0.02).resampled(11_025).resampled(RATE)
    assert smeared.peak > 1.01
    assert is_loud(smeared)


def test_an_offset_hides_no_flat_tops(take: AudioClip) -> None:
    assert is_loud(clip(driven(take, 0.02).samples - 0.05))


def test_speech_that_fits_is_not_loud(take: AudioClip) -> None:
    assert check_level(clip(take.samples / take.peak)) is None
    assert not is_loud(clip(take.samples / take.peak))
    assert not is_loud(clip(np.clip(take.samples / take.peak, -0.5, 0.5)))
    assert not is_loud(clip([]))


def test_noise_as_loud_as_the_voice_is_noisy(speak: Speak) -> None:
    assert check_level(speak(noise_db=0.0)) is Verdict.NOISY
    assert check_level(speak(noise_db=10.0)) is None


def test_strip_takes_padding_off_and_says_where_it_began(take: AudioClip) -> None:
    padded = clip(np.pad(take.samples, (1234, 4321)))
    alone, first_alone = strip_digital_silence(take)
    stripped, first = strip_digital_silence(padded)
    assert first == first_alone + 1234
    np.testing.assert_array_equal(stripped.samples, alone.samples)
    assert len(strip_digital_silence(clip(np.zeros(100)))[0].samples) == 0


def test_normalised_takes_loudness_away(take: AudioClip) -> None:
    reference = normalised(take).samples
    for gain in (0.03, 0.5, 10.0):
        np.testing.assert_allclose(
            normalised(clip(take.samples * gain)).samples, reference, atol=1e-6
        )
    offset = normalised(clip(take.samples + 0.2)).samples
    np.testing.assert_allclose(offset, reference, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    samples=arrays(np.float32, st.integers(0, 4000), elements=st.floats(-1e6, 1e6, width=32)),
    rate=st.sampled_from([8000, 16_000, 44_100, 48_000]),
)
def test_any_clip_gets_a_verdict_and_stays_finite(samples: np.ndarray, rate: int) -> None:
    any_clip = AudioClip.from_array(samples, rate)
    verdict = check_level(any_clip)
    assert verdict is None or isinstance(verdict, Verdict)
    assert verdict is check_level(any_clip)
    result = normalised(any_clip)
    assert result.samples.shape == samples.shape
    assert np.isfinite(result.samples).all()
