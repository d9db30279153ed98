"""Check that a sentence can be spoken: letters of its language, readable words, its length."""

import re
import unicodedata

from pronounce_kiosk.sentences.messages import LineRefusedError

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


def refuse_unsayable(text: str, language: str, pronunciation: str) -> None:
    """Refuse a sentence that cannot be spoken.

    A Korean pronunciation must have as many syllables as the text; else units cannot be matched.
    """
    if picture := _PICTURE.search(text):
        raise LineRefusedError("text", "picture", value=picture[0])
    if language == "ko":
        spoken_s = _korean_duration_s(text, pronunciation)
    else:
        if language == "en" and not _LATIN.search(text):
            raise LineRefusedError("language", "language_mismatch", language="en")
        if language == "en" and (foreign := _HANGUL_RUN.search(text)):
            raise LineRefusedError("text", "other_language", value=foreign[0])
        spoken_s = len(text.split()) / _WORDS_PER_S
    if spoken_s > MAX_SPOKEN_S:
        length_s, limit_s = round(spoken_s), int(MAX_SPOKEN_S)
        raise LineRefusedError("text", "too_long_to_say", length=length_s, limit=limit_s)


def _korean_duration_s(text: str, pronunciation: str) -> float:
    """Compute how long a text takes to say; refuse one that has no reading."""
    if _PLAIN.fullmatch(text) and not pronunciation:
        return len(_HANGUL.findall(text)) / _KOREAN_SYLLABLES_PER_S
    from pronounce_kiosk.language.korean.numbers import spell_out, unread_words  # late: start-up

    composed = unicodedata.normalize("NFC", text)
    said = len(_HANGUL.findall(spell_out(composed)))
    if not said:
        if _LATIN.search(text):
            raise LineRefusedError("language", "language_mismatch", language="ko")
        raise LineRefusedError("text", "no_letters", value=text)
    if not pronunciation:
        laugh = _LAUGH.search(composed)
        unread = [laugh[0]] if laugh else unread_words(composed)
        if unread:
            raise LineRefusedError("text", "unread_word", value=unread[0])
    elif not _NOT_SAID_IN_HANGUL.search(text):
        given, written = len(_HANGUL.findall(pronunciation)), len(_HANGUL.findall(composed))
        if given != written:
            key = "pronunciation_mismatch"
            raise LineRefusedError("pronunciation", key, said=given, written=written)
    return said / _KOREAN_SYLLABLES_PER_S
