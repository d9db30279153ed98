"""Teaching an ear to compare: people's phones against synthesis' own, whoever spoke.

What a take is compared with is espeak-ng, and a person's 가 is further from espeak-ng's 가 than one
espeak-ng syllable is from another. So the last step of an ear is trained on pairs, a phone of a
take and the same phone of a reference, to pick the right one among all of the batch (InfoNCE; van
den Oord et al. 2018). English people teach it too what Korean synthesis alone cannot: it was
tried on native Korean, which it never hears.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.first.aligned_encoder import Comparison, Ear, EncoderShape
from pronounce_kiosk.scoring.first.aligned_evidence import Heard, HeardReference, hear_reference
from pronounce_kiosk.scoring.frontend import clean_take
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.data.rooms import in_a_room
from pronounce_kiosk.training.first.aligned_rows import start_worker, worker

STEPS = 2500
TAKES = 24
"""In a batch."""
KOREAN_SHARE = 0.4
TEMPERATURE = 0.1
LEARNING_RATE = 2e-3


@dataclass(frozen=True, eq=False)
class Pairs:
    """A take's phones and its references', by mean embedding; float32.

    take: (phones, embedding). references: (references, phones, embedding). phones: int64 (phones,)
    in their language's set.
    """

    language: str
    take: FloatArray
    references: FloatArray
    phones: NDArray[np.int64]


def people(
    takes: Sequence[CorpusTake],
    ear_of: Sequence[int],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
) -> list[Pairs | None]:
    """The pairs of every take as its ear hears them; None where they cannot be aligned.

    The ears have no comparison yet. Each hears the speakers it was trained on: the others are
    kept to measure with.
    """
    jobs = list(zip(takes, ear_of, strict=True))
    with ProcessPoolExecutor(processes, initializer=start_worker, initargs=(ears, mel)) as pool:
        return list(pool.map(_of_a_person, jobs, chunksize=8))


def synthesis(
    texts: Sequence[str],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
    diphones: Mbrola | None = None,
) -> list[list[Pairs]]:
    """Korean texts by random voices in random rooms: the pairs as each ear hears them."""
    start = (ears, mel, diphones)
    with ProcessPoolExecutor(processes, initializer=start_worker, initargs=start) as pool:
        found = list(pool.map(_of_a_voice, enumerate(texts), chunksize=4))
    return [[pairs[ear] for pairs in found if pairs] for ear in range(len(ears))]


def _of_a_person(job: tuple[CorpusTake, int]) -> Pairs | None:
    take, which = job
    mine = worker()
    cleaned = clean_take(read_clip(take.audio))
    if cleaned.verdict is not None:
        return None
    line, references = mine.references(take.sentence, mine.ears[which])
    heard = mine.hear(grayscale_mel(cleaned.clip, mine.mel), line, mine.ears[which])
    return _pairs(heard, line, references)


def _of_a_voice(job: tuple[int, str]) -> list[Pairs]:
    index, text = job
    mine = worker()
    rng = random.Random(f"compare/{index}")
    said = mine.say(standard_pronunciation(text), index, rng)
    images = mine.images([in_a_room(said, np.random.default_rng([13, index]))])
    found = []
    for ear in mine.ears if images else ():
        line, references = mine.references(Sentence("", text, "ko"), ear)
        found.append(_pairs(mine.hear(images[0], line, ear), line, references))
    return [one for one in found if one is not None] if all(found) else []


def _pairs(heard: Heard, line: PhoneLine, references: Sequence[HeardReference]) -> Pairs | None:
    take = hear_reference(heard, line)
    if take is None or not references:
        return None
    return Pairs(
        line.language,
        _means(take),
        np.stack([_means(one) for one in references]),
        np.array(line.indices, np.int64),
    )


def _means(one: HeardReference) -> FloatArray:
    edges = zip(one.spans.start, one.spans.end, strict=True)
    return np.stack([one.heard.embeddings[start:end].mean(axis=0) for start, end in edges])


def train_comparison(
    english: Sequence[Pairs], korean: Sequence[Pairs], shape: EncoderShape, seed: int
) -> Comparison:
    """A comparison for one ear; the same pairs and seed give the same one. On one thread."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    comparison = Comparison(shape)
    optimiser = torch.optim.AdamW(comparison.parameters(), LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=STEPS)
    comparison.train()
    for _ in range(STEPS):
        drawn = [
            rng.choice(korean if rng.random() < KOREAN_SHARE else english) for _ in range(TAKES)
        ]
        loss = _loss(comparison, drawn, [rng.randrange(len(one.references)) for one in drawn])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return comparison.eval()


def _loss(comparison: Comparison, drawn: Sequence[Pairs], voices: Sequence[int]) -> Tensor:
    """Cross entropy of the right pair among all phones of its language that are others."""
    take = torch.from_numpy(np.concatenate([one.take for one in drawn]))
    theirs = [one.references[voice] for one, voice in zip(drawn, voices, strict=True)]
    reference = torch.from_numpy(np.concatenate(theirs))
    phones = torch.from_numpy(np.concatenate([one.phones for one in drawn]))
    korean = torch.cat([torch.full((len(one.phones),), one.language == "ko") for one in drawn])
    alike = comparison(functional.normalize(take, dim=1))
    alike = alike @ comparison(functional.normalize(reference, dim=1)).T / TEMPERATURE
    ignored = (phones[:, None] == phones[None]) | (korean[:, None] != korean[None])
    alike = alike.masked_fill(ignored.fill_diagonal_(False), -1e9)
    right = torch.arange(len(phones))
    to_take, to_reference = (functional.cross_entropy(x, right) for x in (alike, alike.T))
    return 0.5 * (to_take + to_reference)
