"""Read the rated corpus, and split it so that a speaker's takes stay together.

83 % of the variance of the ratings lies between speakers: a split that puts one speaker on both
sides measures who is speaking, not how well.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence

ASPECTS = ("total", "accuracy", "fluency", "prosody")
RATERS = 5
ADULT_AGE = 16
"""Years from which a speaker counts as an adult."""

_COLUMNS = {"total": "total", "accuracy": "accuracy", "fluency": "fluency", "prosody": "prosodic"}


@dataclass(frozen=True, eq=False)
class CorpusTake:
    """A rated take.

    ratings: float64 (4 aspects as in `ASPECTS`, 5 raters), 0-10. word_accuracy: The raters' mean of
    each word of the text, in order, 0-10.
    """

    utterance: str
    speaker: str
    age: int
    sentence: Sentence
    audio: Path
    ratings: NDArray[np.float64]
    word_accuracy: tuple[float, ...] = ()

    def human(self, aspect: str) -> float:
        """Return the mean of the raters for an aspect, 0-10."""
        return float(self.ratings[ASPECTS.index(aspect)].mean())


def read_corpus(folder: Path) -> list[CorpusTake]:
    """Read utterances.tsv in its order, and check that audio/<utterance>.ogg is there.

    `TrainingError` names the file, line or column that is not as documented.
    """
    path, rows = read_utterances(folder)
    if not rows:
        raise TrainingError(f"{path} holds no takes: get the whole corpus.", path=str(path))
    takes = [_take(folder, line, row) for line, row in enumerate(rows, start=2)]
    for audio in (take.audio for take in takes if not take.audio.is_file()):
        raise TrainingError(f"{audio} is missing: get the whole corpus.", path=str(audio))
    return takes


def read_utterances(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Read the rows of utterances.tsv, and its path; `TrainingError` where it cannot be read."""
    path = folder / "utterances.tsv"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(
            f"{path} cannot be read: name the folder that holds it.", path=str(path)
        ) from error
    return path, list(csv.DictReader(text.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE))


def split_speakers(
    speakers: Sequence[str], shares: Sequence[float], seed: int
) -> tuple[tuple[str, ...], ...]:
    """Split speakers by shares that sum to 1; one seed gives one split."""
    order = np.random.default_rng(seed).permutation(sorted(speakers))
    edges = np.round(np.cumsum(shares) * len(order)).astype(int)[:-1]
    return tuple(tuple(str(name) for name in part) for part in np.split(order, edges))


def speaker_folds(speakers: Sequence[str], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each take's speaker, (takes,). speakers: of each take."""
    parts = split_speakers(sorted(set(speakers)), [1 / folds] * folds, seed)
    fold_of = {name: index for index, part in enumerate(parts) for name in part}
    return np.array([fold_of[name] for name in speakers], np.int64)


def other_sentences(takes: Sequence[CorpusTake]) -> list[Sentence]:
    """Choose for each take another sentence of like length: within 15 ranks where possible.

    `TrainingError` where there is only one.
    """
    if len({take.sentence.text for take in takes}) < 2:
        raise TrainingError("The corpus needs two different sentences: get the whole corpus.")
    order = sorted(range(len(takes)), key=lambda i: (len(takes[i].sentence.text), i))
    others = [takes[0].sentence] * len(takes)
    for rank, index in enumerate(order):
        rng = random.Random(f"wrong/{index}")
        for attempt in count():
            reach = 15 + max(0, attempt - 50)
            place = min(max(rank + rng.randint(-reach, reach), 0), len(order) - 1)
            others[index] = takes[order[place]].sentence
            if others[index].text != takes[index].sentence.text:
                break
    return others


def _take(folder: Path, line: int, row: dict[str, str]) -> CorpusTake:
    try:
        ratings = [
            [float(row[f"{_COLUMNS[aspect]}_{rater}"]) for rater in range(1, RATERS + 1)]
            for aspect in ASPECTS
        ]
        return CorpusTake(
            row["utterance"],
            row["speaker"],
            int(row["age"]),
            # Capitals may be spelled out letter by letter by a synthesiser.
            Sentence(row["utterance"], row["text"].lower(), "en"),
            folder / "audio" / f"{row['utterance']}.ogg",
            np.array(ratings),
            tuple(float(word) for word in row["word_accuracy"].split()),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TrainingError(
            f"Line {line} of {folder / 'utterances.tsv'} is not as documented ({error}).", line=line
        ) from error
