"""Parse language tags as people write them."""

import re
import unicodedata

_NAMES = {
    "ko": "korean kor kr 한국말 한국어 한글 국어 조선어",
    "en": "english eng us uk gb 영어",
    "ja": "japanese 일본어",
    "zh": "chinese 중국어",
    "es": "spanish 스페인어",
    "fr": "french 프랑스어",
    "de": "german 독일어",
    "vi": "vietnamese 베트남어",
}
"""Names, in English and Korean, and three-letter codes; case-folded."""
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
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
