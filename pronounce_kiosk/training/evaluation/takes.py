"""Read takes without ratings from a folder, spread evenly under a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.data.corpus import read_utterances

BABBLE_VOICES = 5
"""Takes mixed to babble; more make steadier babble."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class SpokenTake:
    """A take without ratings. sentence: the one said. emotion: the mood it is acted in."""

    sentence: Sentence
    audio: Path
    speaker: str = ""
    emotion: str = ""

    @property
    def source(self) -> str:
        """The speaker or, where there is one voice, the text, by which intervals resample."""
        return self.speaker or self.sentence.text


def read_takes(folder: Path, language: str = "ko", limit: int | None = None) -> list[SpokenTake]:
    """Read the takes of a folder, at most `limit` of them, spread over its utterances.tsv.

    English ones in lower case: capitals may be spelled out.

    Raises:
        TrainingError: The table or a recording is missing or not as documented.
    """
    folder = folder.resolve()
    path, rows = read_utterances(folder)
    if not rows or not {"utterance", "text"} <= set(rows[0]):
        raise TrainingError(f"{path} needs the columns utterance and text: get the whole folder.")
    return [_take(folder, language, row) for row in spread(rows, limit)]


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """Choose at most `limit` items, evenly over the sequence, in its order."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[row] for row in np.linspace(0, len(items) - 1, limit).round().astype(int)]


def with_babblers(takes: Sequence[SpokenTake]) -> list[tuple[SpokenTake, list[SpokenTake]]]:
    """Pair each take with takes of other sentences, spread over the list, for its babble."""
    pairs = []
    for row, take in enumerate(takes):
        rest = [one for one in (*takes[row:], *takes[:row]) if one.sentence != take.sentence]
        pairs.append((take, spread(rest, BABBLE_VOICES)))
    return pairs


def _take(folder: Path, language: str, row: dict[str, str]) -> SpokenTake:
    for extension in ("ogg", "mp3", "wav"):
        audio = folder / "audio" / f"{row['utterance']}.{extension}"
        if audio.is_file():
            text = row["text"].lower() if language == "en" else row["text"]
            sentence = Sentence("", text, language)
            return SpokenTake(sentence, audio, row.get("speaker", ""), row.get("emotion", ""))
    raise TrainingError(f"{folder / 'audio'} lacks {row['utterance']}: get the whole folder.")
