"""Denoise: stationary spectral gating with the noise profile of the pause before speech.

A fixed first second as profile fails for a learner who speaks at once. So VAD finds the pause;
where it is too short, the quietest stretch of the clip is used, if it is too quiet for speech.
"""

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.level import decibels, normalised
from pronounce_kiosk.audio.spectral_gate import gate
from pronounce_kiosk.audio.vad import FRAME, HANGOVER_BEFORE_FRAMES, first_voiced_frame

PROFILE_FRAMES = 7
"""Shortest pause used as a noise profile, in frames (0.21 s): fewer do not show the spectrum's
spread."""
PROFILE_MAX_FRAMES = 33
"""Longest noise profile, in frames: at most the last second before speech, the room as it is
then."""
SILENT_DB = -75.0
"""A pause this far below the loudest frame is digital silence or 16-bit quantisation, without
audible noise. Everything else in such a clip is speech, and no stretch of it is used as a
profile."""
PAUSE_DB = -15.0
"""A stretch closer to the loudest frame than this is speech, not a pause."""
STEADY_DB = 10.0
"""The stretch before the voice is not used as a profile where another pause is quieter by this
much: it may hold a breath."""
LEAST_PAUSE_S = 0.25
"""Shortest pause of a recording used as a profile. Lowering it may take speech for noise."""
SILENT_DBFS = -75.0
"""A pause below this level is digital silence: it holds no noise to remove."""


def denoise(clip: AudioClip) -> AudioClip:
    """Remove steady noise from a 16 kHz clip and normalise it, keeping length and rate.

    Without a pause to profile, or with one of digital silence, only components about 60 dB below
    the loudest point are attenuated. An empty clip stays empty. Deterministic. Method: see
    `spectral_gate.gate`.
    """
    level = normalised(clip)
    if not level.samples.any():
        return level
    profile = noise_profile(level)
    with np.errstate(all="ignore"):
        cleaned = gate(level.samples.astype(np.float64), profile).astype(np.float32)
    if not np.isfinite(cleaned).all():
        return level
    cleaned.setflags(write=False)
    return AudioClip(cleaned, level.sample_rate_hz)


def noise_profile(clip: AudioClip) -> NDArray[np.float64] | None:
    """Return samples of the room without speech.

    None where the clip has no pause, and where the pause is practically silent.
    """
    count = len(clip.samples) // FRAME
    frames = clip.samples[: count * FRAME].astype(np.float64).reshape(count, FRAME)
    # The mean is removed per frame: removing the clip's leaves an offset in digital silence.
    rms = frames.std(axis=1)
    if len(rms) < PROFILE_FRAMES or rms.max() <= 0:
        return None
    relative_db = decibels(rms / rms.max())
    voiced = first_voiced_frame(clip)
    before = np.arange(0 if voiced is None else max(0, voiced - HANGOVER_BEFORE_FRAMES))
    chosen = before[relative_db[before] < PAUSE_DB][-PROFILE_MAX_FRAMES:]
    power = np.convolve(np.square(rms), np.ones(PROFILE_FRAMES), "valid")
    quietest = int(np.argmin(power)) + np.arange(PROFILE_FRAMES)
    steady_db = decibels(rms[quietest].mean() / rms.max()) + STEADY_DB
    if len(chosen) < PROFILE_FRAMES or decibels(rms[chosen].mean() / rms.max()) > steady_db:
        chosen = quietest
    level_db = decibels(np.sqrt(np.mean(np.square(rms[chosen] / rms.max()))))
    if level_db < SILENT_DB or relative_db[chosen].max() > PAUSE_DB:
        return None
    profile: NDArray[np.float64] = frames[chosen].reshape(-1)
    return profile


def without_noise(clip: AudioClip, pause: AudioClip) -> AudioClip | None:
    """Remove the noise of a pause from a teacher's recording, with Sainburg's noisereduce 3.

    Slower than `denoise` and never used during practice: the teacher listens and decides.

    Args:
        clip: The recording, of any rate; length and rate are kept.
        pause: A stretch of the recording without a voice.

    Returns:
        The clip without the noise; None where the pause is short or silent, or the clip is silent.
    """
    if clip.peak == 0.0 or pause.duration_s < LEAST_PAUSE_S or decibels(pause.rms) < SILENT_DBFS:
        return None
    # Imports parts of torch: takes seconds the first time.
    from noisereduce import reduce_noise

    cleaned = reduce_noise(
        y=clip.samples, sr=clip.sample_rate_hz, stationary=True, y_noise=pause.samples
    )
    return AudioClip.from_array(cleaned, clip.sample_rate_hz)
