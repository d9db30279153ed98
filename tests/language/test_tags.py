"""One set of language tags everywhere."""

from __future__ import annotations

import pytest

from pronounce_kiosk.language.tags import language_code


@pytest.mark.parametrize("tag", ["ko", "KO", "ko-KR", "ko_kr", " Korean ", "한국어"])
def test_korean(tag: str) -> None:
    assert language_code(tag) == "ko"


@pytest.mark.parametrize(("tag", "code"), [("en-US", "en"), ("English", "en"), ("영어", "en")])
def test_others(tag: str, code: str) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize("tag", ["", "x", "12", "korean!", "en-"])
def test_what_is_no_language(tag: str) -> None:
    assert language_code(tag) == ""
