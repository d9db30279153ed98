"""`read_list`: a teacher's file to a `SentenceList`, with every problem by line."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.audio_path import find_recording
from pronounce_kiosk.sentences.cells import (
    MAX_LENGTHS,
    clean_cell,
    is_formula,
    tidy,
    unescape_formulas,
)
from pronounce_kiosk.sentences.encoding import decode
from pronounce_kiosk.sentences.messages import Problem, list_error, problem
from pronounce_kiosk.sentences.subtitles import subtitle_rows
from pronounce_kiosk.sentences.tables import (
    SEPARATOR_NAMES,
    Row,
    Rows,
    declared_separator,
    guess_separator,
    header_name,
    separated_rows,
    whole_lines,
)
from pronounce_kiosk.sentences.workbook import workbook_rows

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 20 * 1024 * 1024
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".srt", ".vtt")

COLUMN_NAMES: dict[str, str] = {
    "id": "id",
    "번호": "id",
    "text": "text",
    "sentence": "text",
    "문장": "text",
    "language": "language",
    "lang": "language",
    "언어": "language",
    "translation": "translation",
    "번역": "translation",
    "pronunciation": "pronunciation",
    "발음": "pronunciation",
    "level": "level",
    "단계": "level",
    "note": "note",
    "memo": "note",
    "메모": "note",
    "audio": "audio",
    "음성": "audio",
}
"""What a column may be called, in any case, and what it is."""

EXPORT_HEADER = tuple(MAX_LENGTHS)
"""The header `write_list` writes. Only under it are apostrophes before '=' and the like taken off:
in a teacher's own list a leading apostrophe may be a quotation mark."""

LANGUAGE_NAMES: dict[str, str] = {
    "korean": "ko",
    "kor": "ko",
    "한국어": "ko",
    "한글": "ko",
    "english": "en",
    "eng": "en",
    "영어": "en",
    "japanese": "ja",
    "일본어": "ja",
    "chinese": "zh",
    "중국어": "zh",
    "spanish": "es",
    "스페인어": "es",
    "french": "fr",
    "프랑스어": "fr",
    "german": "de",
    "독일어": "de",
    "vietnamese": "vi",
    "베트남어": "vi",
}

_LANGUAGE_CODE = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8})*")
_ID = re.compile(r"\w[\w.\-]{0,63}")
_HANGUL = re.compile(r"[가-힣]")
_HANGUL_LETTER = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_NOT_SAID_IN_HANGUL = re.compile(r"[0-9A-Za-zㄱ-ㅎㅏ-ㅣ%°℃$₩€]")


@dataclass(frozen=True)
class ReadResult:
    """What a file holds: the good lines, and why the others were left out.

    sentence_list: sentences in the file's order, ids unique; empty where every line is bad.
    problems: in the order met; a line with a problem gave no sentence. Line 0 and header
        problems say what of the file as a whole was not read.
    encoding: ``UTF-8``, ``UTF-8 with BOM``, ``UTF-16 LE``, ``UTF-16 BE``, ``CP949``, ``Excel``.
    separator: ``comma``, ``semicolon``, ``tab`` or ``none``.
    """

    sentence_list: SentenceList
    problems: tuple[Problem, ...] = ()
    encoding: str = "UTF-8"
    separator: str = "none"

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file was left out."""
        return not self.problems


CheckRecording = Callable[[Path], str]
"""Gives "" for a recording that can be used, else the problem's key."""


def read_list(
    path: Path, language: str | None = None, check_recording: CheckRecording | None = None
) -> ReadResult:
    """Read a list of sentences; nothing is written and nothing in the file is run.

    path: .csv, .tsv, .txt, .xlsx, .srt or .vtt, at most 20 MB.
    language: of the lines that do not say theirs; where None it is told from the script
        (Hangul: ko, Latin: en). A list may mix languages.
    check_recording: asked about every recording named; None takes them unheard.

    Raises SentenceListError (one sentence, ``fields['reason_key']``) where the file as a whole
    cannot be read or holds no sentence; UsageError where ``language`` is no language.
    """
    default_language = None if language is None else _language_code(language)
    if default_language == "":
        raise UsageError(f"language {language!r} is not known; use ko, en or another code")
    data = _read_bytes(path)
    table = _read_table(data, path)
    reader = _LineReader(path.parent, default_language, table.is_export, check_recording)
    sentences = list(reader.sentences(table))
    if not sentences and not reader.problems:
        raise list_error("empty", path.name)
    log.info("%s: %d sentences, %d problems, %s", path, len(sentences), len(reader.problems), table)
    return ReadResult(
        _as_list(path, sentences, default_language),
        tuple(reader.problems),
        table.encoding,
        SEPARATOR_NAMES[table.separator],
    )


