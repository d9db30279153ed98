"""Check that a sentence can be spoken: letters of its language, readable words, its length."""

import re
import unicodedata

from pronounce_kiosk.sentences.messages import Problem, problem

MAX_SPOKEN_S = 15.0
"""Longest sentence to practise, in seconds at a calm pace. A longer one is hard to remember."""
_KOREAN_SYLLABLES_PER_S = 5.0
"""Rate of calm reading; natives talk at 6 to 7. Raising it allows longer sentences."""
_WORDS_PER_S = 2.5

_HANGUL = re.compile(r"[가-힣]")
_HANGUL_RUN = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_PLAIN = re.compile(r"[가-힣\s.,!?…'\"“”‘’·]*[가-힣][가-힣\s.,!?…'\"“”‘’·]*")
_LAUGH = re.compile(r"[ㄱ-ㅣ]{2,}|(?<=[가-힣])[ㄱ-ㅣ]+")
_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u2669\u2670-\u27bf\u2b00-\u2bff]")
_NOT_SAID_IN_HANGUL = re.compile(r"[0-9A-Za-zㄱ-ㅎㅏ-ㅣ%°℃$₩€]")


def sentence_problem(line: int, text: str, language: str, pronunciation: str) -> Problem | None:
    """Find the problem that keeps a sentence from being spoken; None for none.

    A Korean pronunciation must have as many syllables as the text; else units cannot be matched.
    """
    if picture := _PICTURE.search(text):
        return problem(line, "text", "picture", value=picture[0])
    if language == "ko":
        return _korean_problem(line, text, pronunciation)
    foreign = _HANGUL_RUN.search(text) if language == "en" else None
    if language == "en" and not _LATIN.search(text):
        return problem(line, "language", "language_mismatch", language=language)
    if foreign:
        return problem(line, "text", "other_language", value=foreign[0])
    return _too_long(line, len(text.split()) / _WORDS_PER_S)


def _korean_problem(line: int, text: str, pronunciation: str) -> Problem | None:
    if _PLAIN.fullmatch(text) and not pronunciation:
        return _too_long(line, len(_HANGUL.findall(text)) / _KOREAN_SYLLABLES_PER_S)
    from pronounce_kiosk.language.korean.numbers import (
        spell_out,
        unread_words,
    )  # late, for start-up

    composed = unicodedata.normalize("NFC", text)
    said = len(_HANGUL.findall(spell_out(composed)))
    if not said:
        if _LATIN.search(text):
            return problem(line, "language", "language_mismatch", language="ko")
        return problem(line, "text", "no_letters", value=text)
    if not pronunciation:
        laugh = _LAUGH.search(composed)
        unread = [laugh[0]] if laugh else unread_words(composed)
        if unread:
            return problem(line, "text", "unread_word", value=unread[0])
    elif not _NOT_SAID_IN_HANGUL.search(text):
        given, written = len(_HANGUL.findall(pronunciation)), len(_HANGUL.findall(composed))
        if given != written:
            fields = {"said": given, "written": written}
            return problem(line, "pronunciation", "pronunciation_mismatch", **fields)
    return _too_long(line, said / _KOREAN_SYLLABLES_PER_S)


def _too_long(line: int, spoken_s: float) -> Problem | None:
    if spoken_s <= MAX_SPOKEN_S:
        return None
    length_s, limit_s = round(spoken_s), int(MAX_SPOKEN_S)
    return problem(line, "text", "too_long_to_say", length=length_s, limit=limit_s)
