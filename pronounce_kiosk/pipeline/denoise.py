"""Denoise: stationary spectral gating with the noise profile of the pause before speech.

The original team took the first second as the profile, which fails for a learner who speaks at
once: so the pause is found by VAD, and where there is none worth the name the quietest stretch of
the clip stands in, if it is quiet enough to be no speech.
"""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.core.audio import AudioClip, FloatArray
from pronounce_kiosk.pipeline.gate import gate
from pronounce_kiosk.pipeline.level import decibels, frame_rms, normalised
from pronounce_kiosk.pipeline.trim import FRAME, HANGOVER_BEFORE_FRAMES, first_voiced_frame

PROFILE_FRAMES = 7
"""At least 0.21 s of pause, or the spectrum's spread cannot be told."""
PROFILE_MAX_FRAMES = 33
"""At most the last second before speech: the room as it is while the learner speaks."""
SILENT_DB = -75.0
"""Frames this far under the loudest are digital silence (or 16-bit steps): no noise to learn."""
PAUSE_DB = -15.0
"""A stretch closer to the loudest frame than this is speech, not a pause."""


def denoise(clip: AudioClip) -> AudioClip:
    """The clip with steady noise taken out, normalised, same length and rate (16 kHz).

    Unchanged, but normalised, where there is no pause to learn the noise from or the pause is
    digital silence (on which noisereduce divided by zero). An empty clip stays empty.
    Deterministic. Method: see `gate`.
    """
    level = normalised(clip)
    profile = noise_profile(level)
    if profile is None:
        return level
    with np.errstate(all="ignore"):
        cleaned = gate(level.samples.astype(np.float64), profile.astype(np.float64))
    samples = np.asarray(cleaned, np.float32)
    if samples.shape != level.samples.shape or not np.isfinite(samples).all():
        return level
    samples.setflags(write=False)
    return AudioClip(samples, level.sample_rate_hz)


def noise_profile(clip: AudioClip) -> FloatArray | None:
    """Samples of the room without speech, or None where the clip has no pause to show it."""
    rms = frame_rms(clip.samples, FRAME)
    if len(rms) < PROFILE_FRAMES or rms.max() <= 0:
        return None
    relative_db = decibels(rms / rms.max())
    sounding = relative_db > SILENT_DB
    voiced = first_voiced_frame(clip)
    if voiced is not None:
        before = np.arange(max(0, voiced - HANGOVER_BEFORE_FRAMES))
        before = before[sounding[before] & (relative_db[before] < PAUSE_DB)][-PROFILE_MAX_FRAMES:]
        if len(before) >= PROFILE_FRAMES:
            return _frames(clip, before)
    return _quietest_stretch(clip, rms, sounding, relative_db)


def _quietest_stretch(
    clip: AudioClip,
    rms: np.ndarray,
    sounding: np.ndarray,
    relative_db: np.ndarray,
) -> FloatArray | None:
    """The quietest `PROFILE_FRAMES` in a row that sound, if they are far enough under speech."""
    power = np.convolve(np.square(rms), np.ones(PROFILE_FRAMES), "valid")
    whole = np.convolve(sounding, np.ones(PROFILE_FRAMES), "valid") > PROFILE_FRAMES - 0.5
    if not whole.any():
        return None
    start = int(np.argmin(np.where(whole, power, np.inf)))
    stretch = np.arange(start, start + PROFILE_FRAMES)
    if relative_db[stretch].max() > PAUSE_DB:
        return None
    return _frames(clip, stretch)


def _frames(clip: AudioClip, indices: np.ndarray) -> FloatArray:
    """The samples of some frames, one after another."""
    count = len(clip.samples) // FRAME
    picked: FloatArray = clip.samples[: count * FRAME].reshape(count, FRAME)[indices].reshape(-1)
    return picked
