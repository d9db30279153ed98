"""Words that only the words around them tell apart: nouns and verbs, counters and suffixes."""

from __future__ import annotations

import re

from pronounce_kiosk.language.korean.jamo import compose, decompose
from pronounce_kiosk.language.korean.lexicon import lexicon

TENS = frozenset(["스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔", "열"])
_NUMERALS = frozenset("영공일이삼사오육칠팔구십백천만억조")
_NATIVE = frozenset(
    [
        "한",
        "두",
        "세",
        "네",
        "다섯",
        "여섯",
        "일곱",
        "여덟",
        "아홉",
        "열",
        "스무",
        "서른",
        "마흔",
        "쉰",
        "몇",
        "여러",
    ]
)
_COUNTING = _NATIVE | {"다음", "이번", "지난", "저번", "매", "첫", "마지막", "지지난", "다다음"}

_PARTICLE = (
    "(?:은|는|이|가|을|를|에|의|와|과|도|만|로|으로|부터|까지|보다|처럼|마다|나|라|입|예|야|인|였|들|뿐"
    "|조차|마저|밖|하고|랑|한테|께|하|한|할|했|해|되|된|될|돼|됐|적|님|씩|쯤|째)"
)
PARTICLES = re.compile(rf"(?:{_PARTICLE}[가-힣]*)?")
"""What may follow a noun in one word: nothing, a particle, 하다, 되다 or 이다."""

WORK = re.compile(
    r"일(?:이|을|은|도|에|에서|로|만|의|과|들|들이|들을|들은|입니다|입니까|이에요|이야|인|인지|인가요"
    r"|이다|이라|이었\w*|이지\w*|이죠|부터|까지)?"
)
COUNTED_BY_ONE = re.compile(
    rf"(?:번|층|호|호선|월|년|학년|주|주일|개월|등|등석|등급|위|인분|분|초|회|차|박|급|단계|미터|원)(?:{_PARTICLE}\w*)?"
)
WEAR = re.compile(r"입(?:다|고|는|은|을|어|었|으|습|지|기|던|자|게|네|나|힌|혀|히)\w*")
STATION = re.compile(r"역(?:이|을|은|도|에|에서|으로|까지|부터|입니다|이에요)?")
_BOUND_NOUN = re.compile(
    r"것\w*|거(?:야|예요|에요|다|니|니까|지|지요|죠|든|라|라고|래|래요|를|가|는|로|고|면|였\w*|냐|나)?|겁니\w*|건|건가요?"
    r"|건데\w*|건지\w*|걸|걸요|게|게요|수|수가|수는|수도|수를|수만|수밖에|데|데가|데도|데는|데를|데에|데서|바|바를"
    r"|바가|바는|바에|바와|줄|줄은|줄도|줄을|줄만|줄로|듯|듯이|듯하\w*|듯한|듯해\w*|듯싶\w*|적|적이|적에|적도|적은"
    r"|적에는|지|지도|지가|지는|성싶\w*|즈음\w*"
)
_COUNTER = re.compile(
    r"(?:개|시|시간|살|장|잔|병|권|번|대|달|가지|그릇|사람|송이|자루|조각|곳|군데|집|봉지|상자|접시|줄|켤레"
    rf"|다발|그루|방울|바퀴|단|근|되|배|벌|주|번째|시쯤|과목|가족|식구|종류|박스|세트){_PARTICLE}?\w*"
)
_SINO_COUNTER = re.compile(
    r"(?:점|주|주년|세|세기|도|등|대|단|단계|장|절|조|주차|시|주간|대일|수|자리|동|단지|시간|중대|소대|대대"
    rf"|십\w*){_PARTICLE}?\w*"
)
_ENDINGS_24 = re.compile(
    "다$|다가|다고|다는|다면|다니|고$|고서|고는|고도|고요|고나|고자|지|게|자$|자마자|거나|거든|거라|거니|더|던|든|도록|습니|습디|소$"
    "|기$|기[가를도에만]$|기는커녕|기로|기만|기때문|기위|잖|죠$"
)
"""24: endings that are tensed after a verb stem in ㄴ or ㅁ. -기- (남기다) is a suffix, not one."""
_VERB_FOLLOWS = {
    "지": ("마", "말", "않", "못", "맙"),
    "고": ("있", "싶", "나", "계", "다녀", "다니", "가", "오", "와", "자", "말"),
    "기": (
        "힘들",
        "쉽",
        "쉬",
        "어렵",
        "어려",
        "싫",
        "시작",
        "전",
        "위",
        "때문",
        "좋",
        "편",
        "불편",
    ),
    "게": ("하", "해", "되", "돼", "했"),
    "도": ("",),
}
_L_ENDINGS = re.compile(
    r"(?<=[가-힣])(?P<tensed>수록|지라도|지언정|진대|세라|걸요?$|게요$|게$|지도$|지$|지는$|지요$)"
)
_KNOW = ("모르", "몰", "모를", "궁금", "알", "아")


