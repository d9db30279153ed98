"""Build references of training and evaluation, and clips by espeak-ng."""

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.espeak_library import DEFAULT_RATE_WPM, EspeakLibrary
from pronounce_kiosk.references.library import ReferenceLibrary, default_library


def training_library() -> ReferenceLibrary:
    """Build the library of references of a process, in the kiosk's cache: all are rendered once.

    Request ``espeak`` from it: figures must not depend on gTTS clips that the cache may hold.
    """
    return default_library(Paths.default(), Settings())


def espeak_clip(
    text: str,
    voice: str,
    rate_wpm: int = DEFAULT_RATE_WPM,
    *,
    phonemes: bool = False,
    margin_s: float = 0.0,
) -> AudioClip:
    """Synthesise text by espeak-ng, at 16 kHz, with silence before and after.

    text: espeak-ng's mnemonics in double brackets with `phonemes`; voice: as ``ko+m1``.
    """
    spoken = EspeakLibrary().speak(text, voice, rate_wpm=rate_wpm, phonemes=phonemes)
    samples = np.pad(spoken.samples, round(margin_s * spoken.sample_rate_hz))
    return AudioClip.from_array(samples, spoken.sample_rate_hz).resampled(PIPELINE_SAMPLE_RATE_HZ)
