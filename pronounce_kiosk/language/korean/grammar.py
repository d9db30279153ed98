"""Disambiguate words by their neighbours: nouns and verbs, counters and suffixes.

Tables do this, not a morphological analyser, as practice needs it at once: of 27 such phrases they
get 27 right, as kiwipiepy 0.24 does in 520 MB and 5 s; mecab-ko 1.3 (109 MB installed) gets 23.
"""

from pronounce_kiosk.language.korean.jamo import compose, decompose
from pronounce_kiosk.language.korean.lexicon import adnominals, pattern, starting


def possible_nouns(word: str) -> list[str]:
    """List the possible nouns in ``word``, the longest first: all of it, or before a particle."""
    particles = pattern("<particles>")
    return [word[:end] for end in range(len(word), 1, -1) if particles.fullmatch(word, end)]


def is_another_word(word: str, before: str, after: str) -> bool:
    """Tell whether a word spelled like one of the table is a shorter word with an ending.

    한 주가, 세 대가, 집 안과 밖: a noun and its particle; 차를 팔자, 물기 시작하다: a verb.
    """
    if word[:-1] in adnominals():
        has_object = before.endswith(("을", "를"))
        return has_object or bool(pattern("<follows>").match(f"{word[-1]} {after}"))
    if word[-1] == "과":
        return after.startswith((*"밖겉위옆뒤", "바깥", "이름", "창문"))
    return word[-1] == "가" and bool(pattern("<native-numeral>|<week>|<numeral>").fullmatch(before))


def tensed_ending(word: str, before: str, after: str) -> int:
    """Find the ending that a verb stem in ㄴ or ㅁ tenses; 0 where there is none."""
    stem = starting(word, 0, "verb")
    at = len(stem.written) if stem else 0
    if not stem or not pattern("<ending>").match(word, at):
        return 0
    return at if not starting(word, 0, "noun") or _is_verb(word, word[at], before, after) else 0


def _is_verb(word: str, ending: str, before: str, after: str) -> bool:
    has_object = before.endswith(("을", "를"))
    noun = word.rstrip("가도로를만에")
    if noun in ("감기", "신기", "심기") and not has_object:
        return bool(pattern("<washed>|.*기가? <hard>").match(f"{before} {word} {after}"))
    if ending == "기" and (noun[-1] == "기" or len(word) > 3):
        return noun[-1] == "기"  # 숨기를, but 남기고, 감기에: the suffix -기-
    if word.startswith("안다"):
        return bool(pattern(".*<held>[을를]").fullmatch(before))  # 답을 안다: of 알다
    followed = bool(pattern("<follows>").match(f"{ending} {after}"))
    return followed or (has_object and ending in "고지게자다던")


def _adnominal_kind(word: str) -> str:
    """Classify a word in -ㄹ by adnominals.tsv or by its ending; "" for a noun."""
    kinds = adnominals()
    if word in kinds:
        return kinds[word]
    if len(word) < 2:
        return ""
    onset, nucleus, coda = decompose(word[-2])
    if (word[-1] == "을" and coda == "ㅆ") or pattern(".*<verbal>").fullmatch(word):
        return "verb"
    if coda:
        return ""
    if word[-1] == "실":
        return "verb" if kinds.get(word[:-2] + compose(onset, nucleus, "ㄹ")) == "verb" else ""
    is_compound = len(word) > 2 and nucleus in "ㅏㅓㅕㅘㅝㅐ" and word[-1] in "갈올볼줄낼둘놀"
    return "verb" if is_compound else ""


def tenses_after_l(before: str, word: str, after: str, following: str) -> bool:
    """Tell whether -(으)ㄹ (할 것을 [할꺼슬]) or a numeral in ㄹ tenses the next onset (27)."""
    if pattern(r"<counted-after-l>(?![작와신중금검요켜])\w*").fullmatch(f"{word} {after}"):
        return True  # 열 개; 26: 십칠 점
    if pattern("<native-numeral>").fullmatch(before) or (word == "올" and after[0] in "봄여가겨해"):
        return False  # 세 살, 올 가을
    if word in ("걸", "줄") and _adnominal_kind(before) in ("verb", "l-verb"):
        return False  # 먹을 걸 사요: itself such a noun
    kind = _adnominal_kind(word)
    bound = bool(pattern("<bound>").fullmatch(after))
    object_before = before.endswith(("을", "를", "에게", "한테", "께"))
    if kind == "noun":
        return bound and object_before
    if kind in ("either", "other"):  # 잘 거예요, but 한국말을 잘 듣고
        bound = bound and (after != "줄" or bool(pattern("<know>").match(following)))  # 물을 줄
        return bound or (kind == "either" and object_before)
    if not kind:  # 학생일 거예요, 뽀개질 것: neither a known noun nor a plural
        is_noun = word[-1] in "들을를" or adnominals().get(word[-1]) == "noun"
        named = is_noun and (word[-1] != "일" or word.endswith("요일"))
        return bound and not named and len(word) > 1 and (after[0] in "것거겁" or after == "수")
    return not pattern("<adverb>").fullmatch(after)


def tensed_after_l(word: str, before: str, after: str) -> int:
    """Find the ending in -ㄹ whose next consonant is tensed (27, note); 0 where there is none."""
    match = pattern("(?<=[가-힣])<l-ending>").search(word)
    if not match:
        return 0
    at, ending = match.start(), match[0]
    form = word[:at]
    if decompose(form[-1])[2] != "ㄹ" or form[-1] == "를":
        return 0
    kind = _adnominal_kind(form)
    if kind == "verb" or ending not in ("게", "지", "지도", "지는", "지요"):
        return at
    if ending == "게":
        return at if kind in ("l-verb", "either") and not after else 0
    in_doubt = kind in ("l-verb", "either", "other")
    return at if in_doubt and pattern("<know>").match(after) else 0
