"""Change the level, clipping, noise, room or parts of takes, at 16 kHz."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.training.data.rooms import Samples, babble, reverberant, rms

PEAK = 0.98
"""Highest peak of a changed clip, of full scale."""
TAKE_RMS = 0.1
"""RMS of a changed clip, of full scale, where its peak allows it."""
CROSS_FADE_S = 0.005
_RATE = PIPELINE_SAMPLE_RATE_HZ


def louder(clip: AudioClip, gain_db: float) -> AudioClip:
    """Change a clip's level, short of clipping, in 16 bits."""
    factor = 10 ** (gain_db / 20)
    if factor > 1.0:
        factor = max(1.0, min(factor, PEAK / max(clip.peak, 1e-9)))
    return _rounded(clip.samples.astype(np.float64) * factor)


def clipped(clip: AudioClip, share: float) -> AudioClip:
    """Raise a clip's level until `share` of its samples exceeds full scale, and clip them."""
    level = float(np.quantile(np.abs(clip.samples), 1.0 - share)) if len(clip.samples) else 0.0
    return _rounded(clip.samples.astype(np.float64) / max(level, 1e-9))


def in_white_noise(clip: AudioClip, snr_db: float, random: np.random.Generator) -> AudioClip:
    """Add white noise, `snr_db` under the clip's RMS."""
    return in_noise(clip, random.standard_normal(len(clip.samples)), snr_db)


def in_babble(clip: AudioClip, voices: Sequence[AudioClip], snr_db: float) -> AudioClip:
    """Add voices at one RMS, together `snr_db` under the clip's."""
    samples = [voice.samples.astype(np.float64) for voice in voices]
    return in_noise(clip, babble(samples, len(clip.samples)), snr_db)


def in_noise(clip: AudioClip, noise: Samples, snr_db: float) -> AudioClip:
    """Add noise, `snr_db` under the clip's RMS, both over the whole clip."""
    level = clip.rms * 10 ** (-snr_db / 20)
    samples = clip.samples.astype(np.float64)
    return fitting(samples + noise * (level / max(rms(noise), 1e-12)))


def in_room(
    clip: AudioClip, t60_s: float, direct_db: float, random: np.random.Generator
) -> AudioClip:
    """Add a room's reverberation; the direct sound has `direct_db` more energy."""
    samples = np.pad(clip.samples.astype(np.float64), (0, round(t60_s * _RATE)))
    return fitting(reverberant(samples, t60_s, direct_db, random))


def silenced(clip: AudioClip, start_s: float, end_s: float) -> AudioClip:
    """Replace a part of a clip by digital silence, faded over 5 ms at each end."""
    place_s = np.arange(len(clip.samples)) / clip.sample_rate_hz
    inside_s = np.minimum(place_s - start_s, end_s - place_s)
    gain = 1.0 - np.clip(inside_s / CROSS_FADE_S, 0.0, 1.0)
    return AudioClip.from_array(clip.samples * gain, clip.sample_rate_hz)


def cut_out(clip: AudioClip, start_s: float, end_s: float) -> AudioClip:
    """Remove a part of a clip, the joint cross-faded over 5 ms."""
    return joined([clip.slice_s(0.0, max(0.0, start_s)), clip.slice_s(end_s, clip.duration_s)])


def looped(piece: AudioClip, duration_s: float) -> AudioClip:
    """Repeat a piece for about a duration, its joints cross-faded."""
    return joined([piece] * max(2, round(duration_s / piece.duration_s)))


def joined(pieces: Sequence[AudioClip]) -> AudioClip:
    """Join pieces of one rate, each joint cross-faded over 5 ms."""
    rate = pieces[0].sample_rate_hz
    whole = cross_faded([piece.samples for piece in pieces], round(CROSS_FADE_S * rate))
    return AudioClip.from_array(whole, rate)


def cross_faded(pieces: Sequence[NDArray[np.float32]], fade: int) -> NDArray[np.float32]:
    """Join pieces, each joint faded over `fade` samples (fewer in a short piece)."""
    whole = np.zeros(0, np.float32)
    for piece in pieces:
        over = min(fade, len(whole), len(piece))
        ramp = np.linspace(0.0, 1.0, over, dtype=np.float32)
        joint = whole[len(whole) - over :] * (1 - ramp) + piece[:over] * ramp
        whole = np.concatenate([whole[: len(whole) - over], joint, piece[over:]])
    return whole


def fitting(samples: Samples) -> AudioClip:
    """Make a clip of `TAKE_RMS`, or of a peak of `PEAK` where that is lower."""
    level, peak = rms(samples), float(np.abs(samples).max(initial=0.0))
    factor = min(TAKE_RMS / level, PEAK / peak) if level > 1e-9 else 1.0
    return AudioClip.from_array(samples * factor, _RATE)


def _rounded(samples: Samples) -> AudioClip:
    whole = np.round(32767 * samples).clip(-32768, 32767).astype(np.int16)
    return AudioClip.from_array(whole, _RATE)
