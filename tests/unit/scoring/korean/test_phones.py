"""The phones of Korean sentences: what is accepted, tolerated and weighed against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units, word_numbers
from pronounce_kiosk.scoring.acoustic.korean import COLUMN, PHONES
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, may_add, sentence_phones
from pronounce_kiosk.sentences.bundled import bundled_lists

ASSETS = Path(__file__).resolve().parents[4] / "assets"


def phones(text: str, pronunciation: str = "") -> tuple[KoreanPhone, ...]:
    return sentence_phones(Sentence("", text, "ko", pronunciation=pronunciation))


def names(columns: tuple[int, ...]) -> set[str]:
    return {PHONES[column - 1] for column in columns}


def test_phones_are_those_of_the_standard_pronunciation() -> None:
    found = phones("국물이 좋다")
    assert [one.name for one in found] == [
        *("ㄱ", "ㅜ", "ㅇ_", "ㅁ", "ㅜ", "ㄹ", "ㅣ"),
        *("ㅈ", "ㅗ", "ㅌ", "ㅏ"),
    ]
    assert [one.unit for one in found] == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert [one.word for one in found] == [0] * 7 + [1] * 4


def test_a_given_pronunciation_is_the_one_that_counts() -> None:
    assert [one.name for one in phones("값", "갑")] == ["ㄱ", "ㅏ", "ㅂ_"]
    assert [one.name for one in phones("달", "탈")] == ["ㅌ", "ㅏ", "ㄹ_"]


def test_merged_vowels_stand_for_each_other() -> None:
    assert names(phones("애")[0].accepted) == {"ㅐ", "ㅔ"}
    assert names(phones("왜")[0].accepted) == {"ㅙ", "ㅚ", "ㅞ"}
    assert names(phones("가")[0].accepted) == {"ㄱ"}


def test_the_phone_s_own_column_is_the_first() -> None:
    for one in phones("외국에서 왜 왔어요"):
        assert one.accepted[0] == COLUMN[one.name]
        assert len(set(one.accepted)) == len(one.accepted)


def test_rivals_are_the_confusable_ones_and_never_the_right_one() -> None:
    onset, vowel, coda = phones("반")
    assert names(onset.rivals) >= {"ㅃ", "ㅍ"}
    assert "ㅅ" not in names(onset.rivals)
    assert "ㅓ" in names(vowel.rivals)
    assert names(coda.rivals) == {"ㄱ_", "ㄷ_", "ㄹ_", "ㅁ_", "ㅂ_", "ㅇ_"}
    for one in phones("의사가 왜 전화했는지 몰라요"):
        assert not {*one.accepted, *one.tolerated} & set(one.rivals)
        assert one.rivals


def test_assimilated_codas_are_tolerated_but_not_accepted() -> None:
    coda = next(one for one in phones("한국") if one.name == "ㄴ_")
    assert names(coda.tolerated) == {"ㅇ_"}
    assert "ㅇ_" not in names(coda.accepted)
    assert next(one for one in phones("안다") if one.name == "ㄴ_").tolerated == ()


def test_what_the_standard_allows_beside_is_accepted() -> None:
    """고춧가루 is [고추까루] in principle and [고춛까루] allowed."""
    found = phones("고춧가루")
    assert "".join(one.name for one in found if one.unit == 1) == "ㅊㅜ"
    assert [one.optional for one in found if one.unit == 1] == [False, True]


def test_every_bundled_sentence_has_phones_for_every_syllable() -> None:
    sentences = [
        sentence
        for one in bundled_lists(ASSETS)
        for sentence in one.sentences
        if sentence.language == "ko"
    ]
    assert len(sentences) > 20
    for sentence in sentences:
        units = split_units(sentence.text, "ko", sentence.pronunciation)
        found = sentence_phones(sentence)
        assert sorted({one.unit for one in found}) == list(range(len(units))), sentence.text
        assert [one.unit for one in found] == sorted(one.unit for one in found)


@pytest.mark.parametrize("text", ["", "!?", "…"])
def test_nothing_said_has_no_phones(text: str) -> None:
    assert phones(text) == ()


def test_words_are_parted_by_spaces_and_signs() -> None:
    text = "아, 네 가요"
    assert word_numbers(text, split_units(text, "ko")) == [0, 1, 2, 2]


def test_an_onset_that_begins_like_a_coda_hides_it() -> None:
    assert not may_add("ㄱ_", "ㅋ")
    assert may_add("ㄱ_", "ㅂ")
    assert may_add("ㄱ_", "")
