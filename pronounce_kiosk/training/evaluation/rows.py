"""List the rows of `evaluate`: the folders that each needs, and the function of its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
    """The bundle and the data to make a row's table from.

    Attributes:
        folders: By `FOLDERS`, None where not given.
        bundle: The bundle's folder.
        limit: Of takes of a kind, None for all.
        jobs: Processes, or a cluster.
    """

    folders: Mapping[str, Path | None]
    bundle: Path
    limit: int | None = None
    jobs: Jobs = DEFAULT_JOBS

    def takes(self, *folders: str, most: int | None = None) -> list[SpokenTake]:
        """Read folders' takes: of each at most the limit, or `most` where no limit is given."""
        limit = self.limit or most
        found: list[SpokenTake] = []
        for folder in folders:
            path = self.folders.get(folder)
            if path is not None:
                read = read_rated if folder == "corpus" else read_spoken
                found += read(path, limit=limit)
        return found

    def sets(self, *folders: str, most: int | None = None) -> dict[str, list[SpokenTake]]:
        """Read several folders' takes, by the name of each set; those not given are left out."""
        found = {_SETS[folder]: self.takes(folder, most=most) for folder in folders}
        return {name: takes for name, takes in found.items() if takes}


@dataclass(frozen=True)
class Row:
    """A table of `evaluate`. folders: it needs any of these, () for none."""

    name: str
    folders: tuple[str, ...]
    table: Callable[[Asked], Table]


MakeTable = Callable[[Any, Path, Jobs], Table]


def _by_set(name: str, table: MakeTable, *folders: str) -> Row:
    return Row(name, folders, lambda one: table(one.sets(*folders), one.bundle, one.jobs))


def _of_takes(name: str, table: MakeTable, most: int | None, *folders: str) -> Row:
    return Row(name, folders, lambda x: table(x.takes(*folders, most=most), x.bundle, x.jobs))


def _of_package(name: str, table: MakeTable, read: Callable[[int | None], Any]) -> Row:
    return Row(name, (), lambda one: table(read(one.limit), one.bundle, one.jobs))


def _wrong(asked: Asked) -> Table:
    sets = asked.sets("korean", "tedx") | asked.sets("corpus", most=300)
    return wrong_sentence_table(sets, asked.bundle, asked.jobs)


def _confusions(asked: Asked) -> Table:
    takes = replace(asked, limit=None).takes("gtts")
    return confusions_table(takes, asked.bundle, asked.jobs, asked.limit)


ROWS = (
    _by_set("redmarks", red_marks_table, "korean", "tedx"),
    Row("wrong", ("korean", "tedx", "corpus"), _wrong),
    _by_set("swaps", swaps_table, "korean", "tedx"),
    _of_takes("noisyswaps", noisy_swaps_table, 65, "korean"),
    _of_takes("leftout", left_out_table, 100, "korean"),
    _of_takes("gtts", own_word_table, None, "gtts"),
    Row("confusions", ("gtts",), _confusions),
    _of_package("pairs", pairs_table, read_pairs),
    _of_takes("perturbed", perturbed_table, 100, "korean"),
    _of_takes("clipped", clipped_table, 100, "korean"),
    _of_takes("robustness", robustness_table, 60, "corpus", "korean"),
    _of_takes("nonspeech", nonspeech_table, 40, "corpus", "korean"),
    _by_set("naming", naming_table, "korean", "tedx", "gtts"),
    _by_set("lesson", lesson_table, "korean", "tedx", "gtts"),
    _of_package("englishnaming", english_naming_table, read_english_swaps),
    _of_takes("spelled", spelled_table, None, "korean"),
    _of_takes("replay", replay_table, 12, "corpus", "korean", "gtts"),
)
"""In the order of a report; agreement with people stands before them."""
_BY_NAME = {row.name: row for row in ROWS}


def possible_rows(folders: Mapping[str, Path | None]) -> list[str]:
    """List the names of the rows that the given folders allow."""
    given = {name for name, folder in folders.items() if folder is not None}
    return [row.name for row in ROWS if given and (not row.folders or given & {*row.folders})]


def check_row(name: str, folders: Mapping[str, Path | None]) -> None:
    """Check that a row has a folder it can use.

    Raises:
        UsageError: None of those it needs is given.
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
