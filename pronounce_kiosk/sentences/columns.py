"""Tables of any file format, and the meaning of their columns."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

from pronounce_kiosk.sentences.cells import MAX_LENGTHS, tidy, without_markup
from pronounce_kiosk.sentences.encoding import decode
from pronounce_kiosk.sentences.headers import COLUMN_NAMES, column_meanings
from pronounce_kiosk.sentences.messages import Problem, list_error, problem
from pronounce_kiosk.sentences.subtitles import FORMATS, subtitle_rows
from pronounce_kiosk.sentences.tables import (
    SEPARATORS,
    Row,
    Rows,
    declared_separator,
    guess_separator,
    header_name,
    numbered_lines,
    separated_rows,
    whole_lines,
)
from pronounce_kiosk.sentences.workbook import OLD_MARK, workbook_rows

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", *FORMATS)

EXPORT_HEADER = tuple(MAX_LENGTHS)
"""The header `write_list` writes. Only under it are apostrophes before '=' and the like removed: in
a teacher's own list a leading apostrophe may be a quotation mark."""

_TITLE_ROWS = 5
"""Rows searched for the header below a title, a date, a class."""
_SAMPLE_ROWS = 200
_ROMANISED_ROWS, _ROMANISED_RATIO = 5, 0.7
_HANGUL = re.compile(r"[가-힣ㄱ-ㅣ]")
_LETTER = re.compile(r"[^\W\d_]")
_ANKI_HEADER = re.compile(r"#([a-z][a-z ]*):(.*)", re.IGNORECASE)
_CARD_SEPARATORS = (",", ";", "|", " - ", " – ", " = ", "=", " : ", ":")
"""Separators other than a tab between the sides of Quizlet's cards."""
_LABEL = re.compile(
    r"^[ \t]*(?:\(?(?:\d{1,4}[.)]|[가나다라A-D][.):：])[ \t]+|[①-⑳•▪●][ \t]*)", re.MULTILINE
)
_TITLE_WORD = "(?:문장|단어|표현|대화|회화|연습|시험|목록|듣기)"
_TITLE = re.compile(
    r"(?i)#|\W*(?:lesson|unit|chapter|part|day|week) ?\d|.* (?:sentences|words)$|받아쓰기"
    rf"|(?:.* {_TITLE_WORD}|{_TITLE_WORD} ?\d+)$"
    r"|(?:.* )?\W*제? ?\d+ ?(?:과|단원|강|차시|주차)(?![가-힣]| *\d)"
)
_MAX_TITLE = 40
_SENTENCE_END = re.compile(r"[.?!…。？！~]\W*$")


@dataclass
class Table:
    """Rows of any file format, and the meaning of their columns.

    Attributes:
        columns: The index of each column that is present.
        width: Cells a row may have.
        language: The language that names the sentence's column (한국어), "" where none does.
    """

    rows: Iterable[Row | Problem]
    columns: dict[str, int]
    width: int
    separator: str = ""
    problems: list[Problem] = field(default_factory=list)
    is_export: bool = False
    language: str = ""
    encoding: str = "Excel"


def read_table(data: bytes, path: Path) -> Table:
    """Read the rows of a file and find the meaning of each column.

    Raises:
        SentenceListError: The file as a whole cannot be read.
    """
    suffix, name = path.suffix.lower(), path.name
    if suffix in (".xlsx", ".ods") or (suffix == ".xls" and data.startswith((b"PK", OLD_MARK))):
        return _with_header(workbook_rows(data, name), name)
    text, encoding = decode(data, name)
    if suffix in FORMATS:
        table = Table(subtitle_rows(text, suffix, name), {"text": 0, "translation": 1}, 2)
    elif suffix == ".xls" and "<table" in text.casefold():
        raise list_error("workbook_damaged", name)
    else:
        table = _separated_table(text, suffix, name)
    return replace(table, encoding=encoding)


def _separated_table(text: str, suffix: str, name: str) -> Table:
    text, anki = _anki_header(text)
    if anki:
        separator = SEPARATORS.get(anki.get("separator", "").casefold(), "\t")
        return _without_header(separated_rows(text, separator), separator, anki)
    candidates = "\t,;" if suffix in (".tsv", ".txt", ".xls") else ",;\t"
    declared = declared_separator(text)
    separator = declared or guess_separator(text, set(COLUMN_NAMES), candidates)
    rows = separated_rows(text, separator)
    if declared:
        next(rows, None)
    elif suffix == ".txt" and not _is_table(text, separator):
        text, separator = _cards(text)
        if separator:
            return _without_header(separated_rows(text, separator), separator, {})
        rows = whole_lines(_without_labels(text))
    return _with_header(rows, name, separator)


