"""Teaching `scoring.first.aligned_voice` what one person's speech is and what it is not.

Every take as it is, in rooms, in noise and over faint babble is one voice; the same backwards,
several of them at once, coughs, tunes and noise are not. Each network learns from half of the
speakers, as the encoders do, so that all can be measured on people they never heard.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.scoring.first.aligned_voice import CLASSES, DOUBTFUL, Voice, doubt
from pronounce_kiosk.scoring.frontend import clean_take
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.data.rooms import (
    Samples,
    babble,
    coughs,
    in_a_bare_room,
    in_a_room,
    noisy,
    tune,
)
from pronounce_kiosk.training.first.aligned_rows import no_voice, start_worker, worker
from pronounce_kiosk.training.first.aligned_store import load_weights, save_weights

ONE, BACKWARDS, SEVERAL, NONE = range(len(CLASSES))
OTHERS = 6
"""Voices to babble beside each take's own."""
ROUNDS = 2
"""How often each take is heard in all ways, other rooms, noise and company each time."""
EPOCHS = 14
BATCH = 64
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
FRAMES = (70, 320)
"""How much of a clip is heard at a time: 0.7-3.2 s."""
SHIFT = 3
"""By up to so many bands an image is moved up or down: another size of vocal tract."""
RATES = (0.75, 1.45)
"""A piece is heard as if it were said so much faster: natives talk faster than learners."""


@dataclass(frozen=True, eq=False)
class VoiceExample:
    """part: which network may learn from it. kind: index in `CLASSES`.

    image: uint8 (n_mels, frames), 255 times the grayscale mel behind the take's front.
    """

    part: int
    kind: int
    image: NDArray[np.uint8]


def voice_examples(
    takes: Sequence[CorpusTake],
    part_of: Sequence[int],
    texts: Sequence[str],
    mel: MelParameters,
    processes: int,
    diphones: Mbrola | None = None,
) -> list[VoiceExample]:
    """Fourteen at most of every take and round, and of a quarter of the Korean texts, by synthesis.

    part_of: of each take. Babble is of the part's own voices.
    """
    rng = random.Random("crowd")
    parts: dict[int, list[CorpusTake]] = {}
    for take, part in zip(takes, part_of, strict=True):
        parts.setdefault(part, []).append(take)
    people = [
        (
            [index, heard],
            part,
            [take.audio, *(rng.choice(parts[part]).audio for _ in range(OTHERS))],
        )
        for heard in range(ROUNDS)
        for index, (take, part) in enumerate(zip(takes, part_of, strict=True))
    ]
    spoken = [standard_pronunciation(text) for text in texts]
    synthetic = [(start, spoken[start : start + 4]) for start in range(0, len(spoken), 4)]
    with ProcessPoolExecutor(
        processes, initializer=start_worker, initargs=((), mel, diphones)
    ) as pool:
        found = list(pool.map(_of_a_take, people, chunksize=8))
        found += pool.map(_of_texts, synthetic, chunksize=4)
    return [one for each in found for one in each]


def _of_a_take(job: tuple[list[int], int, list[Path]]) -> list[VoiceExample]:
    seed, part, paths = job
    voices = [read_clip(path).resampled(PIPELINE_SAMPLE_RATE_HZ).samples for path in paths]
    waves = [one.astype(np.float64) for one in voices]
    return _examples(part, waves, np.random.default_rng([17, *seed]))


