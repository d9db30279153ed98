"""The standard pronunciation of Korean, row by row and as properties."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.language.korean.jamo import (
    PHONES,
    compose,
    decompose,
    is_hangul_syllable,
    jamo_phones,
)
from pronounce_kiosk.language.korean.numbers import spell_out, unread_words
from pronounce_kiosk.language.korean.pronunciation import (
    allowed,
    homographs,
    standard_pronunciation,
)
from pronounce_kiosk.language.korean.romanisation import ipa, romanise

_TABLE = Path(__file__).parent / "data" / "standard_pronunciation.tsv"


def _rows() -> list[tuple[str, str, str]]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(r["written"], r["said"], r["rule"]) for r in csv.DictReader(lines, delimiter="\t")]


@pytest.mark.parametrize("article", sorted({rule for _, _, rule in _rows()}))
def test_the_rows_of_an_article(article: str) -> None:
    expected = {written: said for written, said, rule in _rows() if rule == article}
    assert {written: standard_pronunciation(written) for written in expected} == expected


def test_every_article_with_sound_changes_is_covered() -> None:
    rows = _rows()
    assert len(rows) >= 150
    assert {str(article) for article in (5, *range(9, 31))} <= {rule for _, _, rule in rows}


@pytest.mark.parametrize(
    "unchanged",
    [
        "오늘 저녁",  # not an adnominal -ㄹ
        "서울 사람",
        "감자",
        "남자가 감자를 사다",
        "참고하세요",
        "신고하다",
        "길게",
        "살지 마세요",
        "마지막이에요",
        "선물가게",
        "여자 친구",
        "방문자",
        "비밀도",
    ],
)
def test_what_looks_like_a_tensed_word_and_is_not(unchanged: str) -> None:
    tense = set("ㄲㄸㅃㅆㅉ")
    before = [decompose(ch)[0] for ch in unchanged if is_hangul_syllable(ch)]
    after = [decompose(ch)[0] for ch in standard_pronunciation(unchanged) if ch != " "]
    assert [o for o in after if o in tense] == [o for o in before if o in tense]


def test_homographs_are_told_apart_by_the_object() -> None:
    assert standard_pronunciation("양말을 신고 나가요") == "양마를 신꼬 나가요"
    assert standard_pronunciation("경찰에 신고 전화를 해요") == "경차레 신고 전화를 해요"


def test_no_change_reaches_across_punctuation() -> None:
    assert standard_pronunciation("밥, 먹어요") == "밥, 머거요"
    assert standard_pronunciation("못. 해요") == "몯. 해요"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2개", "두 개"),
        ("1년", "일 년"),
        ("26.7", "이십육 점 칠"),
        ("3월", "삼월"),
        ("6월", "유월"),
        ("10월", "시월"),
        ("100%", "백 퍼센트"),
        ("20명", "스무 명"),
        ("21살", "스물한 살"),
        ("16,000명", "만 육천 명"),
        ("2016년 7월 4일", "이천십육 년 칠월 사일"),
        ("10,000원", "만원"),
        ("100,000,000원", "일억원"),
        ("1번 출구", "일 번 출구"),
        ("3번 읽어요", "세 번 읽어요"),
        ("14시", "십사 시"),
        ("2시", "두 시"),
        ("7:30에", "일곱 시 삼십 분에"),
        ("010-1234-5678", "공일공 일이삼사 오육칠팔"),
        ("02-123-4567입니다", "공이 일이삼 사오육칠입니다"),
        ("119에 전화", "일일구에 전화"),
        ("1/2", "이분의 일"),
        ("-5도", "마이너스 오 도"),
        ("5km를", "오 킬로미터를"),
        ("3kg", "삼 킬로그램"),
        ("3~5명", "삼에서 오 명"),
        ("TV를 봐요", "티브이를 봐요"),
        ("KTX와 Wi-Fi를", "케이티엑스와 와이파이를"),
        ("0", "영"),
        ("007", "공공칠"),
        ("12345678901234567890", "일이삼사오육칠팔구공일이삼사오육칠팔구공"),
    ],
)
def test_numbers_and_letters_are_spelled_out(written: str, read: str) -> None:
    # A text without Hangul is Korean only where it is a bare number, so give it some.
    text = written if any(map(is_hangul_syllable, written)) else f"{written} 네"
    assert spell_out(text) == (read if text == written else f"{read} 네")


@pytest.mark.parametrize("text", ["", " ", "Hello, world", "ㅋㅋㅋ", "ㅏㅣ", "你好", "...", "é"])
def test_what_is_not_korean_is_unchanged(text: str) -> None:
    assert standard_pronunciation(text) == text


def test_decomposed_input_is_composed() -> None:
    written = "먹었어요"
    assert standard_pronunciation(unicodedata.normalize("NFD", written)) == "머거써요"


_hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.just(" "))


@given(_hangul)
def test_one_syllable_out_for_each_in_and_only_the_seven_codas(text: str) -> None:
    said = standard_pronunciation(text)
    assert len(said) == len(text)
    assert [ch == " " for ch in said] == [ch == " " for ch in text]
    codas = {decompose(ch)[2] for ch in said if ch != " "}
    assert codas <= set("ㄱㄴㄷㄹㅁㅂㅇ") | {""}


@given(st.text())
def test_any_text_has_a_pronunciation_as_long_as_its_spelled_out_form(text: str) -> None:
    spelled = spell_out(unicodedata.normalize("NFC", text))
    assert len(standard_pronunciation(text)) == len(spelled)


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_compose_is_the_inverse_of_decompose(ch: str) -> None:
    assert compose(*decompose(ch)) == ch


@pytest.mark.parametrize("ch", ["", "ㄱ", "a", "가나"])
def test_only_a_syllable_block_decomposes(ch: str) -> None:
    assert not is_hangul_syllable(ch)
    with pytest.raises(ValueError, match="Hangul"):
        decompose(ch)


def test_phones_tell_codas_from_onsets_and_count_syllables() -> None:
    assert jamo_phones("꼬 탄, 앙") == [
        ("ㄲ", 0),
        ("ㅗ", 0),
        ("ㅌ", 1),
        ("ㅏ", 1),
        ("ㄴ_", 1),
        ("ㅏ", 2),
        ("ㅇ_", 2),
    ]
    assert jamo_phones("꽃") == [("ㄲ", 0), ("ㅗ", 0), ("ㄷ_", 0)]


@given(_hangul)
def test_every_phone_is_one_of_the_set(text: str) -> None:
    assert {phone for phone, _ in jamo_phones(text)} <= set(PHONES)
    assert len(PHONES) == len(set(PHONES)) == 46


_KINDS = Path(__file__).parent / "data" / "kinds.tsv"


def _kinds() -> list[tuple[str, str]]:
    lines = [line for line in _KINDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(row["written"], row["said"]) for row in csv.DictReader(lines, delimiter="\t")]


@pytest.mark.parametrize(("written", "said"), _kinds())
def test_kinds_that_spelling_alone_does_not_tell(written: str, said: str) -> None:
    assert standard_pronunciation(written).replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("고춧가루", "고춛까루"),
        ("주의", "주이"),
        ("우리의", "우리에"),
        ("시계", "시게"),
        ("맛있어요", "마디써요"),
        ("버스", "뻐쓰"),
    ],
)
def test_what_the_standard_allows_beside_the_principle(written: str, also: str) -> None:
    accepted = allowed(written)
    said = standard_pronunciation(written)
    assert [syllables[0] for syllables in accepted] == list(said)
    assert all(block in syllables for block, syllables in zip(also, accepted, strict=True))


def test_one_pronunciation_where_the_standard_allows_one() -> None:
    assert allowed("국물, 12시") == [("궁",), ("물",), ("열",), ("뚜",), ("시",)]
    assert allowed("Hello") == []


@given(_hangul)
def test_the_principle_comes_first_for_every_syllable(text: str) -> None:
    said = [ch for ch in standard_pronunciation(text) if ch != " "]
    assert [syllables[0] for syllables in allowed(text)] == said


def test_homographs_that_nothing_tells_apart_are_named() -> None:
    assert [row.written for row in homographs("고가의 물건, 지적을 받았다")] == ["고가", "지적"]
    assert homographs("주의와 안경") == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("20대는", "이십 대는"),
        ("자전거 20대", "자전거 스무 대"),
        ("1번째", "첫 번째"),
        ("1만원", "만원"),
        ("6.25 전쟁", "육이오 전쟁"),
        ("6.25%", "육 점 이오 퍼센트"),
        ("3·1절", "삼일절"),
        ("2024.5.1", "이천이십사 년 오월 일일"),
        ("2024-12-25에", "이천이십사 년 십이월 이십오일에"),
        ("5/5(일)", "오월 오일(일)"),
        ("3:2로 이겼어요", "삼 대 이로 이겼어요"),
        ("1588-1234 네", "일오팔팔 일이삼사 네"),
        ("2-3개", "두세 개"),
        ("3~4일", "삼사일"),
        ("영화 2편", "영화 두 편"),
        ("3과목", "세 과목"),
        ("A4 용지", "에이포 용지"),
        ("5G 휴대폰", "파이브지 휴대폰"),
        ("1+1 행사", "원 플러스 원 행사"),
        ("TV", "티브이"),
        ("3km", "삼 킬로미터"),
        ("10시~오후 6시", "열 시에서 오후 여섯 시"),
        ("ㄱ과 ㄴ", "기역과 니은"),
        ("ㅏ, ㅑ", "아, 야"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
    ],
)
def test_numbers_and_abbreviations_in_context(written: str, read: str) -> None:
    assert spell_out(written) == read


def test_words_without_a_korean_reading_are_named_and_left() -> None:
    assert unread_words("school에 가요, TV와 KTX, 3km, 漢字") == ("school", "漢字")
    assert spell_out("school에 2번") == "school에 두 번"
    assert unread_words("EXIT로 나가요, MBTI가 뭐예요, USB") == ("EXIT",)


def test_romanised_and_in_ipa() -> None:
    said = standard_pronunciation("꽃잎을 줄 거예요.")
    assert romanise(said) == "kkonnipeul jul kkeoyeyo."
    assert ipa(said).startswith("k͈o̞n")


def test_a_hundred_cars_are_counted_in_sino_korean() -> None:
    assert spell_out("차 90대, 차 100대") == "차 아흔 대, 차 백 대"
