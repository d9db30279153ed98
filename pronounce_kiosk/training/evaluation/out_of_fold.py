"""Write and read out-of-fold predictions: of training takes, by models without their speakers.

A bundle that was fitted on a whole corpus cannot be measured on it. Training therefore leaves
`out_of_fold.tsv` beside the model, and `evaluate` reads it there. The file names the model it
belongs to; beside any other model it is refused.

    # model <sha256 of model.pt>
    take  speaker  similarity  wrong_similarity  spoiled_similarity  accuracy  fluency  prosody  total  words

Tabs between. Points are 0-100 as the bundle gives them, similarities are the acceptance's
values (0 or under is refused), words are points separated by spaces. Unknown values are empty.
"""  # noqa: E501

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.training.data.corpus import CorpusTake

FILE_NAME = "out_of_fold.tsv"
ASPECT_ORDER = ("accuracy", "fluency", "prosody", "total")
"""The order of the columns of an array of aspects here."""
COLUMNS = (
    "take", "speaker", "similarity", "wrong_similarity", "spoiled_similarity", *ASPECT_ORDER,
    "words",
)  # fmt: skip

Values = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """One take's row. Unknown values are NaN, unknown words ().

    aspects: by `ASPECT_ORDER`, 0-100, before a refusal takes them away.
    """

    take: str
    speaker: str
    similarity: float
    wrong_similarity: float
    spoiled_similarity: float
    aspects: tuple[float, ...]
    words: tuple[float, ...] = ()

    @property
    def refused(self) -> bool:
        """The take was not scored: not accepted as the sentence, or not aligned."""
        return not self.similarity > 0.0

    def points(self, aspect: str) -> float:
        """Give an aspect as a score, 0 where the take was refused."""
        return 0.0 if self.refused else self.aspects[ASPECT_ORDER.index(aspect)]


def write_out_of_fold(
    path: Path,
    sha256: str,
    takes: Sequence[CorpusTake],
    kept: Sequence[int] | NDArray[np.int64],
    aspects: NDArray[np.float64],
    similarity: ArrayLike,
    wrong: ArrayLike | None = None,
    spoiled: ArrayLike | None = None,
    words: Sequence[Sequence[float] | NDArray[np.float64] | None] | None = None,
) -> None:
    """Write the file, a row for every take. Training calls it once the bundle is written.

    Args:
        sha256: Of model.pt.
        kept: Rows of takes that the arrays hold, in their order; the others had no voice or could
            not be aligned, and count as refused.
        aspects: Shape (kept, 4) by `ASPECT_ORDER`, 0-100.
        similarity, wrong, spoiled: Acceptance values, (kept,), 0 or under is refused: of the takes,
            against another sentence, and cut, reversed or looped (one of these drawn).
        words: Points 0-100 of each kept take's words, None or empty where they were not judged.

    Raises:
        ValueError: Shapes do not fit, or a take is kept twice.
    """
    rows = [int(row) for row in kept]
    columns = [_column(values, len(rows)) for values in (similarity, wrong, spoiled)]
    if aspects.shape != (len(rows), len(ASPECT_ORDER)):
        raise ValueError(f"aspects are {aspects.shape}, not ({len(rows)}, {len(ASPECT_ORDER)})")
    if len(set(rows)) != len(rows):
        raise ValueError("a take is kept twice")
    if words is not None and len(words) != len(rows):
        raise ValueError(f"words of {len(words)} takes, not {len(rows)}")
    place = {row: index for index, row in enumerate(rows)}
    lines = [f"# model {sha256}", "\t".join(COLUMNS)]
    for row, take in enumerate(takes):
        cells = [take.utterance, take.speaker]
        index = place.get(row)
        if index is None:
            lines.append("\t".join([*cells, *[""] * (len(COLUMNS) - 2)]))
            continue
        cells += [_cell(column[index], 4) for column in columns]
        cells += [_cell(value, 2) for value in aspects[index]]
        said = words[index] if words is not None else None
        cells.append(" ".join(_cell(value, 2) for value in (() if said is None else said)))
        lines.append("\t".join(cells))
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8"))


def read_out_of_fold(path: Path, sha256: str | None = None) -> dict[str, HeldOut]:
    """Read the rows, by take. Raises `TrainingError` naming what is not as documented.

    sha256: of the model it must belong to; None for any.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} cannot be read: train the bundle again.") from error
    lines = text.split("\n")
    if not lines[0].startswith("# model "):
        raise TrainingError(f"{path} does not say which model it is of: train the bundle again.")
    if sha256 is not None and lines[0].removeprefix("# model ").strip() != sha256:
        raise TrainingError(f"{path} is of another model: train the bundle again.")
    reader = csv.DictReader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise TrainingError(f"{path} has other columns than documented: train the bundle again.")
    found: dict[str, HeldOut] = {}
    for line, row in enumerate(reader, start=3):
        try:
            held = _row(row)
        except (TypeError, ValueError, AttributeError) as error:
            raise TrainingError(f"Line {line} of {path} is not as documented ({error}).") from error
        if held.take in found:
            raise TrainingError(f"Line {line} of {path} is of {held.take} again.")
        found[held.take] = held
    return found


def _row(row: dict[str, str]) -> HeldOut:
    return HeldOut(
        row["take"],
        row["speaker"],
        _number(row["similarity"]),
        _number(row["wrong_similarity"]),
        _number(row["spoiled_similarity"]),
        tuple(_number(row[name]) for name in ASPECT_ORDER),
        tuple(float(word) for word in row["words"].split()),
    )


def _column(values: ArrayLike | None, size: int) -> Values:
    if values is None:
        return np.full(size, np.nan)
    column = np.asarray(values, np.float64)
    if column.shape != (size,):
        raise ValueError(f"{column.shape} values for {size} takes")
    return column


def _cell(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _number(text: str) -> float:
    return float(text) if text else math.nan
