"""Numbers, Latin letters and symbols in a Korean text, read out in Hangul."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "영일이삼사오육칠팔구"
_PHONE_DIGITS = "공일이삼사오육칠팔구"
_NATIVE_COUNTING = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [
            "에이",
            "비",
            "시",
            "디",
            "이",
            "에프",
            "지",
            "에이치",
            "아이",
            "제이",
            "케이",
            "엘",
            "엠",
            "엔",
            "오",
            "피",
            "큐",
            "아르",
            "에스",
            "티",
            "유",
            "브이",
            "더블유",
            "엑스",
            "와이",
            "제트",
        ],
        strict=True,
    )
)
_LATIN_WORDS = {
    "wifi": "와이파이",
    "wi-fi": "와이파이",
    "email": "이메일",
    "e-mail": "이메일",
    "app": "앱",
    "ok": "오케이",
    "kakao": "카카오",
    "naver": "네이버",
    "google": "구글",
    "youtube": "유튜브",
    "covid": "코비드",
    "nato": "나토",
    "unesco": "유네스코",
    "nasa": "나사",
    "fifa": "피파",
    "k-pop": "케이팝",
    "kpop": "케이팝",
}
_UNITS = {
    "km/h": "킬로미터",
    "km": "킬로미터",
    "kg": "킬로그램",
    "cm": "센티미터",
    "mm": "밀리미터",
    "mg": "밀리그램",
    "ml": "밀리리터",
    "mL": "밀리리터",
    "kcal": "킬로칼로리",
    "GB": "기가바이트",
    "MB": "메가바이트",
    "KB": "킬로바이트",
    "TB": "테라바이트",
    "kW": "킬로와트",
    "Hz": "헤르츠",
    "m²": "제곱미터",
    "㎡": "제곱미터",
    "㎞": "킬로미터",
    "㎏": "킬로그램",
    "㎝": "센티미터",
    "㎜": "밀리미터",
    "m": "미터",
    "g": "그램",
    "t": "톤",
    "L": "리터",
    "l": "리터",
    "ℓ": "리터",
    "%": "퍼센트",
    "％": "퍼센트",
    "℃": "도",
    "°C": "도",
    "°": "도",
}
_CURRENCIES = {"$": "달러", "₩": "원", "€": "유로", "¥": "엔", "£": "파운드"}
_NATIVE_COUNTERS = [
    "개",
    "명",
    "사람",
    "살",
    "시",
    "시간",
    "마리",
    "병",
    "잔",
    "장",
    "권",
    "대",
    "번",
    "벌",
    "켤레",
    "그릇",
    "송이",
    "채",
    "달",
    "가지",
    "곳",
    "군데",
    "쌍",
    "줄",
    "통",
    "알",
    "모금",
    "조각",
    "자루",
    "다발",
    "그루",
    "판",
    "끼",
    "척",
    "배",
    "차례",
    "방울",
    "봉지",
    "상자",
    "바퀴",
    "걸음",
    "마디",
    "건",
    "접시",
    "컵",
    "숟갈",
    "모",
    "단",
    "방",
    "집",
    "박스",
    "팀",
    "손",
    "번째",
    "살짜리",
    "가구",
]
_SINO_THOUGH = [
    "개월",
    "개국",
    "개년",
    "개소",
    "시즌",
    "명당",
    "장관",
    "대학",
    "통신",
    "번지",
    "번길",
    "번선",
    "번방",
    "판매",
    "대대",
    "단계",
    "단지",
    "권역",
    "대째",
    "집단",
    "모델",
    "알파",
    "방면",
    "손해",
    "번출구",
    "번버스",
    "번국도",
    "달러",
    "조각조각",
    "배럴",
    "채널",
    "차원",
    "척도",
    "장조",
    "건물",
]
_NUMBERED = "출구|문제|버스|국도|방|선|타자|홀|트랙|마을|좌석|플랫폼|승강장|게이트|창구"
"""What has a number (1번 출구 일 번), where other 번 count how often (한 번)."""
_AGE_GROUP = r"\s*초반|\s*후반|가\s|의\s|에\s|\s*여성|\s*남성"
_EMERGENCY = frozenset(("112", "119", "114", "911", "120", "1330"))

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT_PATTERN = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""
    (?P<phone>(?<!\d)0\d{{1,2}}[-.\s]\d{{3,4}}[-.\s]\d{{4}}(?!\d))
  | (?P<clock>(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?!\d))
  | (?P<fraction>(?<![\d/.])\d{{1,2}}/\d{{1,3}}(?![\d/]))
  | (?P<money>[$₩€¥£]\s?(?P<amount>{_NUMBER}))
  | (?P<minus>(?<![\d가-힣A-Za-z)])[-−](?=\d))
  | (?P<range>(?<=[\d가-힣%])\s?[~∼～]\s?(?=\d))
  | (?P<number>{_NUMBER})
  | (?P<latin>(?<![^\W\d_가-힣])[A-Za-z]+(?:-[A-Za-z]+)*)
  | (?P<unit>(?<=\d)(?:[%％℃°㎡㎞㎏㎝㎜ℓ]))
  | (?P<sign>[&＆+＋=×÷])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Spelled:
    """A piece of the spelled-out text and the span of the written text it stands for.

    ``read``: False where the piece is the written text itself, character for character.
    """

    text: str
    start: int
    end: int
    read: bool


def spell_out(text: str) -> str:
    """``text`` with its numbers, Latin letters and units of measure written in Hangul.

    2개 -> 두 개, 1년 -> 일 년, 26.7 -> 이십육 점 칠, 100% -> 백 퍼센트,
    KTX -> 케이티엑스. A text with letters but no Hangul is not Korean and is returned unchanged.
    """
    return "".join(piece.text for piece in spell_out_pieces(text))


def spell_out_pieces(text: str) -> list[Spelled]:
    """The pieces of `spell_out`, in order; together their spans cover ``text``."""
    pieces: list[Spelled] = []
    if not re.search("[가-힣]", text) and re.search("[^\\W\\d_]", text):
        return [Spelled(text, 0, len(text), read=False)] if text else []
    at = 0
    while match := _TOKEN.search(text, at):
        reading, end = _read(match, text)
        if match.start() > at:
            pieces.append(Spelled(text[at : match.start()], at, match.start(), read=False))
        pieces.append(Spelled(reading, match.start(), end, read=True))
        at = end
    if at < len(text):
        pieces.append(Spelled(text[at:], at, len(text), read=False))
    return pieces


def _read(match: re.Match[str], text: str) -> tuple[str, int]:
    """The Hangul reading of a match, and where in ``text`` what it stands for ends."""
    written, end = match[0], match.end()
    match match.lastgroup:
        case "phone":
            return " ".join(_by_digit(part) for part in re.split(r"[-.\s]", written)), end
        case "clock":
            return _read_clock(written), end
        case "fraction":
            over, under = written.split("/")
            return f"{_sino(under)}분의 {_sino(over)}", end
        case "money":
            return f"{_sino(written[1:].strip())} {_CURRENCIES[written[0]]}", end
        case "amount":
            return f"{_sino(written[1:].strip())} {_CURRENCIES[written[0]]}", end
        case "minus":
            return "마이너스 ", end
        case "range":
            return "에서 ", end
        case "unit":
            return " " + _UNITS[written], end
        case "sign":
            return _read_sign(written, text, match.start(), end), end
        case "latin":
            return _read_latin(written), end
        case _:
            return _read_number(written, text, match.start(), end)


def _read_sign(sign: str, text: str, start: int, end: int) -> str:
    name = {"&": "앤드", "＆": "앤드", "=": "이퀄", "×": "곱하기", "÷": "나누기"}.get(
        sign, "플러스"
    )
    left = "" if start == 0 or text[start - 1].isspace() else " "
    right = "" if end == len(text) or text[end].isspace() else " "
    return f"{left}{name}{right}"


def _read_clock(written: str) -> str:
    hour, minute = (int(part) for part in written.split(":"))
    spoken = f"{_native(hour) if 1 <= hour <= 12 else _sino(str(hour))} 시"
    return spoken if minute == 0 else f"{spoken} {_sino(str(minute))} 분"


def _read_latin(written: str) -> str:
    if written.lower() in _LATIN_WORDS:
        return _LATIN_WORDS[written.lower()]
    return "".join(_LETTERS[letter] for letter in written.upper() if letter in _LETTERS)


def _read_number(written: str, text: str, start: int, end: int) -> tuple[str, int]:
    after = text[end:]
    unit = re.match(rf"\s?({_UNIT_PATTERN})(?![A-Za-z])", after)
    if unit:
        speed = "시속 " if unit[1] == "km/h" else ""
        return f"{speed}{_sino(written)} {_UNITS[unit[1]]}", end + unit.end()
    digits = written.replace(",", "")
    follows_hangul = bool(re.match("[가-힣]", after))
    if written in _EMERGENCY and not re.match("(?:개|명|년|원|분|시|살|번|층|호|쪽)", after):
        return _by_digit(written).replace("공", "영" if written == "120" else "공"), end
    if (digits.startswith("0") and "." not in digits and len(digits) > 1) or len(digits) > 16:
        return _by_digit(digits.replace(".", "")), end
    if re.match("월(?![가-힣]*요일)", after) and digits in ("6", "10"):
        return ("유" if digits == "6" else "시"), end
    counter = after.lstrip()
    in_range = bool(re.search(r"\d\s?[~∼～]\s?$", text[:start]))  # 3~5명: 삼에서 오 명
    if not in_range and "." not in digits and _takes_native(int(digits), counter):
        reading = _native(int(digits))
    else:
        reading = _sino(written)
    if not follows_hangul or re.match("월|일|원|위|인|억|만|천|조|백|십", after):
        # Said as one word: 십칠일 [십치릴], 천원 [처눤].
        return reading, end
    return reading + ("" if _is_particle(after) else " "), end


def _is_particle(after: str) -> bool:
    return bool(
        re.match(
            "(?:은|는|이|가|을|를|에|에서|의|와|과|로|으로|부터|까지|보다|이다|입니다|이에요|예요|이고|이나)"
            "(?![가-힣])",
            after,
        )
    )


def _takes_native(number: int, after: str) -> bool:
    """Whether ``number`` before ``after`` is counted with native numerals (두 개, 열 살)."""
    counter = next(
        (c for c in sorted(_NATIVE_COUNTERS, key=len, reverse=True) if after.startswith(c)), None
    )
    if counter is None or number < 1 or after.startswith(tuple(_SINO_THOUGH)):
        return False
    if counter == "시":
        return number <= 12
    if counter == "번" and re.match(rf"번\s*(?:{_NUMBERED})", after):
        return False
    if counter == "대" and re.match(rf"대(?:{_AGE_GROUP})", after):
        return number < 10
    return number <= (99 if counter in ("살", "살짜리") else 20)


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
    if decimals:
        spoken += " 점 " + "".join(_DIGITS[int(digit)] for digit in decimals)
    return spoken


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
