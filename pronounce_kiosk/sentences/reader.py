"""`read_list`: read a teacher's file as a `SentenceList`, with every problem by line."""

import contextlib
import hashlib
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.language.tags import language_code
from pronounce_kiosk.sentences.cells import (
    MAX_LENGTHS,
    clean_cell,
    is_formula,
    is_spreadsheet_error,
    tidy,
    unescape_formulas,
    without_markup,
)
from pronounce_kiosk.sentences.columns import SUFFIXES, Table, read_table
from pronounce_kiosk.sentences.messages import LineRefusedError, Problem, list_error
from pronounce_kiosk.sentences.recordings import find_recording
from pronounce_kiosk.sentences.sayable import refuse_unsayable
from pronounce_kiosk.sentences.tables import SEPARATOR_NAMES, Row

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 20 * 1024 * 1024

_MENDABLE_CHARACTERS = 1000
_SHOWN = ("text", "translation", "pronunciation", "level", "note")
_ID = re.compile(r"\w[\w.\-]{0,63}")
_HANGUL_LETTER = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")


@dataclass(frozen=True)
class ReadResult:
    """Content of a file: the good lines, and the problems of the others.

    Attributes:
        sentence_list: Sentences in the file's order, ids unique; empty where every line is bad.
        problems: In the file's order; a line with a problem gave no sentence. Problems of line 0
            and of the header describe ignored parts of the file.
        encoding: ``UTF-8``, ``UTF-8 with BOM``, ``UTF-16 LE``, ``UTF-16 BE``, ``CP949``, ``Excel``.
        separator: ``comma``, ``semicolon``, ``tab`` or ``none``.
    """

    sentence_list: SentenceList
    problems: tuple[Problem, ...] = ()
    encoding: str = "UTF-8"
    separator: str = "none"

    @property
    def is_whole(self) -> bool:
        """Whether every line was read without a problem."""
        return not self.problems

    def mended(self, found: Problem, sentence: Sentence) -> Self:
        """Return the result with a corrected line appended to the good ones (once)."""
        known = {(each.language, each.text) for each in self.sentence_list.sentences}
        new = () if (sentence.language, sentence.text) in known else (sentence,)
        sentences = (*self.sentence_list.sentences, *new)
        return replace(
            self,
            sentence_list=replace(self.sentence_list, sentences=sentences),
            problems=tuple(each for each in self.problems if each is not found),
        )


def mendable(found: Problem) -> Sentence:
    """Make a sentence of a line with a problem, unchanged, for a teacher to correct."""
    cells: dict[str, Any] = {column: found.cells.get(column, "") for column in _SHOWN}
    given = language_code(found.cells.get("language", ""))
    return Sentence("", language=given or _script_language(cells["text"]), **cells)


CheckRecording = Callable[[Path], str]
"""Returns "" for a usable recording, else the problem's key."""


def read_list(
    path: Path, language: str | None = None, check_recording: CheckRecording | None = None
) -> ReadResult:
    """Read a list of sentences; nothing is written and nothing in the file is run.

    Args:
        path: A file of one of `SUFFIXES`, at most 20 MB.
        language: Of the lines without one; where None it is derived from the script (Hangul: ko,
            Latin: en). A list may mix languages.
        check_recording: Called for every recording named; None accepts them unchecked.

    Raises:
        SentenceListError: The file as a whole cannot be read or holds no sentence
            (``fields['reason_key']``).
        UsageError: ``language`` is no language.
    """
    default_language = None if language is None else language_code(language)
    if language is not None and default_language is None:
        raise UsageError(f"language {language!r} is not known; use ko, en or another code")
    data = _read_bytes(path)
    table = read_table(data, path)
    line_language = default_language or table.language or None
    reader = _LineReader(path.parent, line_language, table.is_export, check_recording)
    sentences = list(reader.sentences(table))
    if not sentences and not reader.problems:
        raise list_error("empty", path.name)
    counts = len(sentences), len(reader.problems)
    log.info("%s: %d sentences, %d problems, %s", path, *counts, table.encoding)
    return ReadResult(
        _as_list(path, sentences, default_language),
        tuple(reader.problems),
        table.encoding,
        SEPARATOR_NAMES[table.separator],
    )


def check_sentence(cells: Mapping[str, str], sentence: Sentence) -> Sentence | Problem:
    """Check a sentence typed by a teacher like a line of a list (line 0).

    Args:
        cells: New text for columns of `MAX_LENGTHS` but ``id`` and ``audio``; other columns, the id
            and the recording stay those of ``sentence``. An id of "" is generated.
    """
    try:
        given = {
            column: clean_cell(cells.get(column, getattr(sentence, column)), column)
            for column in (*_SHOWN, "language")
        }
        if is_formula(given["text"]):
            raise LineRefusedError("text", "formula", value=given["text"][0])
        reader = _LineReader(Path(), sentence.language or None)
        checked = reader.checked({**given, "id": sentence.id, "audio": ""})
    except LineRefusedError as error:
        return error.at(0)
    return replace(checked, audio=sentence.audio)


def _read_bytes(path: Path) -> bytes:
    name = path.name
    try:
        if path.is_dir():
            raise list_error("folder", name)
        if path.suffix.lower() in SUFFIXES and not path.exists():
            raise list_error("missing", name)
        # Reading a pipe would never end.
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
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


