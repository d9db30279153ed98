"""Korean as it is said: the standard pronunciation (표준발음법) of a written text.

`standard_pronunciation` is what references are spoken from, what phones are named after and what
a learner is shown. The regular sound changes between two syllables come from the junction table
of the `ko-pron` library. This module adds what needs more than two syllables: words that only a
dictionary knows (`lexicon`), verb stems against nouns (`grammar`), and the rules that reach across
a space when two words are said in one breath. Numbers in comments are the articles (항) of the
standard.

Where the standard allows two pronunciations, the one it calls the principle is given (의 stays
[의], 시계 [시계], 냇가 [내까]) and `allowed` gives both; but for three, which nearly every native
speaker says the second way: 맛있다 [마싣따], 멋있다 [머싣따], 김밥 [김빱]. Vowel length is not
shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pronounce_kiosk.language.korean import grammar
from pronounce_kiosk.language.korean.jamo import (
    CODAS,
    ONSETS,
    TENSE,
    compose,
    decompose,
    is_hangul_syllable,
    neutral_coda,
    tense,
)
from pronounce_kiosk.language.korean.lexicon import NOUN_ENDS, Entry, lexicon, pattern
from pronounce_kiosk.language.korean.numbers import spell_out

_OBSTRUENTS = frozenset("ㄱㄷㅂ")
_I_OR_Y = frozenset("ㅣㅑㅕㅛㅠㅒㅖ")
_BREATH_GROUP = re.compile(r"[가-힣]+(?:[ \t\u00a0]+[가-힣]+)*")


def standard_pronunciation(text: str) -> str:
    """Write ``text`` as it is said, in Hangul.

    Numbers, abbreviations and common symbols are spelled out first (`spell_out`); from there on
    there is exactly one syllable out for each syllable in. Spaces and punctuation stay.
    Punctuation ends a breath group: no sound change reaches across it. Text that is not Korean
    and lone jamo without a reading are unchanged. Never raises.
    """
    return _pronounced(spell_out(unicodedata.normalize("NFC", text)), principle=True)


def allowed(text: str) -> list[tuple[str, ...]]:
    """List the pronunciations that the standard accepts for each spoken syllable of ``text``.

    Returns:
        For each syllable of `standard_pronunciation` its accepted syllable blocks: first the
        principle, then what is allowed beside it (고춧가루: [고추까루], also [고춛까루]).
    """
    spelled = spell_out(unicodedata.normalize("NFC", text))
    principle = _pronounced(spelled, principle=True)
    beside = _pronounced(spelled, principle=False)
    result = []
    for index, (first, second) in enumerate(zip(principle, beside, strict=True)):
        if is_hangul_syllable(first):
            vowels = _allowed_vowels(spelled, principle, index)
            result.append(tuple(dict.fromkeys((first, second, *vowels))))
    return result


def homographs(text: str) -> list[Entry]:
    """List the words of ``text`` that are said in two ways, which no rule can choose between."""
    rows = lexicon().by_place["homograph"]
    return [
        row
        for word in re.findall("[가-힣]+", unicodedata.normalize("NFC", text))
        for end in range(len(word), 1, -1)
        if (row := rows.get(word[:end])) and grammar.is_ending(word[end:])
    ]


def _allowed_vowels(written: str, said: str, index: int) -> list[str]:
    """5: ㅖ as ㅔ, 의 inside a word as 이, the particle 의 as 에; 22: 되어 as 되여."""
    onset, nucleus, coda = decompose(said[index])
    previous = written[index - 1] if index else " "
    if nucleus == "ㅖ" and onset not in "ㅇㄹ":
        return [compose(onset, "ㅔ", coda)]
    if nucleus == "ㅢ" and is_hangul_syllable(previous):
        is_last = index + 1 == len(written) or not is_hangul_syllable(written[index + 1])
        return [compose(onset, vowel, coda) for vowel in ("ㅣㅔ" if is_last else "ㅣ")]
    glide = {"어": "여", "오": "요"}.get(written[index])
    if glide and previous in ("되", "피", "이", "니") and onset == "ㅇ":
        return [compose("ㅇ", decompose(glide)[1], coda)]
    return []


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


def _pronounced(spelled: str, *, principle: bool) -> str:
    return _BREATH_GROUP.sub(lambda match: _breath_group(match[0], principle), spelled)


def _breath_group(group: str, principle: bool) -> str:
    """Hangul words with spaces between, as said."""
    parts = re.split(r"([ \t\u00a0]+)", group)
    words = parts[::2]
    around = ["", *words, "", ""]
    said: list[list[_Syllable]] = []
    for index, word in enumerate(words):
        respelled = _respelled(word, around[index], around[index + 2], principle)
        said.append([_Syllable.of(ch) for ch in respelled])
        _join_inside(said[-1], word)
    for index in range(len(words) - 1):
        before, word, after, following = around[index : index + 4]
        _join_words(before, word, after, following, said[index], said[index + 1])
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
    for index, (syllable, following) in enumerate(pairwise(syllables)):
        _palatalise(syllable, following)
        _special_clusters(syllable, following, written[index])
        syllable.coda, following.onset = _junction(syllable.coda, following.onset)


def _palatalise(syllable: _Syllable, following: _Syllable) -> None:
    """17: ㄷ, ㅌ, ㄾ before 이 or 히, also contracted (붙여, 닫혔다)."""
    contracted = following.nucleus == "ㅕ" and following.coda in ("", "ㅆ")
    if following.nucleus != "ㅣ" and not contracted:
        return
    if following.onset == "ㅇ":
        syllable.coda = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}.get(syllable.coda, syllable.coda)
        if syllable.coda == "ㄾ":
            syllable.coda, following.onset = "ㄹ", "ㅊ"
    elif following.onset == "ㅎ" and syllable.coda == "ㄷ":
        syllable.coda, following.onset = "", "ㅊ"


_NOUNS_IN_LG = frozenset("닭탉흙칡삵슭")
"""Nouns keep [ㄱ] before ㄱ (닭과 [닥꽈]); only verb stems have [ㄹ] there (읽고 [일꼬])."""


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


@cache
def _junction(coda: str, onset: str) -> tuple[str, str]:
    """What a coda and the onset after it become."""
    if not coda:
        return "", onset
    if coda == "ㄻ" and onset not in ("ㅇ", "ㄹ"):
        # The library tenses some onsets here; only verb stems do (24), and the lexicon names them.
        return "ㅁ", onset
    from ko_pron.data import boundary

    key = f"{chr(0x11A7 + CODAS.index(coda))}-{chr(0x1100 + ONSETS.index(onset))}"
    junction = boundary[key][0]
    new_coda = "".join(CODAS[ord(ch) - 0x11A7] for ch in junction if ord(ch) >= 0x11A8)
    new_onset = "".join(ONSETS[ord(ch) - 0x1100] for ch in junction if ord(ch) < 0x1160)
    return new_coda, new_onset


# --- across a space -----------------------------------------------------------------------


def _join_words(
    before: str,
    word: str,
    after: str,
    following: str,
    left: list[_Syllable],
    right: list[_Syllable],
) -> None:
    """The sound changes between ``word`` and ``after`` said in one breath, in place."""
    last, first = left[-1], right[0]
    coda = last.coda = neutral_coda("ㅂ" if word.endswith("밟") else last.coda)
    if not coda:
        return
    if grammar.is_numeral(word) and after == "점" and grammar.is_numeral(following):
        first.tense()  # 영 점 오 [영 쩜 오]
    if grammar.is_numeral(word) and after.startswith("원") and coda != "ㅇ":
        last.coda, first.onset = "", coda  # 천 원 [처 눤]
        return
    counted = after == "일" and pattern(r"<one>(?:<particle>\w*)?").fullmatch(following)
    if not counted and _inserts_n(word, after, coda):  # 29, second note: 할 일 [할릴]
        last.coda, first.onset = _junction(coda, "ㄹ" if coda == "ㄹ" else "ㄴ")
    elif coda == "ㄹ":
        if grammar.tenses_after_l(before, word, after):
            first.tense()
        elif first.onset == "ㄴ" and (len(word) == 1 or word == "큰일" or grammar.is_numeral(word)):
            first.onset = "ㄹ"  # 20: 일 년 [일 련], 큰일 나다 [크닐 라다]
    elif coda in _OBSTRUENTS and not (first.onset in ("ㅇ", "ㅎ") and len(word) > 2):
        # 12 옷 한 벌 [오탄벌], 15 꽃 위 [꼬뒤], 18 밥 먹는다 [밤멍는다], 23. A long word is heard
        # as a phrase of its own before a vowel or ㅎ.
        last.coda, first.onset = _junction(coda, first.onset)


def _inserts_n(word: str, after: str, coda: str) -> bool:
    onset, nucleus, _ = decompose(after[0])
    if onset != "ㅇ" or nucleus not in _I_OR_Y:
        return False
    if word == "못":
        return True
    if word == "잘":
        return bool(pattern(r"입<wear>\w*").fullmatch(after)) or after[0] in "읽잊익"
    if after[0] == "육" and word[-1] in "천만억조":
        return True  # 만 육천 [만 뉵천]
    if pattern("<tens>").fullmatch(word):
        return after.startswith(("여섯", "여덟", "여덜"))
    if after in ("엿", "엿을", "엿이", "엿은", "연대") and (
        after[0] == "엿" or grammar.is_numeral(word)
    ):
        return True  # 먹을 엿 [머글 렷], 일 연대 [일 련대]
    if pattern("일<work>?").fullmatch(after):
        return coda in "ㄴㄹ" and not grammar.is_numeral(word)
    if pattern(r"입<wear>\w*").fullmatch(after) or after[0] == "읽":
        return coda in _OBSTRUENTS
    if after.startswith("요일"):
        return word in ("무슨", "어느", "어떤")
    if after.startswith("요리"):
        return coda in "ㄱㄴ" and word[-1] not in "은는"
    return bool(pattern("역<station>?").fullmatch(after)) and word[-1] not in "은는을를할한"


# --- inside a word: what only a dictionary knows ------------------------------------------

_SINO_L_FIRST = frozenset("결괄궐멸발실절질찰철촬출칠탈필할혈월율")
"""26: syllables that begin Sino-Korean words nearly always: ㄷ ㅅ ㅈ after is tensed."""
_SINO_L_LAST = frozenset(
    "갈걸결굴달렬률멸몰밀발벌별살설솔술실열월율일절졸질찰철촬출칠탈팔필할혈홀활"
)
_SINO_SUFFIXES = frozenset("자적성증점장사서소제대단실집전절종죄직진선상술세색생조부")
_PARTICLE_IN_D = re.compile("도|들|조차|다|지|든|씩|쯤|죠|싶")


def _respelled(word: str, before: str, after: str, principle: bool) -> str:
    """``word`` with the changes no rule predicts written into it; the length never changes."""
    out = list(word)
    free = [True] * len(word)
    if at := grammar.tensed_ending(word, before, after):  # 24: 신고 [신꼬], 닮지 [담찌]
        out[at] = tense(word[at])
        free[: at + 1] = [False] * (at + 1)
    else:
        _apply_words(word, before, after, out, free, principle)
    _apply_noun_end(word, out, free, principle)
    _tense_sino_korean(word, out, free)
    if at := grammar.tensed_after_l(word, before, after):  # 27: 할게 [할께]
        out[at] = tense(word[at])
    for index in range(len(word) - 1):
        if word[index + 1] == "없" and free[index]:  # 15: 버릇없다 [버르덥따]
            onset, nucleus, coda = decompose(out[index])
            out[index] = compose(onset, nucleus, neutral_coda(coda))
    if principle:
        _drop_sai_siot(word, out, free)
    return "".join(out)


def _apply_words(
    word: str, before: str, after: str, out: list[str], free: list[bool], principle: bool
) -> None:
    """Write the lexicon's rows that match into ``out``; what they touch is free no more."""
    words = lexicon()
    at = 0
    while at < len(word):
        row = words.starting(word, at, "any")
        if at == 0:
            start = words.starting(word, 0, "start")
            if start and (not row or len(start.written) >= len(row.written)):
                row = start
            row = _whole_word(word, before, after) or row
        if row is None:
            at += 1
            continue
        at = _apply(row, at, out, free, principle)