def _anki_header(text: str) -> tuple[str, dict[str, str]]:
    """Read the ``#key:value`` lines at the start of an Anki export; blank lines replace them."""
    found: dict[str, str] = {}
    for line, content in numbered_lines(text):
        match = _ANKI_HEADER.fullmatch(content.strip())
        if not match:
            return ("\n" * (line - 1) + text.split("\n", line - 1)[-1] if found else text), found
        found[match[1].casefold()] = match[2].strip()
    return "", found


def _is_table(text: str, separator: str) -> bool:
    """Tell whether a .txt is Excel's 'Unicode text': its first line names two columns or more."""
    first = next(separated_rows(text, separator), None)
    if not isinstance(first, Row):
        return False
    known = _known(first)
    return "text" in known and len(known) > 1


def _cards(text: str) -> tuple[str, str]:
    """Return flash cards, a line for each, and the separator of their sides.

    Quizlet writes tabs and line ends, or separators of the teacher's choice; no separator where the
    text holds no cards.
    """
    sample = itertools.islice(numbered_lines(text), _SAMPLE_ROWS)
    lines = [line for _, line in sample if line.strip()]
    if len(lines) == 1 and (separator := _side_separator(text.split(";"))):
        text = text.replace(";", "\n")
    else:
        separator = _side_separator(lines)
    if separator.strip() in ",;|":
        return text, separator
    return text.replace(separator, "\t"), "\t"


def _side_separator(cards: list[str]) -> str:
    cards = [card for card in cards if card.strip()]
    if sum("\t" in card.strip() for card in cards) * 2 > len(cards):
        return "\t"
    for separator in _CARD_SEPARATORS:
        if sum(_is_card(card, separator) for card in cards) * 4 >= len(cards) * 3 > 0:
            return separator
    return ""


def _is_card(line: str, separator: str) -> bool:
    """Tell whether Hangul stands on one side only and other letters on the other."""
    sides = line.partition(separator)[::2]
    hangul = [bool(_HANGUL.search(side)) for side in sides]
    return hangul[0] != hangul[1] and all(
        found or len(_LETTER.findall(side)) > 1 for found, side in zip(hangul, sides, strict=True)
    )


def _without_labels(text: str) -> str:
    """Remove numbers and speakers (1. 네, ① 네, 가: 네) from all lines, where most have one."""
    plain, count = _LABEL.subn("", text)
    return plain if count * 2 > text.count("\n") else text


def _known(row: Row) -> set[str]:
    return set(column_meanings(row)[0]) - {""}


def _with_header(rows: Rows, name: str, separator: str = "") -> Table:
    """Make a table of rows with a header in the first row or below a title.

    A table of one column needs no header.
    """
    early: list[Problem] = []
    first: list[Row] = []
    for row in rows:
        if isinstance(row, Problem):
            early.append(row)
            continue
        first.append(row)
        if len(first) == _TITLE_ROWS:
            break
    at = _header_place(first)
    if at is not None:
        if first[at].width == 1:
            early += map(_title_problem, first[:at])
        rest = itertools.chain(first[at + 1 :], rows)
        return _named(first[at], rest, separator, early)
    if not first:
        return Table((), {"text": 0}, 1, separator, early)
    if first[0].width > 1 and _known(first[0]):
        raise list_error("no_text_column", name)
    everything = [*first, *rows]
    widths = [row.width for row in everything if isinstance(row, Row)]
    if sum(width > 1 for width in widths) * 2 > len(widths):
        if separator == "\t":
            return _without_header(iter(everything), separator, {})
        raise list_error("no_header", name)
    return Table(_titles_told(everything), {"text": 0}, 1, separator, early)


def _titles_told(rows: Iterable[Row | Problem]) -> list[Row | Problem]:
    """Make problems of titles, so that they are neither taught nor lost.

    The first line is one if it reads like one, or lacks the punctuation or the other side that
    nearly all lines have; then later lines that read like one are titles too.
    """
    everything = list(rows)
    sample = [row for row in everything if isinstance(row, Row)][:_SAMPLE_ROWS]
    has_end = [bool(_SENTENCE_END.search(row.cells[0])) for row in sample]
    has_side = [row.width > 1 for row in sample]
    enough = max(4, 0.9 * (len(sample) - 1))
    is_odd = any(has and not has[0] and sum(has) >= enough for has in (has_end, has_side))
    if len(sample) > 1 and (is_odd or _reads_like_title(sample[0])):
        for index, row in enumerate(everything):
            if isinstance(row, Row) and (row is sample[0] or _reads_like_title(row)):
                everything[index] = _title_problem(row)
    return everything


