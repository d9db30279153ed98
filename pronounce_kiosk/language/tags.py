"""Parse language tags as people write them."""

import re
import unicodedata
from pathlib import Path

from pronounce_kiosk.core.documents import read_table

_CODES = {
    name: row["code"]
    for row in read_table(Path(__file__).with_name("data") / "languages.tsv")
    for name in row["names"].split()
}
_TAG = re.compile("([a-z]{2,3})([-_][a-z0-9]{2,8})*")


def language_code(tag: str) -> str | None:
    """Read a language tag: ``ko`` of ``ko``, ``ko-KR``, ``Korean`` or ``한국어``.

    Returns:
        The ISO 639 code, None where the tag is no language's.
    """
    plain = unicodedata.normalize("NFC", tag).strip().casefold()
    plain = re.sub(r"\s*\(.*\)$", "", plain)  # Korean (South Korea)
    if plain in _CODES:
        return _CODES[plain]
    match = _TAG.fullmatch(plain)
    return None if match is None else _CODES.get(match[1], match[1])
