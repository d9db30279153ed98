"""Denoise: stationary spectral gating with the noise profile of the pause before speech.

The original team took the first second as the profile, which fails for a learner who speaks at
once: so the pause is found by VAD, and where there is none worth the name the quietest stretch of
the clip stands in, if it is quiet enough to be no speech.
"""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.level import decibels, normalised
from pronounce_kiosk.audio.spectral_gate import gate
from pronounce_kiosk.audio.vad import FRAME, HANGOVER_BEFORE_FRAMES, first_voiced_frame

PROFILE_FRAMES = 7
"""At least 0.21 s of pause, or the spectrum's spread cannot be told."""
PROFILE_MAX_FRAMES = 33
"""At most the last second before speech: the room as it is while the learner speaks."""
SILENT_DB = -75.0
"""A pause this far under the loudest frame is digital silence, or 16-bit steps: no noise is heard.
All that sounds in such a clip is speech, and no stretch of it may stand in for the room."""
PAUSE_DB = -15.0
"""A stretch closer to the loudest frame than this is speech, not a pause."""
STEADY_DB = 10.0
"""What lies before the voice is no room where some other pause is this much quieter: a breath."""


def denoise(clip: AudioClip) -> AudioClip:
    """The clip with steady noise taken out, normalised, same length and rate (16 kHz).

    Where there is no pause to learn the noise from, or the pause is digital silence (on which
    noisereduce divided by zero), only what lies some 60 dB under the loudest point is taken down.
    An empty clip stays empty. Deterministic. Method: see `gate`.
    """
    level = normalised(clip)
    if not level.samples.any():
        return level
    profile = noise_profile(level)
    with np.errstate(all="ignore"):
        cleaned = gate(
            level.samples.astype(np.float64),
            None if profile is None else profile.astype(np.float64),
        )
    samples = np.asarray(cleaned, np.float32)
    if samples.shape != level.samples.shape or not np.isfinite(samples).all():
        return level
    samples.setflags(write=False)
    return AudioClip(samples, level.sample_rate_hz)


def noise_profile(clip: AudioClip) -> FloatArray | None:
    """Samples of the room without speech.

    None where the clip has no pause to show it, and where the pause is as good as silent.
    """
    count = len(clip.samples) // FRAME
    frames = clip.samples[: count * FRAME].astype(np.float64).reshape(count, FRAME)
    # Each without its own mean: to take the clip's off has left one in digital silence.
    rms = frames.std(axis=1)
    if len(rms) < PROFILE_FRAMES or rms.max() <= 0:
        return None
    relative_db = decibels(rms / rms.max())
    voiced = first_voiced_frame(clip)
    before = np.arange(0 if voiced is None else max(0, voiced - HANGOVER_BEFORE_FRAMES))
    chosen = before[relative_db[before] < PAUSE_DB][-PROFILE_MAX_FRAMES:]
    quietest = _quietest_stretch(rms)
    steady_db = decibels(rms[quietest].mean() / rms.max()) + STEADY_DB
    if len(chosen) < PROFILE_FRAMES or decibels(rms[chosen].mean() / rms.max()) > steady_db:
        chosen = quietest
    level_db = decibels(np.sqrt(np.mean(np.square(rms[chosen] / rms.max()))))
    if level_db < SILENT_DB or relative_db[chosen].max() > PAUSE_DB:
        return None
    return _frames(clip, chosen)


def _quietest_stretch(rms: np.ndarray) -> np.ndarray:
    """The quietest `PROFILE_FRAMES` in a row."""
    power = np.convolve(np.square(rms), np.ones(PROFILE_FRAMES), "valid")
    return int(np.argmin(power)) + np.arange(PROFILE_FRAMES)


def _frames(clip: AudioClip, indices: np.ndarray) -> FloatArray:
    """The samples of some frames, one after another."""
    count = len(clip.samples) // FRAME
    picked: FloatArray = clip.samples[: count * FRAME].reshape(count, FRAME)[indices].reshape(-1)
    return picked
