"""Names of sounds: a letter for Korean, a dictionary sign and a word for English."""

from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.language.korean.jamo import CODA_PHONES

_ENGLISH = {
    "AA": ("ɑ", "hot"), "AE": ("æ", "cat"), "AH": ("ʌ", "cup"), "AO": ("ɔ", "saw"),
    "AW": ("aʊ", "now"), "AY": ("aɪ", "my"), "EH": ("e", "bed"), "ER": ("ɝ", "bird"),
    "EY": ("eɪ", "day"), "IH": ("ɪ", "sit"), "IY": ("i", "see"), "OW": ("oʊ", "go"),
    "OY": ("ɔɪ", "boy"), "UH": ("ʊ", "book"), "UW": ("u", "too"),
    "B": ("b", "big"), "CH": ("tʃ", "chin"), "D": ("d", "dog"), "DH": ("ð", "this"),
    "F": ("f", "fish"), "G": ("g", "go"), "HH": ("h", "hat"), "JH": ("dʒ", "job"),
    "K": ("k", "key"), "L": ("l", "leg"), "M": ("m", "man"), "N": ("n", "no"),
    "NG": ("ŋ", "sing"), "P": ("p", "pen"), "R": ("r", "red"), "S": ("s", "sun"),
    "SH": ("ʃ", "shoe"), "T": ("t", "ten"), "TH": ("θ", "thin"), "V": ("v", "van"),
    "W": ("w", "we"), "Y": ("j", "yes"), "Z": ("z", "zoo"), "ZH": ("ʒ", "vision"),
}  # fmt: skip


def sound_sign(phone: str) -> str:
    """Return the sign of a phone without its place: ``ㄱ`` for an onset and a coda."""
    return _ENGLISH[phone][0] if phone in _ENGLISH else phone.removesuffix("_")


def sound_word(phone: str) -> str:
    """Return a short word that holds an English phone; "" for a Korean one."""
    return _ENGLISH[phone][1] if phone in _ENGLISH else ""


def sound_name(phone: str) -> str:
    """Return the sign of a phone, for a coda with its place."""
    sign = sound_sign(phone)
    if phone in CODA_PHONES:
        return translate("Sounds", "final {sound}").replace("{sound}", sign)
    return sign
