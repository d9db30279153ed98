"""Compute features of rated takes: as recorded, changed, against another sentence, corrupted."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from torch import Tensor

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import limit_threads, map_in_order
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.acoustic.conformer import Conformer
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import Features, Spoken, find_phones, gather_features
from pronounce_kiosk.scoring.english.units import unit_times_s
from pronounce_kiosk.scoring.frontend import clean_take, trimmed_reference
from pronounce_kiosk.scoring.scorer import english_line
from pronounce_kiosk.training.aligned.steps import finished
from pronounce_kiosk.training.data import rooms
from pronounce_kiosk.training.data.corpus import CorpusTake, other_sentences
from pronounce_kiosk.training.data.rooms import Samples

KINDS = (
    "plain", "room", "noise", "wrong", "half", "spoiled", "looped", "backwards", "cut", "crowd",
)  # fmt: skip
"""plain: the take as recorded; room, noise: in another room, in noise or babble; wrong: against
another sentence of like length; half: half of it, or of a reference; spoiled: corrupted (other
voices, backwards, a piece looped, or non-speech); looped: one of its words repeated; backwards: the
take backwards; cut: half of its words; crowd: multi-talker, two to five other takes at once."""
RIGHT_KINDS = ("plain", "room", "noise")
VOICES = ("+f2", "+m3")
"""espeak-ng's voice variants that say references beside the plain voice."""
NOISE_DB = (6.0, 30.0)
"""Range of the signal-to-noise ratio."""
_CHUNK = 250
"""Takes of a file in the work folder; an interrupted training loses at most these."""
_SHORTEST_S = 0.15
_RATE = PIPELINE_SAMPLE_RATE_HZ


@dataclass(frozen=True, eq=False)
class EnglishRow:
    """Features of one clip against one sentence. take: index of the take it was made from."""

    take: int
    kind: str
    line: PhoneLine
    features: Features


@dataclass(frozen=True)
class _Job:
    index: int
    take: CorpusTake
    other: Sentence
    voices: tuple[Path, ...]


_Clip = tuple[str, str, FloatArray | None]
"""Kind, text and samples of a clip."""


class _Worker:
    def __init__(self, state: dict[str, Tensor]) -> None:
        self.network = Conformer()
        self.network.load_state_dict(state)
        self.network.eval()
        plain = EspeakEngine(library=EspeakLibrary(fresh_process=False))
        self.engines = [plain, *(plain.with_variant(voice) for voice in VOICES)]

    @lru_cache(maxsize=64)  # noqa: B019 - the worker lives as long as its process
    def references(self, text: str) -> tuple[PhoneLine, list[FloatArray], list[Spoken]]:
        """Return the sentence's phones, its references' samples, and the phones found in them."""
        sentence = Sentence("", text, "en")
        rendered = [engine.render(sentence) for engine in self.engines]
        line = english_line(sentence, rendered)
        clips = [trimmed_reference(one.clip).clip.samples for one in rendered]
        spoken = [find_phones(self.network.hear(clip), line) for clip in clips]
        return line, clips, [one for one in spoken if one is not None]

    def rows(self, job: _Job, clips: Iterable[_Clip]) -> Iterator[EnglishRow]:
        """Compute rows of clips; a clip that is None, or too short for its text, has none."""
        for kind, text, samples in clips:
            line, _, references = self.references(text)
            if samples is None or len(samples) < _SHORTEST_S * _RATE or not references:
                continue
            found = gather_features(self.network.hear(samples), line, references)
            if found is not None:
                yield EnglishRow(job.index, kind, line, found)


_worker: _Worker | None = None


def _start(state: dict[str, Tensor]) -> None:
    global _worker
    limit_threads()
    _worker = _Worker(state)


def take_span(clip: AudioClip) -> FloatArray | None:
    """Trim a take to its voice, 16 kHz, not denoised; None where level check or trim refuse it."""
    cleaned = clean_take(clip)
    return None if cleaned.verdict is not None else cleaned.raw.samples


_KEPT = (EnglishRow, PhoneLine, Features, PhonePlaces)


def gather_rows(
    takes: Sequence[CorpusTake], state: dict[str, Tensor], work: Path, processes: int
) -> list[EnglishRow]:
    """Compute the rows of rated takes, or read those that are finished in the work folder.

    state: The acoustic model's weights; another model, or corpus, needs another work folder.
    """
    others = other_sentences(takes)
    rng = random.Random("voices")
    voices = [tuple(rng.choice(takes).audio for _ in range(5)) for _ in takes]
    # By length, so that neighbours share cached references.
    order = sorted(range(len(takes)), key=lambda index: (len(takes[index].sentence.text), index))
    jobs = [_Job(index, takes[index], others[index], voices[index]) for index in order]
    rows: list[EnglishRow] = []
    for first in range(0, len(jobs), _CHUNK):
        path = work / f"english-rows-{first:05d}.pt"
        compute = partial(_rows_of_part, jobs[first : first + _CHUNK], state, processes, path.stem)
        rows += [_with_floats(row, np.float32) for row in finished(path, compute, *_KEPT)]
    return rows


