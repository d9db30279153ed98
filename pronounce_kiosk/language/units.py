"""Units, the parts that feedback points at: a Hangul syllable block for Korean, else a word."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.numbers import spell_out_pieces
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation


@dataclass(frozen=True)
class Unit:
    """One unit of a sentence.

    Attributes:
        text: As written; for a syllable of a written number, the syllable of its reading.
        said: As pronounced (Korean: a syllable block of the standard pronunciation).
        start: Index of its first character in the sentence.
        end: Index after its last character. The syllables of one number share their span.
    """

    text: str
    said: str
    start: int
    end: int


UNFIT_PRONUNCIATION = (
    "The pronunciation does not fit the text: write a syllable for each of its Hangul syllables, "
    "in other languages a word for each word."
)

# A word: letters, marks and digits, with apostrophes, hyphens and the like inside it.
_WORD = re.compile(r"\w[\w\u0300-\u036f]*(?:['’ʼ\-‐‑.,:/](?=\w)[\w\u0300-\u036f]+)*")


@lru_cache(maxsize=64)
def split_units(text: str, language: str, pronunciation: str = "") -> tuple[Unit, ...]:
    """Split a sentence into units, in order; punctuation belongs to none.

    Args:
        pronunciation: The pronunciation given by a list. For Korean its syllables become ``said``
            where it has as many as the text (or, failing that, word by word where it has as many
            words); otherwise, and where it is empty, the standard pronunciation does. For other
            languages its words do, where it has as many.

    Returns:
        The units; none where the text has no letters.
    """
    if language == "ko":
        return _korean_units(text, pronunciation)
    return _word_units(text, pronunciation)


def follows_pronunciation(text: str, language: str, pronunciation: str) -> bool:
    """Tell whether `split_units` uses all of a given pronunciation."""
    said = "".join(unit.said for unit in split_units(text, language, pronunciation))
    given = unicodedata.normalize("NFC", pronunciation)
    return said == "".join(_syllables(given) if language == "ko" else given.split())


def word_numbers(text: str, units: Sequence[Unit]) -> list[int]:
    """Number the words of a sentence for each of its units; a space or sign begins another."""
    words = [0] * len(units)
    for index, (before, after) in enumerate(pairwise(units), start=1):
        between = text[before.end : after.start]
        words[index] = words[index - 1] + bool(between)
    return words


def _word_units(text: str, pronunciation: str) -> tuple[Unit, ...]:
    matches = list(_WORD.finditer(text))
    said = pronunciation.split()
    if len(said) != len(matches):
        said = [match[0] for match in matches]
    return tuple(
        Unit(match[0], as_said, match.start(), match.end())
        for match, as_said in zip(matches, said, strict=True)
    )


def _korean_units(text: str, pronunciation: str) -> tuple[Unit, ...]:
    composed, offsets = _composed(text)
    written: list[tuple[str, int, int]] = []
    words = 0
    word_of: list[int] = []
    before = " "
    for piece in spell_out_pieces(composed):
        for index, ch in enumerate(piece.text):
            if is_hangul_syllable(ch):
                span = (piece.start, piece.end)
                if not piece.read:
                    span = (piece.start + index, piece.start + index + 1)
                words += not is_hangul_syllable(before)
                written.append((ch, offsets[span[0]], offsets[span[1]]))
                word_of.append(words - 1)
            before = ch
    said = _said(composed, pronunciation, word_of)
    return tuple(
        Unit(syllable, as_said, start, end)
        for (syllable, start, end), as_said in zip(written, said, strict=True)
    )


def _said(text: str, pronunciation: str, word_of: list[int]) -> list[str]:
    """Return one pronounced syllable block for each written one (word_of: the word of each)."""
    derived = _syllables(standard_pronunciation(text))
    given = unicodedata.normalize("NFC", pronunciation)
    syllables = _syllables(given)
    if not syllables or len(syllables) == len(derived):
        return syllables or derived
    words = re.findall("[가-힣]+", given)
    if not word_of or len(words) != word_of[-1] + 1:
        return derived
    said: list[str] = []
    for number, word in enumerate(words):
        own = [derived[i] for i, of in enumerate(word_of) if of == number]
        said.extend(word if len(word) == len(own) else own)
    return said


def _syllables(text: str) -> list[str]:
    return [ch for ch in text if is_hangul_syllable(ch)]


def _composed(text: str) -> tuple[str, list[int]]:
    """Return the NFC form, and for each index in it (and its end) the index in ``text``."""
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
    composed = ""
    offsets: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        # A cluster ends where the next character does not compose with it.
        if end < len(text) and _joins(text[start:end], text[end]):
            continue
        cluster = unicodedata.normalize("NFC", text[start:end])
        composed += cluster
        offsets += [start] * len(cluster)
        start = end
    return composed, [*offsets, len(text)]


def _joins(cluster: str, following: str) -> bool:
    together = unicodedata.normalize("NFC", cluster + following)
    apart = unicodedata.normalize("NFC", cluster) + unicodedata.normalize("NFC", following)
    return together != apart or unicodedata.combining(following) != 0
