"""Korean particles after inserted words: ``3-2반.csv은(는)`` becomes ``3-2반.csv는``.

The particle depends on whether the last sound before it is a consonant. Latin letters and digits
count as they are read out one by one, which is how file names are read.
"""

import re

from pronounce_kiosk.language.korean.jamo import NUCLEI, ONSETS, decompose, is_hangul_syllable

_PAIRS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "(으)로": ("으로", "로"),
}
_READ = {
    **dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True)),
    **dict(zip("lmnr", ("엘", "엠", "엔", "알"), strict=True)),
}
"""Latin letters whose Korean names end in a consonant."""
_OPEN = "이"
_PLACE = re.compile(r"(\w)([^\w\s]*)(은\(는\)|이\(가\)|을\(를\)|\(으\)로)")


def with_particles(text: str) -> str:
    """Resolve each open pair of particles; pairs after no letter stay as they are."""
    return _PLACE.sub(lambda m: m[1] + m[2] + _particle(m[1], m[3]), text)


def _particle(letter: str, pair: str) -> str:
    if letter in ONSETS or letter in NUCLEI:
        # A consonant's name ends in one (비읍, 쌍비읍), a vowel's is its sound.
        return _PAIRS[pair][letter in NUCLEI]
    read = letter if is_hangul_syllable(letter) else _READ.get(letter.lower(), "")
    if not read and not letter.isascii():
        return pair
    coda = decompose(read or _OPEN)[2]
    closed, opened = _PAIRS[pair]
    # 로 follows ㄹ as well.
    return opened if not coda or (pair == "(으)로" and coda == "ㄹ") else closed
