"""`evaluate`: the tables asked for, one after another, each shown and written once it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.session.parallel import DEFAULT_JOBS
from pronounce_kiosk.training.evaluation.people import evaluate_bundle
from pronounce_kiosk.training.evaluation.report import Report, Table
from pronounce_kiosk.training.evaluation.robustness import FOLDER_OF, rows_tables

PEOPLE = "people"
ALL = "all"
ROWS_OF = {
    "korean": ("korean", "touched", "recorded", "pairs"),
    "gtts": ("gtts",),
    "corpus": (PEOPLE,),
}
"""Which rows each folder makes possible; robustness and nonspeech want either of two."""
ORDER = (PEOPLE, "korean", "gtts", "pairs", "touched", "recorded", "robustness", "nonspeech")


@dataclass(frozen=True)
class Request:
    """What is asked of an evaluation. folders: ``corpus``, ``korean``, ``gtts``, None if not given.

    beside: a second bundle whose figures stand beside, None for none. limit: of takes of a kind.
    out_of_fold: predictions beside the bundle's own. out, plot: files to write.
    """

    bundle: Path
    folders: Mapping[str, Path | None]
    rows: Sequence[str] = (PEOPLE,)
    beside: Path | None = None
    limit: int | None = None
    jobs: int = DEFAULT_JOBS
    all_speakers: bool = False
    out_of_fold: Path | None = None
    out: Path | None = None
    plot: Path | None = None


def run(request: Request, show: Callable[[str], None]) -> None:
    """Make the tables; show gets each as text, and `request.out` holds all so far as Markdown.

    Raises `UsageError` before any work where a folder is missing.
    """
    rows = wanted_rows(request)
    if request.plot is not None and PEOPLE not in rows:
        raise UsageError("The plot shows agreement with people: ask for the row people.")
    for path in (request.out, request.plot):
        if path is not None and not path.parent.is_dir():
            raise UsageError(f"There is no folder {path.parent}: make it first.")
    done: list[str] = []
    for part in _parts(rows, request):
        show(part.text())
        done.append(part.markdown())
        if request.out is not None:
            # After each: a run takes minutes, and one cut off keeps what it has.
            write_atomically(request.out, "\n".join(done).encode("utf-8"))


def wanted_rows(request: Request) -> tuple[str, ...]:
    """The rows in order; for ``all``, those that the folders given allow."""
    rows = tuple(dict.fromkeys(request.rows))
    if ALL in rows:
        given = [name for name, folder in request.folders.items() if folder is not None]
        possible = {row for name in given for row in ROWS_OF[name]}
        if "corpus" in given or "korean" in given:
            possible |= {"robustness", "nonspeech"}
        rows = tuple(row for row in ORDER if row in possible)
        if not rows:
            raise UsageError("There is nothing to evaluate on: name --corpus, --korean or --gtts.")
    for row in rows:
        folder = FOLDER_OF.get(row)
        if folder is not None and request.folders.get(folder) is None:
            raise UsageError(f"The row {row} needs takes: name their folder with --{folder}.")
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
            request.all_speakers,
            request.jobs,
            out_of_fold=request.out_of_fold,
            beside=request.beside,
            plot=request.plot,
        )


def _row(row: str, request: Request) -> Table:
    """A row's table, with the other bundle's figures beside where it has such figures."""

    def table(bundle: Path) -> Table:
        return next(rows_tables([row], request.folders, bundle, request.limit, request.jobs))

    mine = table(request.bundle)
    if request.beside is None or request.beside.resolve() == request.bundle.resolve():
        return mine
    column = next(head for head in ("figure", "highest score") if head in mine.headers)
    try:
        theirs = table(request.beside)
    except TrainingError:
        # It gives no units, or whatever else the row is about.
        theirs = replace(mine, rows=())
    return mine.beside(theirs, read_manifest(request.beside).name, column)