def _of_texts(job: tuple[int, list[str]]) -> list[VoiceExample]:
    start, texts = job
    rng = random.Random(f"voice/{start}")
    said = [worker().say(text, start + index, rng) for index, text in enumerate(texts)]
    waves = [said[0], *(said[1:] or said) * OTHERS][: 1 + OTHERS]
    return _examples(start // 4 % 2, waves, np.random.default_rng([19, start]))


def _examples(part: int, waves: Sequence[Samples], rng: np.random.Generator) -> list[VoiceExample]:
    return [
        VoiceExample(part, kind, np.round(255.0 * image).astype(np.uint8))
        for kind, wave in _heard(waves[0], waves[1:], rng)
        for image in worker().images([wave])
    ]


def _heard(
    own: Samples, others: Sequence[Samples], rng: np.random.Generator
) -> Iterator[tuple[int, Samples]]:
    """One voice's samples in six ways, and what is none in eight; kind and wave."""

    def crowd(fewest: int, most: int) -> Samples:
        return babble(others[: int(rng.integers(fewest, most + 1))], len(own))

    def somewhere(samples: Samples) -> Samples:
        return (in_a_room if rng.random() < 0.5 else in_a_bare_room)(samples, rng)

    yield ONE, own
    yield ONE, in_a_room(own, rng)
    yield ONE, somewhere(own)
    yield ONE, noisy(own, rng.uniform(3.0, 20.0), rng)
    yield ONE, _over(own, crowd(4, 4), rng.uniform(6.0, 20.0))
    yield ONE, _over(own, crowd(3, 6), rng.uniform(6.0, 14.0))
    yield SEVERAL, crowd(3, 6)
    yield SEVERAL, crowd(3, 3)
    yield SEVERAL, somewhere(crowd(3, 5))
    yield BACKWARDS, own[::-1]
    yield BACKWARDS, somewhere(own[::-1]) if rng.random() < 0.6 else noisy(own[::-1], 15.0, rng)
    yield NONE, coughs(len(own), rng)
    yield NONE, tune(len(own), rng)
    yield NONE, no_voice(int(rng.integers(20)), len(own), rng)


def _over(own: Samples, crowd: Samples, snr_db: float) -> Samples:
    ratio = np.mean(np.square(own)) / max(float(np.mean(np.square(crowd))), 1e-12)
    mixed: Samples = own + crowd * np.sqrt(ratio) * 10 ** (-snr_db / 20)
    return mixed


def train_voices(
    examples: Sequence[VoiceExample], mel: MelParameters, paths: Sequence[Path], processes: int
) -> list[Voice]:
    """A network for each path, of the parts by turns; one that is there is not made again.

    The same examples give the same networks.
    """
    parts = 1 + max((one.part for one in examples), default=0)
    jobs = [
        ([one for one in examples if one.part == seed % parts], mel.n_mels, seed, path)
        for seed, path in enumerate(paths)
        if not path.is_file()
    ]
    if processes == 1:
        for job in jobs:
            _train_into(job)
    elif jobs:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            list(pool.map(_train_into, jobs))
    return [load_weights(path, Voice(mel.n_mels)) for path in paths]


def _train_into(job: tuple[list[VoiceExample], int, int, Path]) -> None:
    examples, n_mels, seed, path = job
    torch.set_num_threads(1)
    save_weights(path, train_voice(examples, n_mels, seed))


def train_voice(
    examples: Sequence[VoiceExample], n_mels: int, seed: int, epochs: int = EPOCHS
) -> Voice:
    """One network; the same examples and seed give the same one. On one thread."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    voice = Voice(n_mels)
    size = min(BATCH, len(examples))
    steps = epochs * (len(examples) // size)
    optimiser = torch.optim.AdamW(voice.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=steps, pct_start=0.15
    )
    voice.train()
    order: list[int] = []
    for _ in range(steps):
        if len(order) < size:
            order = rng.sample(range(len(examples)), len(examples))
        chosen, order = [examples[index] for index in order[:size]], order[size:]
        found = voice(*_batch([_piece(one.image, rng) for one in chosen]))
        loss = functional.cross_entropy(found, torch.tensor([one.kind for one in chosen]))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(voice.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return voice.eval()


def take_doubts(
    takes: Sequence[CorpusTake],
    similarity: NDArray[np.float64],
    part_of: Sequence[int],
    voices: Sequence[Voice],
    mel: MelParameters,
) -> NDArray[np.float64]:
    """What the kiosk would take off each take's similarity, (takes,), by `train_voices`' networks.

    part_of: of each take; only networks of the other part are asked, which never heard its speaker.
    """
    parts = 1 + max(part_of, default=0)
    doubts = np.zeros(len(takes))
    for index in np.flatnonzero((similarity > 0.0) & (similarity < DOUBTFUL)):
        strangers = [voice for seed, voice in enumerate(voices) if seed % parts != part_of[index]]
        take = takes[index]
        clip = read_clip(take.audio).resampled(PIPELINE_SAMPLE_RATE_HZ)
        image = grayscale_mel(clean_take(clip).clip, mel)
        doubts[index] = doubt(strangers, image, take.sentence.language)
    return doubts


def _piece(image: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """A random piece of an image, said faster or slower and moved up or down."""
    frames = min(image.shape[1], rng.randint(*FRAMES))
    start = rng.randint(0, image.shape[1] - frames)
    heard = max(1, round(frames / rng.uniform(*RATES)))
    at = start + np.arange(heard) * frames // heard
    return np.roll(image[:, at], rng.randint(-SHIFT, SHIFT), axis=0)


def _batch(images: Sequence[NDArray[np.uint8]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Images in [0, 1] side by side, padded, and how many frames each has."""
    lengths = torch.tensor([one.shape[1] for one in images])
    side = np.zeros((len(images), images[0].shape[0], int(lengths.max())), np.float32)
    for row, one in enumerate(images):
        side[row, :, : one.shape[1]] = one / np.float32(255.0)
    return torch.from_numpy(side), lengths


def save_examples(path: Path, examples: Sequence[VoiceExample]) -> None:
    """Write all examples to one file, whole or not at all."""
    about = [[one.part, one.kind, one.image.shape[1]] for one in examples]
    images = np.concatenate([one.image for one in examples], axis=1)
    part = path.with_suffix(".part")
    torch.save({"about": torch.tensor(about), "images": torch.from_numpy(images)}, part)
    os.replace(part, path)


def load_examples(path: Path) -> list[VoiceExample]:
    """What `save_examples` wrote. Nothing in the file is run."""
    document = torch.load(path, weights_only=True)
    images, examples, at = document["images"].numpy(), [], 0
    for part, kind, frames in document["about"].tolist():
        examples.append(VoiceExample(part, kind, images[:, at : at + frames]))
        at += frames
    return examples
