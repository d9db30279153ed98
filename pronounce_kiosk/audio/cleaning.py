"""Take the room's steady noise out of a recording that is kept, with noisereduce.

Slower than `denoise` and off every learner's path: a teacher decides by ear what is kept.
"""

from __future__ import annotations

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import decibels

PROFILE_S = 0.25
"""The least pause from which noise is learned; without one, speech would be taken for it."""
SILENT_DBFS = -75.0
"""A pause under this is digital silence: there is nothing to take out, nor to learn from."""


def without_noise(clip: AudioClip, pause: AudioClip) -> AudioClip | None:
    """Take the noise of a pause out of a clip.

    Stationary spectral gating (Sainburg's noisereduce 3).

    Args:
        clip: The recording, of any rate; same length and rate come back.
        pause: A stretch of it without a voice.

    Returns:
        The clip without the noise; None where the pause is short or silent, or the clip is silent.
    """
    if clip.peak == 0.0 or pause.duration_s < PROFILE_S or decibels(pause.rms) < SILENT_DBFS:
        return None
    # Loads torch's part of it: seconds, the first time.
    from noisereduce import reduce_noise

    cleaned = reduce_noise(
        y=clip.samples, sr=clip.sample_rate_hz, stationary=True, y_noise=pause.samples
    )
    return AudioClip.from_array(cleaned, clip.sample_rate_hz)
