"""Compose Hangul: jamo of the two-set keyboard (두벌식) become syllable blocks. No Qt."""

from __future__ import annotations

from pronounce_kiosk.language.korean.jamo import (
    NUCLEI,
    ONSETS,
    compose,
    decompose,
    is_hangul_syllable,
)

_VOWEL_PAIRS = {
    ("ㅗ", "ㅏ"): "ㅘ",
    ("ㅗ", "ㅐ"): "ㅙ",
    ("ㅗ", "ㅣ"): "ㅚ",
    ("ㅜ", "ㅓ"): "ㅝ",
    ("ㅜ", "ㅔ"): "ㅞ",
    ("ㅜ", "ㅣ"): "ㅟ",
    ("ㅡ", "ㅣ"): "ㅢ",
}
_CODA_PAIRS = {
    ("ㄱ", "ㅅ"): "ㄳ",
    ("ㄴ", "ㅈ"): "ㄵ",
    ("ㄴ", "ㅎ"): "ㄶ",
    ("ㄹ", "ㄱ"): "ㄺ",
    ("ㄹ", "ㅁ"): "ㄻ",
    ("ㄹ", "ㅂ"): "ㄼ",
    ("ㄹ", "ㅅ"): "ㄽ",
    ("ㄹ", "ㅌ"): "ㄾ",
    ("ㄹ", "ㅍ"): "ㄿ",
    ("ㄹ", "ㅎ"): "ㅀ",
    ("ㅂ", "ㅅ"): "ㅄ",
}
_PARTS_OF_VOWEL = {whole: pair for pair, whole in _VOWEL_PAIRS.items()}
_PARTS_OF_CODA = {whole: pair for pair, whole in _CODA_PAIRS.items()}
_NEVER_CODA = frozenset("ㄸㅃㅉ")


class Composer:
    """A text with its cursor at the end. Only the last block is being composed."""

    def __init__(self, text: str = "") -> None:
        self._done = text
        self._onset = self._nucleus = self._coda = ""

    @property
    def text(self) -> str:
        """Return the typed text."""
        return self._done + self._block()

    def type(self, key: str) -> None:
        """Type a key: a jamo is composed, any other key ends the current block."""
        if key in NUCLEI:
            self._vowel(key)
        elif key in ONSETS:
            self._consonant(key)
        else:
            self._finish()
            self._done += key

    def backspace(self) -> None:
        """Remove the last jamo of the current block, else the last character."""
        if self._coda:
            self._coda = _PARTS_OF_CODA.get(self._coda, ("", ""))[0]
        elif self._nucleus:
            self._nucleus = _PARTS_OF_VOWEL.get(self._nucleus, ("", ""))[0]
        elif self._onset:
            self._onset = ""
        else:
            self._done = self._done[:-1]

    def _vowel(self, key: str) -> None:
        if self._coda:
            stays, moves = _PARTS_OF_CODA.get(self._coda, ("", self._coda))
            self._coda = stays
            self._finish()
            self._onset, self._nucleus = moves, key
        elif self._nucleus:
            pair = _VOWEL_PAIRS.get((self._nucleus, key))
            if pair is None:
                self._finish()
            self._nucleus = pair or key
        else:
            self._nucleus = key

    def _consonant(self, key: str) -> None:
        if not (self._onset and self._nucleus):
            self._finish()
            self._onset = key
        elif not self._coda:
            if key in _NEVER_CODA:
                self._finish()
                self._onset = key
            else:
                self._coda = key
        else:
            pair = _CODA_PAIRS.get((self._coda, key))
            if pair is None:
                self._finish()
                self._onset = key
            else:
                self._coda = pair

    def _block(self) -> str:
        if self._onset and self._nucleus:
            return compose(self._onset, self._nucleus, self._coda)
        return self._onset + self._nucleus

    def _finish(self) -> None:
        self._done += self._block()
        self._onset = self._nucleus = self._coda = ""


def keys_of(text: str) -> str:
    """Return the keys that type a text: the inverse of `Composer`."""
    keys = ""
    for ch in text:
        if not is_hangul_syllable(ch):
            keys += ch
            continue
        onset, nucleus, coda = decompose(ch)
        keys += onset + "".join(_PARTS_OF_VOWEL.get(nucleus, (nucleus,)))
        keys += "".join(_PARTS_OF_CODA.get(coda, (coda,)))
    return keys