def _rows_of_part(
    jobs: Sequence[_Job], state: dict[str, Tensor], processes: int, label: str
) -> list[EnglishRow]:
    found = map_in_order(
        _rows, jobs, jobs=processes, label=label, initializer=_start, initargs=(state,)
    )
    return [_with_floats(row, np.float16) for some in found for row in some]


def _rows(job: _Job) -> list[EnglishRow]:
    assert _worker is not None
    clip = read_clip(job.take.audio).resampled(_RATE)
    span = take_span(clip)
    text = job.take.sentence.text
    rng = np.random.default_rng([11, job.index])
    samples = clip.samples.astype(np.float64)
    voices = [read_clip(path).samples.astype(np.float64) for path in job.voices]
    clips = [
        ("plain", text, span),
        ("room", text, take_span(rooms.clip_of(rooms.in_a_room(samples, rng)))),
        ("noise", text, take_span(rooms.clip_of(_in_noise(samples, voices, rng)))),
        ("wrong", job.other.text, span),
        ("half", text, _half(span, _worker.references(text)[1], rng)),
        ("spoiled", text, take_span(rooms.clip_of(_spoiled(job.index, samples, voices, rng)))),
    ]
    rows = list(_worker.rows(job, clips))
    if span is not None and rows and rows[0].kind == "plain":
        rows += _worker.rows(job, _close_negatives(job, span, rows[0], voices))
    return rows


def _close_negatives(
    job: _Job, span: FloatArray, plain: EnglishRow, voices: Sequence[Samples]
) -> list[_Clip]:
    """Make negatives close to the sentence: of the take's own words, or multi-talker."""
    edges = (unit_times_s(plain.features.places, plain.line) * _RATE).astype(int)
    rng = np.random.default_rng([13, job.index])
    word, middle = int(rng.integers(edges.shape[1])), edges.shape[1] // 2
    start, end = edges[:, word]
    text = job.take.sentence.text
    crowd = rooms.babble(voices[: int(rng.integers(2, 6))], len(span))
    clips: list[_Clip] = [
        ("looped", text, np.resize(span[start:end], len(span))),
        ("backwards", text, np.ascontiguousarray(span[::-1])),
        ("crowd", text, take_span(rooms.clip_of(crowd))),
    ]
    if middle:
        border = int(edges[0, middle])
        clips.append(("cut", text, span[:border] if rng.random() < 0.5 else span[border:]))
    return clips


def _in_noise(samples: Samples, voices: Sequence[Samples], rng: np.random.Generator) -> Samples:
    """Add steady noise or babble."""
    snr_db = rng.uniform(*NOISE_DB)
    if rng.random() < 0.5:
        return rooms.noisy(samples, snr_db, rng)
    crowd = rooms.babble(voices, len(samples))
    return samples + crowd * rooms.rms(samples) / max(rooms.rms(crowd), 1e-6) * 10 ** (-snr_db / 20)


def _half(
    span: FloatArray | None, references: Sequence[FloatArray], rng: np.random.Generator
) -> FloatArray | None:
    """Cut the first or the second half of a take or, one time in four, of a reference."""
    whole = references[int(rng.integers(len(references)))] if rng.random() < 0.25 else span
    if whole is None:
        return None
    middle = int(rng.uniform(0.4, 0.6) * len(whole))
    return whole[:middle] if rng.random() < 0.5 else whole[middle:]


def _spoiled(
    number: int, samples: Samples, voices: Sequence[Samples], rng: np.random.Generator
) -> Samples:
    """Corrupt a take: other voices at once, backwards, looped, or non-speech instead."""
    size = len(samples)
    match number % 5:
        case 0:
            return rooms.babble(voices, size)
        case 1:
            return rooms.overlapping(voices[: int(rng.integers(2, 4))], size, rng)
        case 2:
            return samples[::-1]
        case 3:
            return rooms.looped(samples, rng)
    seed = int(rng.integers(2**31))
    if number % 3 == 2:
        return rooms.nonspeech_clips(seed, 4, size)[int(rng.integers(4))].samples.astype(np.float64)
    return (rooms.tune, rooms.coughs)[number % 3](size, np.random.default_rng(seed))


def _with_floats(row: EnglishRow, kind: type[np.floating]) -> EnglishRow:
    """Change the type of the large features: those of 16 bits halve a file."""
    names = ("posteriors", "vectors", "posteriors_against", "vectors_against")
    values = {name: getattr(row.features, name).astype(kind) for name in names}
    return replace(row, features=replace(row.features, **values))
