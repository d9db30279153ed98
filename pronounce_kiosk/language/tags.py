"""Language tags as people write them: ko, ko-KR, Korean, 한국어."""

from __future__ import annotations

import re

_NAMES = {
    "ko": "korean kor 한국어 한글 국어 조선어",
    "en": "english eng 영어",
    "ja": "japanese jpn 일본어",
    "zh": "chinese zho 중국어",
    "es": "spanish spa 스페인어",
    "fr": "french fra 프랑스어",
    "de": "german deu 독일어",
    "vi": "vietnamese vie 베트남어",
}
_CODE_OF = {name: code for code, names in _NAMES.items() for name in names.split()}
_TAG = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{1,8})*")


def language_code(tag: str) -> str:
    """Read a language tag in any of its forms.

    Returns:
        The ISO 639 code (``ko`` of ``ko-KR``, ``KO_kr``, ``Korean`` or ``한국어``); "" where it is
        no language.
    """
    plain = tag.strip().casefold()
    first = re.split(r"[\s(,/-]", plain)[0]
    if code := _CODE_OF.get(plain) or _CODE_OF.get(first):
        return code
    match = _TAG.fullmatch(plain)
    return match[1] if match else ""
