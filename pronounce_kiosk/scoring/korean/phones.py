"""The phones of a Korean sentence, with what else is accepted in their place and what is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean import jamo
from pronounce_kiosk.language.korean.jamo import CODA_PHONES, NUCLEI
from pronounce_kiosk.language.korean.pronunciation import allowed
from pronounce_kiosk.language.units import split_units, word_numbers
from pronounce_kiosk.scoring.acoustic.korean import COLUMN

MERGED = (("ㅐ", "ㅔ"), ("ㅒ", "ㅖ"), ("ㅙ", "ㅚ", "ㅞ"))
"""Vowels that today's speech no longer tells apart: each stands for the others."""

_CONFUSABLE = (
    "ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ",  # lax, tense, aspirated
    "ㅈㅅ", "ㅉㅆ", "ㅊㅅ", "ㄷㅈ", "ㅌㅊ", "ㄸㅉ", "ㅅㅌ", "ㅎㅍ", "ㅎㅋ",  # manner
    "ㄴㄹ", "ㄴㅁ", "ㄹㄷ", "ㅂㅁ", "ㄷㄴ",  # sonorants
    "ㅓㅗ", "ㅡㅜ", "ㅏㅓ", "ㅗㅜ", "ㅕㅛ", "ㅣㅟ", "ㅡㅣ", "ㅓㅡ",  # vowels
    "ㅐㅓ", "ㅔㅣ",
    "ㅕㅓ", "ㅑㅏ", "ㅛㅗ", "ㅠㅜ", "ㅑㅕ", "ㅠㅛ", "ㅖㅔ", "ㅒㅐ", "ㅖㅕ",  # y-glides
    "ㅘㅏ", "ㅝㅓ", "ㅘㅗ", "ㅝㅜ", "ㅢㅡ", "ㅢㅣ", "ㅢㅔ", "ㅟㅜ",  # w-glides
    "ㅚㅗ", "ㅚㅔ", "ㅘㅝ",
)  # fmt: skip
"""Sounds that learners say for one another; codas are all confusable. Against these a phone is
weighed fully: that the network hears another one is often a boundary that lies a frame off."""

REACH_PHONES = 3
"""A phone this many places away may be heard in another's frames where a boundary lies off."""

_ASSIMILATED = {
    ("ㄴ_", "ㄱㄲㅋ"): "ㅇ_", ("ㅁ_", "ㄱㄲㅋ"): "ㅇ_",
    ("ㄷ_", "ㄱㄲㅋ"): "ㄱ_", ("ㅂ_", "ㄱㄲㅋ"): "ㄱ_",
    ("ㄴ_", "ㅂㅃㅍㅁ"): "ㅁ_", ("ㄷ_", "ㅂㅃㅍㅁ"): "ㅂ_",
    ("ㄴ_", "ㅎ"): "ㄴ", ("ㅁ_", "ㅎ"): "ㅁ", ("ㄹ_", "ㅎ"): "ㄹ",
}  # fmt: skip
"""A coda in the place of the onset after it (한국 [항국]): not the standard, but how natives speak.
It is neither marked nor called right. Before ㅎ, which hardly sounds there, a coda begins the next
syllable (전화 [저놔])."""

_BLENDS = {
    "ㄱ_": "ㄱㄲㅋ", "ㄷ_": "ㄷㄸㅌㅈㅉㅊㅅㅆ", "ㅂ_": "ㅂㅃㅍ", "ㄴ_": "ㄴㄹㄷ", "ㄹ_": "ㄹㄴ",
    "ㅁ_": "ㅁㅂ", "ㅇ_": "ㄱㄲㅁㄴㅎ",
}  # fmt: skip
"""Onsets whose beginning sounds like the coda: before them no added coda is looked for."""


@dataclass(frozen=True)
class KoreanPhone:
    """One phone of a sentence; sets of phones are columns of the acoustic model.

    name: as the standard pronunciation has it, codas with an underscore. unit, word: the places of
    its unit and its word in the sentence. accepted: what may be said, the name's first. tolerated:
    assimilated forms, neither right nor wrong. rivals: what learners say in its place. distant: all
    other phones but those around it, whose sound may reach into its frames; none for codas.
    contrast: what the sentence's lesson teaches to tell it from. optional: whether an allowed
    pronunciation does without it; of a nucleus, whether one adds a coda to it.
    """

    name: str
    unit: int
    word: int
    accepted: tuple[int, ...]
    tolerated: tuple[int, ...] = ()
    rivals: tuple[int, ...] = ()
    distant: tuple[int, ...] = ()
    optional: bool = False
    contrast: tuple[int, ...] = ()

    @property
    def is_vowel(self) -> bool:
        """Whether it is a nucleus."""
        return self.name in NUCLEI

    @property
    def is_coda(self) -> bool:
        """Whether it closes a syllable."""
        return self.name in CODA_PHONES


