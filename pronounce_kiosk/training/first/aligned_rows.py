"""Evidence of the takes the judge is fitted on, by encoders that never heard their speakers.

Two encoders, each trained on half of the speakers: a take's evidence comes from the one that heard
the other half. Features of takes an encoder has learned look better than any new take's ever will.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.first.aligned import EXTRA_VOICES, hear, sentence_line
from pronounce_kiosk.scoring.first.aligned_ear import Ears
from pronounce_kiosk.scoring.first.aligned_encoder import Ear
from pronounce_kiosk.scoring.first.aligned_evidence import (
    Evidence,
    Heard,
    HeardReference,
    gather,
    hear_reference,
)
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES, unit_vectors
from pronounce_kiosk.scoring.first.aligned_reader import Reading, reading
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.data.mbrola import HIGH, LOW, Mbrola
from pronounce_kiosk.training.data.negatives import nonspeech_clips
from pronounce_kiosk.training.data.rooms import Samples, babble, clip_of, in_a_room, looped, tune
from pronounce_kiosk.training.first.aligned_speech import VARIANTS

NEGATIVES = ("half", "reversed", "second half", "looped")
BABBLERS = 4


@dataclass(frozen=True, eq=False)
class TakeRow:
    """features: (n,) in `TAKE_FEATURES`' order, None where nothing could be aligned.

    units: (units, UNIT_FEATURES). roomy: features of the take in a random room. wrong: against
    another sentence of similar length. negatives: of the take cut, reversed or looped, and of
    what is no take at all; what the take's front refuses is not among them. reading,
    roomy_reading: what the readers read of the take, and of it in the room.
    """

    index: int
    features: NDArray[np.float64] | None
    units: NDArray[np.float64] | None
    roomy: NDArray[np.float64] | None
    wrong: NDArray[np.float64] | None
    negatives: tuple[NDArray[np.float64] | None, ...]
    reading: Reading | None = None
    roomy_reading: Reading | None = None


class Worker:
    """What one process keeps between takes."""

    def __init__(
        self, ears: Sequence[Ear], mel: MelParameters, diphones: Mbrola | None = None
    ) -> None:
        torch.set_num_threads(1)
        self.ears = ears
        self.mel = mel
        library = EspeakLibrary(fresh_process=False)
        self.library = library
        plain = EspeakEngine(library=library)
        self.engines = [plain, *(plain.with_variant(variant) for variant in EXTRA_VOICES)]
        self.diphones = diphones

    def references(self, sentence: Sentence, ear: Ear) -> tuple[PhoneLine, list[HeardReference]]:
        """The sentence's phones, and its references that are long enough for them."""
        line, mels = self._rendered(sentence)
        heard = [hear_reference(self.hear(mel, line, ear), line) for mel in mels]
        return line, [one for one in heard if one is not None]

    def _rendered(self, sentence: Sentence) -> tuple[PhoneLine, list[FloatArray]]:
        """The sentence's phones, and its references' images."""
        rendered = [engine.render(sentence) for engine in self.engines]
        mels = [grayscale_mel(clean_reference(one.clip).clip, self.mel) for one in rendered]
        return sentence_line(sentence, rendered), mels

    @cached_property
    def in_use(self) -> Ears:
        """The ears as a kiosk has them: each frame of one begins elsewhere than the others'."""
        return Ears(self.ears)

    def references_in_use(self, sentence: Sentence) -> tuple[PhoneLine, list[list[HeardReference]]]:
        """The same as `references` by the ears in use, those of each ear."""
        line, mels = self._rendered(sentence)
        heard = [
            [hear_reference(ear, line) for ear in self.in_use.hear(mel, line.language)]
            for mel in mels
        ]
        whole = [each for each in heard if all(each)]
        return line, [[one for one in ear if one] for ear in zip(*whole, strict=True)]

    def say(self, said: str, index: int, rng: random.Random) -> Samples:
        """A Korean pronunciation at a random rate and pitch, 16 kHz.

        By a person's diphones, low or high, where index is odd and they can, else by a variant of
        espeak-ng's voice.
        """
        if self.diphones is not None and index % 2:
            clip = self.diphones.speak(said, rng, rng.choice((LOW, HIGH)))
            if clip is not None:
                return clip.samples.astype(np.float64)
        spoken = self.library.speak(
            said,
            f"ko+{rng.choice(VARIANTS)}",
            rate_wpm=rng.randint(120, 210),
            pitch=rng.randint(20, 80),
            pitch_range=rng.randint(20, 80),
        )
        clip = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz)
        return clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples.astype(np.float64)

    def images(self, waves: Sequence[Samples]) -> list[FloatArray]:
        """Mel images of waves behind the take's front; those it refuses are left out."""
        cleaned = [clean_take(clip_of(wave)) for wave in waves]
        return [grayscale_mel(one.clip, self.mel) for one in cleaned if one.verdict is None]

    def hear(self, mel: FloatArray, line: PhoneLine, ear: Ear) -> Heard:
        """What the encoder hears in an image (n_mels, frames)."""
        with torch.inference_mode():
            return hear(ear, np.ascontiguousarray(mel), line.language)


