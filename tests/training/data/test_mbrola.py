"""The diphone voice: what it is asked to say. Heard only where MBROLA is installed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.language.korean.jamo import NUCLEI, ONSETS, compose
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.training.data import mbrola
from pronounce_kiosk.training.data.mbrola import DATABASE, HIGH, LOW, Mbrola, Register


def database(path: Path, pairs: list[tuple[str, str]]) -> Path:
    """A database's list of pairs, as MBROLA 2.06 writes it; no sound."""
    header = b"MBROLA2.060" + len(pairs).to_bytes(2, "little") + bytes(14)
    entries = b"".join(f"{a}\0{b}\0".encode() + bytes(4) for a, b in pairs)
    path.write_bytes(header + entries)
    return path


def sounds(said: str, seed: int = 0) -> list[str]:
    phrases = mbrola._phrases(said, random.Random(seed))
    return [sound.name for phrase in phrases for sound in phrase]


def test_lax_stops_are_voiced_between_voiced_sounds_only() -> None:
    assert sounds("가구") == ["k", "a", "g", "u"]
    assert sounds("각꾸") == ["k", "a", "k_}", "k_>", "u"]
    assert sounds("간다") == ["k", "a", "n_}", "d", "a"]


def test_a_coda_goes_over_to_the_next_word_s_vowel() -> None:
    seen = {tuple(sounds("산 위", seed)) for seed in range(20)}
    assert ("s", "a", "n", "wi") in seen


def test_s_before_i_and_l_after_l() -> None:
    assert sounds("다시")[2:] == ["s\\", "i"]
    assert sounds("달라") == ["t", "a", "l_}", "l", "a"]
    assert sounds("다라")[2] == "4"


def test_every_syllable_has_sounds() -> None:
    for onset in ONSETS:
        for nucleus in NUCLEI:
            assert sounds(compose(onset, nucleus))


def test_a_score_has_a_line_a_sound_and_pitch_on_vowels() -> None:
    rng = random.Random(1)
    phrases = list(mbrola._phrases("안녕하세요.", rng))
    lines = mbrola._score(phrases, LOW.pitch_hz, rng)
    assert lines[0].startswith("_ ")
    assert lines[-1] == ""
    said = [line.split() for line in lines if line and not line.startswith("_")]
    assert [line[0] for line in said] == [sound.name for sound in phrases[0]]
    for line, sound in zip(said, phrases[0], strict=True):
        assert 15 <= int(line[1]) <= 900
        assert (len(line) == 4) == sound.vowel
        assert len(line) < 4 or 30 < int(line[3]) < 600


def test_a_high_voice_is_higher_than_a_low_one() -> None:
    phrases = list(mbrola._phrases("안녕하세요", random.Random(0)))

    def mean_hz(register: Register, seed: int) -> float:
        score = mbrola._score(phrases, register.pitch_hz, random.Random(seed))
        lines = [line.split() for line in score]
        return float(np.mean([int(line[3]) for line in lines if len(line) == 4]))

    low, high = ([mean_hz(one, seed) for seed in range(30)] for one in (LOW, HIGH))
    assert np.mean(low) < 160.0 < 190.0 < np.mean(high)
    assert max(high) < 500.0


def test_a_pair_that_is_missing_is_not_said(tmp_path: Path) -> None:
    voice = Mbrola(database(tmp_path / "v", [("_", "a"), ("a", "_")]))
    assert voice.diphones == {("_", "a"), ("a", "_")}
    assert voice.speak("가", random.Random(0)) is None
    assert voice.speak("...", random.Random(0)) is None


@pytest.mark.parametrize(
    "content", [None, b"", b"MBROLA", b"RIFF and so on, long enough", b"x" * 99]
)
def test_what_is_no_database_is_told_in_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "voice"
    if content is not None:
        path.write_bytes(content)
    if content == b"MBROLA":
        assert Mbrola(path).diphones == frozenset()
        return
    with pytest.raises(TrainingError, match="install mbrola and mbrola-hn1"):
        Mbrola(path)


@pytest.mark.skipif(
    not DATABASE.is_file() or shutil.which("mbrola") is None,
    reason="MBROLA and its Korean voice are for training only: Debian's contrib and non-free",
)
def test_the_real_voice_says_what_it_is_asked_to() -> None:
    voice = Mbrola()
    said = standard_pronunciation("안녕하세요, 저는 학생이에요.")
    high = voice.speak(said, random.Random(3), HIGH)
    assert high is not None
    assert 1.0 < high.duration_s < 6.0
    clip = voice.speak(said, random.Random(3))
    again = voice.speak(said, random.Random(3))
    assert clip is not None
    assert again is not None
    assert clip.sample_rate_hz == 16_000
    assert 1.0 < clip.duration_s < 6.0
    assert (clip.samples == again.samples).all()
