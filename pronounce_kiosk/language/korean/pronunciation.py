"""Derive the standard pronunciation (표준발음법) of a written Korean text.

The regular sound changes between two syllables come from the junction table of the `ko-pron`
library; this module adds those that need more context. Numbers in comments are the articles (항) of
the standard. Where it allows two pronunciations, the principle is given (의 stays [의], 냇가
[내까]) and `allowed` gives both. Three exceptions, which nearly every native speaker pronounces the
second way: 맛있다 [마싣따], 멋있다 [머싣따], 김밥 [김빱]. Vowel length is not shown.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pronounce_kiosk.language.korean import grammar, lexicon
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
from pronounce_kiosk.language.korean.lexicon import Entry, pattern, table
from pronounce_kiosk.language.korean.numbers import spell_out

_CONSONANTS = "".join({*ONSETS, *CODAS})
_BREATH_GROUP = re.compile(r"[가-힣]+(?:[ \t\u00a0]+[가-힣]+)*")


def standard_pronunciation(text: str) -> str:
    """Write the pronunciation of ``text`` in Hangul, a syllable for each of `spell_out`.

    Never raises. Spaces and punctuation stay; no sound change crosses punctuation. Text that is not
    Korean and lone jamo without a reading are unchanged.
    """
    return _pronounced(spell_out(unicodedata.normalize("NFC", text)), principle=True)


def allowed(text: str) -> list[tuple[str, ...]]:
    """List the syllables that the standard accepts for each of `standard_pronunciation`.

    The principle is first, then the alternatives: 고춧가루 [고추까루], also [고춛까루].
    """
    spelled = spell_out(unicodedata.normalize("NFC", text))
    principle = _pronounced(spelled, principle=True)
    beside = _pronounced(spelled, principle=False)
    return [
        tuple(dict.fromkeys((first, second, *_allowed_vowels(spelled, index, first))))
        for index, (first, second) in enumerate(zip(principle, beside, strict=True))
        if is_hangul_syllable(first)
    ]


def homographs(text: str) -> list[Entry]:
    """List the words of ``text`` with two pronunciations, which no rule can choose between."""
    words = re.findall("[가-힣]+", unicodedata.normalize("NFC", text))
    nouns = (noun for word in words for noun in grammar.possible_nouns(word))
    return [row for noun in nouns if (row := lexicon.entries("homograph").get(noun))]


def _allowed_vowels(written: str, index: int, said: str) -> list[str]:
    onset, nucleus, coda = decompose(said)
    around = f"{written[index - 1] if index else ' '}_{written[index : index + 2]}"
    for row in table("allowed_vowels"):
        fits = re.fullmatch(row["said"], onset + nucleus + coda)
        if fits and re.fullmatch(row["written"], around, re.DOTALL):
            return [compose(onset, vowel, coda) for vowel in row["allowed"]]
    return []


def _pronounced(spelled: str, *, principle: bool) -> str:
    return _BREATH_GROUP.sub(lambda match: _breath_group(match[0], principle), spelled)


def _breath_group(group: str, principle: bool) -> str:
    """Pronounce Hangul words separated by spaces."""
    parts = re.split(r"([ \t\u00a0]+)", group)
    words = parts[::2]
    around = ["", *words, "", ""]
    said = [
        _joined_inside(_respelled(word, before, after, principle))
        for before, word, after in zip(around, words, around[2:], strict=False)
    ]
    for index, jamo in enumerate(said):
        body = jamo.rstrip(_CONSONANTS)
        coda = neutral_coda(jamo[len(body) :])
        if index + 1 < len(words):
            right = said[index + 1]
            coda, onset = _across_space(around[index : index + 4], coda, right[0])
            said[index + 1] = onset + right[1:]
        said[index] = said[index][0] + body[1:] + coda
    parts[::2] = [
        "".join(compose(jamo[0], jamo[1], jamo[2:]) for jamo in word.split("-")) for word in said
    ]
    return "".join(parts)


def _joined_inside(word: str) -> str:
    """Return the jamo of a word after the sound changes inside it; the last coda as spelled."""
    jamo = "-".join("".join(decompose(ch)) for ch in word)
    for rule in table("sound_rules"):
        jamo = pattern(rule["written"]).sub(rule["said"], jamo)
    return re.sub("([ㄱ-ㅎ]?)-([ㄱ-ㅎ])", lambda pair: "-".join(_junction(pair[1], pair[2])), jamo)


@cache
def _junction(coda: str, onset: str) -> tuple[str, str]:
    """Apply the sound change between a coda and the onset after it."""
    if not coda:
        return "", onset
    from ko_pron.data import boundary

    key = f"{chr(0x11A7 + CODAS.index(coda))}-{chr(0x1100 + ONSETS.index(onset))}"
    junction = boundary[key][0]
    new_coda = "".join(CODAS[ord(ch) - 0x11A7] for ch in junction if ord(ch) >= 0x11A8)
    new_onset = "".join(ONSETS[ord(ch) - 0x1100] for ch in junction if ord(ch) < 0x1160)
    return new_coda, new_onset


def _across_space(around: Sequence[str], coda: str, onset: str) -> tuple[str, str]:
    """Join a word's neutralised coda to the next onset; ``around`` begins a word before."""
    before, word, after, following = around
    is_numeral = pattern("<numeral>").fullmatch
    is_number = is_numeral(word)
    is_phrase = len(word) > 2 or pattern("<said-apart>").fullmatch(f"{word} {after}")
    if is_number and after == "점" and is_numeral(following):
        onset = TENSE[onset]  # 영 점 오 [영 쩜 오], 이 점 오 [이 쩜 오]
    if is_number and after.startswith("원") and coda not in ("", "ㅇ"):
        return "", coda  # 천 원 [처 눤]
    counted = after == "일" and pattern(r"<one>(?:<particle>\w*)?").fullmatch(following)
    if not counted and _inserts_n(word, after, coda):
        return _junction(coda, "ㄹ" if coda == "ㄹ" else "ㄴ")
    if coda == "ㄹ":
        if grammar.tenses_after_l(before, word, after, following):
            onset = TENSE.get(onset, onset)
        elif onset == "ㄴ" and (len(word) == 1 or word == "큰일" or is_number):
            onset = "ㄹ"  # 20: 일 년 [일 련], 큰일 나다 [크닐 라다]
    elif coda in "ㄱㄷㅂ" and not (is_phrase and onset in "ㅇㅎ"):
        # 12 옷 한 벌 [오탄벌], 15 꽃 위 [꼬뒤], 18 밥 먹는다 [밤멍는다], 23. A long word
        # and one before a number are pronounced as phrases of their own before a vowel or ㅎ.
        return _junction(coda, onset)
    return coda, onset


