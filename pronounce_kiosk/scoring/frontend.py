"""The front of every architecture: level check, denoise and trim, in use and in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.denoise import denoise
from pronounce_kiosk.audio.level import MAX_DURATION_S, check_level, strip_digital_silence
from pronounce_kiosk.audio.vad import Trimmed, in_phase, trim
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.scoring.protocol import StageTimer

MIN_VOICE_S = 0.15
"""Less voice than this after trimming cannot be even a syllable."""


@dataclass(frozen=True)
class CleanTake:
    """A take after level check, denoise and trim. verdict: why not, or None where it is fine.

    start_s: where the trimmed clip begins in the take as given.
    """

    clip: AudioClip
    start_s: float
    verdict: Verdict | None


def clean_take(take: AudioClip, stage: StageTimer | None = None) -> CleanTake:
    """Level check, denoise, trim: the front of every architecture, in use and in training."""
    stage = stage or StageTimer()
    nothing = AudioClip(np.zeros(0, np.float32), PIPELINE_SAMPLE_RATE_HZ)
    with stage("level"):
        if take.duration_s > MAX_DURATION_S:
            return CleanTake(nothing, 0.0, Verdict.TOO_LONG)
        stripped, first = strip_digital_silence(take)
        verdict = check_level(stripped)
        if verdict is not None:
            return CleanTake(nothing, 0.0, verdict)
        whole = stripped.resampled(PIPELINE_SAMPLE_RATE_HZ)
        clip = in_phase(whole)
        skipped_s = whole.duration_s - clip.duration_s
    with stage("denoise"):
        clip = denoise(clip)
    with stage("trim"):
        trimmed = trim(clip)
    if trimmed.clip.duration_s == 0.0:
        return CleanTake(nothing, 0.0, Verdict.SILENCE)
    if trimmed.clip.duration_s < MIN_VOICE_S:
        return CleanTake(nothing, 0.0, Verdict.TOO_SHORT)
    start_s = first / take.sample_rate_hz + skipped_s + trimmed.start_s
    return CleanTake(trimmed.clip, start_s, None)


def clean_reference(reference: AudioClip) -> Trimmed:
    """A reference at 16 kHz, trimmed, then denoised; left whole where VAD hears no voice in it.

    start_s and end_s are times in the reference as given.
    """
    clip = reference.resampled(PIPELINE_SAMPLE_RATE_HZ)
    trimmed = trim(clip)
    if not len(trimmed.clip.samples):
        trimmed = Trimmed(clip, 0.0, clip.duration_s)
    return Trimmed(denoise(trimmed.clip), trimmed.start_s, trimmed.end_s)