_worker: Worker | None = None


def start_worker(ears: Sequence[Ear], mel: MelParameters, diphones: Mbrola | None = None) -> None:
    global _worker
    _worker = Worker(ears, mel, diphones)


def worker() -> Worker:
    """This process's worker, after `start_worker`."""
    assert _worker is not None
    return _worker


def take_rows(
    takes: Sequence[CorpusTake],
    encoder_of: Sequence[int],
    ears: Sequence[Ear],
    mel: MelParameters,
    processes: int,
) -> list[TakeRow]:
    """One row a take, in order. encoder_of: which encoder may hear each take.

    Raises `TrainingError` where all say the same sentence.
    """
    others = other_sentences(takes)
    rng = random.Random("voices")
    voices = [tuple(rng.choice(takes).audio for _ in range(BABBLERS)) for _ in takes]
    jobs = list(zip(range(len(takes)), takes, others, encoder_of, voices, strict=True))
    with ProcessPoolExecutor(processes, initializer=start_worker, initargs=(ears, mel)) as pool:
        return list(pool.map(_take_row, jobs, chunksize=8))


def other_sentences(takes: Sequence[CorpusTake]) -> list[Sentence]:
    """For each take another sentence of similar length: within 15 ranks, further where need be.

    Raises `TrainingError` where there is only one sentence.
    """
    if len({take.sentence.text for take in takes}) < 2:
        raise TrainingError("The corpus needs two different sentences: get the whole corpus.")
    order = sorted(range(len(takes)), key=lambda i: (len(takes[i].sentence.text), i))
    others = [takes[0].sentence] * len(takes)
    for rank, index in enumerate(order):
        rng = random.Random(f"wrong/{index}")
        for attempt in count():
            reach = 15 + max(0, attempt - 50)
            place = min(max(rank + rng.randint(-reach, reach), 0), len(order) - 1)
            others[index] = takes[order[place]].sentence
            if others[index].text != takes[index].sentence.text:
                break
    return others


def _take_row(job: tuple[int, CorpusTake, Sentence, int, tuple[Path, ...]]) -> TakeRow:
    index, take, other, which, voices = job
    mine = worker()
    ear = mine.ears[which]
    clip = read_clip(take.audio)
    cleaned = clean_take(clip)
    if cleaned.verdict is not None:
        return TakeRow(index, None, None, None, None, ())
    mel = grayscale_mel(cleaned.clip, mine.mel)
    line, references = mine.references(take.sentence, ear)
    evidence = gather(mine.hear(mel, line, ear), line, references)
    other_line, other_references = mine.references(other, ear)
    wrong = gather(mine.hear(mel, other_line, ear), other_line, other_references)
    rng = np.random.default_rng([7, index])
    samples = clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples.astype(np.float64)
    spoiled = [_spoiled(mel, NEGATIVES[index % len(NEGATIVES)], index)]
    spoiled += mine.images([no_take(index, samples, voices, rng)])
    roomy = mine.images([in_a_room(samples, rng)])
    heard = [gather(mine.hear(one, line, ear), line, references) for one in roomy + spoiled]
    in_room = heard[0] if roomy else None
    return TakeRow(
        index,
        vector(evidence),
        None if evidence is None else unit_vectors(evidence.phones, line)[0],
        vector(in_room),
        vector(wrong),
        tuple(vector(one) for one in heard[len(roomy) :]),
        None if evidence is None else reading([evidence], line),
        None if in_room is None else reading([in_room], line),
    )


def no_take(
    kind: int, samples: Samples, voices: Sequence[Path], rng: np.random.Generator
) -> Samples:
    """Babble of other voices, the samples backwards or looped, or no voice at all."""
    if kind % 4 == 0:
        others = [read_clip(path).resampled(PIPELINE_SAMPLE_RATE_HZ).samples for path in voices]
        return babble([one.astype(np.float64) for one in others], len(samples))
    if kind % 4 == 1:
        return samples[::-1]
    if kind % 4 == 2:
        return looped(samples, rng)
    return no_voice(kind // 4, len(samples), rng)


def no_voice(kind: int, size: int, rng: np.random.Generator) -> Samples:
    """By kind noise, hum or a tune. As long as the take: to be refused it must not be too short."""
    seed = int(rng.integers(2**31))
    if kind % 5 == 4:
        return tune(size, np.random.default_rng(seed))
    return nonspeech_clips(seed, 4, size)[kind % 5].samples.astype(np.float64)


def vector(evidence: Evidence | None) -> NDArray[np.float64] | None:
    return None if evidence is None else np.array([evidence.take[n] for n in TAKE_FEATURES])


def _spoiled(mel: FloatArray, how: str, seed: int) -> FloatArray:
    frames = mel.shape[1]
    if how == "half":
        return mel[:, : frames // 2]
    if how == "second half":
        return mel[:, frames // 2 :]
    if how == "reversed":
        return mel[:, ::-1]
    start = random.Random(seed).randrange(max(1, frames - 20))
    return np.tile(mel[:, start : start + 20], (1, frames // 20 + 1))[:, :frames]
