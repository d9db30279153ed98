"""Level check: does a clip hold a signal that can be scored?

Low volume itself is no fault: a take 30 dB down holds intact speech. `too_quiet` therefore means
unusable: a voice lost in 16-bit quantisation or in the noise floor. Every later stage works on the
clip that `normalised` gives, so none depends on loudness.
"""

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import Verdict

FRAME_S = 0.03
MIN_DURATION_S = 0.2
"""A shorter clip holds no word; "네" takes about 0.25 s."""
SILENCE_DBFS = -90.0
"""Loudest frame at or below this: 16-bit audio of one step or less, so silence."""
TOO_QUIET_DBFS = -80.0
"""Loudest frame below this: quantisation noise (-101 dBFS) leaves too little of the voice."""
ROOM_DBFS = -50.0
"""A clip without contrast is a quiet room (silence) below this level, and noise above it."""
CLIPPED_PEAK = 0.9
"""Only a peak above this share of full scale can be clipped."""
LOUD_SHARE = 0.03
"""Share of the sounding samples at the ceiling (`_share_at_ceiling`) above which a take gets the
note that it was loud; raising it gives the note less often. Of 1,987 takes by people all but one,
which is clipped, have less than .023; with 1 % of their samples clipped .023-.13, 98 % of them more
than this."""
CLIPPED_SHARE = 0.2
"""Share at the ceiling above which a take is not scored; raising it scores more takes. With 1, 5,
10 and 20 % of all samples clipped the share is .04, .14, .24 and .39 in the median (at 1 % at most
.13), substituted sounds of natives are detected with AUC .91, .88, .84 and .77 (clean .92; n = 57),
and English phone posteriors correlate with raters' accuracy at .63, .58, .46 and .40 (clean .65; n
= 100)."""
_CEILING_QUANTILE = 0.999
_AT_CEILING = 0.9
"""A sample counts as at the ceiling from this part of that quantile on. Not of the peak: a codec or
resampler adds overshoot to clipped tops, so that few samples come near the highest one."""
NOISY_CONTRAST_DB = 7.5
"""Least level difference of loud and quiet frames of speech; raising it refuses more takes as
noise. Speech has 18 dB and more (every take of three corpora), 10 with white noise 5 dB below the
voice, 6 with noise as loud as the voice; steady noise has 1 or 2."""
NOISY_MIN_DURATION_S = 0.5
"""A shorter clip may be one steady vowel, so it is not tested for noise."""
STRIP_SHARE = 1e-3
"""60 dB below the peak: the mel image's black."""

_NORMAL_RMS = 0.1
_TINY = 1e-12


def frame_rms(samples: NDArray[np.floating], frame: int) -> NDArray[np.float64]:
    """Compute the RMS of whole frames of ``frame`` samples, shape (n // frame,).

    An incomplete last frame is dropped.
    """
    count = len(samples) // frame
    blocks = samples[: count * frame].astype(np.float64, copy=False).reshape(count, frame)
    rms: NDArray[np.float64] = np.sqrt(np.mean(np.square(blocks), axis=1))
    return rms


def decibels(amplitude: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Convert an amplitude to decibels (20 log10), with -240 dB for 0."""
    result: NDArray[np.float64] = 20.0 * np.log10(np.maximum(amplitude, _TINY))
    return result


def strip_digital_silence(clip: AudioClip) -> tuple[AudioClip, int]:
    """Cut off the ends that stay under `STRIP_SHARE` of the peak.

    Padding carries no information. Without it, the frames of later stages are placed alike however
    much padding a recorder added.

    Returns:
        The clip (maybe empty) and the index of its first sample in the given clip.
    """
    magnitude = np.abs(clip.samples)
    sounding = np.flatnonzero(magnitude > STRIP_SHARE * clip.peak)
    if not len(sounding):
        return clip.part(0, 0), 0
    first = int(sounding[0])
    return clip.part(first, sounding[-1] + 1), first


def normalised(clip: AudioClip) -> AudioClip:
    """Remove the mean and scale the loudest frame to -20 dBFS RMS.

    The peak may exceed 1.0. Silence and constants give zeros.
    """
    if not len(clip.samples):
        return clip
    samples, rms = _centred(clip)
    loudest = float(rms.max())
    gain = _NORMAL_RMS / loudest if loudest > _TINY * max(1.0, clip.peak) else 0.0
    result = (samples * gain).astype(np.float32)
    result.setflags(write=False)
    return AudioClip(result, clip.sample_rate_hz)


def _centred(clip: AudioClip) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the samples without their mean and the RMS of their frames; not of an empty clip."""
    samples = clip.samples.astype(np.float64)
    samples -= samples.mean()
    frame = min(len(samples), max(1, round(FRAME_S * clip.sample_rate_hz)))
    return samples, frame_rms(samples, frame)


def check_level(clip: AudioClip) -> Verdict | None:
    """Return why a clip cannot be scored, or None where it can.

    Any rate, any length. An empty clip is `silence`. Whether it holds a voice is decided by `vad`.
    """
    if not len(clip.samples):
        return Verdict.SILENCE
    samples, rms = _centred(clip)
    loudest_db = float(decibels(rms.max()))
    if loudest_db <= SILENCE_DBFS:
        return Verdict.SILENCE
    if clip.duration_s < MIN_DURATION_S:
        return Verdict.TOO_SHORT
    if loudest_db < TOO_QUIET_DBFS:
        return Verdict.TOO_QUIET
    if _share_at_ceiling(samples) > CLIPPED_SHARE:
        return Verdict.CLIPPED
    sounding = rms[rms > rms.max() * 1e-4]
    if len(sounding) * FRAME_S < NOISY_MIN_DURATION_S:
        return None
    contrast_db = float(decibels(np.quantile(sounding, 0.95) / np.quantile(sounding, 0.1)))
    if contrast_db < NOISY_CONTRAST_DB:
        return Verdict.SILENCE if loudest_db < ROOM_DBFS else Verdict.NOISY
    return None


def is_loud(clip: AudioClip) -> bool:
    """Tell whether some peaks of a clip are clipped (`LOUD_SHARE`). An empty clip is not loud."""
    return len(clip.samples) > 0 and _share_at_ceiling(_centred(clip)[0]) > LOUD_SHARE


def _share_at_ceiling(samples: NDArray[np.float64]) -> float:
    """Compute which share of the sounding samples lies at the converter's ceiling.

    0 where the peak is too low to have been clipped.
    """
    peak = float(np.abs(samples).max())
    if peak < CLIPPED_PEAK:
        return 0.0
    # Each side by itself: without its mean, a clipped voice has different ceilings.
    sides = [side[side > 0.1 * peak] for side in (samples, -samples)]
    at_ceiling = sum(
        np.count_nonzero(side >= _AT_CEILING * np.quantile(side, _CEILING_QUANTILE))
        for side in sides
        if len(side)
    )
    return at_ceiling / sum(map(len, sides))
