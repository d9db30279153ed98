"""One cell of a list: validation, and protection against spreadsheet formulas."""

import html
import re
import unicodedata

from pronounce_kiosk.sentences.messages import LineRefusedError

MAX_LENGTHS: dict[str, int] = {
    "id": 64,
    "text": 300,
    "language": 40,
    "translation": 300,
    "pronunciation": 300,
    "level": 40,
    "note": 1000,
    "audio": 255,
}
"""Every column of a list in the order they are written, with its maximum length in characters."""

_MAX_RAW_CHARACTERS = 10_000

# Excel evaluates the ASCII ones; its East Asian editions also the full-width ones.
_FORMULA_STARTS = "=+\\-@＝＋－＠"
_FORMULA = re.compile(f"[{_FORMULA_STARTS}].", re.DOTALL)
# The start of a cell, also as seen by a spreadsheet that separates by semicolons.
_CELL_START = "(?:^|;)[\\s\"']*"
_TO_ESCAPE = re.compile(f"({_CELL_START})(?=[{_FORMULA_STARTS}])")
_ESCAPED = re.compile(f"({_CELL_START})'(?=[{_FORMULA_STARTS}])")

_SPREADSHEET_ERROR = re.compile(r"#(?:N/A|DIV/0!|GETTING_DATA|[A-Z]+[!?])|Err:\d{3}")

_MARKUP = re.compile(r"[<&\[{]")
_CLOZE = re.compile(r"\{\{c\d{1,3}::([^{}]*?)(?:::[^{}]*)?\}\}")
_SOUND = re.compile(r"\[sound:([^\[\]]{1,255})\]")
_LINE_BREAK = re.compile(r"(?i)<(?:br|hr|/?(?:p|div|li|td|tr|h[1-6]))\b[^<>]{0,500}>")
_RUBY = re.compile(r"(?i)<r[pt]>[^<>]{0,300}</r[pt]>")
_TAG = re.compile(
    r"(?i)</?(?:a|audio|b|big|blockquote|br|center|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|img|ins"
    r"|li|mark|ol|p|pre|rp|rt|ruby|s|small|span|strong|sub|sup|table|tbody|td|th|tr|u|ul|video|wbr)"
    r"\b[^<>]{0,500}>"
)
_NEEDS_A_LOOK = re.compile(r"[^\t\n\r\x20-\x7e가-힣ㄱ-ㅣ]")
_NEEDS_NORMALISING = re.compile(r"[^\x20-\x7e가-힣ㄱ-ㅣ]")
# Letters by category, but invisible.
_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u034f"
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean_cell(raw: str, column: str) -> str:
    """Normalise a cell (`tidy`); refuse one that is too long or holds a forbidden character."""
    limit = MAX_LENGTHS[column]
    if len(raw) > _MAX_RAW_CHARACTERS:  # megabytes are refused without reading each character
        raise LineRefusedError(column, "too_long", length=len(raw), limit=limit)
    _refuse_hidden_characters(raw, column)
    cell = tidy(raw)
    if len(cell) > limit:
        raise LineRefusedError(column, "too_long", length=len(cell), limit=limit)
    return cell


def tidy(text: str) -> str:
    """Normalise to NFC (macOS decomposes Hangul), collapse blanks, strip the ends."""
    if _NEEDS_NORMALISING.search(text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def without_markup(raw: str) -> tuple[str, str]:
    """Remove the markup of flash cards: HTML, ``[sound:a.mp3]``, ``{{c1::gaps}}``.

    Returns:
        The text, and the name of the first sound ("" where there is none).
    """
    if not _MARKUP.search(raw):
        return raw, ""
    sound = _SOUND.search(raw)
    text = _RUBY.sub("", _SOUND.sub("", raw))
    while _CLOZE.search(text):  # they may be nested
        text = _CLOZE.sub(r"\1", text)
    text = _TAG.sub("", _LINE_BREAK.sub(" ", text))
    return html.unescape(text), sound[1] if sound else ""


def is_spreadsheet_error(cell: str) -> bool:
    """Tell whether a spreadsheet wrote the cell for a failed formula: #REF!, Err:502."""
    return _SPREADSHEET_ERROR.fullmatch(cell) is not None


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would evaluate the cell; a lone '-' is no formula."""
    return _FORMULA.match(cell) is not None


def escape_formulas(cell: str) -> str:
    """Put an apostrophe before each character that could start a formula."""
    return _TO_ESCAPE.sub(r"\1'", cell)


def unescape_formulas(cell: str) -> str:
    """Undo `escape_formulas` exactly."""
    return _ESCAPED.sub(r"\1", cell)


def _refuse_hidden_characters(text: str, column: str) -> None:
    if text.isascii() and text.isprintable():
        return
    for match in _NEEDS_A_LOOK.finditer(text):
        if key := _hidden_kind(match[0]):
            raise LineRefusedError(column, key, code=f"U+{ord(match[0]):04X}")


def _hidden_kind(ch: str) -> str:
    if ch in _DIRECTION:
        return "direction_character"
    if ch in _INVISIBLE_LETTERS:
        return "hidden_character"
    if ch == "\ufffd":
        return "damaged_text"
    category = unicodedata.category(ch)
    if category == "Cc":
        return "control_character"
    # Formats, surrogates, private and unassigned code points, line and paragraph separators.
    return "hidden_character" if category[0] == "C" or category in ("Zl", "Zp") else ""
