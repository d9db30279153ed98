"""Language tags as people write them."""

from __future__ import annotations

import unicodedata

import pytest

from pronounce_kiosk.language.tags import language_code


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (("ko", "KO", "ko-KR", "ko_KR", "kor", "Korean", " korean ", "한국어"), "ko"),
        (("en", "en-US", "en_GB", "eng", "English", "ENGLISH", "영어"), "en"),
        (("ja", "Japanese", "일본어"), "ja"),
        (("fil", "fil-PH"), "fil"),
        (("", "e", "Klingonisch", "e n", "ko-", "12", "한국"), None),
    ],
)
def test_what_a_tag_is(tags: tuple[str, ...], code: str | None) -> None:
    assert [language_code(tag) for tag in tags] == [code] * len(tags)


def test_a_name_that_a_mac_wrote_decomposed() -> None:
    assert language_code(unicodedata.normalize("NFD", "한국어")) == "ko"
