"""Parse language tags as people write them."""

from __future__ import annotations

import re
import unicodedata

_CODES: dict[str, str] = {
    "korean": "ko",
    "kor": "ko",
    "kr": "ko",
    "한국말": "ko",
    "한국어": "ko",
    "한글": "ko",
    "국어": "ko",
    "조선어": "ko",
    "english": "en",
    "eng": "en",
    "us": "en",
    "uk": "en",
    "gb": "en",
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
"""Names, in English and Korean, and three-letter codes; case-folded."""
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
