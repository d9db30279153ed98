"""Make golden takes: takes by espeak-ng, and the scores that a sound bundle gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import encoded
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.training.data.references import training_library

BAND = 12.0
"""Points by which a golden take's score may differ on another platform or espeak-ng version."""
VARIANT = "+m7"
"""espeak-ng's voice variant of the takes; no reference is said by it."""


@dataclass(frozen=True)
class GoldenCase:
    """A golden take to make.

    Attributes:
        name: Of its file.
        kind: The manifest's; see `bundles.manifest.GoldenTake`.
        sentence: The sentence it is scored against.
        said: The text it says; "" for two seconds of silence.
        rate_wpm: Words a minute.
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
    """Write golden/*.flac into a bundle that loads, and return their entries for the manifest."""
    engine = PracticeEngine(training_library(), load_bundle(folder).scorer, "espeak")
    entries = []
    for case in cases:
        clip = _clip(case)
        audio = f"golden/{case.name}.flac"
        write_atomically(folder / audio, encoded(clip, "FLAC"))
        score = engine.score(clip, case.sentence).score
        entries.append(golden_entry(audio, case.sentence, score, case.kind))
    return entries


def golden_entry(audio: str, sentence: Sentence, score: Score, kind: str) -> dict[str, Any]:
    """Make the manifest's table of a take: its verdict and, where scored, the score's band."""
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


def _clip(case: GoldenCase) -> AudioClip:
    if not case.said:
        silence = np.zeros(2 * PIPELINE_SAMPLE_RATE_HZ, np.float32)
        return AudioClip.from_array(silence, PIPELINE_SAMPLE_RATE_HZ)
    voice = EspeakEngine(rate_wpm=case.rate_wpm).with_variant(VARIANT)
    said = Sentence("", case.said, case.sentence.language)
    return voice.render(said).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
