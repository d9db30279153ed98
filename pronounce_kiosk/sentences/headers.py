"""Names of a list's columns, and their meanings."""

import re
from pathlib import Path

from pronounce_kiosk.core.documents import read_table
from pronounce_kiosk.sentences.tables import Row, header_name

COLUMN_NAMES = {
    name: row["column"]
    for row in read_table(Path(__file__).with_name("column_names.tsv"))
    for name in row["names"].split()
}
"""Accepted column names in any case, and the column of each; a language's name is the sentence's
column, or the translation's where another column holds the sentence."""

_LANGUAGES = ("korean", "english")
_MAX_WORDS = 3
"""Words that a column's name may have beside the known one; a sentence has more."""


def column_meanings(row: Row) -> tuple[list[str], str]:
    """Return the meaning of each cell of a header, "" for an unknown name.

    Returns:
        The meanings, and the language that names the sentence's column ("" for none).
    """
    found = [_meaning(header_name(cell)) for cell in row.cells[: row.width]]
    if "text" in found:
        wanted = {"korean": "translation", "english": "translation", "example": "note"}
    elif "korean" in found:
        wanted = {"korean": "text", "english": "translation", "example": "note"}
    elif "english" in found:
        wanted = {"english": "text", "example": "note"}
    else:
        wanted = {"example": "text"}
    meanings = [wanted.get(column, column) for column in found]
    named = found[meanings.index("text")] if "text" in meanings else ""
    return meanings, {"korean": "ko", "english": "en"}.get(named, "")


def _meaning(name: str) -> str:
    """Return the meaning of a name, of a language's (한국어 문장), or of its last known word.

    Text in brackets is ignored unless it is a language: 단어 (word), Text (English).
    """
    words = re.findall(r"[\w#]+", name)
    if known := COLUMN_NAMES.get("".join(words)):
        return known
    before_remark = re.findall(r"[\w#]+", re.split(r"[(/:\[]", name, maxsplit=1)[0])
    if len(before_remark) > _MAX_WORDS:
        return ""
    kinds = [COLUMN_NAMES[word] for word in before_remark if word in COLUMN_NAMES]
    kinds = [kind for kind in kinds if kind not in _LANGUAGES] or kinds
    if kinds and kinds[-1] != "text":
        return kinds[-1]
    languages = [COLUMN_NAMES.get(word, "") for word in words]
    return next((each for each in languages if each in _LANGUAGES), kinds[-1] if kinds else "")
