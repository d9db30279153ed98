"""The rows of `evaluate`: which folders each needs, and how its table is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, Jobs
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.training.evaluation.left_out import left_out_table
from pronounce_kiosk.training.evaluation.lesson import lesson_table
from pronounce_kiosk.training.evaluation.namings import (
    english_naming_table,
    naming_table,
    read_english_swaps,
)
from pronounce_kiosk.training.evaluation.natives import red_marks_table, wrong_sentence_table
from pronounce_kiosk.training.evaluation.nonspeech import nonspeech_table
from pronounce_kiosk.training.evaluation.perturbed import perturbed_table
from pronounce_kiosk.training.evaluation.replay import replay_table
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.robustness import clipped_table, robustness_table
from pronounce_kiosk.training.evaluation.spelled import spelled_table
from pronounce_kiosk.training.evaluation.swaps import noisy_swaps_table, swaps_table
from pronounce_kiosk.training.evaluation.takes import (
    ENGLISH,
    NATIVES,
    TEDX,
    SpokenTake,
    read_rated,
    read_spoken,
)
from pronounce_kiosk.training.evaluation.words import (
    confusions_table,
    own_word_table,
    pairs_table,
    read_pairs,
)

FOLDERS = ("corpus", "korean", "tedx", "gtts")
_SETS = {"corpus": ENGLISH, "korean": NATIVES, "tedx": TEDX, "gtts": "gTTS words"}


@dataclass(frozen=True)
class Asked:
    """What a row is to be measured on. folders: by `FOLDERS`, None where not given."""

    folders: Mapping[str, Path | None]
    bundle: Path
    limit: int | None = None
    jobs: Jobs = DEFAULT_JOBS

    def takes(self, folder: str, most: int | None = None) -> list[SpokenTake]:
        """Read a folder's takes, at most the limit, or `most` where no limit is given."""
        path = self.folders.get(folder)
        if path is None:
            return []
        limit = self.limit or most
        return read_rated(path, limit) if folder == "corpus" else read_spoken(path, limit=limit)

    def sets(self, *folders: str, most: int | None = None) -> dict[str, list[SpokenTake]]:
        """Read several folders' takes, by the name of each set; those not given are left out."""
        found = {_SETS[folder]: self.takes(folder, most) for folder in folders}
        return {name: takes for name, takes in found.items() if takes}


Sets = Mapping[str, Sequence[SpokenTake]]
MakeTable = Callable[[Asked], Table]


@dataclass(frozen=True)
class Row:
    """A table of `evaluate`. folders: it wants any of these, () for none."""

    name: str
    folders: tuple[str, ...]
    table: MakeTable


def _of_sets(table: Callable[[Sets, Path, Jobs], Table]) -> MakeTable:
    return lambda asked: table(asked.sets("korean", "tedx"), asked.bundle, asked.jobs)


def _of_takes(
    table: Callable[[list[SpokenTake], Path, Jobs], Table], most: int | None, *folders: str
) -> MakeTable:
    def make(asked: Asked) -> Table:
        takes = [take for folder in folders for take in asked.takes(folder, most)]
        return table(takes, asked.bundle, asked.jobs)

    return make


def _wrong(asked: Asked) -> Table:
    sets = asked.sets("korean", "tedx") | asked.sets("corpus", most=300)
    return wrong_sentence_table(sets, asked.bundle, asked.jobs)


def _confusions(asked: Asked) -> Table:
    folder = asked.folders["gtts"]
    assert folder is not None
    return confusions_table(read_spoken(folder), asked.bundle, asked.jobs, asked.limit)


def _pairs(asked: Asked) -> Table:
    return pairs_table(read_pairs(asked.limit), asked.bundle, asked.jobs)


def _naming(asked: Asked) -> Table:
    sets = asked.sets("korean", "tedx", "gtts")
    return naming_table(sets, asked.bundle, asked.jobs)


def _lesson(asked: Asked) -> Table:
    return lesson_table(asked.sets("korean", "tedx", "gtts"), asked.bundle, asked.jobs)


def _english_naming(asked: Asked) -> Table:
    return english_naming_table(read_english_swaps(asked.limit), asked.bundle, asked.jobs)


ROWS = (
    Row("redmarks", ("korean", "tedx"), _of_sets(red_marks_table)),
    Row("wrong", ("korean", "tedx", "corpus"), _wrong),
    Row("swaps", ("korean", "tedx"), _of_sets(swaps_table)),
    Row("noisyswaps", ("korean",), _of_takes(noisy_swaps_table, 65, "korean")),
    Row("leftout", ("korean",), _of_takes(left_out_table, 100, "korean")),
    Row("gtts", ("gtts",), _of_takes(own_word_table, None, "gtts")),
    Row("confusions", ("gtts",), _confusions),
    Row("pairs", (), _pairs),
    Row("perturbed", ("korean",), _of_takes(perturbed_table, 100, "korean")),
    Row("clipped", ("korean",), _of_takes(clipped_table, 100, "korean")),
    Row("robustness", ("korean", "corpus"), _of_takes(robustness_table, 60, "corpus", "korean")),
    Row("nonspeech", ("korean", "corpus"), _of_takes(nonspeech_table, 40, "corpus", "korean")),
    Row("naming", ("korean", "tedx", "gtts"), _naming),
    Row("lesson", ("korean", "tedx", "gtts"), _lesson),
    Row("englishnaming", (), _english_naming),
    Row("spelled", ("korean",), _of_takes(spelled_table, None, "korean")),
    Row(
        "replay",
        ("korean", "corpus", "gtts"),
        _of_takes(replay_table, 12, "corpus", "korean", "gtts"),
    ),
)
"""In the order of a report; agreement with people stands before them."""
_BY_NAME = {row.name: row for row in ROWS}


def possible_rows(folders: Mapping[str, Path | None]) -> list[str]:
    """Name the rows that the folders given allow."""
    given = {name for name, folder in folders.items() if folder is not None}
    return [row.name for row in ROWS if given and (not row.folders or given & {*row.folders})]


def check_row(name: str, folders: Mapping[str, Path | None]) -> None:
    """Check that a row has a folder it can use.

    Raises:
        UsageError: None of those it wants is given.
    """
    wanted = _BY_NAME[name].folders
    if wanted and not any(folders.get(folder) for folder in wanted):
        options = " or ".join(f"--{folder}" for folder in wanted)
        raise UsageError(f"The row {name} needs takes: name their folder with {options}.")


def row_table(name: str, asked: Asked) -> Table:
    """Make a row's table.

    Raises:
        TrainingError: The takes are not as documented, or none was scored.
    """
    return _BY_NAME[name].table(asked)
