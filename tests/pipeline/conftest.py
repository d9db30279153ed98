"""Real speech for the pipeline's tests: espeak-ng's voice in a room with a little noise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.audio import AudioClip
from pronounce_kiosk.pipeline.aligned import AlignedScorer
from pronounce_kiosk.references.espeak_library import EspeakLibrary

RATE = 16_000
Speak = Callable[..., AudioClip]
BUNDLE = Path(__file__).resolve().parents[2] / "models" / "aligned-1"


@pytest.fixture(scope="session")
def scorer() -> AlignedScorer:
    """That of the bundle that ships."""
    loaded = load_bundle(BUNDLE).scorer
    assert isinstance(loaded, AlignedScorer)
    return loaded


@pytest.fixture(scope="session")
def speak() -> Speak:
    """speak(text, voice, noise_db, before_s, after_s) -> a 16 kHz clip.

    noise_db: white noise under the voice's RMS, None for none; pauses hold the noise alone.
    """
    library = EspeakLibrary()

    def make(
        text: str = "오늘은 삼겹살을 먹었어요",
        voice: str = "ko",
        noise_db: float | None = 40.0,
        before_s: float = 0.5,
        after_s: float = 0.5,
    ) -> AudioClip:
        spoken = library.speak(text, voice)
        voice_only = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE)
        padding = (round(before_s * RATE), round(after_s * RATE))
        samples = np.pad(voice_only.samples, padding).astype(np.float64)
        if noise_db is not None:
            random = np.random.default_rng(7)
            scale = voice_only.rms * 10 ** (-noise_db / 20)
            samples += scale * random.standard_normal(len(samples))
        return AudioClip.from_array(samples * 0.5, RATE)

    return make


@pytest.fixture(scope="session")
def take(speak: Speak) -> AudioClip:
    """One good take."""
    return speak()
