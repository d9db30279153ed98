"""Numbers, Latin letters and symbols in a Korean text, read out in Hangul."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from pronounce_kiosk.language.korean.lexicon import table_rows

_DIGITS = "영일이삼사오육칠팔구"
_PHONE_DIGITS = "공일이삼사오육칠팔구"
_NATIVE_COUNTING = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_NATIVE_PAIRS = ("", "한두", "두세", "서너", "네다섯", "대여섯", "예닐곱", "일고여덟", "여덟아홉")
_NUMBERED = (
    "출구|문제|버스|국도|방|선|타자|홀|트랙|마을|좌석|플랫폼|승강장|게이트|창구|승객|손님|환자"
)
"""What has a number (1번 출구 일 번), where other 번 count how often (한 번)."""
_EMERGENCY = frozenset(("112", "119", "114", "911", "120", "1330"))
_PARTICLE = re.compile(
    "(?:은|는|이|가|을|를|에|에서|의|와|과|로|으로|부터|까지|보다|이다|입니다|이에요|예요|이고|이나)"
    "(?![가-힣])"
)
_ONE_WORD = re.compile("월|일|원|위|인|억|만|천|조|백|십|여\\s")
"""What is said as one word with the number before it: 십칠일 [십치릴], 천원 [처눤]."""
_SYLLABLE = re.compile("[^AEIOU][AEIOU][^AEIOU]")
"""What makes capitals a word that nobody spells (EXIT, STOP; but MBTI)."""
_DATE_FOLLOWS = re.compile(r"\s?(?:\(|일|까지|부터|에(?:\s|$)|에는|월요|화요|수요|목요|금요|토요)")
_WON_OR_LOST = re.compile(
    r"\s?(?:으?로)?\s?(?:이[기겼긴]|[지졌진]|승|패|비[기겼긴]|앞[서섰선]|역전)"
)


@dataclass(frozen=True)
class Spelled:
    """A piece of the spelled-out text and the span of the written text it stands for.

    read: False where the piece is the written text itself, character for character.
    """

    text: str
    start: int
    end: int
    read: bool


def spell_out(text: str) -> str:
    """Write the numbers, abbreviations and units of measure of ``text`` in Hangul.

    2개 -> 두 개, 1년 -> 일 년, 26.7 -> 이십육 점 칠, 100% -> 백 퍼센트, KTX -> 케이티엑스. English
    words that no table knows stay (`unread_words`), and so does a text that holds only such.
    """
    return "".join(piece.text for piece in spell_out_pieces(text))


def spell_out_pieces(text: str) -> list[Spelled]:
    """List the pieces of `spell_out`, in order; together their spans cover ``text``."""
    if text and not re.search("[가-힣]", text) and unread_words(text):
        return [Spelled(text, 0, len(text), read=False)]
    pieces: list[Spelled] = []
    at = copied = 0
    while match := _token().search(text, at):
        reading, at = _read(match, text)
        if not reading:
            continue
        if match.start() > copied:
            pieces.append(Spelled(text[copied : match.start()], copied, match.start(), read=False))
        pieces.append(Spelled(reading, match.start(), at, read=True))
        copied = at
    if copied < len(text):
        pieces.append(Spelled(text[copied:], copied, len(text), read=False))
    return pieces


def unread_words(text: str) -> tuple[str, ...]:
    """List the words of ``text`` that have no Korean reading: English words, hanja, other scripts.

    Abbreviations in capitals (TV) are spelled, words and brands of the table are known.
    """
    words = (
        match[0] for match in re.finditer(r"[^\W\d_가-힣ㄱ-ㅣ]+(?:[-'’][^\W\d_가-힣]+)*", text)
    )
    return tuple(
        word
        for word in words
        if not _read_latin(word)
        and word not in _table("unit")
        and not re.search(rf"\d{re.escape(word)}|{re.escape(word)}\d", text)
    )


@cache
def _table(kind: str) -> Mapping[str, str]:
    """The rows of one kind in readings.tsv: what is written, and its reading."""
    rows = ([*row, ""] for row in table_rows("readings.tsv") if row[0] == kind)
    return {row[1]: row[2] for row in rows}


@cache
def _any_of(kind: str) -> str:
    return "|".join(map(re.escape, sorted(_table(kind), key=len, reverse=True)))


@cache
def _token() -> re.Pattern[str]:
    number = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    mixed = "|".join(re.escape(word) for word in _table("word") if re.search(r"\d", word))
    return re.compile(
        rf"""
        (?P<word>(?<![A-Za-z\d+])(?i:{mixed})(?![A-Za-z\d+]))
      | (?P<phone>(?<!\d)(?:0\d{{1,2}}[-.\s]\d{{3,4}}[-.\s]\d{{4}}|1[5-8]\d\d-\d{{4}})(?!\d))
      | (?P<date>(?<!\d)(?:19|20)\d\d(?:-\d\d?-|\.\s?\d\d?\.\s?|/\d\d?/)\d\d?(?!\d)\.?)
      | (?P<clock>(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?!\d))
      | (?P<ratio>(?<![\d:])\d{{1,2}}:\d{{1,2}}(?![\d:]))
      | (?P<day>(?<![\d.·])\d{{1,2}}[.·]\d{{1,2}}(?![\d.·%℃]|\s?(?:{_any_of("unit")})))
      | (?P<fraction>(?<![\d/.])\d{{1,2}}/\d{{1,3}}(?![\d/]))
      | (?P<money>[{"".join(_table("currency"))}]\s?(?:{number}))
      | (?P<minus>(?<![\d가-힣A-Za-z)])[-−](?=\d))
      | (?P<pair>(?<![\d~-])\d{{1,2}}[-~∼～]\d{{1,2}}(?![\d~:.-]))
      | (?P<range>(?<=[\d가-힣%])\s?[~∼～]\s?(?=\d|[가-힣]{{1,3}}\s?\d|[월화수목금토일]))
      | (?P<number>{number})
      | (?P<latin>(?<![^\W\d_가-힣])[A-Za-z]+(?:-[A-Za-z]+)*)
      | (?P<unit>(?<=\d)(?:[%％℃°㎡㎞㎏㎝㎜ℓ]))
      | (?P<jamo>(?<![가-힣ㄱ-ㅣ])[ㄱ-ㅣ](?![ㄱ-ㅣ]))
      | (?P<sign>[&＆+＋=×÷])
        """,
        re.VERBOSE,
    )


def _read(match: re.Match[str], text: str) -> tuple[str, int]:
    """The Hangul reading of a match ("" for none), and where in ``text`` it ends."""
    written, end = match[0], match.end()
    kind = match.lastgroup or ""
    if kind == "number":
        return _read_number(written, text, match.start(), end)
    if kind == "sign":
        return _read_sign(written, text, match.start(), end), end
    if kind == "range":
        said = bool(re.search(r"\d[가-힣%]{0,3}$|\b[월화수목금토일]$", text[: match.start()]))
        return "에서 " if said else "", end
    if kind in _CONTEXT_READERS:
        if reading := _CONTEXT_READERS[kind](written, text[end:]):
            return reading, end
        number = re.split(r"[^\d.]", written)[0]  # every such kind begins with one
        return _read_number(number, text, match.start(), match.start() + len(number))
    return _READERS[kind](written), end


def _read_day(written: str, after: str) -> str:
    """6.25 or 3·1 of a day in history, digit by digit; "" for a decimal number."""
    name = written.replace("·", ".")
    words = _table("day").get(name, "").split()
    known = name in _table("date") or (after.lstrip().startswith(tuple(words)) and words)
    if "·" not in written and not known:
        return ""
    month, day = name.split(".")
    if int(month) > 9:
        return _sino_whole(int(month)) + _sino_whole(int(day))  # 12.12 십이십이
    return _DIGITS[int(month)] + (_sino_whole(int(day)) if day[-1] == "0" else _spelled_digits(day))


def _spelled_digits(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _read_fraction(written: str, after: str) -> str:
    over, under = (int(part) for part in written.split("/"))
    if after.startswith("분기"):
        return _spelled_digits(written.replace("/", ""))
    is_day = 1 <= over <= 12 and 1 <= under <= 31
    if is_day and (over >= under or under > 10 or _DATE_FOLLOWS.match(after)):
        return f"{_month(over)} {_sino_whole(under)}" + ("" if after.startswith("일") else "일")
    return f"{_sino_whole(under)}분의 {_sino_whole(over)}"


def _read_ratio(written: str, after: str) -> str:
    left, right = (_sino_whole(int(part)) for part in written.split(":"))
    return f"{left} 대 {right}"


def _read_clock(written: str, after: str) -> str:
    if _WON_OR_LOST.match(after):
        return _read_ratio(written, after)
    hour, minute = (int(part) for part in written.split(":"))
    spoken = f"{_native(hour) if 1 <= hour <= 12 else _sino_whole(hour)} 시"
    return spoken if minute == 0 else f"{spoken} {_sino_whole(minute)} 분"


def _read_pair(written: str, after: str) -> str:
    """Two numbers in a row count roughly: 2-3명 두세 명, 3~4일 삼사 일; others are a range."""
    low, high = (int(part) for part in re.split("[-~∼～]", written))
    if high == low + 1 <= 9 and low:
        if _takes_native(low, after.lstrip()):
            return _NATIVE_PAIRS[low] + (" " if re.match("[가-힣]", after) else "")
        return _DIGITS[low] + _DIGITS[high] + ("" if _ONE_WORD.match(after) else " ")
    unit = re.match(rf"\s?(?:{_any_of('unit')})(?![A-Za-z])", after)
    if unit or "-" not in written:
        return ""
    return f"{_sino_whole(low)}에서 {_sino_whole(high)}" + (
        " " if re.match("[가-힣]", after) else ""
    )


def _read_date(written: str) -> str:
    year, month, day = (int(part) for part in re.findall(r"\d+", written))
    return f"{_sino_whole(year)} 년 {_month(month)} {_sino_whole(day)}일"


def _month(month: int) -> str:
    return {6: "유", 10: "시"}.get(month, _sino_whole(month)) + "월"


def _read_latin(written: str) -> str:
    """A known word's reading, or the letters of an abbreviation in capitals; "" for a word."""
    known = _table("word").get(written.lower())
    if known := known or (_table("unit").get(written) if len(written) > 1 else None):
        return known
    letters = written.replace("-", "")
    spelled = re.fullmatch("[A-Za-z]|[A-Z]{2,5}", letters)
    if not spelled or (len(letters) > 3 and _SYLLABLE.search(letters)):
        return ""
    return "".join(_table("letter")[letter] for letter in letters.upper())


