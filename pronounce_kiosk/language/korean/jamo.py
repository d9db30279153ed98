"""Hangul syllable blocks, their jamo, and the phones of a pronounced text."""

ONSETS = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
NUCLEI = tuple("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

CODA_PHONES = tuple(f"{coda}_" for coda in "ㄱㄴㄷㄹㅁㅂㅇ")
PHONES = tuple(onset for onset in ONSETS if onset != "ㅇ") + NUCLEI + CODA_PHONES
"""All phones of `jamo_phones`: 18 onsets, 21 nuclei, 7 codas."""

_FIRST, _LAST = 0xAC00, 0xD7A3
TENSE = dict(zip("ㄱㄷㅂㅅㅈ", "ㄲㄸㅃㅆㅉ", strict=True))
# The codas that sound alike at the end of a word; the first one is how.
_ALIKE = ("ㄱㄲㄳㅋㄺ", "ㄴㄵㄶ", "ㄷㅅㅆㅈㅊㅌㅎ", "ㄹㄼㄽㄾㅀ", "ㅁㄻ", "ㅂㅍㅄㄿ", "ㅇ")
_NEUTRAL = {coda: codas[0] for codas in _ALIKE for coda in codas}


def is_hangul_syllable(ch: str) -> bool:
    """Tell whether ``ch`` is one composed Hangul syllable block (가-힣)."""
    return len(ch) == 1 and _FIRST <= ord(ch) <= _LAST


def decompose(syllable: str) -> tuple[str, str, str]:
    """Take a syllable block apart into its compatibility jamo.

    Returns:
        Onset, nucleus and coda. The onset of 아 is ``ㅇ``; the coda of 가 is ``""``.

    Raises:
        ValueError: ``syllable`` is not one Hangul syllable block.
    """
    if not is_hangul_syllable(syllable):
        raise ValueError(f"{syllable!r} is not a Hangul syllable block")
    index = ord(syllable) - _FIRST
    return ONSETS[index // 588], NUCLEI[index % 588 // 28], CODAS[index % 28]


def compose(onset: str, nucleus: str, coda: str = "") -> str:
    """Compose a syllable block of three compatibility jamo; the inverse of `decompose`."""
    return chr(_FIRST + ONSETS.index(onset) * 588 + NUCLEI.index(nucleus) * 28 + CODAS.index(coda))


def neutral_coda(coda: str) -> str:
    """Neutralise a coda to one of the seven pronounced at the end of a word (8-11)."""
    return _NEUTRAL[coda] if coda else ""


def tense(syllable: str) -> str:
    """Tense the onset of a syllable block (가 becomes 까); others are unchanged."""
    onset, nucleus, coda = decompose(syllable)
    return compose(TENSE.get(onset, onset), nucleus, coda)


def jamo_phones(pronounced: str) -> list[tuple[str, int]]:
    """List the phones of a pronounced text, each with the index of its syllable.

    A phone is a jamo of the standard pronunciation. Silent ㅇ gives none. A diphthong is one phone
    (ㅑ, ㅘ, ㅢ ...), glide included. A coda carries an underscore (``ㄱ_``), since an unreleased
    stop sounds unlike the onset; only seven exist, so any other coda is neutralised.

    Args:
        pronounced: The result of `standard_pronunciation`. Syllables are counted from 0 over its
            Hangul syllable blocks; everything else is skipped.
    """
    phones: list[tuple[str, int]] = []
    unit = -1
    for ch in pronounced:
        if not is_hangul_syllable(ch):
            continue
        unit += 1
        onset, nucleus, coda = decompose(ch)
        if onset != "ㅇ":
            phones.append((onset, unit))
        phones.append((nucleus, unit))
        if coda:
            phones.append((neutral_coda(coda) + "_", unit))
    return phones