def is_numeral(word: str) -> bool:
    """Whether every syllable is a Sino-Korean numeral, or the word a native ten."""
    return _NUMERALS.issuperset(word) or word in TENS


def is_counted_noun(word: str, before: str, after: str) -> bool:
    """Whether 주가, 대가, 안과 ... are a noun with a particle: 다음 주가, 세 대가, 집 안과 밖."""
    if word[-1] == "과":
        return after.startswith(("밖", "바깥", "겉", "이름"))
    return word[-1] == "가" and (before in _COUNTING or (bool(before) and is_numeral(before)))


def tensed_ending(word: str, before: str, after: str) -> int:
    """Find the ending that a verb stem in ㄴ or ㅁ tenses; 0 where there is none."""
    stem = lexicon().starting(word, 0, "verb")
    if stem is None:
        return 0
    at = len(stem.written)
    ending = _ENDINGS_24.match(word[at:])
    if not ending:
        return 0
    if lexicon().starting(word, 0, "noun") and not _is_verb(word, word[at], before, after):
        return 0
    return at


def _is_verb(word: str, ending: str, before: str, after: str) -> bool:
    if ending == "기" and len(word) > 3:
        return False  # 남기고, 감기에: the suffix -기-
    follows = bool(after) and after.startswith(_VERB_FOLLOWS.get(ending, ()))
    has_object = before.endswith(("을", "를"))
    if ending == "기" and word in ("감기", "신기") and not has_object:
        return after.startswith(("힘들", "쉽", "어렵"))
    return follows or (has_object and ending in "고지게자다던")


def _adnominal_kind(word: str) -> str:
    """The kind in adnominals.tsv of a word in -ㄹ, or what its own ending shows; "" for a noun."""
    kinds = lexicon().adnominals
    if word in kinds:
        return kinds[word]
    if len(word) < 2:
        return ""
    if (word.endswith("을") and decompose(word[-2])[2] == "ㅆ") or word.endswith(
        ("으실", "할", "될")
    ):
        return "verb"
    if word.endswith(("스러울", "로울", "거릴", "시킬")) and len(word) > 2:
        return "verb"
    if word[-1] == "실":
        onset, nucleus, coda = decompose(word[-2])
        shorter = word[:-2] + compose(onset, nucleus, "ㄹ") if not coda else ""
        return "verb" if kinds.get(shorter) == "verb" else ""
    _, nucleus, coda = decompose(word[-2])
    compound = (
        not coda and nucleus in "ㅏㅓㅕㅘㅝㅐ" and len(word) > 2 and word[-1] in "갈올볼줄낼둘놀"
    )
    return "verb" if compound else ""


def tenses_after_l(before: str, word: str, after: str) -> bool:
    """27: after the adnominal -(으)ㄹ (할 것을 [할꺼슬]); also numerals in ㄹ before counters."""
    if word.endswith("여덟") or (word.endswith("열") and word[:-1] in ("", "쉰")):
        return bool(_COUNTER.fullmatch(after))
    if word[-1] in "일칠팔" and is_numeral(word):
        return bool(_SINO_COUNTER.fullmatch(after))  # 26
    if before in _NATIVE or (word == "올" and after[0] in "봄여가겨해"):
        return False  # 세 살, 올 가을
    kind = _adnominal_kind(word)
    bound = bool(_BOUND_NOUN.fullmatch(after))
    object_before = before.endswith(("을", "를", "에게", "한테", "께"))
    if kind == "noun":
        return bound and object_before
    if kind == "either":
        return bound or object_before
    if not kind:  # 학생일 거예요, 뽀개질 것: no noun that is known, nor a plural
        is_noun = word[-1] in "들을를" or lexicon().adnominals.get(word[-1]) == "noun"
        named = is_noun and (word[-1] != "일" or word.endswith("요일"))
        return bound and not named and len(word) > 1 and (after[0] in "것거겁" or after == "수")
    return after not in ("자", "좀", "더", "다", "다시", "자주", "조금", "제일")


def tensed_after_l(word: str, before: str, after: str) -> int:
    """Find the ending in -ㄹ whose next consonant is tensed (27, note); 0 where there is none."""
    match = _L_ENDINGS.search(word)
    if not match:
        return 0
    at = match.start()
    form = word[:at]
    if decompose(form[-1])[2] != "ㄹ" or form[-1] == "를":
        return 0
    ending = match["tensed"]
    kind = _adnominal_kind(form)
    if ending in ("지도", "지", "지는", "지요"):
        if kind in ("l-verb", "either"):
            return at if after.startswith(_KNOW) else 0
        return at if kind == "verb" else 0
    if ending == "게" and kind not in ("verb", "l-verb", "either"):
        return 0
    if ending == "게" and kind in ("l-verb", "either"):
        return 0 if after else at
    return at
