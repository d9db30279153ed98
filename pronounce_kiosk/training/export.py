"""Write a bundle: model.pt, manifest.toml with its sha256, CARD.md, golden takes.

Golden takes are said by espeak-ng; the manifest holds the scores that a sound bundle gives them.
"""

import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import encoded
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.manifest import CARD_NAME, MANIFEST_NAME, MODEL_NAME
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
    """A golden take to make: its file's name, and its kind as in `bundles.manifest.GoldenTake`.

    sentence: the one it is scored against; said: the text it says, "" for 2 s of silence.
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


def write_bundle(
    folder: Path,
    *,
    name: str,
    version: str,
    architecture: str,
    mel: MelParameters,
    state: Mapping[str, Any],
    tables: Mapping[str, Any],
    card: str,
    cases: Sequence[GoldenCase] = (),
) -> str:
    """Write a bundle's files, and return the sha256 of model.pt.

    state: A state_dict. mel: Parameters of its images. tables: The manifest's other tables. card:
    Text, Markdown. cases: Golden takes to make, which the loaded bundle scores.
    """
    import torch

    buffer = io.BytesIO()
    torch.save({key: value.detach().cpu().contiguous() for key, value in state.items()}, buffer)
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    about = {"name": name, "version": version, "architecture": architecture, "sha256": sha256}
    document = {**about, "mel": dataclasses.asdict(mel), "golden": [], **tables}
    write_atomically(folder / MODEL_NAME, data)
    write_atomically(folder / CARD_NAME, card.encode("utf-8"))
    write_atomically(folder / MANIFEST_NAME, to_toml(document).encode("utf-8"))
    if cases:
        document["golden"] = _make_golden(folder, cases)
        write_atomically(folder / MANIFEST_NAME, to_toml(document).encode("utf-8"))
    return sha256


def to_toml(document: Mapping[str, Any]) -> str:
    """Format plain values, tables of them, and lists of tables as TOML; `TypeError` for others."""
    plain, tables = {}, []
    for key, value in document.items():
        if isinstance(value, Mapping):
            tables += ["", f"[{key}]", *_lines(value)]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for table in value:
                tables += ["", f"[[{key}]]", *_lines(table)]
        else:
            plain[key] = value
    return "\n".join([*_lines(plain), *tables, ""])


def _lines(table: Mapping[str, Any]) -> list[str]:
    # JSON's plain values and lists are TOML's, but for the one control character JSON allows.
    values = {key: json.dumps(value, ensure_ascii=False) for key, value in table.items()}
    return [f"{key} = {value}".replace("\x7f", "\\u007f") for key, value in values.items()]


def _make_golden(folder: Path, cases: Sequence[GoldenCase]) -> list[dict[str, Any]]:
    """Write golden/*.flac into a bundle that loads, and return their entries for the manifest."""
    engine = PracticeEngine(training_library(), load_bundle(folder).scorer, "espeak")
    entries = []
    for case in cases:
        clip, audio = _clip(case), f"golden/{case.name}.flac"
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
        return AudioClip.from_array(np.zeros(2 * PIPELINE_SAMPLE_RATE_HZ), PIPELINE_SAMPLE_RATE_HZ)
    voice = EspeakEngine(rate_wpm=case.rate_wpm).with_variant(VARIANT)
    said = Sentence("", case.said, case.sentence.language)
    return voice.render(said).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