def _whole_word(word: str, before: str, after: str) -> Entry | None:
    row = next(
        (
            row
            for end in range(len(word), 1, -1)
            if (row := lexicon().by_place["word"].get(word[:end])) and grammar.is_ending(word[end:])
        ),
        None,
    )
    return None if row and grammar.is_counted_noun(row.written, before, after) else row


def _apply(row: Entry, at: int, out: list[str], free: list[bool], principle: bool) -> int:
    respelled = row.respelled[0] if principle else row.respelled[-1]
    end = at + len(row.written)
    out[at:end] = respelled
    free[at:end] = [False] * len(row.written)
    return end


def _apply_noun_end(word: str, out: list[str], free: list[bool], principle: bool) -> None:
    """Write the row of a noun's end (위험-성, 여행-길) into ``out``, particles left alone."""
    for end in range(len(word), 1, -1):
        if not grammar.is_ending(word[end:]):
            continue
        found = [lexicon().ending(word[:end], place) for place in NOUN_ENDS]
        rows = sorted((row for row in found if row), key=lambda row: -len(row.written))
        if not rows:
            continue
        at = end - len(rows[0].written)
        if all(free[at:end]) and _fits(rows[0], word, at):
            _apply(rows[0], at, out, free, principle)
            return


def _fits(row: Entry, word: str, at: int) -> bool:
    if at < (2 if len(row.written) == 1 and row.where != "end-sonorant" else 0):
        return False
    coda = neutral_coda(decompose(word[at - 1])[2]) if at else ""
    match row.where:
        case "end-open":
            return not coda
        case "end-coda":
            return bool(coda)
        case "end-sonorant":
            return coda in tuple("ㄴㄹㅁㅇ")
    return True