Phones = Sequence[KoreanPhone]
"""Of a sentence, or a part of one, in the order they are said."""


def sentence_phones(sentence: Sentence) -> tuple[KoreanPhone, ...]:
    """List the phones of a sentence in the order they are said; empty where nothing is said."""
    units = split_units(sentence.text, "ko", sentence.pronunciation)
    alternatives = allowed(sentence.text)
    if len(alternatives) != len(units):
        alternatives = [(unit.said,) for unit in units]
    words = word_numbers(sentence.text, units)
    found: list[KoreanPhone] = []
    for index, (unit, blocks) in enumerate(zip(units, alternatives, strict=True)):
        said = next((ch for ch in unit.said if jamo.is_hangul_syllable(ch)), "")
        if said:
            also = blocks[1:] if blocks[0] == said else ()
            found += _syllable(said, also, index, words[index])
    partners = {
        name: [COLUMN[one] for one in members if one in COLUMN]
        for members in sentence.contrasts
        for name in members
    }
    return tuple(_weighed(found, place, partners) for place in range(len(found)))


def phones_of_syllables(syllables: Sequence[str], first_unit: int) -> tuple[KoreanPhone, ...]:
    """List the phones of syllables read just so, for weighing their likelihood; no rivals."""
    return tuple(
        phone
        for index, syllable in enumerate(syllables)
        if jamo.is_hangul_syllable(syllable)
        for phone in _syllable(syllable, (), first_unit + index, 0)
    )


def may_add(coda: str, following: str) -> bool:
    """Whether a coda that does not belong could be told before an onset ("" for none)."""
    return following not in _BLENDS[coda] if following else True


def _syllable(said: str, also: Sequence[str], unit: int, word: int) -> list[KoreanPhone]:
    names = [name for name, _ in jamo.jamo_phones(said)]
    others = [[name for name, _ in jamo.jamo_phones(block)] for block in also]
    phones = []
    for name in names:
        place = _place(name)
        beside = {other for block in others for other in block if _place(other) == place}
        columns = {column for one in (name, *beside) for column in _merged(one)}
        optional = any(all(_place(other) != place for other in block) for block in others)
        if place == "nucleus" and name == names[-1]:
            optional = any(_place(block[-1]) == "coda" for block in others)
        first = COLUMN[name]
        accepted = (first, *sorted(columns - {first}))
        phones.append(KoreanPhone(name, unit, word, accepted, optional=optional))
    return phones


def _place(name: str) -> str:
    if name in NUCLEI:
        return "nucleus"
    return "coda" if name in CODA_PHONES else "onset"


def _merged(name: str) -> tuple[int, ...]:
    group = next((group for group in MERGED if name in group), (name,))
    return tuple(COLUMN[one] for one in group)


def _weighed(phones: Phones, place: int, partners: Mapping[str, Sequence[int]]) -> KoreanPhone:
    """Add what its neighbours, its kind and its contrast's columns make tolerable or wrong."""
    phone = phones[place]
    following = phones[place + 1].name if place + 1 < len(phones) else ""
    tolerated = tuple(
        COLUMN[form]
        for (coda, onsets), form in _ASSIMILATED.items()
        if coda == phone.name and following and following in onsets
    )
    right = {*phone.accepted, *tolerated}
    rivals = _rivals(phone) - right
    around = phones[max(0, place - REACH_PHONES) : place + REACH_PHONES + 1]
    near = right.union(rivals, *(one.accepted for one in around))
    contrast = () if phone.optional else partners.get(phone.name, ())
    return replace(
        phone,
        tolerated=tolerated,
        rivals=tuple(sorted(rivals)),
        distant=() if phone.is_coda else tuple(sorted(set(COLUMN.values()) - near)),
        contrast=tuple(one for one in contrast if one not in right),
    )


def _rivals(phone: KoreanPhone) -> set[int]:
    if phone.is_coda:
        return {COLUMN[coda] for coda in CODA_PHONES}
    names = {name for name, column in COLUMN.items() if column in phone.accepted}
    near = {other for group in _CONFUSABLE if names & set(group) for other in group}
    return {column for name in near for column in _merged(name)}
