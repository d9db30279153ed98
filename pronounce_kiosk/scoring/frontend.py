"""The front of every architecture: level check, denoise and trim, in use and in training."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.denoise import denoise
from pronounce_kiosk.audio.level import check_level, is_loud, strip_digital_silence
from pronounce_kiosk.audio.vad import Trimmed, in_phase, trim
from pronounce_kiosk.core.score import Note, Verdict

MAX_DURATION_S = 60.0
"""A longer clip is a microphone left open; the longest sentence of the corpora takes 21 s."""
MIN_VOICE_S = 0.15
"""Less voice than this after trimming cannot be even a syllable."""

OnStage = Callable[[str], None]


class StageTimer:
    """Names each stage as it begins and keeps how long it took."""

    def __init__(self, on_stage: OnStage | None = None) -> None:
        self.timings_ms: dict[str, float] = {}
        self._on_stage = on_stage

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time what runs inside a ``with``."""
        if self._on_stage is not None:
            self._on_stage(stage)
        start = time.perf_counter()
        yield
        self.timings_ms[stage] = (time.perf_counter() - start) * 1000.0


@dataclass(frozen=True)
class CleanTake:
    """A take after level check, denoise and trim; both clips are empty where it cannot be scored.

    clip: denoised and trimmed, 16 kHz. raw: the same samples of the take before denoising, for
    acoustic models, which learned from real rooms. start_s: where both begin in the take as given.
    verdict: why the take cannot be scored, None where it can. notes: what a scored take is told.
    """

    clip: AudioClip
    raw: AudioClip
    start_s: float = 0.0
    verdict: Verdict | None = None
    notes: tuple[Note, ...] = ()


def clean_take(take: AudioClip, stage: StageTimer | None = None) -> CleanTake:
    """Check a take's level, at any rate, denoise it and trim it, in use and in training alike."""
    stage = stage or StageTimer()
    with stage("level"):
        if take.duration_s > MAX_DURATION_S:
            return _refused(Verdict.TOO_LONG)
        stripped, first = strip_digital_silence(take)
        verdict = check_level(stripped)
        if verdict is not None:
            return _refused(verdict)
        notes = (Note.LOUD,) if is_loud(stripped) else ()
        whole = stripped.resampled(PIPELINE_SAMPLE_RATE_HZ)
        raw = in_phase(whole)
        skipped_s = whole.duration_s - raw.duration_s
    with stage("denoise"):
        clip = denoise(raw)
    with stage("trim"):
        trimmed = trim(clip)
    if trimmed.clip.duration_s == 0.0:
        return _refused(Verdict.SILENCE)
    if trimmed.clip.duration_s < MIN_VOICE_S:
        return _refused(Verdict.TOO_SHORT)
    start_s = first / take.sample_rate_hz + skipped_s + trimmed.start_s
    span = raw.slice_s(trimmed.start_s, trimmed.end_s)
    return CleanTake(trimmed.clip, span, start_s, notes=notes)


def _refused(verdict: Verdict) -> CleanTake:
    nothing = AudioClip(np.zeros(0, np.float32), PIPELINE_SAMPLE_RATE_HZ)
    return CleanTake(nothing, nothing, verdict=verdict)


def trimmed_reference(reference: AudioClip) -> Trimmed:
    """Trim a reference, at 16 kHz; it is left whole where VAD hears no voice in it.

    start_s and end_s are times in the reference as given.
    """
    clip = reference.resampled(PIPELINE_SAMPLE_RATE_HZ)
    trimmed = trim(clip)
    return trimmed if len(trimmed.clip.samples) else Trimmed(clip, 0.0, clip.duration_s)


def clean_reference(reference: AudioClip) -> CleanTake:
    """Trim a reference as `trimmed_reference` does, then denoise it; `raw` is the trimmed one."""
    trimmed = trimmed_reference(reference)
    return CleanTake(denoise(trimmed.clip), trimmed.clip, trimmed.start_s)