def _tense_sino_korean(word: str, out: list[str], free: list[bool]) -> None:
    """26: ㄷ, ㅅ, ㅈ after the ㄹ of a Sino-Korean word (결재, 건설사)."""
    for index in range(len(word) - 1):
        onset, _, _ = decompose(word[index + 1])
        if not free[index + 1] or onset not in "ㄷㅅㅈ" or _PARTICLE_IN_D.match(word, index + 1):
            continue
        if index and word[: index + 1] in lexicon().adnominals:
            continue  # 매달자: a verb
        first = index == 0 and word[0] in _SINO_L_FIRST
        last = (
            index > 0
            and word[index] in _SINO_L_LAST
            and word[index + 1] in _SINO_SUFFIXES
            and grammar.is_ending(word[index + 2 :])
        )
        if first or last:
            out[index + 1] = tense(out[index + 1])


def _drop_sai_siot(word: str, out: list[str], free: list[bool]) -> None:
    """30.1: 냇가 [내까]: the ㅅ between two parts of a compound tenses and is not itself heard."""
    for index in range(len(word) - 1):
        onset, nucleus, coda = decompose(out[index])
        if coda != "ㅅ" or decompose(word[index + 1])[0] not in TENSE or not free[index]:
            continue
        if _is_sai_siot(word[: index + 1], word[index + 1 :]):
            out[index] = compose(onset, nucleus)
            out[index + 1] = tense(out[index + 1])


def _is_sai_siot(head: str, rest: str) -> bool:
    """Whether the ㅅ that ends ``head`` joins two nouns: not that of a stem (씻고) or noun (옷)."""
    yes, no = lexicon().ending(head, "siot"), lexicon().ending(head, "no-siot")
    if yes and (not no or len(yes.written) > len(no.written)):
        return True
    return not no and len(head) > 1 and not rest.startswith(("거리", "대다", "하"))
