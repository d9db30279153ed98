"""Korean by a person's voice cut into diphones: MBROLA with its database hn1.

espeak-ng's Korean is made by formulas, and an encoder that heard no other Korean knows people's
badly. hn1 (Pusan National University, 1999) is 1,910 diphones of a man's speech, which MBROLA
(Dutoit et al. 1996) joins at any pitch and length. Lengths and pitch here are of no theory: they
are spread about what its authors' own examples have, so that the encoder learns sounds, not them.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.language.korean.jamo import jamo_phones

DATABASE = Path("/usr/share/mbrola/hn1/hn1")
PAUSE = "_"

_ONSETS = {
    "ㄱ": "k", "ㄲ": "k_>", "ㄴ": "n", "ㄷ": "t", "ㄸ": "t_>", "ㄹ": "4", "ㅁ": "m", "ㅂ": "p",
    "ㅃ": "p_>", "ㅅ": "s", "ㅆ": "s_>", "ㅈ": "ts\\", "ㅉ": "ts\\_>", "ㅊ": "ts\\_h", "ㅋ": "k_h",
    "ㅌ": "t_h", "ㅍ": "p_h", "ㅎ": "h",
}  # fmt: skip
_VOICED = {"k": "g", "t": "d", "p": "b", "ts\\": "dz\\"}
_NUCLEI = {
    "ㅏ": "a", "ㅐ": "E", "ㅑ": "ja", "ㅒ": "jE", "ㅓ": "V", "ㅔ": "e", "ㅕ": "jV", "ㅖ": "je",
    "ㅗ": "o", "ㅘ": "wa", "ㅙ": "wE", "ㅚ": "we", "ㅛ": "jo", "ㅜ": "u", "ㅝ": "wV", "ㅞ": "we",
    "ㅟ": "wi", "ㅠ": "ju", "ㅡ": "M", "ㅢ": "M\\i", "ㅣ": "i",
}  # fmt: skip
_CODAS = {
    "ㄱ_": "k_}", "ㄴ_": "n_}", "ㄷ_": "t_}", "ㄹ_": "l_}", "ㅁ_": "m_}", "ㅂ_": "p_}", "ㅇ_": "N",
}  # fmt: skip
_LINKED = {"k_}": "g", "t_}": "d", "p_}": "b", "n_}": "n", "m_}": "m", "l_}": "4"}
"""A word's coda before the next word's vowel, said in one breath."""
_LENGTH_MS = {
    "k": 48, "t": 48, "p": 50, "g": 38, "d": 36, "b": 40, "ts\\": 58, "dz\\": 46, "k_>": 85,
    "t_>": 85, "p_>": 88, "ts\\_>": 92, "k_h": 78, "t_h": 78, "p_h": 80, "ts\\_h": 88, "s": 74,
    "s\\": 78, "s_>": 105, "h": 42, "m": 56, "n": 52, "4": 26, "l": 50, "k_}": 62, "t_}": 60,
    "p_}": 62, "n_}": 62, "m_}": 66, "N": 66, "l_}": 56, "i": 78, "u": 78, "M": 74,
}  # fmt: skip
_VOWEL_MS = 95


@dataclass(frozen=True)
class Register:
    """Whose voice the diphones are made to sound like.

    tract: how much shorter than its owner's the vocal tract may be, as a factor on the formants.
    pitch_hz: about what the pitch moves.
    """

    tract: tuple[float, float]
    pitch_hz: tuple[float, float]


LOW = Register(tract=(0.88, 1.2), pitch_hz=(85.0, 210.0))
HIGH = Register(tract=(1.02, 1.3), pitch_hz=(165.0, 330.0))
"""Women's and children's; where only `LOW` was heard, women's syllables were told apart worse."""


@dataclass(frozen=True)
class _Sound:
    name: str
    vowel: bool


