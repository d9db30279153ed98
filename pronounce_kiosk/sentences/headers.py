"""Names of a list's columns, and their meanings."""

import re

from pronounce_kiosk.sentences.tables import Row, header_name

_NAMES = {
    "id": "id 번호 순번 연번 no num number # 순서",
    "text": "text sentence sentences 문장 단어 어휘 표현 낱말 구문 본문 내용 텍스트 원문 대화"
    " 제시어 발화 글자 자모 letter letters target word words vocab vocabulary expression phrase"
    " term front 앞 앞면",
    "example": "예문 예시 example examples",
    "korean": "한국어 한글 한국말 우리말 korean hangul hangeul ko kor 국어 국문",
    "english": "영어 english en eng 영문",
    "language": "language lang 언어",
    "translation": "translation translations meaning meanings definition gloss back 번역 뜻"
    " 의미 해석 풀이 뜻풀이 영어뜻 영어번역 뒤 뒷면 모국어 native 중국어 일본어 베트남어 몽골어 "
    "태국어 러시아어 스페인어 프랑스어 독일어 chinese japanese vietnamese mongolian thai russian"
    " spanish french german",
    "pronunciation": "pronunciation 발음 발음기호 표준발음 읽기 발음법 reading said",
    "level": "level 단계 레벨 수준 등급 급수 난이도 grade",
    "note": "note notes memo comment comments remark remarks 메모 비고 설명 참고 노트"
    " romanization romanisation romaja 로마자",
    "audio": "audio sound recording file mp3 음성 녹음 오디오 소리 음원 녹음파일 음성파일 파일",
}
COLUMN_NAMES = {name: column for column, names in _NAMES.items() for name in names.split()}
"""Accepted column names in any case, and the column of each; a language's name is the sentence's
column, or the translation's where another column holds the sentence."""

_LANGUAGES = ("korean", "english")
_MAX_WORDS = 3
"""Words that a column's name may have beside the known one; a sentence has more."""


def column_meanings(row: Row) -> tuple[list[str], str]:
    """Return the meaning of each cell of a header, "" for an unknown name.

    Returns:
        The meanings, and the language that names the sentence's column ("" for none).
    """
    found = [_meaning(header_name(cell)) for cell in row.cells[: row.width]]
    if "text" in found:
        wanted = {"korean": "translation", "english": "translation", "example": "note"}
    elif "korean" in found:
        wanted = {"korean": "text", "english": "translation", "example": "note"}
    elif "english" in found:
        wanted = {"english": "text", "example": "note"}
    else:
        wanted = {"example": "text"}
    meanings = [wanted.get(column, column) for column in found]
    named = found[meanings.index("text")] if "text" in meanings else ""
    return meanings, {"korean": "ko", "english": "en"}.get(named, "")


def _meaning(name: str) -> str:
    """Return the meaning of a name, of a language's (한국어 문장), or of its last known word.

    Text in brackets is ignored unless it is a language: 단어 (word), Text (English).
    """
    words = re.findall(r"[\w#]+", name)
    if known := COLUMN_NAMES.get("".join(words)):
        return known
    before_remark = re.findall(r"[\w#]+", re.split(r"[(/:\[]", name, maxsplit=1)[0])
    if len(before_remark) > _MAX_WORDS:
        return ""
    kinds = [COLUMN_NAMES[word] for word in before_remark if word in COLUMN_NAMES]
    kinds = [kind for kind in kinds if kind not in _LANGUAGES] or kinds
    if kinds and kinds[-1] != "text":
        return kinds[-1]
    languages = [COLUMN_NAMES.get(word, "") for word in words]
    return next((each for each in languages if each in _LANGUAGES), kinds[-1] if kinds else "")
