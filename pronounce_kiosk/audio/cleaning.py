"""Remove steady noise from a teacher's recording, with noisereduce.

Slower than `denoise` and never used during practice: the teacher listens and decides.
"""

from __future__ import annotations

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import decibels

PROFILE_S = 0.25
"""Shortest pause used as a noise profile, in seconds. Lowering it risks taking speech for noise."""
SILENT_DBFS = -75.0
"""A pause below this level is digital silence: it holds no noise to remove."""


def without_noise(clip: AudioClip, pause: AudioClip) -> AudioClip | None:
    """Remove the noise of a pause from a clip.

    Stationary spectral gating (Sainburg's noisereduce 3).

    Args:
        clip: The recording, of any rate; length and rate are kept.
        pause: A stretch of the recording without a voice.

    Returns:
        The clip without the noise; None where the pause is short or silent, or the clip is silent.
    """
    if clip.peak == 0.0 or pause.duration_s < PROFILE_S or decibels(pause.rms) < SILENT_DBFS:
        return None
    # Imports parts of torch: takes seconds the first time.
    from noisereduce import reduce_noise

    cleaned = reduce_noise(
        y=clip.samples, sr=clip.sample_rate_hz, stationary=True, y_noise=pause.samples
    )
    return AudioClip.from_array(cleaned, clip.sample_rate_hz)
