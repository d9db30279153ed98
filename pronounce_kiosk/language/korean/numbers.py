"""Spell out numbers, Latin letters and symbols of a Korean text in Hangul."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pronounce_kiosk.language.korean.lexicon import pattern, readings, table

_DIGITS = "영일이삼사오육칠팔구"
_NATIVE_COUNTING = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_NATIVE_PAIRS = ("", "한두", "두세", "서너", "네다섯", "대여섯", "예닐곱", "일고여덟", "여덟 아홉")


@dataclass(frozen=True)
class Spelled:
    """A piece of the spelled-out text and its span in the written text."""

    text: str
    start: int
    end: int
    read: bool


def spell_out(text: str) -> str:
    """Spell out numbers, abbreviations and units in Hangul: 26.7 이십육 점 칠, KTX 케이티엑스.

    English words without a table entry stay (`unread_words`), as does a text of only such words.
    """
    return "".join(piece.text for piece in spell_out_pieces(text))


def spell_out_pieces(text: str) -> list[Spelled]:
    """List the pieces of `spell_out`, in order; together their spans cover ``text``."""
    if text and not re.search("[가-힣]", text) and unread_words(text):
        return [Spelled(text, 0, len(text), read=False)]
    pieces: list[Spelled] = []
    at = copied = 0
    while match := _token().search(text, at):
        reading, at = _read(match)
        if reading:
            start = match.start()
            pieces.append(Spelled(text[copied:start], copied, start, read=False))
            pieces.append(Spelled(reading, start, at, read=True))
            copied = at
    pieces.append(Spelled(text[copied:], copied, len(text), read=False))
    return [piece for piece in pieces if piece.text]


def unread_words(text: str) -> tuple[str, ...]:
    """List the words of ``text`` without a Korean reading: English words, hanja, other scripts.

    Abbreviations in capitals (TV) are spelled, words and brands of the table are known.
    """
    words = re.findall(r"[^\W\d_가-힣ㄱ-ㅣ]+(?:[-'’][^\W\d_가-힣]+)*", text)
    unread = (word for word in words if not _read_latin(word) and word not in readings("unit"))
    return tuple(w for w in unread if not re.search(rf"\d{re.escape(w)}|{re.escape(w)}\d", text))


@cache
def _token() -> re.Pattern[str]:
    rows = table("tokens")
    kinds = (f"(?P<{row['kind']}>{pattern(row['written']).pattern})" for row in rows)
    return re.compile("|".join(kinds))


def _read(match: re.Match[str]) -> tuple[str, int]:
    """Read a match in Hangul ("" for no reading); also return the index where it ends."""
    text, (start, end), kind = match.string, match.span(), match.lastgroup or ""
    if kind != "number":
        reading = _READERS[kind](match[0], text[:start], text[end:])
        if reading or not match[0][0].isdigit():
            return reading, end
    number = pattern("<number>").match(text, start)
    assert number
    return _read_number(number[0], text[:start], text, number.end())


def _read_day(written: str, before: str, after: str) -> str:
    """Read 6.25 or 3·1 as a day in history, digit by digit; "" for a decimal number."""
    name = written.replace("·", ".")
    words = tuple(readings("day").get(name, "").split())
    known = name in readings("date") or after.lstrip().startswith(words)
    if "·" not in written and not known:
        return ""
    month, day = name.split(".")
    by_digit = day[-1] != "0" and month != "12"  # 12.12 십이십이, but 10.26 십이륙
    read = _sino_whole(int(month)) + (_by_digit(day) if by_digit else _sino_whole(int(day)))
    return re.sub("(?<=[일이])육", "륙", read)


def _read_fraction(written: str, before: str, after: str) -> str:
    over, under = (int(part) for part in written.split("/"))
    if after.startswith("분기"):
        return _by_digit(written.replace("/", ""))
    is_day = 1 <= over <= 12 and 1 <= under <= 31
    if is_day and (over >= under or under > 10 or pattern(r"\s?<date-follows>").match(after)):
        return f"{_month(over)} {_sino_whole(under)}" + ("" if after.startswith("일") else "일")
    return f"{_sino_whole(under)}분의 {_sino_whole(over)}"


def _read_clock(written: str, before: str, after: str) -> str:
    if pattern(r"\s?(?:으?로)?\s?<won-or-lost>").match(after):
        return _READERS["ratio"](written, before, after)
    hour, minute = (int(part) for part in written.split(":"))
    spoken = f"{_native(hour) if 1 <= hour <= 12 else _sino_whole(hour)} 시"
    return spoken if minute == 0 else f"{spoken} {_sino_whole(minute)} 분"


def _read_pair(written: str, before: str, after: str) -> str:
    """Read two numbers in a row as an estimate: 2-3명 두세 명, 3~4일 삼사 일; others as a range."""
    low, high = (int(part) for part in re.split("[-~∼～,]", written))
    space = " " if re.match("[가-힣]", after) else ""
    if high == low + 1 <= 9 and low:
        if _takes_native(low, "", after.lstrip()):
            return _NATIVE_PAIRS[low] + space
        return _DIGITS[low] + _DIGITS[high] + ("" if pattern("<one-word>").match(after) else " ")
    if "-" not in written or pattern(r"\s?<unit>(?![A-Za-z])").match(after):
        return ""
    return f"{_sino_whole(low)}에서 {_sino_whole(high)}{space}"


def _read_date(written: str, before: str, after: str) -> str:
    year, month, day = (int(part) for part in re.findall(r"\d+", written))
    return f"{_sino_whole(year)} 년 {_month(month)} {_sino_whole(day)}일"


def _month(month: int) -> str:
    return {6: "유", 10: "시"}.get(month, _sino_whole(month)) + "월"


def _read_latin(written: str, before: str = "", after: str = "") -> str:
    """Return a known word's reading, or an abbreviation's letters; "" for an unknown word."""
    units = readings("unit") if len(written) > 1 else {}
    if known := readings("word").get(written.lower()) or units.get(written):
        return known
    letters = written.replace("-", "")
    spelled = re.fullmatch("[A-Za-z]|[A-Z]{2,5}", letters)
    if not spelled or (len(letters) > 3 and pattern("<syllable>").search(letters)):
        return ""
    return "".join(readings("letter")[letter] for letter in letters.upper())


def _read_sign(written: str, before: str, after: str) -> str:
    if "=" in written:  # 2+2=4 이 더하기 이는 사
        return ("은" if before.rstrip()[-1:] in set("013678") else "는") + " "
    left, right = (" " if beside.strip() else "" for beside in (before[-1:], after[:1]))
    signs = readings("sign")
    return left + (signs.get(f"{written}=" if "=" in after else written) or signs[written]) + right


_READERS: dict[str, Callable[[str, str, str], str]] = {
    "word": lambda written, *_: readings("mixed")[written.lower()],
    "phone": lambda written, *_: " ".join(_by_digit(n, "공") for n in re.split(r"\D", written)),
    "date": _read_date,
    "clock": _read_clock,
    "ratio": lambda written, *_: " 대 ".join(_sino_whole(int(n)) for n in written.split(":")),
    "day": _read_day,
    "fraction": _read_fraction,
    "money": lambda written, *_: f"{_sino(written[1:].strip())} {readings('currency')[written[0]]}",
    "minus": lambda *_: "마이너스 ",
    "pair": _read_pair,
    "range": lambda _, before, __: "에서 " if pattern("<counted-to>$").search(before) else "",
    "latin": _read_latin,
    "unit": lambda written, *_: " " + readings("unit")[written],
    "jamo": lambda written, *_: readings("letter").get(written, ""),
    "sign": _read_sign,
}


def _read_number(written: str, before: str, text: str, end: int) -> tuple[str, int]:
    """Read the number before index ``end`` with the unit after it; also return where that ends."""
    after = text[end:]
    if unit := pattern(r"\s?(<unit>)(?![A-Za-z])").match(after):
        speed = "시속 " if unit[1] == "km/h" and not before.endswith("시속 ") else ""
        return f"{speed}{_sino(written)} {readings('unit')[unit[1]]}", end + unit.end()
    if written in readings("emergency") and not pattern("<counted>").match(after):
        return readings("emergency")[written], end
    digits = written.replace(",", "")
    if re.match(r"0\d+$", digits) or len(digits) > 16:
        return _by_digit(digits.replace(".", ""), "공"), end
    if digits in ("6", "10") and re.match("월(?![가-힣]*요일)", after):
        return _month(int(digits))[:-1], end
    if digits == "1" and (step := re.match("[천만백십]", after)):
        return step[0], end + 1  # 1천 원: 천 원
    is_range = bool(re.search(r"\d\s?[~∼～]\s?$", before))  # 3~5명: 삼에서 오 명
    if digits == "1" and re.match(r"\s?번째", after):
        reading = "첫"
    elif is_range or "." in digits or not _takes_native(int(digits), before, after.lstrip()):
        reading = _sino(written)
    else:
        reading = _native(int(digits))
    is_joined = pattern("[^가-힣]|$|<one-word>|<number-particle>").match(after)
    gap = " " if re.search(r"\d[만억조]$", before) else ""  # 2만5천 이만 오천
    return gap + reading + ("" if is_joined else " "), end


def _takes_native(number: int, before: str, after: str) -> bool:
    """Tell whether ``number`` before ``after`` is counted with native numerals (두 개, 열 살)."""
    counter = pattern("<native>").match(after)
    if (
        not counter
        or number < 1
        or re.search(r"(?<![가-힣])제\s?$", before)
        or pattern(r"<sino>|번\s*<numbered>|대\s?\d|장\s?\d+절").match(after)
    ):
        return False  # 제2장, 2개월, 1번 출구, 1 대 1
    if counter[0] in "분점" or (counter[0] == "대" and number % 10 == 0):  # an age
        return number <= 99 and bool(pattern(rf"<{counter[0]}>[가-힣]?\s*$").search(before))
    return number <= int(readings("native")[counter[0]] or 20)


def _native(number: int) -> str:
    """Read 1-99 before a counter: 한, 두, 스무, 스물한."""
    return "스무" if number == 20 else _NATIVE_TENS[number // 10] + _NATIVE_COUNTING[number % 10]


def _by_digit(digits: str, zero: str = "영") -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits).replace("영", zero)


def _sino(written: str) -> str:
    """Read a decimal number of at most 16 digits in Sino-Korean: 이십육 점 칠, 만 육천."""
    whole, _, decimals = written.replace(",", "").partition(".")
    return _sino_whole(int(whole)) + (f" 점 {_by_digit(decimals)}" if decimals else "")


def _sino_whole(number: int) -> str:
    """Read a whole number of at most 16 digits: 만 육천, 천 and 일억 일만, not 일만 육천."""
    groups = []
    for digits, name in zip(re.findall("....", f"{number:016}"), "조억만 ", strict=True):
        places = zip(digits, "천백십 ", strict=True)
        said = "".join(_DIGITS[int(digit)] + place for digit, place in places if digit != "0")
        groups += [re.sub("일(?=[천백십])", "", said).strip() + name] if said else []
    return re.sub("^일만", "만", " ".join(groups).strip()) or "영"
