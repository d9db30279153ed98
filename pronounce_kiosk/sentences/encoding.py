"""Decode a list strictly: a byte order mark, then UTF-8, then CP949; refuse anything else."""

import codecs
import re
import unicodedata

from pronounce_kiosk.sentences.messages import list_error
from pronounce_kiosk.sentences.workbook import OLD_MARK

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SAMPLE_CHARACTERS = 65536
_MAX_CONTROL_SHARE = 0.1
_MIN_HANGUL_SHARE = 0.75


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a file; return its text and the encoding's name.

    CP949 is accepted only where everyday Hangul makes up the non-ASCII letters: almost any Chinese,
    Japanese or Western file also decodes as CP949, to nonsense.

    Raises:
        SentenceListError: No encoding fits or the result is no text.
    """
    if data.startswith(b"PK\x03\x04"):
        raise list_error("renamed_workbook", name)
    if data.startswith(OLD_MARK):
        raise list_error("old_workbook", name)
    for mark, codec, plain_name in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], codec, name), plain_name
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_cp949(data, name, error.start), "CP949"
    _refuse_binary(text, name)
    return text, "UTF-8"


def _decode_as(data: bytes, codec: str, name: str) -> str:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        newline = "\n".encode(codec)
        line = data[: error.start].count(newline) + 1
        raise list_error("unknown_encoding", name, line=line) from error
    _refuse_binary(text, name)
    return text


def _decode_cp949(data: bytes, name: str, first_not_utf8: int) -> str:
    if b"\0" in data:  # never in CP949: UTF-16 without its mark, or a binary file
        raise list_error("not_text", name)
    text = _decode_as(data, "cp949", name)
    letters = {ch for ch in set(text) if ch > "\x7f" and unicodedata.category(ch)[0] == "L"}
    jamo = {ch for ch in letters if "ㄱ" <= ch <= "ㅣ"}  # Japanese kana decode to these
    common = sum(map(_is_everyday_syllable, letters))
    if common <= len(jamo) or common < _MIN_HANGUL_SHARE * len(letters - jamo):
        line = data[:first_not_utf8].count(b"\n") + 1
        raise list_error("unknown_encoding", name, line=line)
    return text


def _is_everyday_syllable(ch: str) -> bool:
    """Tell whether the character is one of the 2,350 Hangul syllables of KS X 1001."""
    return "가" <= ch <= "힣" and min(ch.encode("cp949")) >= 0xA1


def _refuse_binary(text: str, name: str) -> None:
    """Refuse a text with a tenth of control characters; a stray one is a line's problem."""
    sample = text[:_SAMPLE_CHARACTERS]
    controls = len(_CONTROLS.findall(sample))
    if controls > _MAX_CONTROL_SHARE * len(sample):
        raise list_error("not_text", name)
