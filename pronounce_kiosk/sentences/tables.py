"""Parse a separated text file (.csv, .tsv, .txt) into numbered rows; bad lines are problems."""

import csv
import io
import itertools
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pronounce_kiosk.sentences.messages import Problem, problem

MAX_LINES = 20_000
MAX_LINE_CHARACTERS = 10_000
_MAX_RECORD_LINES = 20
_SAMPLE_ROWS = 50

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":", "space": " "}
SEPARATOR_NAMES = {separator: name for name, separator in SEPARATORS.items()} | {"": "none"}


@dataclass(frozen=True)
class Row:
    """One record: its first line (from 1) and its cells as in the file."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether every cell is blank."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def width(self) -> int:
        """Number of cells up to the last non-empty one; Excel pads lines with empty ones."""
        filled = [index for index, cell in enumerate(self.cells, 1) if cell.strip()]
        return filled[-1] if filled else 0


Rows = Iterator[Row | Problem]
_Line = tuple[int, str]


def header_name(cell: str) -> str:
    """Normalise a header cell for comparison: trimmed, any case, full-width as plain."""
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Number the lines of a text from 1; only \n, \r\n and \r end a line.

    Past `MAX_LINES` one more line represents all that follow, and `limit_rows` makes it a problem:
    megabytes of empty lines must not cost minutes.
    """
    buffer = io.StringIO(text, newline=None)
    for line, content in enumerate(itertools.islice(buffer, MAX_LINES), 1):
        yield line, content.removesuffix("\n")
    rest = buffer.read().strip()
    if rest:
        yield MAX_LINES + 1, rest[0]


def whole_lines(text: str) -> Rows:
    """Make a row of one cell of each line that is not blank."""
    return limit_rows(bounded(line, content) for line, content in numbered_lines(text))


def separated_rows(text: str, separator: str) -> Rows:
    """Parse the records of a separated text, without blank ones.

    A quoted cell may span lines. A quotation mark that is never closed affects its own line only.
    `MAX_LINES` bounds the lines.
    """
    return limit_rows(_records(text, separator))


def guess_separator(text: str, names_known: set[str], candidates: str = ",;\t") -> str:
    """Guess the separator of a table.

    Returns:
        The candidate with the most known column names in the first line; without known names, the
        one that splits most lines; the first candidate in a tie.
    """
    return max(candidates, key=lambda separator: _evidence(text, separator, names_known))


def limit_rows(rows: Iterable[Row | Problem]) -> Rows:
    """Yield the rows that are not blank up to line `MAX_LINES`, then one problem."""
    for row in rows:
        if row.line > MAX_LINES:
            yield problem(row.line, "", "too_many_lines", limit=MAX_LINES)
            return
        if isinstance(row, Problem) or not row.is_blank:
            yield row


def declared_separator(text: str) -> str:
    """Read the separator of Excel's ``sep=;`` first line; "" where there is no such line."""
    first = next(numbered_lines(text[:16]), (1, ""))[1].strip(' "')
    is_declared = len(first) == 5 and first.lower().startswith("sep=") and first[4] in ",;\t"
    return first[4] if is_declared else ""


def bounded(line: int, content: str) -> Row | Problem:
    """Make a row of one cell of a line, or a problem where it is too long."""
    if len(content) > MAX_LINE_CHARACTERS:
        return problem(line, "", "line_too_long", length=len(content), limit=MAX_LINE_CHARACTERS)
    return Row(line, (content,))


def _records(text: str, separator: str) -> Rows:
    lines = numbered_lines(text)
    ahead: deque[_Line] = deque()  # read ahead for a closing quotation mark
    while ahead or (ahead := deque(itertools.islice(lines, 1))):
        line, content = ahead.popleft()
        whole = bounded(line, content)
        if isinstance(whole, Problem):
            yield whole
        else:
            yield _record(line, content, separator, ahead, lines)


def _record(
    line: int, content: str, separator: str, ahead: deque[_Line], lines: Iterator[_Line]
) -> Row | Problem:
    """Parse the record that starts with ``content``, taking continuation lines from ``ahead``."""
    try:
        cells = _parse(content, separator)
        taken = 0
        while cells is None and taken < _MAX_RECORD_LINES and len(content) <= MAX_LINE_CHARACTERS:
            if taken == len(ahead):
                ahead.extend(itertools.islice(lines, 1))
            if taken == len(ahead):
                break
            content += "\n" + ahead[taken][1]
            taken += 1
            cells = _parse(content, separator)
    except csv.Error:
        cells = None
    if cells is None:
        return problem(line, "", "bad_quotes")
    for _ in range(taken):
        ahead.popleft()
    return Row(line, cells)


def _parse(record: str, separator: str) -> tuple[str, ...] | None:
    """Parse one record, None where a quote is not closed. Raises csv.Error if malformed."""
    if '"' not in record:
        return tuple(record.split(separator)) if record else ()
    try:
        lines = io.StringIO(record, newline="\n")
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
        raise
    return tuple(itertools.chain.from_iterable(rows))


def _evidence(text: str, separator: str, names_known: set[str]) -> tuple[int, int]:
    records = (row for row in _records(text, separator) if isinstance(row, Row))
    sample = list(itertools.islice((row for row in records if not row.is_blank), _SAMPLE_ROWS))
    if not sample:
        return 0, 0
    known = sum(header_name(cell) in names_known for cell in sample[0].cells)
    return known, sum(row.width > 1 for row in sample)