_CONTEXT_READERS: dict[str, Callable[[str, str], str]] = {
    "day": _read_day,
    "fraction": _read_fraction,
    "ratio": _read_ratio,
    "clock": _read_clock,
    "pair": _read_pair,
}
_READERS: dict[str, Callable[[str], str]] = {
    "word": lambda written: _table("word")[written.lower()],
    "phone": lambda written: " ".join(map(_by_digit, re.split(r"[-.\s]", written))),
    "date": _read_date,
    "money": lambda written: f"{_sino(written[1:].strip())} {_table('currency')[written[0]]}",
    "minus": lambda written: "마이너스 ",
    "latin": _read_latin,
    "unit": lambda written: " " + _table("unit")[written],
    "jamo": lambda written: _table("letter").get(written, ""),
}


def _read_sign(sign: str, text: str, start: int, end: int) -> str:
    left = "" if start == 0 or text[start - 1].isspace() else " "
    right = "" if end == len(text) or text[end].isspace() else " "
    return f"{left}{_table('sign')[sign]}{right}"


def _read_number(written: str, text: str, start: int, end: int) -> tuple[str, int]:
    before, after = text[:start], text[end:]
    if unit := re.match(rf"\s?({_any_of('unit')})(?![A-Za-z])", after):
        speed = "시속 " if unit[1] == "km/h" and not before.endswith("시속 ") else ""
        return f"{speed}{_sino(written)} {_table('unit')[unit[1]]}", end + unit.end()
    digits = written.replace(",", "")
    if written in _EMERGENCY and not re.match(
        "개|명|년|원|분|시|살|번|층|호|쪽|점|장|페|일", after
    ):
        return _by_digit(written).replace("공", "영" if written == "120" else "공"), end
    if (digits.startswith("0") and "." not in digits and len(digits) > 1) or len(digits) > 16:
        return _by_digit(digits.replace(".", "")), end
    if re.match("월(?![가-힣]*요일)", after) and digits in ("6", "10"):
        return _month(int(digits))[:-1], end
    if digits == "1" and (step := re.match("[천만백십]", after)):
        return step[0], end + 1  # 1천 원: 천 원
    is_range = bool(re.search(r"\d\s?[~∼～]\s?$", before))  # 3~5명: 삼에서 오 명
    if digits == "1" and re.match(r"\s?번째", after):
        reading = "첫"
    elif is_range or "." in digits or not _takes_native(int(digits), after.lstrip(), before):
        reading = _sino(written)
    else:
        reading = _native(int(digits))
    joined = not re.match("[가-힣]", after) or _ONE_WORD.match(after) or _PARTICLE.match(after)
    return reading + ("" if joined else " "), end