def check_sentence(cells: Mapping[str, str], sentence: Sentence) -> Sentence | Problem:
    """A sentence as a teacher typed it, checked like a line of a list (line 0).

    cells: new text for columns of `MAX_LENGTHS` but ``id`` and ``audio``; the others, the id and
        the recording stay those of ``sentence``. An id of "" is generated.
    """
    given: dict[str, str] = {}
    for column in ("text", "language", "translation", "pronunciation", "level", "note"):
        cell = clean_cell(cells.get(column, getattr(sentence, column)), 0, column)
        if isinstance(cell, Problem):
            return cell
        given[column] = cell
    reader = _LineReader(Path(), sentence.language or None, False)
    checked = reader.checked(0, {**given, "id": sentence.id, "audio": ""})
    return checked if isinstance(checked, Problem) else replace(checked, audio=sentence.audio)


def _read_bytes(path: Path) -> bytes:
    name = path.name
    if path.suffix.lower() not in SUFFIXES:
        if _is_folder(path):
            raise list_error("folder", name)
        raise list_error("unknown_kind", name)
    try:
        if not path.exists():
            raise list_error("missing", name)
        if path.is_dir():
            raise list_error("folder", name)
        if not path.is_file():  # a pipe would never end
            raise list_error("unknown_kind", name)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise list_error("cannot_read", name, reason=reason) from error
    if len(data) > MAX_FILE_BYTES:
        raise list_error("too_big", name, limit_mb=MAX_FILE_BYTES // (1024 * 1024))
    if not data.strip():
        raise list_error("empty", name)
    return data


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


@dataclass
class _Table:
    """Rows of any kind of file, and which cell means what."""

    rows: Iterable[Row | Problem]
    columns: dict[str, int]
    width: int
    encoding: str
    separator: str = ""
    is_export: bool = False
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.encoding}, {SEPARATOR_NAMES[self.separator]}"


def _read_table(data: bytes, path: Path) -> _Table:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _with_header(workbook_rows(data, path.name), path.name, "Excel")
    text, encoding = decode(data, path.name)
    if suffix in (".srt", ".vtt"):
        return _Table(subtitle_rows(text, suffix, path.name), {"text": 0}, 1, encoding)
    candidates = "\t,;" if suffix in (".tsv", ".txt") else ",;\t"
    separator, is_declared = declared_separator(text)
    if not is_declared:
        separator = guess_separator(text, set(COLUMN_NAMES), candidates)
    rows = separated_rows(text, separator)
    if is_declared:
        next(rows, None)
    elif suffix == ".txt" and not _is_table(text, separator):
        return _Table(whole_lines(text), {"text": 0}, 1, encoding)
    return _with_header(rows, path.name, encoding, separator)


def _is_table(text: str, separator: str) -> bool:
    """Whether a .txt is Excel's 'Unicode text': its first line names two columns or more."""
    first = next(separated_rows(text, separator), None)
    if not isinstance(first, Row):
        return False
    known = {COLUMN_NAMES.get(header_name(cell)) for cell in first.cells} - {None}
    return "text" in known and len(known) > 1


def _with_header(rows: Rows, name: str, encoding: str, separator: str = "") -> _Table:
    """A table whose first row names its columns, or that has one column only."""
    early: list[Problem] = []
    first: Row | None = None
    for row in rows:
        if isinstance(row, Row):
            first = row
            break
        early.append(row)
    if first is None:
        return _Table((), {"text": 0}, 1, encoding, separator, problems=early)
    names = [header_name(cell) for cell in first.cells[: first.width]]
    known = [COLUMN_NAMES.get(cell, "") for cell in names]
    if "text" in known:
        columns, problems = _columns(first, known)
        is_export = tuple(names) == EXPORT_HEADER
        return _Table(rows, columns, len(names), encoding, separator, is_export, early + problems)
    if len(known) > 1 and any(known):
        raise list_error("no_text_column", name)
    everything = [first, *rows]
    widths = [row.width for row in everything if isinstance(row, Row)]
    if sum(width > 1 for width in widths) * 2 > len(widths):
        raise list_error("no_header", name)
    return _Table(everything, {"text": 0}, 1, encoding, separator, problems=early)


def _columns(header: Row, known: list[str]) -> tuple[dict[str, int], list[Problem]]:
    columns: dict[str, int] = {}
    problems = []
    for index, column in enumerate(known):
        shown = tidy(header.cells[index])
        if not column and shown:
            problems.append(problem(header.line, "", "unknown_column", value=shown))
        elif column in columns:
            problems.append(problem(header.line, column, "duplicate_column", value=shown))
        elif column:
            columns[column] = index
    return columns, problems


