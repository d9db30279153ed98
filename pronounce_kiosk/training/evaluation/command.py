"""Run `evaluate`: make the tables asked for, show and write each as soon as it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, Jobs
from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.training.evaluation.people import evaluate_bundle
from pronounce_kiosk.training.evaluation.report import Report, Table
from pronounce_kiosk.training.evaluation.rows import (
    FOLDERS,
    Asked,
    check_row,
    possible_rows,
    row_table,
)

PEOPLE = "people"
ALL = "all"


@dataclass(frozen=True)
class Request:
    """A request to evaluate a bundle.

    Attributes:
        bundle: The bundle's folder.
        folders: By `rows.FOLDERS`, None if not given.
        rows: Names of rows, `PEOPLE` or `ALL`.
        beside: A second bundle to compare with in every table.
        baseline: A second bundle to compare with in agreement with people only.
        limit: Of takes of a kind.
        jobs: Processes, or a cluster.
        out_of_fold: Predictions in place of the bundle's own file.
        out: File of the report.
    """

    bundle: Path
    folders: Mapping[str, Path | None]
    rows: Sequence[str] = (PEOPLE,)
    beside: Path | None = None
    baseline: Path | None = None
    limit: int | None = None
    jobs: Jobs = DEFAULT_JOBS
    out_of_fold: Path | None = None
    out: Path | None = None


def run(request: Request, show: Callable[[str], None]) -> None:
    """Make the tables.

    Args:
        request: The rows, the data and the bundle.
        show: Called with each table as text. `request.out` then holds all so far as Markdown.

    Raises:
        UsageError: A folder is missing; raised before any work.
    """
    rows = wanted_rows(request)
    if request.out is not None and not request.out.parent.is_dir():
        raise UsageError(f"There is no folder {request.out.parent}: make it first.")
    done: list[str] = []
    for part in _parts(rows, request):
        show(part.text())
        done.append(part.markdown())
        if request.out is not None:
            # After each table: an interrupted run keeps those that are made.
            write_atomically(request.out, "\n".join(done).encode("utf-8"))


def wanted_rows(request: Request) -> tuple[str, ...]:
    """Put the rows in order; for ``all``, those that the given folders allow.

    Raises:
        UsageError: A folder is missing.
    """
    rows = tuple(dict.fromkeys(request.rows))
    if ALL in rows:
        people = [PEOPLE] if request.folders.get("corpus") else []
        rows = (*people, *possible_rows(request.folders))
        if not rows:
            options = ", ".join(f"--{folder}" for folder in FOLDERS)
            raise UsageError(f"There is nothing to evaluate on: name one or more of {options}.")
    for row in rows:
        if row != PEOPLE:
            check_row(row, request.folders)
    if PEOPLE in rows and request.folders.get("corpus") is None:
        raise UsageError("Agreement with people needs rated takes: name them with --corpus.")
    return rows


def _parts(rows: Sequence[str], request: Request) -> Iterator[Report | Table]:
    for row in rows:
        if row != PEOPLE:
            yield _row(row, request)
            continue
        corpus = request.folders["corpus"]
        assert corpus is not None
        yield evaluate_bundle(
            corpus,
            request.bundle,
            request.jobs,
            out_of_fold=request.out_of_fold,
            beside=request.beside or request.baseline,
        )


def _row(row: str, request: Request) -> Table:
    """Make a row's table, with the other bundle's figures beside its own."""
    asked = Asked(request.folders, request.bundle, request.limit, request.jobs)
    mine = row_table(row, asked)
    if request.beside is None or request.beside.resolve() == request.bundle.resolve():
        return mine
    try:
        theirs = row_table(row, replace(asked, bundle=request.beside))
    except TrainingError:
        # The other bundle lacks what the row measures, as units.
        theirs = replace(mine, rows=())
    return mine.beside(theirs, read_manifest(request.beside).name)
