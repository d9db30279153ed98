"""Golden takes: what a healthy bundle must say of a few takes that espeak-ng made."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.training.data.references import training_library

BAND = 12.0
"""How far another platform's arithmetic and espeak-ng version may move a golden take's score."""
VARIANT = "+m7"
"""The learner's voice: not one of those the references are said by."""


@dataclass(frozen=True)
class GoldenCase:
    """said: what the take says; "" is two seconds of silence. rate_wpm: how fast.

    kind: the manifest's (`bundles.manifest.GoldenTake`).
    """

    name: str
    kind: str
    sentence: Sentence
    said: str
    rate_wpm: int = 150


_TODAY = Sentence("", "오늘은 삼겹살을 먹었어요.", "ko")
_MEET = Sentence("", "It's nice to meet you.", "en")
CASES = (
    GoldenCase("right-ko", "right", _TODAY, "오늘은 삼겹살을 먹었어요."),
    GoldenCase("bad-ko", "bad", _TODAY, "오는 삼겨살로 머게 서요", 95),
    GoldenCase("other-ko", "other", _TODAY, "지금 몇 시에 만날까요?"),
    GoldenCase("right-en", "right", _MEET, "It's nice to meet you."),
    GoldenCase("other-en", "other", _MEET, "Where did they go then?"),
    GoldenCase("silence", "silence", _TODAY, ""),
)


def make_golden(folder: Path, cases: Sequence[GoldenCase] = CASES) -> list[dict[str, Any]]:
    """Write golden/*.flac into a bundle that loads, and give the manifest's entries for them."""
    engine = PracticeEngine(training_library(), load_bundle(folder).scorer, "espeak")
    entries = []
    for case in cases:
        clip = _clip(case)
        audio = f"golden/{case.name}.flac"
        write_atomically(folder / audio, flac_bytes(clip))
        score = engine.score(clip, case.sentence).score
        entries.append(golden_entry(audio, case.sentence, score, case.kind))
    return entries


def golden_entry(audio: str, sentence: Sentence, score: Score, kind: str) -> dict[str, Any]:
    """Make the manifest's table for a take: its verdict and, where scored, the band around it."""
    entry: dict[str, Any] = {
        **({"kind": kind} if kind else {}),
        "audio": audio,
        "text": sentence.text,
        "language": sentence.language,
        "verdict": score.verdict.value,
    }
    if score.score is not None:
        entry["score_min"] = round(max(0.0, score.score - BAND), 1)
        entry["score_max"] = round(min(100.0, score.score + BAND), 1)
    return entry


def flac_bytes(clip: AudioClip) -> bytes:
    """Encode a clip as 16-bit FLAC."""
    import soundfile

    buffer = io.BytesIO()
    samples = np.clip(clip.samples, -1.0, 1.0)
    soundfile.write(buffer, samples, clip.sample_rate_hz, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def _clip(case: GoldenCase) -> AudioClip:
    if not case.said:
        silence = np.zeros(2 * PIPELINE_SAMPLE_RATE_HZ, np.float32)
        return AudioClip.from_array(silence, PIPELINE_SAMPLE_RATE_HZ)
    voice = EspeakEngine(rate_wpm=case.rate_wpm).with_variant(VARIANT)
    said = Sentence("", case.said, case.sentence.language)
    return voice.render(said).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