def _takes_native(number: int, after: str, before: str = "") -> bool:
    """Whether ``number`` before ``after`` is counted with native numerals (두 개, 열 살)."""
    counter = re.match(_any_of("native"), after)
    if not counter or number < 1 or re.match(_any_of("sino"), after):
        return False
    if counter[0] == "시":
        return number <= 12
    if counter[0] == "번" and re.match(rf"번\s*(?:{_NUMBERED})", after):
        return False
    if counter[0] == "대" and re.match(r"대\s?\d", after):
        return False  # 1 대 1
    if counter[0] == "대" and number % 10 == 0:  # 20대: an age, but for cars and the like
        is_thing = re.search(rf"(?:{_any_of('thing')})[가-힣]?\s*$", before)
        return number <= 99 and bool(is_thing)
    return number <= (99 if counter[0] in ("살", "살짜리") else 20)


def _native(number: int) -> str:
    """1-99 before a counter: 한, 두, 스무, 스물한."""
    if number == 20:
        return "스무"
    return _NATIVE_TENS[number // 10] + _NATIVE_COUNTING[number % 10]


def _by_digit(digits: str) -> str:
    return "".join(_PHONE_DIGITS[int(digit)] for digit in digits if digit.isdigit())


def _sino(written: str) -> str:
    """A decimal number of at most 16 digits in Sino-Korean: 이십육 점 칠, 만 육천."""
    whole, _, decimals = written.replace(",", "").partition(".")
    spoken = _sino_whole(int(whole))
    return spoken + (" 점 " + _spelled_digits(decimals) if decimals else "")


def _sino_whole(number: int) -> str:
    if number == 0:
        return "영"
    groups = []
    for name in ("", "만", "억", "조"):
        number, group = divmod(number, 10_000)
        if group:
            # 16,000 is 만 육천, not 일만 육천; 일억 and 일조 keep their 일.
            spoken = "" if group == 1 and name == "만" and not number else _sino_group(group)
            groups.append(spoken + name)
    return " ".join(reversed(groups))


def _sino_group(number: int) -> str:
    """1-9999."""
    spoken = ""
    for value, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            spoken += ("" if digit == 1 and name else _DIGITS[digit]) + name
    return spoken