class _LineReader:
    """Turns rows into sentences one by one; remembers ids and sentences already met."""

    def __init__(
        self,
        folder: Path,
        language: str | None,
        is_export: bool,
        check_recording: CheckRecording | None = None,
    ) -> None:
        self.problems: list[Problem] = []
        self._folder = folder
        self._check_recording = check_recording
        self._language = language
        self._unescape: Callable[[str], str] = unescape_formulas if is_export else str
        self._line_of_id: dict[str, int] = {}
        self._line_of_sentence: dict[tuple[str, str], int] = {}

    def sentences(self, table: _Table) -> Iterator[Sentence]:
        self.problems += table.problems
        for row in table.rows:
            result = row if isinstance(row, Problem) else self._sentence(row, table)
            if isinstance(result, Problem):
                self.problems.append(result)
            else:
                yield result

    def _sentence(self, row: Row, table: _Table) -> Sentence | Problem:
        if row.width > table.width:
            return problem(row.line, "", "more_cells", count=row.width, expected=table.width)
        cells = self._clean(row, table.columns)
        if isinstance(cells, Problem):
            return cells
        checked = self.checked(row.line, cells)
        if isinstance(checked, Problem):
            return checked
        return self._unless_known(row.line, checked)

    def _clean(self, row: Row, columns: dict[str, int]) -> dict[str, str] | Problem:
        cells = dict.fromkeys(MAX_LENGTHS, "")
        for column, index in columns.items():
            if index >= len(row.cells):
                continue
            cell = clean_cell(row.cells[index], row.line, column)
            if isinstance(cell, Problem):
                return cell
            if is_formula(cell):
                return problem(row.line, column, "formula", value=cell[0])
            cells[column] = self._unescape(cell)
        return cells

    def checked(self, line: int, cells: dict[str, str]) -> Sentence | Problem:
        text = cells["text"]
        if not text:
            return problem(line, "text", "text_missing")
        if not any(unicodedata.category(ch)[0] in "LN" for ch in text):
            return problem(line, "text", "no_letters", value=text)
        language = self._sentence_language(line, cells)
        if isinstance(language, Problem):
            return language
        mismatch = _pronunciation_problem(line, text, cells["pronunciation"], language)
        if mismatch is not None:
            return mismatch
        identifier = cells["id"] or _generated_id(language, text)
        if not _ID.fullmatch(identifier):
            return problem(line, "id", "bad_id", value=identifier)
        audio = find_recording(cells["audio"], self._folder, line) if cells["audio"] else None
        if isinstance(audio, Problem):
            return audio
        fault = self._check_recording(audio) if audio and self._check_recording else ""
        if fault:
            return problem(line, "audio", fault, path=cells["audio"])
        return Sentence(
            id=identifier,
            text=text,
            language=language,
            translation=cells["translation"],
            pronunciation=cells["pronunciation"],
            note=cells["note"],
            level=cells["level"],
            audio=audio,
        )

    def _sentence_language(self, line: int, cells: dict[str, str]) -> str | Problem:
        text, given = cells["text"], cells["language"]
        language = _language_code(given) if given else self._language or _script_language(text)
        if not language:
            key = "language_unknown" if given else "language_unclear"
            return problem(line, "language", key, **({"value": given} if given else {}))
        letters = {"ko": _HANGUL_LETTER, "en": _LATIN}.get(language)
        if letters is not None and not letters.search(text):
            return problem(line, "language", "language_mismatch", language=language)
        return language

    def _unless_known(self, line: int, sentence: Sentence) -> Sentence | Problem:
        content = (sentence.language, sentence.text)
        other = self._line_of_sentence.get(content)
        if other is not None:
            return problem(line, "text", "duplicate_sentence", other=other)
        other = self._line_of_id.get(sentence.id)
        if other is not None:
            return problem(line, "id", "duplicate_id", value=sentence.id, other=other)
        self._line_of_sentence[content] = self._line_of_id[sentence.id] = line
        return sentence


def _language_code(given: str) -> str:
    """``ko`` of ``ko``, ``KO-kr``, ``Korean`` or ``한국어``; "" where it is no language."""
    plain = given.strip().casefold()
    if plain in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[plain]
    match = _LANGUAGE_CODE.fullmatch(plain)
    return match[1] if match else ""


def _script_language(text: str) -> str:
    """Any Hangul makes it Korean (which borrows Latin words), Latin alone English; "" otherwise."""
    if _HANGUL_LETTER.search(text):
        return "ko"
    others = any(ch > "ɏ" and unicodedata.category(ch)[0] == "L" for ch in text)
    return "en" if _LATIN.search(text) and not others else ""


def _pronunciation_problem(line: int, text: str, said: str, language: str) -> Problem | None:
    """Korean is said in as many syllables as it is written in; else units cannot be matched."""
    if not said or language != "ko" or _NOT_SAID_IN_HANGUL.search(text):
        return None
    count_said, count_written = len(_HANGUL.findall(said)), len(_HANGUL.findall(text))
    if count_said == count_written:
        return None
    return problem(
        line, "pronunciation", "pronunciation_mismatch", said=count_said, written=count_written
    )


def _generated_id(language: str, text: str) -> str:
    """The same for the same sentence wherever it stands, so that a list can be imported again."""
    return hashlib.sha256(f"{language}\0{text}".encode()).hexdigest()[:12]


def _as_list(path: Path, sentences: list[Sentence], language: str | None) -> SentenceList:
    name = "".join(ch for ch in tidy(path.stem) if ch.isprintable())
    languages = Counter(sentence.language for sentence in sentences)
    levels = {sentence.level for sentence in sentences}
    main = languages.most_common(1)[0][0] if languages else language or ""
    level = levels.pop() if len(levels) == 1 else ""
    return SentenceList(name, name, main, tuple(sentences), level)
