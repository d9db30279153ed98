"""Compose Hangul: jamo of the two-set keyboard (두벌식) become syllable blocks. No Qt."""

from pronounce_kiosk.language.korean.jamo import NUCLEI, ONSETS, compose

_VOWELS = "ㅗㅏㅘ ㅗㅐㅙ ㅗㅣㅚ ㅜㅓㅝ ㅜㅔㅞ ㅜㅣㅟ ㅡㅣㅢ"
_CODAS = "ㄱㅅㄳ ㄴㅈㄵ ㄴㅎㄶ ㄹㄱㄺ ㄹㅁㄻ ㄹㅂㄼ ㄹㅅㄽ ㄹㅌㄾ ㄹㅍㄿ ㄹㅎㅀ ㅂㅅㅄ"
_WHOLES = {each[:2]: each[2] for each in f"{_VOWELS} {_CODAS}".split()}
"""A vowel or a coda that is typed by two keys, by these."""
_KEYS = {whole: keys for keys, whole in _WHOLES.items()}
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
            self._coda = _KEYS.get(self._coda, "")[:1]
        elif self._nucleus:
            self._nucleus = _KEYS.get(self._nucleus, "")[:1]
        elif self._onset:
            self._onset = ""
        else:
            self._done = self._done[:-1]

    def _vowel(self, key: str) -> None:
        if self._coda:
            # The coda, or its second half, is the next block's onset.
            onset = _KEYS.get(self._coda, self._coda)[-1]
            self._coda = _KEYS.get(self._coda, "")[:1]
            self._finish()
            self._onset, self._nucleus = onset, key
        elif whole := _WHOLES.get(self._nucleus + key):
            self._nucleus = whole
        else:
            if self._nucleus:
                self._finish()
            self._nucleus = key

    def _consonant(self, key: str) -> None:
        block = self._onset and self._nucleus
        if block and not self._coda and key not in _NEVER_CODA:
            self._coda = key
        elif block and (whole := _WHOLES.get(self._coda + key)):
            self._coda = whole
        else:
            self._finish()
            self._onset = key

    def _block(self) -> str:
        if self._onset and self._nucleus:
            return compose(self._onset, self._nucleus, self._coda)
        return self._onset + self._nucleus

    def _finish(self) -> None:
        self._done += self._block()
        self._onset = self._nucleus = self._coda = ""
