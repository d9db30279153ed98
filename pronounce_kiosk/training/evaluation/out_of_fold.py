"""Write and read out-of-fold predictions: of training takes, by models without their speakers.

A bundle fitted on a whole corpus cannot be measured on it: training leaves `out_of_fold.tsv` beside
the model. The file names the model it belongs to; beside any other model it is refused.

    # model <sha256 of model.pt>
    take  speaker  similarity  wrong_similarity  spoiled_similarity  accuracy  fluency  prosody  total  words

Tabs between. Points are 0-100 as the bundle gives them, similarities are the acceptance's
values (0 or under is refused), words are points separated by spaces. Unknown values are empty.
"""  # noqa: E501

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError

FILE_NAME = "out_of_fold.tsv"
ASPECT_ORDER = ("accuracy", "fluency", "prosody", "total")
"""The order of a take's aspects."""
SIMILARITIES = ("similarity", "wrong_similarity", "spoiled_similarity")
COLUMNS = ("take", "speaker", *SIMILARITIES, *ASPECT_ORDER, "words")
_UNKNOWN = (math.nan,) * len(ASPECT_ORDER)


@dataclass(frozen=True)
class TakePrediction:
    """A scorer's prediction of one take. Unknown values are NaN, unknown words ().

    similarity: Acceptance value of the take against its sentence; 0 or under is refused.
    wrong_similarity: The same against another sentence. spoiled_similarity: The same of the take
    cut, reversed or looped. aspects: By `ASPECT_ORDER`, 0-100, before a refusal makes them 0.
    words: 0-100, a value a word.
    """

    take: str = ""
    speaker: str = ""
    similarity: float = math.nan
    wrong_similarity: float = math.nan
    spoiled_similarity: float = math.nan
    aspects: tuple[float, ...] = _UNKNOWN
    words: tuple[float, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the take was not scored: not accepted as the sentence, or not aligned."""
        return not self.similarity > 0.0

    def points(self, aspect: str) -> float:
        """Return an aspect as a score, 0 where the take was refused."""
        return 0.0 if self.refused else self.aspects[ASPECT_ORDER.index(aspect)]


def write_out_of_fold(path: Path, sha256: str, rows: Iterable[TakePrediction]) -> None:
    """Write the file, once the bundle is written. sha256: of its model.pt."""
    lines = [f"# model {sha256}", "\t".join(COLUMNS)]
    for row in rows:
        cells = [row.take, row.speaker]
        cells += [_cell(getattr(row, name), 4) for name in SIMILARITIES]
        cells += [_cell(value, 2) for value in row.aspects]
        lines.append("\t".join([*cells, " ".join(_cell(value, 2) for value in row.words)]))
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8"))


def read_out_of_fold(path: Path, sha256: str | None = None) -> dict[str, TakePrediction]:
    """Read the rows, by take; `TrainingError` where they are not as documented.

    sha256: Of the model that the file must belong to; None for any.
    """
    try:
        head, *lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} cannot be read: train the bundle again.") from error
    if not head.startswith("# model "):
        raise TrainingError(f"{path} does not say which model it is of: train the bundle again.")
    if sha256 is not None and head.removeprefix("# model ").strip() != sha256:
        raise TrainingError(f"{path} is of another model: train the bundle again.")
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise TrainingError(f"{path} has other columns than documented: train the bundle again.")
    found: dict[str, TakePrediction] = {}
    for line, row in enumerate(reader, start=3):
        if row["take"] in found:
            raise TrainingError(f"Line {line} of {path} is of {row['take']} again.")
        try:
            found[row["take"]] = TakePrediction(
                row["take"],
                row["speaker"],
                **{name: _number(row[name]) for name in SIMILARITIES},
                aspects=tuple(_number(row[name]) for name in ASPECT_ORDER),
                words=tuple(float(word) for word in row["words"].split()),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise TrainingError(f"Line {line} of {path} is not as documented ({error}).") from error
    return found


def _cell(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _number(text: str) -> float:
    return float(text) if text else math.nan
