"""Run `evaluate`: make the tables asked for, show and write each as soon as it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.training.evaluation import (
    namings,
    nonspeech,
    people,
    perturbed,
    replay,
    robustness,
    spelled,
    stress,
    swaps,
    texts,
)
from pronounce_kiosk.training.evaluation.base import FOLDERS, Request
from pronounce_kiosk.training.evaluation.figures import Report, Table

ALL = "all"


@dataclass(frozen=True)
class Row:
    """A table of `evaluate`. folders: it needs any of these, () for none."""

    name: str
    make: Callable[[Request], Table | Report]
    folders: tuple[str, ...] = ()


ROWS = (
    Row("people", people.evaluate_bundle, ("corpus",)),
    Row("redmarks", texts.red_marks_table, ("korean", "tedx")),
    Row("wrong", texts.wrong_sentence_table, ("korean", "tedx", "corpus")),
    Row("swaps", swaps.swaps_table, ("korean", "tedx")),
    Row("noisyswaps", swaps.noisy_swaps_table, ("korean",)),
    Row("leftout", perturbed.left_out_table, ("korean",)),
    Row("gtts", texts.own_word_table, ("gtts",)),
    Row("confusions", texts.confusions_table, ("gtts",)),
    Row("pairs", texts.pairs_table),
    Row("perturbed", perturbed.perturbed_table, ("korean",)),
    Row("clipped", robustness.clipped_table, ("korean",)),
    Row("robustness", robustness.robustness_table, ("corpus", "korean")),
    Row("nonspeech", nonspeech.nonspeech_table, ("corpus", "korean")),
    Row("naming", namings.naming_table, ("korean", "tedx", "gtts")),
    Row("lesson", namings.lesson_table, ("korean", "tedx", "gtts")),
    Row("englishnaming", namings.english_naming_table),
    Row("stress", stress.stress_table),
    Row("spelled", spelled.spelled_table, ("korean",)),
    Row("replay", replay.replay_table, ("corpus", "korean", "gtts")),
)
"""In the order of a report."""


def run(request: Request, show: Callable[[str], None]) -> None:
    """Make the tables of a request.

    show: Called with each table, Markdown. `request.out` then holds all so far. `UsageError` before
    any work where a folder is missing; `TrainingError` where takes are not as documented.
    """
    rows = wanted_rows(request)
    if request.out is not None and not request.out.parent.is_dir():
        raise UsageError(f"There is no folder {request.out.parent}: make it first.")
    done: list[str] = []
    for row in rows:
        done.append(_made(row, request).markdown())
        show(done[-1])
        if request.out is not None:
            # After each table: an interrupted run keeps those that are made.
            write_atomically(request.out, "\n".join(done).encode("utf-8"))


def wanted_rows(request: Request) -> list[Row]:
    """Put the rows in order, those that the folders allow for ``all``; `UsageError` for none."""
    given = {name for name, folder in request.folders.items() if folder is not None}
    if ALL in request.rows:
        if not given:
            options = ", ".join(f"--{folder}" for folder in FOLDERS)
            raise UsageError(f"There is nothing to evaluate on: name one or more of {options}.")
        return [row for row in ROWS if not row.folders or given & {*row.folders}]
    by_name = {row.name: row for row in ROWS}
    rows = [by_name[name] for name in dict.fromkeys(request.rows)]
    for row in rows:
        if row.folders and not given & {*row.folders}:
            options = " or ".join(f"--{folder}" for folder in row.folders)
            raise UsageError(f"The row {row.name} needs takes: name their folder with {options}.")
    return rows


def _made(row: Row, request: Request) -> Report | Table:
    """Make a row's table, with the other bundle's figures beside its own."""
    mine = row.make(request)
    beside = request.beside
    if isinstance(mine, Report) or beside is None or beside.resolve() == request.bundle.resolve():
        return mine
    try:
        theirs = row.make(replace(request, bundle=beside))
    except TrainingError:
        # The other bundle lacks what the row measures, as units.
        theirs = replace(mine, rows=())
    assert isinstance(theirs, Table)
    return mine.beside(theirs, read_manifest(beside).name)
