"""Pronounced Korean in Latin letters: Revised Romanisation and IPA, by the `ko-pron` library."""

import re

_WORD = re.compile("[가-힣]+")


def romanise(said: str) -> str:
    """Romanise a pronunciation (Revised Romanisation of the sounds, not of the spelling).

    Args:
        said: The result of `standard_pronunciation`; other characters than Hangul stay.
    """
    return _WORD.sub(lambda match: _transcribed(match[0], "rr"), said)


def ipa(said: str) -> str:
    """Transcribe a pronunciation into the International Phonetic Alphabet, tense sounds with ͈.

    Args:
        said: The result of `standard_pronunciation`; other characters than Hangul stay.
    """
    return _WORD.sub(lambda match: _transcribed(match[0], "ipa"), said)


def _transcribed(word: str, system: str) -> str:
    from ko_pron import romanise as transcribe

    return str(transcribe(word, system))