def _reads_like_title(row: Row) -> bool:
    cell = row.cells[0].strip()
    is_short = row.width == 1 and len(cell) <= _MAX_TITLE
    return is_short and bool(_TITLE.match(cell)) and not _SENTENCE_END.search(cell)


def _title_problem(row: Row) -> Problem:
    title = tidy(row.cells[0])
    return replace(problem(row.line, "text", "title_line", value=title), cells={"text": title})


def _header_place(first: list[Row]) -> int | None:
    """Find the header among the first rows.

    It is the row that names the sentence's column and another; else the first row, where it is the
    name of the sentence's column alone. Under merged cells (문장 above 한국어, 영어) it is the
    wider row below.
    """
    named = [len(_known(row)) > 1 and "text" in _known(row) for row in first]
    if True in named:
        at = named.index(True)
        is_merged = named[at + 1 : at + 2] == [True] and first[at + 1].width > first[at].width
        return at + is_merged
    at = int(len(first) > 1 and _reads_like_title(first[0]))
    if not first or "text" not in _known(first[at]):
        return None
    # "단어 시험" is a title, whatever its first word means.
    return at if any(header_name(cell) in COLUMN_NAMES for cell in first[at].cells) else None


def _named(header: Row, rows: Rows, separator: str, problems: list[Problem]) -> Table:
    columns: dict[str, int] = {}
    meanings, language = column_meanings(header)
    for index, column in enumerate(meanings):
        shown = tidy(header.cells[index])
        if not column and shown:
            problems.append(problem(header.line, "", "unknown_column", value=shown))
        elif column in columns:
            problems.append(problem(header.line, column, "duplicate_column", value=shown))
        elif column:
            columns[column] = index
    is_export = tuple(map(header_name, header.cells[: header.width])) == EXPORT_HEADER
    return Table(rows, columns, len(meanings), separator, problems, is_export, language)


def _without_header(rows: Rows, separator: str, anki: dict[str, str]) -> Table:
    """Make a table of flash cards.

    The column in Hangul is the sentence, the next one in Latin letters its translation, one more
    a note; Anki itself names the columns of tags.
    """
    everything = _titles_told(rows)
    sample = [row for row in everything if isinstance(row, Row)][:_SAMPLE_ROWS]
    width = max((row.width for row in sample), default=1)
    kept_for_anki = {int(v) - 1 for k, v in anki.items() if k.endswith("column") and v.isdecimal()}
    free = [index for index in range(width) if index not in kept_for_anki]
    lettered = [index for index in free if _share(sample, index, _LETTER) > 0.5] or free[:1] or [0]
    in_hangul = [index for index in lettered if _share(sample, index, _HANGUL) > 0.5]
    text = (in_hangul or lettered)[0]
    others = [index for index in lettered if index != text]
    if len(others) > 1:
        others.sort(key=lambda index: _is_romanised(sample, text, index))
    columns = {"text": text, **dict(zip(("translation", "note"), others, strict=False))}
    if "tags column" in anki and anki["tags column"].isdecimal():
        columns["note"] = int(anki["tags column"]) - 1
    if in_hangul and others:
        everything = [_unless_torn(row, text) for row in everything]
    return Table(everything, columns, max(width, *kept_for_anki, 1), separator)


def _unless_torn(row: Row | Problem, text: int) -> Row | Problem:
    """Return the row, or a problem where it continues a translation over two lines."""
    cell = row.cells[text] if isinstance(row, Row) and row.width == text + 1 else ""
    if _LETTER.search(cell) and not _HANGUL.search(cell):
        return problem(row.line, "text", "other_language", value=tidy(cell))
    return row


def _is_romanised(rows: list[Row], text: int, index: int) -> bool:
    """Tell whether a column holds the sentences' romanisation."""
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
    from pronounce_kiosk.language.korean.romanisation import romanise

    ratios = []
    for row in rows[:_ROMANISED_ROWS]:
        if row.width > max(text, index):
            said = romanise(standard_pronunciation(row.cells[text][: MAX_LENGTHS["text"]]))
            given = row.cells[index][: MAX_LENGTHS["text"]].casefold()
            ratios.append(SequenceMatcher(None, said, given).ratio())
    return bool(ratios) and sum(ratios) / len(ratios) > _ROMANISED_RATIO


def _share(rows: list[Row], index: int, pattern: re.Pattern[str]) -> float:
    """Compute the share of rows whose cell at ``index`` holds a match."""
    cells = [
        row.cells[index] for row in rows if index < len(row.cells) and row.cells[index].strip()
    ]
    return sum(bool(pattern.search(without_markup(cell)[0])) for cell in cells) / max(1, len(rows))
