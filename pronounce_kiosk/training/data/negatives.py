"""Synthesise non-speech clips, which must never get a good score."""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip


def nonspeech_clips(seed: int, count: int = 64, size: int | None = None) -> list[AudioClip]:
    """Synthesise noise of several colours, steady and in bursts, and hum, at 16 kHz.

    Args:
        seed: Of all random draws.
        count: Number of clips.
        size: Samples of each; None draws 1-4 s.
    """
    random = np.random.default_rng(seed)
    return [_nonspeech(random, index, size) for index in range(count)]


def _nonspeech(random: np.random.Generator, index: int, size: int | None) -> AudioClip:
    rate = PIPELINE_SAMPLE_RATE_HZ
    size = size or int(random.uniform(1.0, 4.0) * rate)
    time_s = np.arange(size) / rate
    kind = index % 4
    if kind == 3:
        base = random.uniform(50.0, 400.0)
        samples = sum(
            np.sin(2 * np.pi * base * harmonic * time_s) / harmonic for harmonic in range(1, 8)
        )
    else:
        spectrum = np.fft.rfft(random.standard_normal(size))
        # White, pink, brown.
        spectrum /= np.maximum(np.arange(len(spectrum)), 1.0) ** (kind / 2)
        samples = np.fft.irfft(spectrum, size)
    if random.random() < 0.5:
        samples = samples * (0.05 + np.abs(np.sin(np.pi * random.uniform(1.0, 5.0) * time_s)))
    return AudioClip.from_array(0.3 * samples / np.abs(samples).max(), rate)