def _inserts_n(word: str, after: str, coda: str) -> bool:
    texts = {"before": word, "coda": coda, "after": after}
    for row in table("inserted_n"):
        if all(pattern(row[column]).fullmatch(text) for column, text in texts.items()):
            return row["inserted"] == "yes"
    return False


@dataclass
class _Spelling:
    """A word while it is respelled.

    fixed: the indices of the syllables decided by a table; no rule changes them.
    """

    word: str
    principle: bool
    out: list[str]
    fixed: set[int] = field(default_factory=set)

    def write(self, row: Entry, at: int) -> int:
        """Write a row at an index; return the index after it."""
        end = at + len(row.written)
        self.out[at:end] = row.respelled[0 if self.principle else -1]
        self.fixed.update(range(at, end))
        return end

    def tense(self, at: int) -> None:
        self.out[at] = tense(self.out[at])


def _respelled(word: str, before: str, after: str, principle: bool) -> str:
    """Apply to ``word`` the changes that no rule predicts; the length never changes."""
    spelling = _Spelling(word, principle, list(word))
    if at := grammar.tensed_ending(word, before, after):  # 24: 신고 [신꼬], 닮지 [담찌]
        spelling.tense(at)
        spelling.fixed.update(range(at + 1))
    else:
        _apply_words(spelling, before, after)
    _apply_noun_end(spelling)
    _tense_sino_korean(spelling)
    if at := grammar.tensed_after_l(word, before, after):  # 27: 할게 [할께]
        spelling.out[at] = tense(word[at])
    if principle:
        _drop_sai_siot(spelling)
    return "".join(spelling.out)


