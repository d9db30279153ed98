"""Denoise: stationary spectral gating (noisereduce) with the profile of the pause before speech.

The original team took the first second as the profile, which fails for a learner who speaks at
once: so the pause is found by VAD, and where there is none worth the name the quietest stretch of
the clip stands in, if it is quiet enough to be no speech.
"""

from __future__ import annotations

import warnings

import numpy as np

from pronounce_kiosk.core.audio import AudioClip, FloatArray
from pronounce_kiosk.pipeline.level import decibels, frame_rms, normalised
from pronounce_kiosk.pipeline.trim import FRAME, HANGOVER_BEFORE_FRAMES, voiced_frames

PROFILE_FRAMES = 7
"""At least 0.21 s of pause, or the spectrum's spread cannot be told."""
PROFILE_MAX_FRAMES = 33
"""At most the last second before speech: the room as it is while the learner speaks."""
SILENT_DB = -75.0
"""Frames this far under the loudest are digital silence (or 16-bit steps): no noise to learn."""
PAUSE_DB = -15.0
"""A stretch closer to the loudest frame than this is speech, not a pause."""
N_FFT = 512
PROP_DECREASE = 0.9
"""How much of the noise goes: all of it leaves holes that look like stops on a mel image."""


def denoise(clip: AudioClip) -> AudioClip:
    """The clip with steady noise taken out, normalised, same length and rate (16 kHz).

    Unchanged, but normalised, where there is no pause to learn the noise from or the pause is
    digital silence (on which noisereduce divides by zero). An empty clip stays empty.
    Deterministic. Method: spectral gating, Sainburg's noisereduce 3, stationary.
    """
    level = normalised(clip)
    profile = noise_profile(level)
    if profile is None:
        return level
    # 0.7 s to import, and only takes need it: never on the start-up path.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from noisereduce import reduce_noise
    with np.errstate(all="ignore"):
        cleaned = reduce_noise(
            y=level.samples.astype(np.float64),
            sr=level.sample_rate_hz,
            stationary=True,
            y_noise=profile.astype(np.float64),
            prop_decrease=PROP_DECREASE,
            n_fft=N_FFT,
            # One chunk whatever the length: several would go through a file in /tmp.
            chunk_size=None,
            clip_noise_stationary=False,
            padding=4 * N_FFT,
        )
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
    voiced = np.flatnonzero(voiced_frames(clip))
    if len(voiced):
        before = np.arange(max(0, int(voiced[0]) - HANGOVER_BEFORE_FRAMES))
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
