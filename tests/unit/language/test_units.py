"""Units of a sentence, with the characters they stand for."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.units import Unit, split_units


def test_a_korean_unit_is_a_written_syllable_with_how_it_is_said() -> None:
    units = split_units("먹었어요!", "ko")
    assert [u.text for u in units] == ["먹", "었", "어", "요"]
    assert [u.said for u in units] == ["머", "거", "써", "요"]
    assert [(u.start, u.end) for u in units] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_number_gives_the_units_of_its_reading() -> None:
    assert split_units("26일 KTX", "ko") == (
        Unit("이", "이", 0, 2),
        Unit("십", "심", 0, 2),
        Unit("육", "뉴", 0, 2),
        Unit("일", "길", 2, 3),
        Unit("케", "케", 4, 7),
        Unit("이", "이", 4, 7),
        Unit("티", "티", 4, 7),
        Unit("엑", "엑", 4, 7),
        Unit("스", "쓰", 4, 7),
    )


def test_spans_are_those_of_the_text_as_given_even_decomposed() -> None:
    text = unicodedata.normalize("NFD", "값이 싸요")
    units = split_units(text, "ko")
    assert [unicodedata.normalize("NFC", text[u.start : u.end]) for u in units] == list("값이싸요")


@pytest.mark.parametrize(
    ("pronunciation", "said"),
    [
        ("마딛써요", "마딛써요"),
        ("맏 이써요", "맏이써요"),  # as many syllables: taken, whatever its spaces
        ("마시써", "마시써요"),  # too few: by rule
        ("", "마시써요"),
        ("delicious", "마시써요"),
    ],
)
def test_a_given_pronunciation_wins_where_it_fits(pronunciation: str, said: str) -> None:
    assert "".join(u.said for u in split_units("맛있어요", "ko", pronunciation)) == said


def test_a_given_pronunciation_is_used_word_by_word_where_it_fits_only_in_part() -> None:
    units = split_units("정말 맛있어요", "ko", "정 마디써요")
    assert "".join(u.said for u in units) == "정말마디써요"


def test_english_units_are_words() -> None:
    text = "Don't worry: it's a well-known “trick”, isn’t it? 3.5 km – yes…"
    units = split_units(text, "en")
    assert [u.text for u in units] == [
        *["Don't", "worry", "it's", "a", "well-known", "trick", "isn’t", "it"],
        *["3.5", "km", "yes"],
    ]
    assert all(text[u.start : u.end] == u.text == u.said for u in units)


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
@pytest.mark.parametrize("text", ["", "  ", "…?!", "🙂"])
def test_nothing_to_say_has_no_units(text: str, language: str) -> None:
    assert split_units(text, language) == ()


@given(st.text(), st.sampled_from(["ko", "en"]), st.text())
def test_units_are_in_order_and_inside_the_text(text: str, language: str, given_as: str) -> None:
    units = split_units(text, language, given_as)
    assert all(0 <= u.start < u.end <= len(text) and u.text and u.said for u in units)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(units))


@given(st.text(st.sampled_from("가각값않밟 ,.12개년AB")))
def test_there_is_a_unit_for_each_pronounced_syllable(text: str) -> None:
    said = [ch for ch in standard_pronunciation(text) if "가" <= ch <= "힣"]
    assert [u.said for u in split_units(text, "ko")] == said
