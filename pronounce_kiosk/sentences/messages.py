"""Problems of a list in plain words: `Problem` for a line, `list_error` for a file.

Keys name the messages in the interface's translations; fields fill them in. A field never holds raw
text of the file: `printable` removes control characters and shortens it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pronounce_kiosk.core.errors import SentenceListError

PROBLEM_MESSAGES: dict[str, str] = {
    "audio_bad": "the recording {path!r} cannot be read; use wav, flac, ogg or mp3",
    "audio_empty": "the recording {path!r} holds no sound; record it again",
    "audio_missing": "there is no recording {path!r} beside the list",
    "audio_outside": "the recording {path!r} is not inside the list's own folder",
    "bad_id": "the id {value!r} may hold only letters, digits, '-', '_' and '.'",
    "bad_quotes": "quotation marks do not match; write one inside a quoted cell twice",
    "cell_error": "the cell holds a spreadsheet error ({value!r}) instead of text",
    "control_character": "there is a control character ({code}) that does not belong in text",
    "damaged_text": "letters were lost when the file was saved ({code}); type the line again",
    "direction_character": "there is a hidden character ({code}) that turns the text around",
    "duplicate_column": "the column {value!r} appears twice; only the first one is read",
    "duplicate_id": "the id {value!r} is already used on line {other}",
    "duplicate_sentence": "the same sentence is already on line {other}",
    "formula": "the cell begins with {value!r} and a spreadsheet would run it as a formula; "
    "begin it with a letter or a digit",
    "hidden_character": "there is an invisible character ({code}); type the line again",
    "language_mismatch": "the language is {language!r}, but the sentence has no letter of it",
    "language_unknown": "the language {value!r} is not known; write ko, en or another code",
    "language_unclear": "nothing says which language this is; add a language column",
    "line_too_long": "the line has {length} characters; at most {limit} are read",
    "more_cells": "the line has {count} cells where {expected} were expected; "
    "put quotation marks around a cell that holds a separator",
    "no_letters": "there is nothing to say in {value!r}",
    "no_timing": "the subtitle has no time line (00:00:01,000 --> 00:00:02,000)",
    "other_language": "{value!r} is of another language; give translations a column of their own",
    "other_sheets": "only the first sheet is read; {value!r} has text too",
    "picture": "there is a picture ({value}) among the words; take it out",
    "pronunciation_mismatch": "the pronunciation has {said} syllables, the sentence {written}",
    "sound_cue": "{value!r} describes a sound and is not a sentence",
    "text_missing": "there is no sentence on this line",
    "title_line": "{value!r} looks like a title and is not taught; end a sentence with a full stop",
    "too_long": "the cell has {length} characters; at most {limit} fit",
    "too_long_to_say": "the sentence takes {length} s to say; split it, at most {limit} s fit",
    "too_many_lines": "only the first {limit} lines are read; split the list",
    "unread_word": "nothing says how {value!r} is read in Korean; write it in Hangul, fill in the "
    "pronunciation column, or give translations a column of their own",
    "unknown_column": "the column {value!r} is not known and is not read",
}
"""English message of every problem key, with the fields it needs."""

LIST_ERROR_MESSAGES: dict[str, str] = {
    "audio_silent": "the recording {name} holds no sound; record it again",
    "audio_unreadable": "the recording {name} cannot be read; check the stick and the file",
    "cannot_keep": "the kiosk's own lists cannot be changed ({reason}); "
    "check the card's free space and permissions",
    "card_full": "there is no room left for {name} on the kiosk's card; delete what is not needed",
    "cannot_read": "{name} cannot be read ({reason}); check the stick and the file's permissions",
    "cannot_write": "{name} cannot be written ({reason}); check the stick and its free space",
    "empty": "{name} holds no sentence; put one sentence on each line",
    "folder": "{name} is a folder; choose a list inside it",
    "missing": "{name} is not there; check the name and that the stick is in",
    "no_header": "{name} has several columns but its first line does not name them; "
    "write names such as text,translation or 문장,번역 (단어, 뜻, 발음, 메모, 녹음) there",
    "no_such_list": "the kiosk has no list {name!r}; see pronounce-kiosk lists list",
    "no_such_sentence": "the sentence is not in the list {name!r} any more; open the list again",
    "no_text_column": "{name} has no column named text, sentence, word, 문장, 단어, "
    "표현 or 한국어; name one so",
    "no_webvtt": "{name} does not begin with WEBVTT, so it is no .vtt file; save it again",
    "not_text": "{name} is not a text file, or one in UTF-16 without its mark; "
    "save the list as 'CSV UTF-8' or .xlsx",
    "old_workbook": "{name} is an old or password-protected Excel file; save it as plain .xlsx",
    "renamed_workbook": "{name} is an Excel workbook under another name; rename it to end in .xlsx",
    "some_bad_lines": "{name} has bad lines ({count}), so nothing was imported; "
    "mend them, or take the good lines with --good-lines",
    "subtitles_damaged": "{name} is not readable as subtitles; save it again as .srt",
    "too_big": "{name} is larger than {limit_mb} MB; split the list",
    "twin_sentence": "the sentence {name!r} is in the list already; change it or leave it out",
    "unknown_encoding": "{name} is neither UTF-8, UTF-16 nor CP949 text "
    "(first strange byte on line {line}); save it as 'CSV UTF-8'",
    "unknown_kind": "{name} is not a list; use .csv, .tsv, .txt, .xlsx, .xls, .ods, "
    ".srt, .vtt, .smi or .ass",
    "workbook_damaged": "{name} is not a readable Excel workbook; save it again as .xlsx",
    "workbook_too_big": "{name} unpacks to more than {limit_mb} MB; split the list",
}
"""English message of every reason to refuse a whole file; ``fields['reason_key']`` names it."""


@dataclass(frozen=True)
class Problem:
    """One problem of one line of a list.

    Attributes:
        line: In the file, from 1 (row of a workbook, line of a subtitle file); 0: the whole file.
        column: The cell's meaning (``text``, ``audio``...); "": the whole line.
        key: The message's name in translations.
        message: In English.
        fields: Values for the message.
        cells: The line's content by column, for showing and correcting it.
    """

    line: int
    column: str
    key: str
    message: str
    fields: dict[str, str | int] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """The line's sentence, fit for a message; "" where it has none."""
        return str(printable(self.cells.get("text", "")))


def problem(line: int, column: str, key: str, **fields: str | int) -> Problem:
    """Build a `Problem` with its English message."""
    safe = {name: printable(value) for name, value in fields.items()}
    return Problem(line, column, key, PROBLEM_MESSAGES[key].format(**safe), safe)


def list_error(key: str, name: str, **fields: str | int) -> SentenceListError:
    """Build the error that refuses a whole file.

    Its ``fields`` hold ``reason_key`` and ``name`` too.
    """
    safe = {field_name: printable(value) for field_name, value in fields.items()}
    message = LIST_ERROR_MESSAGES[key].format(name=printable(name), **safe)
    return SentenceListError(message, reason_key=key, name=printable(name), **safe)


def printable(value: str | int, limit: int = 40) -> str | int:
    """Return a number unchanged, and text with hidden characters as '?', cut to ``limit``."""
    if isinstance(value, int):
        return value
    shown = "".join(ch if ch.isprintable() else "?" for ch in value[: limit + 1])
    return shown if len(shown) <= limit else shown[:limit] + "…"
