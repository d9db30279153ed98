"""Words that only the words around them tell apart: nouns and verbs, counters and suffixes.

Tables do this, not a morphological analyser, because practice reads sentences as they come: of 27
phrases with such words kiwipiepy 0.24 tells all (520 MB of memory, 5 s to start, 145 MB installed),
mecab-ko 1.3 tells 23 (18 MB, 0.03 s, 109 MB), these tables all (10 ms to load, 0.13 MB).
"""

from __future__ import annotations

import re

from pronounce_kiosk.language.korean.jamo import compose, decompose
from pronounce_kiosk.language.korean.lexicon import lexicon, table_rows

_ALTERNATIVES = {name: words.split() for name, words in table_rows("patterns.tsv")}


def _any(name: str) -> str:
    return f"(?:{'|'.join(_ALTERNATIVES[name])})"


TENS = frozenset(_ALTERNATIVES["tens"])
_NUMERALS = frozenset("영공일이삼사오육칠팔구십백천만억조")
_NATIVE = frozenset(_ALTERNATIVES["native"])
_COUNTING = _NATIVE.union(_ALTERNATIVES["week"])

PARTICLES = re.compile(f"(?:{_any('particle')}[가-힣]*)?")
"""What may follow a noun in one word: nothing, a particle, 하다, 되다 or 이다."""
WORK = re.compile(f"일{_any('work')}?")
COUNTED_BY_ONE = re.compile(rf"{_any('one')}(?:{_any('particle')}\w*)?")
WEAR = re.compile(rf"입{_any('wear')}\w*")
STATION = re.compile(f"역{_any('station')}?")
_BOUND_NOUN = re.compile(_any("bound"))
_COUNTER = re.compile(rf"{_any('counter')}{_any('particle')}?\w*")
_SINO_COUNTER = re.compile(rf"{_any('sino-counter')}{_any('particle')}?\w*")
_ENDING = re.compile(_any("ending"))
"""24: endings that are tensed after a verb stem in ㄴ or ㅁ. -기- (남기다) is a suffix, not one."""
_L_ENDING = re.compile(f"(?<=[가-힣]){_any('l-ending')}")
_KNOW = ("모르", "몰", "모를", "궁금", "알", "아")
_VERBAL = ("으실", "할", "될", "스러울", "로울", "거릴", "시킬")
_NOT_NOUNS = frozenset(["자", "좀", "더", "다", "다시", "자주", "조금", "제일"])
"""Adverbs that follow a noun or verb in ㄹ and are not tensed by it."""


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
    ending = _ENDING.match(word, at)
    if not ending:
        return 0
    if lexicon().starting(word, 0, "noun") and not _is_verb(word, word[at], before, after):
        return 0
    return at


def _is_verb(word: str, ending: str, before: str, after: str) -> bool:
    if ending == "기" and len(word) > 3:
        return False  # 남기고, 감기에: the suffix -기-
    name = f"follows-{ending}"
    follows = bool(after) and name in _ALTERNATIVES and bool(re.match(_any(name), after))
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
    if (word[-1] == "을" and decompose(word[-2])[2] == "ㅆ") or word.endswith(_VERBAL):
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
    return after not in _NOT_NOUNS


def tensed_after_l(word: str, before: str, after: str) -> int:
    """Find the ending in -ㄹ whose next consonant is tensed (27, note); 0 where there is none."""
    match = _L_ENDING.search(word)
    if not match:
        return 0
    at = match.start()
    form = word[:at]
    if decompose(form[-1])[2] != "ㄹ" or form[-1] == "를":
        return 0
    ending = match[0]
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