@dataclass
class _LineReader:
    """Converts rows to sentences; remembers earlier ids and sentences."""

    folder: Path
    language: str | None
    is_export: bool = False
    check_recording: CheckRecording | None = None
    problems: list[Problem] = field(default_factory=list)
    _line_of_id: dict[str, int] = field(default_factory=dict)
    _line_of_sentence: dict[tuple[str, str], int] = field(default_factory=dict)

    def sentences(self, table: Table) -> Iterator[Sentence]:
        self.problems += table.problems
        for row in table.rows:
            if isinstance(row, Problem):
                self.problems.append(row)
                continue
            try:
                sentence = self._sentence(row, table)
            except LineRefusedError as error:
                cells = _cells_of(row, table.columns)
                self.problems.append(replace(error.at(row.line), cells=cells))
            else:
                yield sentence

    def _sentence(self, row: Row, table: Table) -> Sentence:
        if row.width > table.width:
            raise LineRefusedError("", "more_cells", count=row.width, expected=table.width)
        sentence = self.checked(self._clean(row, table.columns))
        self._refuse_known(row.line, sentence)
        return sentence

    def _clean(self, row: Row, columns: dict[str, int]) -> dict[str, str]:
        cells = dict.fromkeys(MAX_LENGTHS, "")
        for column, index in columns.items():
            if index >= len(row.cells):
                continue
            raw, sound = row.cells[index], ""
            if not self.is_export:
                raw, sound = without_markup(raw)
                raw = raw.strip(" []/") if column == "pronunciation" else raw
            cell = clean_cell(raw, column)
            if is_spreadsheet_error(cell):
                raise LineRefusedError(column, "cell_error", value=cell)
            if is_formula(cell):
                raise LineRefusedError(column, "formula", value=cell[0])
            cells[column] = unescape_formulas(cell) if self.is_export else cell
            if sound and not cells["audio"]:
                # An Anki export names its sounds but does not include them.
                with contextlib.suppress(LineRefusedError):
                    find_recording(sound, self.folder)
                    cells["audio"] = sound
        return cells

    def checked(self, cells: dict[str, str]) -> Sentence:
        text = cells["text"]
        if not text:
            raise LineRefusedError("text", "text_missing")
        if not any(unicodedata.category(ch)[0] in "LN" for ch in text):
            raise LineRefusedError("text", "no_letters", value=text)
        language = self._sentence_language(text, cells["language"])
        refuse_unsayable(text, language, cells["pronunciation"])
        identifier = cells["id"] or _generated_id(language, text)
        if not _ID.fullmatch(identifier):
            raise LineRefusedError("id", "bad_id", value=identifier)
        audio = find_recording(cells["audio"], self.folder) if cells["audio"] else None
        fault = self.check_recording(audio) if audio and self.check_recording else ""
        if fault:
            raise LineRefusedError("audio", fault, path=cells["audio"])
        shown: dict[str, Any] = {name: cells[name] for name in _SHOWN}
        return Sentence(identifier, language=language, audio=audio, **shown)

    def _sentence_language(self, text: str, given: str) -> str:
        language = language_code(given) if given else self.language or _script_language(text)
        if language:
            return language
        if given:
            raise LineRefusedError("language", "language_unknown", value=given)
        raise LineRefusedError("language", "language_unclear")

    def _refuse_known(self, line: int, sentence: Sentence) -> None:
        content = (sentence.language, sentence.text)
        if other := self._line_of_sentence.get(content):
            raise LineRefusedError("text", "duplicate_sentence", other=other)
        if other := self._line_of_id.get(sentence.id):
            raise LineRefusedError("id", "duplicate_id", value=sentence.id, other=other)
        self._line_of_sentence[content] = self._line_of_id[sentence.id] = line


def _cells_of(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    """Return the cells of a line with a problem, for a message and for correcting them."""
    cells = {name: row.cells[at] for name, at in columns.items() if at < len(row.cells)}
    return {
        name: tidy(without_markup(cell[:_MENDABLE_CHARACTERS])[0]) for name, cell in cells.items()
    }


def _script_language(text: str) -> str:
    """Derive the language: any Hangul is ko (also with Latin words), only Latin is en, else ""."""
    if _HANGUL_LETTER.search(text):
        return "ko"
    others = any(ch > "ɏ" and unicodedata.category(ch)[0] == "L" for ch in text)
    return "en" if _LATIN.search(text) and not others else ""


def _generated_id(language: str, text: str) -> str:
    """Derive an id from the sentence alone, so that a list can be imported again."""
    return hashlib.sha256(f"{language}\0{text}".encode()).hexdigest()[:12]


def _as_list(path: Path, sentences: list[Sentence], language: str | None) -> SentenceList:
    name = "".join(ch for ch in tidy(path.stem) if ch.isprintable())
    languages = Counter(sentence.language for sentence in sentences)
    levels = {sentence.level for sentence in sentences}
    main = languages.most_common(1)[0][0] if languages else language or ""
    level = levels.pop() if len(levels) == 1 else ""
    return SentenceList(name, name, main, tuple(sentences), level)
