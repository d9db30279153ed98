"""Hard examples for the gates: what is not the sentence but fits it, and what hardly does.

A short Korean sentence of common sounds fits a good part of what people say in any language, and
in a bare room it hardly fits itself; two people at once fit an English one now and then. The
judge's other examples hold none of these.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.scoring.first.aligned_encoder import Ear
from pronounce_kiosk.scoring.first.aligned_evidence import Heard, gather
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.data.rooms import (
    Samples,
    in_a_bare_room,
    in_a_room,
    noisy,
    overlapping,
)
from pronounce_kiosk.training.first.aligned_korean import with_wrong_sounds
from pronounce_kiosk.training.first.aligned_rows import start_worker, vector, worker

ROUNDS = 4
"""How often every take is heard, other company and other texts each time."""
TEXTS = 4
"""How many texts of about one length each is held against."""
AT_ONCE = (1, 1, 2, 3)
"""How many people speak."""
COMPANY = 3
"""How many people speak at most."""
ENGLISH_ROUNDS = 2 * COMPANY
"""The same against English sentences: takes alone, over one other and over two; then pieces."""
OTHERS_SHARE = 0.5
BARE_SHARE = 0.75
"""Of the texts, how many synthesis says to be held against others, and how many in bare rooms."""


@dataclass(frozen=True, eq=False)
class GateRows:
    """Features in `TAKE_FEATURES`' order, (rows, n) each, each row by one ear.

    right: Korean synthesis in bare rooms. people: takes of the corpus, one to three people over
    one another, against Korean they did not say, by an ear that never heard them. others: Korean
    synthesis against other texts of about its length. english: like people, against English they
    did not say; english_of: (rows, `COMPANY`), whose takes those are, -1 for none.
    """

    right: NDArray[np.float64]
    people: NDArray[np.float64]
    others: NDArray[np.float64]
    english: NDArray[np.float64]
    english_of: NDArray[np.int64]


@dataclass(frozen=True)
class _Said:
    """What is heard: samples come from files or, where there are none, from synthesis.

    against: the texts whose features are wanted, in `language`; text: what synthesis says, or what
    people are heard as long as it takes to say; as long as the first of them where it is "".
    """

    seed: tuple[int, ...]
    ear: int
    against: tuple[str, ...]
    text: str
    files: tuple[Path, ...] = ()
    bare_room: bool = False
    language: str = "ko"


def gate_rows(
    takes: Sequence[CorpusTake],
    listeners: Sequence[int],
    texts: Sequence[str],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
    diphones: Mbrola | None = None,
) -> GateRows:
    """Rows of every take and of a part of the texts; what cannot be aligned is left out.

    listeners: of each take, the ear that never heard its speaker. texts: Korean words and
    sentences, one at least.
    """
    rng = random.Random("gate")
    pool = sorted(set(texts))
    people = [
        said for heard in range(ROUNDS) for said in _of_people(heard, takes, listeners, pool, rng)
    ]
    rng = random.Random("gate/others")
    others = [
        _Said((1, index), index % len(ears), tuple(_near(text, pool, rng)), text)
        for index, text in enumerate(texts[: round(OTHERS_SHARE * len(texts))])
    ]
    right = [
        _Said((2, index), index % len(ears), (text,), text, bare_room=True)
        for index, text in enumerate(texts[: round(BARE_SHARE * len(texts))])
    ]
    english, of = _in_english(takes, listeners)
    with ProcessPoolExecutor(
        processes, initializer=start_worker, initargs=(ears, mel, diphones)
    ) as workers:
        heard = list(workers.map(_features, english, chunksize=8))
        found = [
            _stacked(workers.map(_features, jobs, chunksize=8)) for jobs in (right, people, others)
        ]
    whose = [one for one, rows in zip(of, heard, strict=True) for _ in rows]
    english_of = np.array(whose, np.int64).reshape(len(whose), COMPANY)
    return GateRows(found[0], found[1], found[2], _stacked(heard), english_of)


def _in_english(
    takes: Sequence[CorpusTake], listeners: Sequence[int]
) -> tuple[list[_Said], list[tuple[int, ...]]]:
    """Takes alone, over one other and over two, and which of the takes each holds."""
    rng = random.Random("gate/english")
    pool = sorted({take.sentence.text for take in takes})
    jobs, of = [], []
    unheard = _unheard(listeners)
    for heard in range(ENGLISH_ROUNDS):
        for index, (take, listener) in enumerate(zip(takes, listeners, strict=True)):
            chosen = [index, *rng.choices(unheard[listener], k=heard % COMPANY)]
            said = {takes[place].sentence.text for place in chosen}
            whole = heard < COMPANY
            text = take.sentence.text if whole else rng.choice(pool)
            near = _near(text, pool, rng, 3) if whole else [text, *_near(text, pool, rng, 3)[1:]]
            against = tuple(one for one in near if one not in said)
            files = tuple(takes[place].audio for place in chosen)
            seed = (5, heard, index)
            jobs.append(_Said(seed, listener, against, "" if whole else text, files, language="en"))
            of.append((*chosen, *[-1] * (COMPANY - len(chosen))))
    return jobs, of


def _of_people(
    heard: int,
    takes: Sequence[CorpusTake],
    listeners: Sequence[int],
    pool: Sequence[str],
    rng: random.Random,
) -> list[_Said]:
    unheard = _unheard(listeners)
    jobs = []
    for index, listener in enumerate(listeners):
        chosen = [index, *rng.choices(unheard[listener], k=rng.choice(AT_ONCE) - 1)]
        text = rng.choice(pool)
        against = (text, *_near(text, pool, rng)[: TEXTS - 1])
        files = tuple(takes[place].audio for place in chosen)
        jobs.append(_Said((3, heard, index), listener, against, text, files))
    return jobs


def _unheard(listeners: Sequence[int]) -> dict[int, list[int]]:
    """By ear the places of the takes whose speakers it never heard."""
    places: dict[int, list[int]] = {}
    for place, listener in enumerate(listeners):
        places.setdefault(listener, []).append(place)
    return places


def _near(text: str, pool: Sequence[str], rng: random.Random, letters: int = 1) -> list[str]:
    """`TEXTS` at most of the other texts that are as long as this one but for a letter or so."""
    near = [one for one in pool if one != text and abs(len(one) - len(text)) <= letters]
    return rng.sample(near, min(TEXTS, len(near)))


def _features(said: _Said) -> list[NDArray[np.float64]]:
    mine, noise = worker(), np.random.default_rng([23, *said.seed])
    ear = mine.ears[said.ear]
    images = mine.images([_wave(said, noise)])
    heard: Heard | None = None
    found = []
    for text in said.against if images else ():
        line, references = mine.references(Sentence("", text, said.language), ear)
        if heard is None:
            heard = mine.hear(images[0], line, ear)
        if references:
            found.append(vector(gather(heard, line, references)))
    return [one for one in found if one is not None]


def _wave(said: _Said, noise: np.random.Generator) -> Samples:
    if said.files:
        voices = [read_clip(path).resampled(PIPELINE_SAMPLE_RATE_HZ).samples for path in said.files]
        size = len(voices[0])
        if said.text:
            usual_s = _usual_s(said.text, said.language)
            size = int(usual_s * noise.uniform(0.8, 1.5) * PIPELINE_SAMPLE_RATE_HZ)
        wave = overlapping([voice.astype(np.float64) for voice in voices], size, noise)
    else:
        rng = random.Random(f"gate/{said.seed}")
        spoken = standard_pronunciation(said.text)
        if said.bare_room:
            spoken, _ = with_wrong_sounds(spoken, rng.choice((0, 0, 1)), rng)
        wave = worker().say(spoken, said.seed[-1], rng)
    if said.bare_room:
        return noisy(in_a_bare_room(wave, noise), noise.uniform(15.0, 45.0), noise)
    return wave if noise.random() < 0.5 else in_a_room(wave, noise)


def _usual_s(text: str, language: str) -> float:
    """About how long it takes to say a text, seconds."""
    return max(0.7, 0.35 + (0.2 if language == "ko" else 0.07) * len(text))


def _stacked(found: Iterable[Sequence[NDArray[np.float64]]]) -> NDArray[np.float64]:
    rows = [one for each in found for one in each]
    return np.array(rows, np.float64).reshape(len(rows), len(TAKE_FEATURES))
