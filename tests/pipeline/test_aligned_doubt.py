"""What is not speech by its time or its notes is doubted; speech is not."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.core.audio import AudioClip, FloatArray
from pronounce_kiosk.pipeline.aligned_doubt import (
    CROWD_LIMIT,
    CROWD_WEIGHT,
    CROWDED,
    DOUBTFUL,
    SKEWNESS_LIMIT,
    STEADY_SHARE,
    crowding,
    doubt,
    onset_skewness,
    periodicity,
    steadiness,
)
from pronounce_kiosk.pipeline.mel import MelParameters, grayscale_mel
from pronounce_kiosk.references.espeak_library import EspeakLibrary

RATE = 16_000


def image(samples: FloatArray) -> FloatArray:
    return grayscale_mel(clip(samples), MelParameters())


def clip(samples: FloatArray) -> AudioClip:
    return AudioClip.from_array(np.asarray(samples, np.float32), RATE)


@pytest.fixture(scope="module")
def speech() -> FloatArray:
    said = EspeakLibrary().speak("we went to the mountains with all of our friends", "en-us+m1")
    samples: FloatArray = (
        AudioClip.from_array(said.samples, said.sample_rate_hz).resampled(RATE).samples
    )
    return samples


def chords() -> FloatArray:
    """Three seconds of plucked triads, two a second."""
    time_s = np.arange(RATE // 2) / RATE
    notes = [220.0 * 2 ** (step / 12) for step in (0, 4, 7)]
    one = sum(
        (np.sin(2 * np.pi * note * k * time_s) / k for note in notes for k in (1, 2, 3)),
        np.zeros(len(time_s)),
    )
    return (0.1 * np.tile(one * np.exp(-3 * time_s), 6)).astype(np.float32)


def test_speech_is_hardly_doubted_and_backwards_it_is_more(speech: FloatArray) -> None:
    # espeak-ng's voices have fewer gaps than people's, and count as crowded, either way.
    forwards = doubt(clip(speech), image(speech))
    backwards = doubt(clip(speech[::-1]), image(speech[::-1]))
    assert 0.0 <= forwards < CROWD_LIMIT + 0.1
    assert backwards > forwards + 0.2
    assert backwards <= SKEWNESS_LIMIT + CROWD_LIMIT


def test_backwards_the_level_s_skewness_has_the_other_sign(speech: FloatArray) -> None:
    mel = image(speech)
    assert onset_skewness(mel) > 0.0
    assert onset_skewness(mel[:, ::-1]) == pytest.approx(-onset_skewness(mel))


def test_chords_stand_still_and_speech_does_not(speech: FloatArray) -> None:
    music = chords()
    assert steadiness(clip(music)) > STEADY_SHARE > steadiness(clip(speech))
    assert doubt(clip(music), image(music)) == DOUBTFUL


@pytest.mark.parametrize("factor", [1e-3, 10.0])
def test_loudness_changes_no_doubt(speech: FloatArray, factor: float) -> None:
    # As loud as takes are behind the front, or by far more and less than they could be.
    assert steadiness(clip(speech * factor)) == pytest.approx(steadiness(clip(speech)), abs=0.03)


@pytest.mark.parametrize("size", [0, 1, 480, 2000, RATE])
def test_silence_of_any_length_is_no_reason(size: int) -> None:
    silence = np.zeros(size, np.float32)
    assert onset_skewness(image(silence)) == 0.0
    assert 0.0 <= doubt(clip(silence), image(silence)) <= DOUBTFUL


def test_several_voices_at_once_are_doubted_and_one_is_not(speech: FloatArray) -> None:
    library = EspeakLibrary()
    voices = [speech]
    for voice, text in (
        ("en-us+f2", "could you tell me the way to the station please, it is late"),
        ("en-us+m3", "my brother has bought a new house near the river this year"),
        ("en-us+f4", "nobody knew what the answer to the last question would be"),
    ):
        said = library.speak(text, voice)
        one = AudioClip.from_array(said.samples, said.sample_rate_hz).resampled(RATE).samples
        voices.append(one)
    size = min(map(len, voices))
    crowd = np.sum([one[:size] / np.std(one) for one in voices], axis=0) * 0.03
    assert periodicity(clip(crowd)) < periodicity(clip(speech)) - 0.05
    assert crowding(clip(crowd), image(crowd)) > crowding(clip(speech), image(speech)) + 1.0
    assert crowding(clip(crowd), image(crowd)) > CROWDED + CROWD_LIMIT / CROWD_WEIGHT
    assert doubt(clip(crowd), image(crowd)) >= CROWD_LIMIT


def test_noise_has_no_period_and_a_tone_has_one() -> None:
    time_s = np.arange(RATE) / RATE
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE)
    assert periodicity(clip(noise)) < 0.5
    assert periodicity(clip(np.sin(2 * np.pi * 150.0 * time_s))) > 0.99


@pytest.mark.parametrize("size", [0, 1, 1119, 1120, 3000])
def test_silence_has_no_period(size: int) -> None:
    assert periodicity(clip(np.zeros(size))) == 0.0