class Mbrola:
    """One diphone database. Raises `TrainingError` where mbrola or the database is missing."""

    def __init__(self, database: Path = DATABASE) -> None:
        self.database = database
        try:
            self.diphones = frozenset(_diphones(database.read_bytes()))
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"{database} is no MBROLA voice ({error}): install mbrola and mbrola-hn1 from "
                "Debian's contrib and non-free."
            ) from error

    def speak(self, said: str, rng: random.Random, register: Register = LOW) -> AudioClip | None:
        """A pronunciation (`standard_pronunciation`'s) at a random rate, pitch and tract length.

        16 kHz. None where the database lacks a pair of its sounds, or there is nothing to say.
        Raises `TrainingError` where mbrola fails.
        """
        phrases = list(_phrases(said, rng))
        names = [PAUSE] + [s.name for phrase in phrases for s in [*phrase, _Sound(PAUSE, False)]]
        if len(names) < 3 or any(pair not in self.diphones for pair in pairwise(names)):
            return None
        lines = _score(phrases, register.pitch_hz, rng)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            tract = round(16000 * rng.uniform(*register.tract))
            command = ["mbrola", "-l", str(tract), str(self.database), "-", str(path)]
            try:
                subprocess.run(
                    command, input="\n".join(lines), text=True, check=True, capture_output=True,
                    timeout=30,
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError) as error:
                raise TrainingError(
                    f"mbrola could not say {said!r} ({error}): install mbrola and mbrola-hn1."
                ) from error
            return read_clip(path).resampled(PIPELINE_SAMPLE_RATE_HZ)


def _diphones(database: bytes) -> Iterator[tuple[str, str]]:
    """The pairs of sounds in a database (MBROLA 2.06): two names, each ended by 0, and 4 bytes."""
    if database[:6] != b"MBROLA":
        raise ValueError("another kind of file")
    at = 27
    for _ in range(int.from_bytes(database[11:13], "little")):
        first_end = database.index(0, at)
        second_end = database.index(0, first_end + 1)
        left, right = database[at:first_end], database[first_end + 1 : second_end]
        yield left.decode("ascii"), right.decode("ascii")
        at = second_end + 5


def _phrases(said: str, rng: random.Random) -> Iterator[list[_Sound]]:
    """The sounds between two pauses: at punctuation, and at some spaces.

    hn1 cannot begin a phrase with 시.
    """
    phrase: list[_Sound] = []
    parts = re.findall(r"[가-힣]+|[^가-힣]+", said)
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if "가" <= part[0] <= "힣":
            _add(phrase, part)
        elif phrase and following[:1] != "시" and (part.strip() or rng.random() < 0.3):
            yield phrase
            phrase = []
    if phrase:
        yield phrase


def _add(phrase: list[_Sound], word: str) -> None:
    phones = [name for name, _ in jamo_phones(word)]
    for index, phone in enumerate(phones):
        before = phrase[-1].name if phrase else None
        if phone in _NUCLEI:
            if before in _LINKED:
                phrase[-1] = _Sound(_LINKED[before], False)
            phrase.append(_Sound(_NUCLEI[phone], True))
        elif phone in _CODAS:
            phrase.append(_Sound(_CODAS[phone], False))
        else:
            following = _NUCLEI[phones[index + 1]]
            phrase.append(_Sound(_onset(phone, before, following), False))


def _onset(phone: str, before: str | None, following: str) -> str:
    name = _ONSETS[phone]
    if name == "s" and following == "i" and before is not None:
        return "s\\"
    if name == "4" and before == "l_}":
        return "l"
    if before is not None and before not in ("k_}", "t_}", "p_}"):
        return _VOICED.get(name, name)
    return name


def _score(
    phrases: Sequence[Sequence[_Sound]], pitch_hz: tuple[float, float], rng: random.Random
) -> list[str]:
    """MBROLA's lines: a sound, its length in ms, and pitch as (percent of it, Hz)."""
    rate = float(np.exp(rng.gauss(0.0, 0.2)))
    base_hz = float(np.exp(rng.uniform(*np.log(pitch_hz))))
    liveliness = rng.uniform(0.02, 0.16)
    lines = [f"{PAUSE} {rng.randint(60, 200)}"]
    for phrase in phrases:
        last_vowel = max((i for i, sound in enumerate(phrase) if sound.vowel), default=0)
        final = rng.uniform(1.0, 1.9)
        pitch = rng.gauss(0.0, liveliness)
        for index, sound in enumerate(phrase):
            length_ms = _LENGTH_MS.get(sound.name, _VOWEL_MS) * rate
            length_ms *= float(np.exp(rng.gauss(0.0, 0.22)))
            length_ms *= final if index >= last_vowel else 1.0
            line = f"{sound.name} {max(15, round(length_ms))}"
            if sound.vowel:
                pitch = 0.6 * pitch + rng.gauss(0.0, liveliness)
                fall = 1.0 - 0.1 * index / len(phrase)
                line += f" 50 {round(base_hz * fall * np.exp(pitch))}"
            lines.append(line)
        lines.append(f"{PAUSE} {rng.randint(40, 350)}")
    return [*lines, f"{PAUSE} {rng.randint(60, 200)}", ""]
