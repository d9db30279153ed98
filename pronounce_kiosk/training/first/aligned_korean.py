"""Korean examples for the judge, all synthetic: said right, said with wrong sounds, not said.

Nobody has rated Korean takes. What can be made is speech whose faults are known: espeak-ng says
the sentence with some sounds exchanged before synthesis, in a random voice, rate and room.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import (
    NUCLEI,
    ONSETS,
    compose,
    decompose,
    is_hangul_syllable,
)
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.first.aligned_encoder import Ear
from pronounce_kiosk.scoring.first.aligned_evidence import gather
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.data.rooms import Samples, babble, in_a_room, looped
from pronounce_kiosk.training.first.aligned_rows import no_voice, start_worker, vector, worker
from pronounce_kiosk.training.first.aligned_speech import korean_texts

CONFUSED_ONSETS = ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㅅㅆ", "ㄴㄹㅁ", "ㅎㅇ")
CONFUSED_NUCLEI = ("ㅓㅗㅏ", "ㅡㅜㅓ", "ㅜㅗ", "ㅣㅡㅟ", "ㅐㅏㅣ", "ㅕㅛㅑ", "ㅔㅐㅣ")
CODAS = ("", "ㄱ", "ㄴ", "ㄷ", "ㄹ", "ㅁ", "ㅂ", "ㅇ")
CONFUSED = 0.65
"""Share of exchanged sounds that learners do confuse; the rest is any other sound."""


@dataclass(frozen=True, eq=False)
class KoreanRow:
    """One synthetic take.

    right: whether all of it was said as written. features: (n,) in `TAKE_FEATURES`' order against
    its sentence; other: against another one. negatives: of what is no take of the sentence.
    """

    right: bool
    features: NDArray[np.float64]
    other: NDArray[np.float64] | None
    negatives: tuple[NDArray[np.float64] | None, ...]


def example_texts(sentences: Sequence[str], count: int, seed: int) -> list[str]:
    """Words and sentences of the lists and words at random, shuffled; short ones prevail."""
    rng = random.Random(seed)
    words = sorted({word for text in sentences for word in text.split()})
    texts = []
    for index in range(count):
        kind = index % 4
        if kind == 0:
            texts.append(rng.choice(sentences))
        elif kind == 1:
            texts.append(rng.choice(words))
        elif kind == 2:
            texts += korean_texts((), 1, rng)
        else:
            texts.append(rng.choice(korean_texts((), 1, rng)[0].split()))
    return texts


def korean_rows(
    texts: Sequence[str],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
    diphones: Mbrola | None = None,
) -> list[KoreanRow]:
    """One row a text; those that cannot be said, heard or aligned are left out."""
    rng = random.Random("others")
    jobs = [(index, text, rng.choice(texts)) for index, text in enumerate(texts)]
    start = (ears, mel, diphones)
    with ProcessPoolExecutor(processes, initializer=start_worker, initargs=start) as pool:
        return [row for row in pool.map(_row, jobs, chunksize=4) if row is not None]


def _row(job: tuple[int, str, str]) -> KoreanRow | None:
    index, text, other = job
    mine = worker()
    rng, noise = random.Random(f"korean/{index}"), np.random.default_rng([11, index])
    ear = mine.ears[index % len(mine.ears)]
    sentence = Sentence("", text, "ko")
    said, places = with_wrong_sounds(standard_pronunciation(text), rng.choice((0, 0, 1, 1, 2)), rng)
    named = [i for i, unit in enumerate(split_units(text, "ko")) if is_hangul(unit.said)]
    if len(named) != sum(is_hangul_syllable(ch) for ch in said):
        return None
    line, references = mine.references(sentence, ear)
    clean = mine.say(said, index, rng)
    heard = mine.images([in_a_room(clean, noise)])
    if not heard or not references:
        return None
    evidence = gather(mine.hear(heard[0], line, ear), line, references)
    if evidence is None:
        return None
    other_features = None
    if other != text:
        other_line, other_references = mine.references(Sentence("", other, "ko"), ear)
        found = gather(mine.hear(heard[0], other_line, ear), other_line, other_references)
        other_features = vector(found)
    spoiled = mine.images([_no_take(index, clean, other, rng, noise)])
    negatives = [gather(mine.hear(one, line, ear), line, references) for one in spoiled]
    features = vector(evidence)
    assert features is not None
    return KoreanRow(not places, features, other_features, tuple(vector(n) for n in negatives))


def is_hangul(said: str) -> bool:
    """Whether a unit's pronunciation is one syllable."""
    return len(said) == 1 and is_hangul_syllable(said)


def with_wrong_sounds(said: str, count: int, rng: random.Random) -> tuple[str, list[int]]:
    """A pronunciation with one sound exchanged in `count` syllables, no more than half of them.

    Gives it and which syllables (counting Hangul only) now differ.
    """
    where = [place for place, ch in enumerate(said) if is_hangul_syllable(ch)]
    most = min(count, (len(where) + 1) // 2)
    chosen = rng.sample(range(len(where)), most)
    letters = list(said)
    for syllable in chosen:
        letters[where[syllable]] = _exchanged(letters[where[syllable]], rng)
    return "".join(letters), sorted(chosen)


def _exchanged(syllable: str, rng: random.Random) -> str:
    onset, nucleus, coda = decompose(syllable)
    part = rng.choice(("onset", "nucleus", "coda"))
    if part == "onset":
        return compose(_other(onset, CONFUSED_ONSETS, ONSETS, rng), nucleus, coda)
    if part == "nucleus":
        return compose(onset, _other(nucleus, CONFUSED_NUCLEI, NUCLEI, rng), coda)
    return compose(onset, nucleus, rng.choice([one for one in CODAS if one != coda]))


def _other(sound: str, groups: Sequence[str], everything: Sequence[str], rng: random.Random) -> str:
    near = [one for group in groups if sound in group for one in group if one != sound]
    if near and rng.random() < CONFUSED:
        return rng.choice(near)
    return rng.choice([one for one in everything if one != sound])


def _no_take(
    kind: int, clean: Samples, other: str, rng: random.Random, noise: np.random.Generator
) -> Samples:
    """No take of the sentence: by index babble, backwards, looped, half of it, or no speech."""
    if kind % 5 == 0:
        texts = (other, other[::-1], other[1:] + other[:1])
        voices = [worker().say(text, index, rng) for index, text in enumerate(texts)]
        return babble(voices, len(clean))
    if kind % 5 == 1:
        return clean[::-1]
    if kind % 5 == 2:
        return looped(clean, noise)
    if kind % 5 == 3:
        half = len(clean) // 2
        return clean[:half] if rng.random() < 0.5 else clean[half:]
    return no_voice(kind // 5, len(clean), noise)
