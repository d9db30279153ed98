"""Korean as it is said: the standard pronunciation (표준발음법) of a written text.

``standard_pronunciation`` is what references are spoken from, what phones are named after and
what a learner is shown. The regular sound changes between two syllables come from the junction
table of the `ko-pron` library. This module adds what needs more than two syllables: words only a
dictionary knows (``data/korean_exceptions.tsv``), verb stems against nouns, and the rules that
reach across a space when two words are said in one breath. Numbers in comments are the articles
(항) of the standard.

Where the standard allows two pronunciations, the one it calls the principle is given (의 stays
[의], 시계 [시계], 냇가 [내까]), but for three, which nearly every native speaker says the second
way: 맛있다 [마싣따], 멋있다 [머싣따], 김밥 [김빱]. Vowel length is not shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pronounce_kiosk.language.korean.jamo import (
    CODAS,
    ONSETS,
    TENSE,
    compose,
    decompose,
    neutral_coda,
    tense,
)
from pronounce_kiosk.language.korean.numbers import spell_out

_OBSTRUENTS = frozenset("ㄱㄷㅂ")
_I_OR_Y = frozenset("ㅣㅑㅕㅛㅠㅒㅖ")


def standard_pronunciation(text: str) -> str:
    """``text`` as it is said, in Hangul.

    Numbers, Latin letters and common symbols are spelled out first (`spell_out`); from there on
    there is exactly one syllable out for each syllable in. Spaces and punctuation stay.
    Punctuation ends a breath group: no sound change reaches across it. Text that is not Korean,
    and lone jamo, are unchanged. Never raises.
    """
    spelled = spell_out(unicodedata.normalize("NFC", text))
    return re.sub(r"[가-힣]+(?:[ \t\u00a0]+[가-힣]+)*", lambda m: _breath_group(m[0]), spelled)


# --- one breath group ---------------------------------------------------------------------


@dataclass
class _Syllable:
    onset: str
    nucleus: str
    coda: str

    @classmethod
    def of(cls, ch: str) -> _Syllable:
        return cls(*decompose(ch))

    def tense(self) -> None:
        self.onset = TENSE.get(self.onset, self.onset)

    def __str__(self) -> str:
        return compose(self.onset, self.nucleus, self.coda)


def _breath_group(group: str) -> str:
    """Hangul words with spaces between, as said."""
    parts = re.split(r"([ \t\u00a0]+)", group)
    words = parts[::2]
    said: list[list[_Syllable]] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        said.append([_Syllable.of(ch) for ch in _respelled(word, before, after)])
        _join_inside(said[-1], word)
    for index in range(len(words) - 1):
        following = words[index + 2] if index + 2 < len(words) else ""
        _join_words(words[index], words[index + 1], said[index], said[index + 1], following)
    for syllables in said:
        syllables[-1].coda = neutral_coda(syllables[-1].coda)
        for syllable in syllables:
            if syllable.nucleus == "ㅕ" and syllable.onset in "ㅈㅉㅊ":
                syllable.nucleus = "ㅓ"  # 5, first exception: 가져 [가저]
    parts[::2] = ["".join(map(str, syllables)) for syllables in said]
    return "".join(parts)


def _join_inside(syllables: list[_Syllable], written: str) -> None:
    """The sound changes inside one word, in place. The last coda is left as it is spelled."""
    for syllable in syllables:
        if syllable.nucleus == "ㅢ" and syllable.onset != "ㅇ":
            syllable.nucleus = "ㅣ"  # 5, third exception: 희망 [히망]; 문의 stays [무늬]
    for index, syllable in enumerate(syllables):
        if index + 1 == len(syllables):
            break
        following = syllables[index + 1]
        _palatalise(syllable, following)
        _special_clusters(syllable, following, written[index])
        syllable.coda, following.onset = _junction(syllable.coda, following.onset)


def _palatalise(syllable: _Syllable, following: _Syllable) -> None:
    """17: ㄷ, ㅌ, ㄾ before 이 or 히, also contracted (붙여, 닫혔다)."""
    contracted = following.nucleus == "ㅕ" and following.coda in ("", "ㅆ")
    if following.nucleus != "ㅣ" and not contracted:
        return
    if following.onset == "ㅇ":
        syllable.coda = {"ㄷ": "ㅈ", "ㅌ": "ㅊ", "ㄾ": "ㄾ"}.get(syllable.coda, syllable.coda)
        if syllable.coda == "ㄾ":
            syllable.coda, following.onset = "ㄹ", "ㅊ"
    elif following.onset == "ㅎ" and syllable.coda == "ㄷ":
        syllable.coda, following.onset = "", "ㅊ"


def _special_clusters(syllable: _Syllable, following: _Syllable, written: str) -> None:
    """What does not follow the table: 10 밟-, 넓-; 11 nouns in ㄺ; 12 ㅈ, ㅊ before ㅎ."""
    if following.onset == "ㅎ" and syllable.coda in ("ㅈ", "ㅊ"):
        suffix = syllable.coda == "ㅈ" and following.nucleus in "ㅣㅕ"  # 꽂히다 [꼬치다]
        syllable.coda = "ㅈ" if suffix else "ㄷ"  # 꽃향기 [꼬턍기]
    if following.onset in ("ㅇ", "ㅎ"):
        return
    if written == "밟" or (
        written == "넓"
        and (following.onset in "ㅈㅅ" or (following.onset == "ㄷ" and following.nucleus == "ㅜ"))
        and following.nucleus in "ㅜㅓ"
        and following.coda
    ):
        syllable.coda = "ㅂ"
    elif written in _NOUNS_IN_LG:
        syllable.coda = "ㄱ"


_NOUNS_IN_LG = frozenset("닭탉흙칡삵슭")
"""Nouns keep [ㄱ] before ㄱ (닭과 [닥꽈]); only verb stems have [ㄹ] there (읽고 [일꼬])."""


@cache
def _junction(coda: str, onset: str) -> tuple[str, str]:
    """What a coda and the onset after it become (onset "" = end of the word)."""
    if not coda:
        return "", onset
    if coda == "ㄻ" and onset not in ("", "ㅇ", "ㄹ"):
        # The library tenses some onsets here; only verb stems do (24), and the data names them.
        return "ㅁ", onset
    from ko_pron.data import boundary

    key = f"{chr(0x11A7 + CODAS.index(coda))}-{_conjoining_onset(onset)}"
    junction = boundary[key][0]
    new_coda = "".join(CODAS[ord(ch) - 0x11A7] for ch in junction if ord(ch) >= 0x11A8)
    new_onset = "".join(ONSETS[ord(ch) - 0x1100] for ch in junction if ord(ch) < 0x1160)
    return new_coda, new_onset


def _conjoining_onset(onset: str) -> str:
    return chr(0x1100 + ONSETS.index(onset)) if onset else "Ø"


# --- across a space -----------------------------------------------------------------------

_NUMERALS = "영공일이삼사오육칠팔구십백천만억조"
_TENS = frozenset(["스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔", "열"])
_PARTICLE = (
    "(?:은|는|이|가|을|를|에|의|와|과|도|만|로|으로|부터|까지|보다|처럼|마다|나|라|입|예|야|인|였|들|뿐"
    "|조차|마저|밖|하고|랑|한테|께)"
)
_WORK = re.compile(
    r"일(?:이|을|은|도|에|에서|로|만|의|과|들|들이|들을|들은|입니다|입니까|이에요|이야|인|인지|인가요"
    r"|이다|이라|이었\w*|이지\w*|이죠|부터|까지)?"
)
_AFTER_ONE = re.compile(
    rf"(?:번|층|호|호선|월|년|학년|주|주일|개월|등|등석|등급|위|인분|분|초|회|차|박|급|단계|미터|원)(?:{_PARTICLE}\w*)?"
)
_WEAR = re.compile(r"입(?:다|고|는|은|을|어|었|으|습|지|기|던|자|게|네|나|힌|혀|히)\w*")
_STATION = re.compile(r"역(?:이|을|은|도|에|에서|으로|까지|부터|입니다|이에요)?")
_BOUND_NOUN = re.compile(
    r"것\w*|거(?:야|예요|에요|다|니|니까|지|지요|죠|든|라|라고|래|래요|를|가|는|로|고|면|였\w*|냐|나)?|겁니\w*|건|건가요?"
    r"|건데\w*|건지\w*|걸|걸요|게|게요|수|수가|수는|수도|수를|수만|수밖에|데|데가|데도|데는|데를|데에|바|바를"
    r"|바가|바는|바에|바와|줄|줄은|줄도|줄을|줄만|줄로|듯|듯이|듯하\w*|듯한|듯해\w*|듯싶\w*|적|적이|적에|적도|적은"
    r"|적에는|지|지도|지가|지는|성싶\w*|즈음\w*"
)
_NOUN_AFTER_VERB = re.compile(
    r"(?:곳|사람|동안|정도|시간|생각|자신|계획|준비|방법|기회|도리|지경|경우|점|거리|집|돈|자리|데이트|시기"
    r"|거냐|거면|사이|길)\w*"
)
_ENDS_IN_NOUN = re.compile(
    r"(?:오늘|서울|[가-힣]?물|[^가-힣]?말|주말|한글|글|길|발|[^가-힣]?술|쌀|딸|아들|얼굴|가을|겨울|연필|교실"
    r"|지하철|호텔|메일|이메일|생일|과일|휴일|[월화수목금토일]요일|매일|내일|평일|달|별|불|풀|꿀|팔|콜|풀|골|굴|뿔"
    r"|사실|현실|화장실|거실|침실|병실|기술|예술|미술|수술|마술|비밀|시절|계절|친절|제일|종일|잘|정말|이틀|거울"
    r"|하늘|마늘|바늘|그늘|비늘|나물|건물|선물|동물|식물|음식물|괴물|보물|눈물|국물|빗물|콧물|칠|일|열)"
)
_VERB_STEMS = frozenset(
    "먹읽입받찾앉웃씻믿얻잡죽남참넘갚높깊늦맞같작적볶섞닦깎묶벗신안좁걸들물실지벌"  # stem before 을
)
_ADNOMINAL = re.compile(
    r"(?:[가-힣]*(?:할|갈|올|볼|줄|될|날|쓸|탈|낼|울|칠|릴|실|킬|질|둘|길|살|놀|팔|을|를))"
)
_VERB_IN_REUL = re.compile(
    "[가-힣]*(?:빠|다|모|부|오|고|흐|누|이|기|자|으|두|바|따|들|치|마|가|찌|지|우|구|무)를"
)
_NATIVE_COUNTER = re.compile(
    r"(?:개|시|시간|살|장|잔|병|권|번|대|달|가지|그릇|사람|송이|자루|조각|곳|군데|집|봉지|상자|접시|줄|켤레"
    rf"|다발|그루|방울|바퀴|단|근|되|배|벌|주|번째|시쯤){_PARTICLE}?\w*"
)
_SINO_COUNTER = re.compile(
    r"(?:점|주|주년|세|세기|도|등|대|단|단계|장|절|조|주차|시|주간|대일|수|자리|동|단지|시간|중대|소대|대대"
    rf"|십\w*){_PARTICLE}?\w*"
)


def _join_words(
    before: str, after: str, left: list[_Syllable], right: list[_Syllable], following: str
) -> None:
    """The sound changes between two words said in one breath, in place.

    following: the word after them, which tells 일 (one) from 일 (work).
    """
    last, first = left[-1], right[0]
    coda = neutral_coda("ㅂ" if before.endswith("밟") else last.coda)
    last.coda = coda
    if not coda:
        return
    one = after == "일" and _AFTER_ONE.fullmatch(following)
    if not one and _inserts_n(before, after, coda):  # 29, second note: 할 일 [할릴]
        first.onset = "ㄹ" if coda == "ㄹ" else "ㄴ"
        last.coda, first.onset = _junction(coda, first.onset)
        return
    if coda == "ㄹ":
        if _tenses_after_l(before, after):
            first.tense()
        elif first.onset == "ㄴ" and (len(before) == 1 or before == "큰일" or _is_numeral(before)):
            first.onset = "ㄹ"  # 20: 일 년 [일 련], 큰일 나다 [크닐 라다]
        return
    if coda not in _OBSTRUENTS:
        return
    if first.onset in ("ㅇ", "ㅎ") and len(before) > 2:
        return  # A long word is heard as a phrase of its own before a vowel or ㅎ.
    # 12 옷 한 벌 [오탄벌], 15 꽃 위 [꼬뒤], 18 밥 먹는다 [밤멍는다], 23
    last.coda, first.onset = _junction(coda, first.onset)


def _inserts_n(before: str, after: str, coda: str) -> bool:
    onset, nucleus, _ = decompose(after[0])
    if onset != "ㅇ" or nucleus not in _I_OR_Y:
        return False
    if before == "못":
        return True
    if before == "잘":
        return bool(_WEAR.fullmatch(after)) or after[0] in "읽잊익"
    if after[0] == "육" and before[-1] in "천만억조":
        return True  # 만 육천 [만 뉵천]
    if before in _TENS:
        return after.startswith(("여섯", "여덟", "여덜"))
    if after in ("엿", "엿을", "엿이", "엿은"):
        return True
    if _WORK.fullmatch(after):
        return coda in "ㄴㄹ" and not _is_numeral(before)
    if _WEAR.fullmatch(after) or after[0] == "읽":
        return coda in _OBSTRUENTS
    if after.startswith("요일"):
        return before in ("무슨", "어느", "어떤")
    if after.startswith("요리"):
        return coda in "ㄱㄴ" and before[-1] not in "은는"
    return bool(_STATION.fullmatch(after)) and before[-1] not in "은는을를할한"


def _is_numeral(word: str) -> bool:
    return all(ch in _NUMERALS for ch in word) or word in _TENS


def _tenses_after_l(before: str, after: str) -> bool:
    """27: after the adnominal -(으)ㄹ (할 것을 [할꺼슬]); also numerals in ㄹ before counters."""
    if before.endswith("여덟") or (before.endswith("열") and before[:-1] in ("", "쉰")):
        return bool(_NATIVE_COUNTER.fullmatch(after))
    if before[-1] in "일칠팔" and _is_numeral(before):
        return bool(_SINO_COUNTER.fullmatch(after))  # 26
    if _ENDS_IN_NOUN.fullmatch(before):
        return False
    if _BOUND_NOUN.fullmatch(after):
        return before[-1] != "를" or bool(_VERB_IN_REUL.fullmatch(before))
    if not _NOUN_AFTER_VERB.fullmatch(after) or not _ADNOMINAL.fullmatch(before):
        return False
    if before[-1] == "를":
        return False
    if before[-1] != "을":
        return True
    return len(before) > 1 and (
        before[-2] in _VERB_STEMS
        or decompose(before[-2])[2] in ("ㅆ", "ㄶ", "ㅀ", "ㄵ", "ㅎ", "ㅄ")
    )


# --- inside a word: what only a dictionary knows ------------------------------------------


@dataclass(frozen=True)
class _Exceptions:
    """The rows of korean_exceptions.tsv, by where they apply."""

    anywhere: re.Pattern[str]
    at_start: re.Pattern[str]
    whole: re.Pattern[str]
    respelling: dict[str, str]
    verbs: re.Pattern[str]
    not_endings: dict[str, tuple[str, ...]]
    sai_siot: frozenset[str]


def _rows() -> Iterator[list[str]]:
    source = resources.files("pronounce_kiosk.language.korean") / "data" / "korean_exceptions.tsv"
    for line in source.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield (line.split("\t") + [""] * 5)[:5]


@cache
def _exceptions() -> _Exceptions:
    words: dict[str, list[str]] = {"any": [], "start": [], "word": [], "verb": [], "saisiot": []}
    respelling: dict[str, str] = {}
    not_endings: dict[str, tuple[str, ...]] = {}
    for written, respelled, where, _rule, note in _rows():
        words[where].append(written)
        if where == "verb":
            not_endings[written] = tuple(note.removeprefix("not ").split())
        elif where != "saisiot":
            respelling[written] = respelled

    def longest_first(where: str) -> str:
        return "|".join(sorted(words[where], key=len, reverse=True))

    return _Exceptions(
        anywhere=re.compile(longest_first("any")),
        at_start=re.compile(longest_first("start")),
        whole=re.compile(f"({longest_first('word')})(?={_PARTICLE}|$)"),
        respelling=respelling,
        verbs=re.compile(f"({longest_first('verb')})(?=({_ENDINGS_24}))"),
        not_endings=not_endings,
        sai_siot=frozenset(words["saisiot"]),
    )


# 24: endings that are tensed after a verb stem in ㄴ or ㅁ. -기- (남기다) is a suffix, not one.
_ENDINGS_24 = (
    "다$|다가|다고|다는|다면|다니|고$|고서|고는|고도|고요|고나|고자|지|게|자$|자마자|거나|거든|거라|거니|더|던|든|도록|습니|습디|소$|기$|기[가를도에만]$"
    "|기는커녕|기로|기만|기때문|기위|질|잖|죠$"
)

# 27, note: endings that begin with -ㄹ.
_L_ENDINGS = re.compile(
    r"(?<=[가-힣])(?P<tensed>수록|지라도|지언정|진대|세라|걸요?$|게요$|게$|지도$|지$|지는$|지요$)"
)
_NOT_L_ENDING = frozenset("길멀달둥글힘들가늘거칠서툴잘살알놀울열팔밀불만들걸돌풀말날얼절썰털틀빌")


# The suffix -법 (way of doing) of a word of three syllables or more; 방법 and 마법 are words.
_METHOD = re.compile(rf"(?<=[가-힣][가-힣])(?<![방마])법(?={_PARTICLE}|$)")


def _respelled(word: str, before: str, after: str) -> str:
    """``word`` with the changes no rule predicts written into it; the length never changes."""
    table = _exceptions()
    said = _tense_verb_endings(word, before, after, table)
    if match := table.whole.match(said):
        said = table.respelling[match[1]] + said[match.end(1) :]
    elif match := table.at_start.match(said):
        said = table.respelling[match[0]] + said[match.end() :]
    said = table.anywhere.sub(lambda m: table.respelling[m[0]], said)
    said = _METHOD.sub("뻡", said)
    said = _tense_after_l_ending(said)
    return _drop_sai_siot(said, table)


def _tense_verb_endings(word: str, before: str, after: str, table: _Exceptions) -> str:
    """24: 신고 [신꼬], 닮지 [담찌]. Homographs (신고, 참고) are told apart by the object before."""
    match = table.verbs.match(word)
    if not match:
        return word
    stem, ending = match[1], match[2]
    if ending.startswith(table.not_endings[stem]) and table.not_endings[stem]:
        return word
    homograph = word.startswith(("신고", "참고"))
    if homograph and not before.endswith(("을", "를")) and not after.startswith("있"):
        return word
    return stem + tense(word[len(stem)]) + word[len(stem) + 1 :]


def _tense_after_l_ending(word: str) -> str:
    match = _L_ENDINGS.search(word)
    if not match:
        return word
    at = match.start()
    if decompose(word[at - 1])[2] != "ㄹ" or word[at - 1] == "를":
        return word
    ending = match["tensed"]
    if ending.startswith("지") and not (
        ending in ("지라도", "지언정")
        or word[at - 1] in "할될올갈볼줄쓸"
        or (word[at - 1] == "을" and at > 1)
    ):
        return word
    if ending == "게" and word[at - 1] in _NOT_L_ENDING:
        return word
    return word[:at] + tense(word[at]) + word[at + 1 :]


def _drop_sai_siot(word: str, table: _Exceptions) -> str:
    """30.1: 냇가 [내까]: the ㅅ between two parts of a compound tenses and is not itself heard."""
    out = list(word)
    for index in range(len(word) - 1):
        onset, nucleus, coda = decompose(out[index])
        if coda != "ㅅ" or decompose(word[index + 1])[0] not in TENSE:
            continue
        if word[index] in table.sai_siot or word[max(0, index - 1) : index + 1] in table.sai_siot:
            out[index] = compose(onset, nucleus)
            out[index + 1] = tense(word[index + 1])
    return "".join(out)
