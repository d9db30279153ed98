"""Score many takes: one result for each row, whatever fails, deterministically."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, Jobs, limit_threads, map_in_order
from pronounce_kiosk.core.atomic import flush_folder
from pronounce_kiosk.core.errors import KioskError, UsageError
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.tags import language_code
from pronounce_kiosk.language.units import UNFIT_PRONUNCIATION, follows_pronunciation
from pronounce_kiosk.session.engine import PracticeEngine

COLUMNS = ("id", "audio", "text", "lang")
PRONUNCIATION = "pronunciation"
"""Optional column: the pronunciation, where the rules give another one."""
RATED = {"total": "score", "accuracy": "accuracy", "fluency": "fluency", "prosodic": "prosody"}
"""Prefixes of optional columns of ratings (with _1, _2 and so on, one a rater), and the aspect each
rates."""
RESULT_COLUMNS = ("id", "verdict", "score", "accuracy", "fluency", "prosody")
PROVENANCE_COLUMNS = ("id", "bundle", "sha256", "engine", "voice")
PROVENANCE_SUFFIX = ".provenance.tsv"
JSON_SUFFIX = ".jsonl"

_RATING = re.compile(rf"({'|'.join(RATED)})_\d+")
_NO_RATING = 1e9
"""Larger numbers are no ratings; their sums could overflow."""

Ratings = dict[str, float]
"""The raters' mean by the prefix of their columns; only those that a row has."""
EngineFactory = Callable[[], PracticeEngine]
"""Builds the engine inside each process; a module-level function, or a partial of one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BatchRow:
    """A take to score.

    problem: why the row is invalid, or "". pronunciation: "" derives it by rule. ratings: of cells
    that are numbers.
    """

    id: str
    audio: Path
    text: str
    language: str
    problem: str = ""
    pronunciation: str = ""
    ratings: Ratings = field(default_factory=dict)


@dataclass(frozen=True)
class BatchResult:
    """A row's score. problem: the reason where the verdict is `unreadable`."""

    id: str
    score: Score
    problem: str = ""

    def line(self) -> str:
        """Format the row of the results file; an empty cell where there is no number."""
        numbers = (self.score.score, self.score.accuracy, self.score.fluency, self.score.prosody)
        cells = ["" if value is None else f"{value:.2f}" for value in numbers]
        return "\t".join((self.id, self.score.verdict.value, *cells))

    def json_line(self) -> str:
        """Format the JSON of `score --json` with the row's id in front."""
        return json.dumps({"id": self.id, **self.score.to_json()}, ensure_ascii=False)

    def provenance_line(self) -> str:
        """Format the row of the provenance file; empty cells where nothing scored."""
        bundle, reference = self.score.bundle, self.score.reference
        made_by = ("", "") if bundle is None else (bundle.name, bundle.sha256)
        said_by = ("", "") if reference is None else (reference.engine, reference.voice)
        return "\t".join((self.id, *made_by, *said_by))


def read_batch(path: Path) -> tuple[BatchRow, ...]:
    """Read a manifest: tab-separated, a header with `COLUMNS`, audio relative to the manifest.

    An incomplete row keeps its place with a problem.

    Raises:
        UsageError: The file is no manifest.
    """
    try:
        # Not read_text: a stray carriage return inside a cell would start a row.
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"The manifest {path} cannot be read ({reason}): check its name."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The manifest {path} is not UTF-8 text: save it as UTF-8.") from error
    lines = [line for line in text.split("\n") if line.strip()]
    header = lines[0].rstrip("\r").split("\t") if lines else []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise UsageError(
            f"The manifest {path} has no column {missing[0]}: its first line must name "
            f"{', '.join(COLUMNS)}, with tabs between."
        )
    folder = path.parent.absolute()
    rows = (line.rstrip("\r").split("\t") for line in lines[1:])
    # A short row lacks the last cells.
    return tuple(_row(folder, dict(zip(header, cells, strict=False))) for cells in rows)


def score_rows(
    rows: Sequence[BatchRow], factory: EngineFactory, jobs: Jobs = DEFAULT_JOBS
) -> Iterator[BatchResult]:
    """Yield a result for every row, in order. A row never raises; its problem is logged.

    Raises:
        KioskError: The factory's.
    """
    yield from map_in_order(
        _score_row, rows, jobs=jobs, label="takes", initializer=_start, initargs=(factory,)
    )