def _apply_words(spelling: _Spelling, before: str, after: str) -> None:
    """Apply the matching rows of the lexicon."""
    word, at = spelling.word, 0
    while at < len(word):
        row = _longest([lexicon.starting(word, at, place) for place in ("start", "any")[at > 0 :]])
        if at == 0:
            whole = _longest(lexicon.entries("word").get(n) for n in grammar.possible_nouns(word))
            if whole and not grammar.is_another_word(whole.written, before, after):
                row = _longest([whole, row])
            row = lexicon.entries("before-noun").get(word, row) if after else row
        at = spelling.write(row, at) if row else at + 1


def _longest(rows: Iterable[Entry | None]) -> Entry | None:
    found = sorted((row for row in rows if row), key=lambda row: -len(row.written))
    return found[0] if found else None


def _apply_noun_end(spelling: _Spelling) -> None:
    """Apply the row of a noun's end (위험-성, 여행-길), particles left alone."""
    for noun in grammar.possible_nouns(spelling.word):
        rows = (lexicon.ending(noun, place) for place in lexicon.NOUN_ENDS)
        row = _longest(row for row in rows if row and _fits(row, noun))
        at = len(noun) - len(row.written) if row else 0
        if row and spelling.fixed.isdisjoint(range(at, len(noun))):
            spelling.write(row, at)
            return


def _fits(row: Entry, word: str) -> bool:
    at = len(word) - len(row.written)
    if at < (2 if len(row.written) == 1 and row.where != "end-sonorant" else 0):
        return False
    coda = neutral_coda(decompose(word[at - 1])[2]) if at else ""
    fits = {"end-open": not coda, "end-coda": coda, "end-sonorant": coda in tuple("ㄴㄹㅁㅇ")}
    return bool(fits.get(row.where, True))


def _tense_sino_korean(spelling: _Spelling) -> None:
    """Tense ㄷ, ㅅ, ㅈ after the ㄹ of a Sino-Korean word (26: 결재, 건설사)."""
    word = spelling.word
    tensed = pattern("<sino-first> [다-딯사-싷자-짛].*|.+<sino-last> <sino-suffix><particles>")
    for at in range(1, len(word)):
        is_verb = at > 1 and lexicon.adnominals().get(word[:at], "noun") != "noun"  # 매달자
        if at in spelling.fixed or is_verb or pattern("<stem-d>").match(word, at):
            continue
        if tensed.fullmatch(f"{word[:at]} {word[at:]}"):
            spelling.tense(at)


def _drop_sai_siot(spelling: _Spelling) -> None:
    """Drop the ㅅ between two parts of a compound, tensing the next onset (30.1: 냇가 [내까])."""
    word = spelling.word
    for at in range(1, len(word)):
        onset, nucleus, coda = decompose(spelling.out[at - 1])
        can_drop = coda == "ㅅ" and decompose(word[at])[0] in TENSE and at - 1 not in spelling.fixed
        if can_drop and _is_sai_siot(word[:at], word[at:]):
            spelling.out[at - 1] = compose(onset, nucleus)
            spelling.tense(at)


def _is_sai_siot(head: str, rest: str) -> bool:
    """Tell whether the ㅅ that ends ``head`` joins two nouns, unlike that of 씻고 or 옷."""
    yes, no = lexicon.ending(head, "siot"), lexicon.ending(head, "no-siot")
    if no:
        return yes is not None and len(yes.written) > len(no.written)
    return yes is not None or (len(head) > 1 and not rest.startswith((head, "거리", "대다", "하")))
