"""Taking the room's noise out of a recording that is kept."""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.denoise import without_noise
from pronounce_kiosk.references.espeak_library import EspeakLibrary

RATE_HZ = 16_000


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.005, round(seconds * RATE_HZ)).astype(np.float32)


def clip_of(samples: np.ndarray) -> AudioClip:
    return AudioClip.from_array(samples, RATE_HZ)


def test_noise_goes_and_the_voice_stays() -> None:
    spoken = EspeakLibrary().speak("good morning", "en-us", 145)
    voice = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE_HZ)
    room = noise(0.5)
    said = np.concatenate([room, voice.samples + noise(voice.duration_s)[: len(voice.samples)]])
    cleaned = without_noise(clip_of(said), clip_of(room))
    assert cleaned is not None
    assert len(cleaned.samples) == len(said)
    assert cleaned.slice_s(0.0, 0.4).rms < 0.001
    kept = cleaned.samples[len(room) :]
    assert np.corrcoef(kept, voice.samples)[0, 1] > 0.95


def test_where_no_noise_can_be_learned_nothing_is_taken_out() -> None:
    silence = clip_of(np.zeros(RATE_HZ, np.float32))
    assert without_noise(clip_of(noise(1.0)), silence) is None
    assert without_noise(clip_of(noise(1.0)), clip_of(noise(0.1))) is None
    assert without_noise(silence, clip_of(noise(1.0))) is None