def write_results(path: Path, results: Iterable[BatchResult]) -> list[BatchResult]:
    """Write results as they come; return them as a list.

    The output is a table with a second file for the provenance or, where the path ends in
    `JSON_SUFFIX`, a line of JSON a row. Each file is named PATH.part until its last row is written,
    so that an interrupted run leaves its finished rows, and a finished file is complete.

    Raises:
        OSError: A file cannot be written.
    """
    done = []
    if path.suffix.lower() == JSON_SUFFIX:
        with _growing(path) as row:
            for result in results:
                done.append(result)
                row(result.json_line())
        return done
    beside = path.with_suffix(PROVENANCE_SUFFIX)
    with _growing(path, RESULT_COLUMNS) as row, _growing(beside, PROVENANCE_COLUMNS) as origin:
        for result in results:
            done.append(result)
            row(result.line())
            origin(result.provenance_line())
    return done


@contextmanager
def _growing(path: Path, columns: Sequence[str] = ()) -> Iterator[Callable[[str], None]]:
    part = path.with_name(f"{path.name}.part")
    heading = "\t".join(columns)
    lines = 0
    with part.open("w", encoding="utf-8", newline="\n") as file:

        def write(line: str) -> None:
            nonlocal lines
            file.write(f"{line}\n")
            file.flush()
            lines += 1

        try:
            if heading:
                write(heading)
            yield write
        except BaseException:
            if lines <= bool(heading):
                part.unlink()
            raise
        os.fsync(file.fileno())
    os.replace(part, path)
    flush_folder(path.parent)


def score_row(engine: PracticeEngine, row: BatchRow) -> BatchResult:
    """Score one row; `unreadable` with a problem where that fails."""
    try:
        if row.problem:
            raise UsageError(row.problem)
        clip = read_clip(row.audio)
        # No id, so that equal texts share one prepared reference.
        sentence = Sentence("", row.text, row.language, pronunciation=row.pronunciation)
        return BatchResult(row.id, engine.score(clip, sentence).score)
    except KioskError as error:
        _log.info("row %s: %s", row.id, error)
        return BatchResult(row.id, Score(Verdict.UNREADABLE), error.message)
    except Exception as error:  # one bad row must not affect the others
        _log.exception("row %s could not be scored", row.id)
        return BatchResult(row.id, Score(Verdict.UNREADABLE), f"{type(error).__name__}: {error}")


_engine: PracticeEngine | None = None


def _start(factory: EngineFactory) -> None:
    """Build the engine of this process."""
    global _engine
    limit_threads(1)
    _engine = factory()


def _score_row(row: BatchRow) -> BatchResult:
    assert _engine is not None
    return score_row(_engine, row)


def _row(folder: Path, cells: Mapping[str, str]) -> BatchRow:
    given = {name: cells.get(name, "").strip() for name in (*COLUMNS, PRONUNCIATION)}
    text, tag, pronunciation = given["text"], given["lang"], given[PRONUNCIATION]
    lacking = [name for name in COLUMNS if not given[name]]
    language = language_code(tag)
    problem = ""
    if lacking:
        problem = f"The row has no {lacking[0]}."
    elif language is None:
        problem = f"{tag} is no language: write ko, en or another ISO 639 code."
    elif pronunciation and not follows_pronunciation(text, language, pronunciation):
        problem = UNFIT_PRONUNCIATION
    name, audio = cells.get("id", ""), folder / given["audio"]
    return BatchRow(name, audio, text, language or tag, problem, pronunciation, _ratings(cells))


def _ratings(cells: Mapping[str, str]) -> Ratings:
    """Average the ratings of a row; a cell that is no number is skipped."""
    given: dict[str, list[float]] = {}
    for name, cell in cells.items():
        rating = _RATING.fullmatch(name)
        with suppress(ValueError):
            if rating and abs(value := float(cell)) < _NO_RATING:
                given.setdefault(rating[1], []).append(value)
    return {aspect: fmean(values) for aspect, values in given.items()}
