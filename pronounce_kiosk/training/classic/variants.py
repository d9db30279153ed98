"""The classic recipe's variants: their images, their training, their scores of people never heard.

One factor at a time differs from the plain recipe, at the original team's scale of a few hundred
pairs. Audio is prepared once for each order of stages, images are kept in a work folder, and so
are the scores of every variant and seed that is done: a run that was cut off goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.denoise import denoise
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.level import decibels, frame_rms, strip_digital_silence
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.audio.vad import FRAME, trim
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.scoring.classic.network import EMBEDDING, IMAGE_HEIGHT, fixed_size
from pronounce_kiosk.session.engine import Library
from pronounce_kiosk.session.parallel import DEFAULT_JOBS, map_in_order
from pronounce_kiosk.training.classic.train import ClassicRecipe, ImageArray, fit_network
from pronounce_kiosk.training.data.corpus import Corpus, CorpusTake, split_speakers
from pronounce_kiosk.training.data.references import training_library
from pronounce_kiosk.training.evaluation.people import wrong_sentences

Values = NDArray[np.float64]
Log = Callable[[str], None]

WIDTH = 64
"""Half of classic-1's width: a third of the work, and so seeds enough to know what is noise."""
COLUMN_S = 0.08
"""Of an image that is not stretched: 64 columns of it hold nine takes of ten whole."""
FULL_SCALE_DB = 80.0
"""The dynamic range under full scale of an image that is not normalised per clip."""
VOICES = ("+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f4")
"""Who says the positive side where synthesis does. Not the reference's own voice."""
NOISE_DB = 10.0
"""Signal to white noise of the noisy takes."""
QUIET_PEAK = 0.09
"""Ten times this still fits below full scale."""

TAKE_ORDER = ("denoise", "trim")
REFERENCE_ORDER = ("trim", "denoise")
Order = tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """How a clip becomes an image. filter: of the samples, "" for none."""

    stretched: bool = True
    per_clip: bool = True
    filter: str = ""
    smooth: bool = False
    width: int = WIDTH

    @property
    def key(self) -> str:
        """A name for files."""
        words = ("stretched" if self.stretched else "kept", "clip" if self.per_clip else "scale")
        smooth = "smooth" if self.smooth else "sharp"
        return "-".join([*words, self.filter.replace(" ", "_") or "plain", smooth, str(self.width)])


@dataclass(frozen=True)
class Variant:
    """One way to make the classic model. name: as the table has it; positives: people or TTS."""

    name: str
    take_order: Order = TAKE_ORDER
    reference_order: Order = REFERENCE_ORDER
    picture: Picture = field(default_factory=Picture)
    colour: bool = False
    pairs: int = 920
    epochs: int = 50
    positives: str = "people"


@dataclass(frozen=True)
class Plan:
    """How much of the corpus is used, the same for every variant.

    training_share: of the speakers; the others are tested, takes_a_speaker of each, and
    changed_a_speaker of those louder and in noise as well. good: most well-rated takes to draw
    positive pairs from.
    """

    training_share: float = 0.6
    takes_a_speaker: int = 8
    changed_a_speaker: int = 2
    good: int = 480
    seed: int = 1
    recipe: ClassicRecipe = field(default_factory=ClassicRecipe)


@dataclass(frozen=True, eq=False)
class Pool:
    """Takes that are used, and which of them for what; all rows count in takes.

    wrong: for each row of test a row of test with another sentence of similar length.
    """

    takes: tuple[CorpusTake, ...]
    good: NDArray[np.int64]
    bad: NDArray[np.int64]
    test: NDArray[np.int64]
    wrong: NDArray[np.int64]
    changed: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class VariantScores:
    """A trained variant's scores, 0-100. right, wrong: (test takes,); the others (changed,)."""

    right: Values
    wrong: Values
    quiet: Values
    loud: Values
    clean: Values
    noisy: Values


def choose_takes(corpus: Corpus, plan: Plan) -> Pool:
    """Deal out speakers and takes. Raises `TrainingError` where a side of the pairs is empty."""
    shares = (plan.training_share, 1.0 - plan.training_share)
    training, tested = split_speakers(corpus.speakers, shares, plan.seed)
    random = np.random.default_rng(plan.seed)
    heard = corpus.of_speakers(training)
    good = [take for take in heard if take.human("total") >= plan.recipe.good_total]
    bad = [take for take in heard if take.human("total") <= plan.recipe.bad_total]
    good = [good[row] for row in np.sort(random.permutation(len(good))[: plan.good])]
    test: list[CorpusTake] = []
    changed: list[int] = []
    for speaker in tested:
        own = corpus.of_speakers([speaker])
        own = tuple(own[row] for row in _spread(len(own), plan.takes_a_speaker))
        changed += [len(test) + int(row) for row in _spread(len(own), plan.changed_a_speaker)]
        test += own
    if not good or not bad or not test:
        raise TrainingError("The corpus has no well or no badly rated takes: get the whole corpus.")
    takes = (*good, *bad, *test)
    start = len(good) + len(bad)
    rows = {take.sentence.text: start + row for row, take in enumerate(test)}
    wrong = [rows[sentence.text] for sentence in wrong_sentences(test, plan.seed)]
    return Pool(
        takes,
        np.arange(len(good)),
        np.arange(len(good), start),
        np.arange(start, len(takes)),
        np.array(wrong, np.int64),
        np.array(changed, np.int64),
    )


def train_variants(
    corpus: Corpus,
    variants: Sequence[Variant],
    seeds: Mapping[str, int],
    work: Path,
    plan: Plan,
    jobs: int = DEFAULT_JOBS,
    log: Log | None = None,
) -> tuple[Pool, dict[str, list[VariantScores]]]:
    """Train every variant with each seed and score the test takes; by name, a value a seed.

    seeds: how many of each variant, by name. work: keeps what is finished. Raises `TrainingError`
    where work belongs to another corpus or plan.
    """
    log = log or (lambda _: None)
    _claim(work, corpus, plan)
    pool = choose_takes(corpus, plan)
    _prepare(pool, variants, work, plan, jobs, log)
    # Seed by seed: a run cut off has all variants by some seeds, not some variants by all.
    wanted = [
        (variant, plan.seed + number)
        for number in range(max(seeds.values(), default=0))
        for variant in variants
        if number < seeds[variant.name]
    ]
    todo = [job for job in wanted if not _scores_path(work, *job).is_file()]
    train = partial(_train_job, pool=pool, work=work, recipe=plan.recipe)
    for (variant, seed), _ in zip(
        todo, map_in_order(train, todo, jobs=jobs, label="variants"), strict=True
    ):
        log(f"{variant.name}, seed {seed}")
    found = {
        variant.name: [
            _read_scores(_scores_path(work, variant, plan.seed + number))
            for number in range(seeds[variant.name])
        ]
        for variant in variants
    }
    return pool, found


def draw_pairs(pool: Pool, variant: Variant, seed: int) -> NDArray[np.int64]:
    """The variant's pairs, int64 (pairs, 3): row of the take side, row of the reference, same.

    Half are well-rated takes of their sentence, a quarter badly rated ones, the rest another
    sentence of similar length. Fewer pairs of the same seed are the first of more. Rows from
    len(takes) on are the synthetic voices of pool.good.
    """
    random = np.random.default_rng(seed)
    good, bad = random.permutation(pool.good), random.permutation(pool.bad)
    both = np.concatenate([pool.good, pool.bad])
    others = random.permutation(both)
    apart = _of_other_length(pool, others, random)
    half = variant.pairs // 2
    good = good[:half]
    bad = bad[: variant.pairs // 4]
    rest = slice(0, max(1, variant.pairs - half - len(bad)))
    left = good + len(pool.takes) if variant.positives == "tts" else good
    return np.concatenate(
        [
            np.stack([left, good, np.ones_like(good)], 1),
            np.stack([bad, bad, np.zeros_like(bad)], 1),
            np.stack([others[rest], apart[rest], np.zeros_like(others[rest])], 1),
        ]
    )


def _of_other_length(
    pool: Pool, rows: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.int64]:
    """For each row another row's sentence, of three drawn the nearest in length."""
    texts = np.array([take.sentence.text for take in pool.takes])
    lengths = np.char.str_len(texts)
    draws = random.choice(rows, (len(rows), 8))
    apart = np.abs(lengths[draws[:, :3]] - lengths[rows][:, None]).astype(float)
    apart[texts[draws[:, :3]] == texts[rows][:, None]] = np.inf
    chosen = draws[np.arange(len(rows)), np.argmin(apart, axis=1)]
    for index in np.flatnonzero(texts[chosen] == texts[rows]):
        different = rows[texts[rows] != texts[rows[index]]]
        if not len(different):
            raise TrainingError("The corpus needs two different sentences: get the whole corpus.")
        chosen[index] = random.choice(different)
    return chosen


def ordered(clip: AudioClip, order: Order) -> AudioClip:
    """The clip at 16 kHz after the stages in their order; whole where VAD hears no voice."""
    clip = clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
    for stage in order:
        if stage == "denoise":
            clip = denoise(clip)
        elif len((trimmed := trim(clip)).clip.samples):
            clip = trimmed.clip
    return clip


def picture_of(clip: AudioClip, level_db: float, picture: Picture) -> ImageArray:
    """The image, float16 (64, width), 0-1. level_db: of the clip as it came, dBFS; see `level_of`.

    Not stretched: `COLUMN_S` a column, cut or black at the end.
    """
    clip = filtered(clip, picture.filter)
    if picture.per_clip:
        mel = grayscale_mel(clip, MelParameters())
    else:
        mel = grayscale_mel(clip, MelParameters(top_db=FULL_SCALE_DB))
        mel = np.clip(mel + np.float32(level_db / FULL_SCALE_DB), 0.0, 1.0)
    if picture.smooth:
        from scipy.ndimage import gaussian_filter

        mel = gaussian_filter(mel, (1.0, 2.0)).astype(np.float32)
    if picture.stretched:
        return fixed_size(mel, IMAGE_HEIGHT, picture.width).astype(np.float16)
    hop_s = MelParameters().hop_length / PIPELINE_SAMPLE_RATE_HZ
    frames = round(WIDTH * COLUMN_S / hop_s)
    whole = np.zeros((mel.shape[0], frames), np.float32)
    whole[:, : mel.shape[1]] = mel[:, :frames]
    return fixed_size(whole, IMAGE_HEIGHT, picture.width).astype(np.float16)


def filtered(clip: AudioClip, name: str) -> AudioClip:
    """Moving average over five samples, pre-emphasis of .97, or the clip as it is."""
    samples: FloatArray = clip.samples
    if name == "moving average":
        samples = np.convolve(samples, np.full(5, 0.2, np.float32), "same")[: len(samples)]
    elif name == "pre-emphasis":
        samples = np.append(samples[:1], samples[1:] - np.float32(0.97) * samples[:-1])
    elif name:
        raise ValueError(f"no filter is called {name}")
    return AudioClip.from_array(samples.astype(np.float32), clip.sample_rate_hz)


def level_of(clip: AudioClip) -> float:
    """The loudest 30 ms in dBFS, at most 0."""
    rms = frame_rms(clip.samples, min(FRAME, max(1, len(clip.samples))))
    return min(0.0, float(decibels(float(rms.max())))) if len(rms) else -240.0


def changed_clip(clip: AudioClip, how: str, seed: int) -> AudioClip:
    """The clip as a 16-bit recording: ``quiet``, ``loud`` (ten times that), ``clean``, ``noisy``.

    quiet and loud differ in nothing but the factor and the rounding; so do clean and noisy in
    nothing but white noise `NOISE_DB` under the take's mean power.
    """
    samples = clip.samples / max(clip.peak, 1e-9)
    if how == "noisy":
        noise = np.random.default_rng(seed).standard_normal(len(samples))
        power = float(np.mean(np.square(samples, dtype=np.float64)))
        samples = samples + noise * np.sqrt(power * 10.0 ** (-NOISE_DB / 10.0))
    loudest = max(float(np.abs(samples).max(initial=0.0)), 1e-9)
    peak = QUIET_PEAK * (1.0 if how == "quiet" else 10.0)
    rounded = np.round(samples / loudest * peak * 32767.0) / 32767.0
    return AudioClip.from_array(rounded.astype(np.float32), clip.sample_rate_hz)


CHANGES = ("quiet", "loud", "clean", "noisy")
_ImageJob = tuple[str, CorpusTake, int, Order, tuple[Picture, ...]]


def _prepare(
    pool: Pool, variants: Sequence[Variant], work: Path, plan: Plan, jobs: int, log: Log
) -> None:
    """Every image any variant needs, into files of one kind of clip and one order each."""
    needed: dict[tuple[str, Order], dict[Picture, None]] = {}
    for variant in variants:
        kinds = ["take", *CHANGES, *(["voice"] if variant.positives == "tts" else [])]
        for kind in kinds:
            needed.setdefault((kind, variant.take_order), {})[variant.picture] = None
        needed.setdefault(("reference", variant.reference_order), {})[variant.picture] = None
    for (kind, order), wanted in needed.items():
        pictures = tuple(
            picture for picture in wanted if not _images_path(work, kind, order, picture).is_file()
        )
        if not pictures:
            continue
        rows = _rows_of(pool, kind)
        work_items: list[_ImageJob] = [
            (kind, pool.takes[row], int(row) + plan.seed, order, pictures) for row in rows
        ]
        label = f"{kind}: {', '.join(order) or 'as it is'}"
        found = list(map_in_order(_image_job, work_items, jobs=jobs, label=label))
        for column, picture in enumerate(pictures):
            images = np.stack([row[column] for row in found])
            _write_arrays(_images_path(work, kind, order, picture), {"images": images})
        log(f"images, {label}")


def _rows_of(pool: Pool, kind: str) -> NDArray[np.int64]:
    """The takes a kind of clip is made of."""
    if kind == "voice":
        return pool.good
    if kind in CHANGES:
        return pool.test[pool.changed]
    return np.arange(len(pool.takes))


def _image_job(job: _ImageJob) -> list[ImageArray]:
    kind, take, seed, order, pictures = job
    if kind == "reference":
        clip = _library().reference(take.sentence, engine="espeak").clip
    elif kind == "voice":
        clip = _voice(VOICES[seed % len(VOICES)]).render(take.sentence).clip
    else:
        clip = strip_digital_silence(read_clip(take.audio))[0]
    if kind in CHANGES:
        clip = changed_clip(clip, kind, seed)
    level_db = level_of(clip.resampled(PIPELINE_SAMPLE_RATE_HZ))
    made = ordered(clip, order)
    return [picture_of(made, level_db, picture) for picture in pictures]


@lru_cache(maxsize=1)
def _library() -> Library:
    return training_library()


@lru_cache(maxsize=len(VOICES))
def _voice(variant: str) -> EspeakEngine:
    return EspeakEngine().with_variant(variant)


def _train_job(job: tuple[Variant, int], pool: Pool, work: Path, recipe: ClassicRecipe) -> None:
    variant, seed = job
    load = partial(_load_images, work=work, picture=variant.picture)
    takes = load("take", variant.take_order)
    references = load("reference", variant.reference_order)
    left = takes
    if variant.positives == "tts":
        left = np.concatenate([takes, load("voice", variant.take_order)])
    model = train_variant(variant, recipe, draw_pairs(pool, variant, seed), left, references, seed)
    embed = partial(_embed, model, colour=variant.colour)
    said, asked = embed(takes[pool.test]), embed(references)
    own = asked[pool.test[pool.changed]]
    points = {
        "right": _points(said, asked[pool.test], recipe.margin),
        "wrong": _points(said, asked[pool.wrong], recipe.margin),
    }
    for how in CHANGES:
        points[how] = _points(embed(load(how, variant.take_order)), own, recipe.margin)
    _write_arrays(_scores_path(work, variant, seed), points)


def train_variant(
    variant: Variant,
    recipe: ClassicRecipe,
    pairs: NDArray[np.int64],
    left: ImageArray,
    right: ImageArray,
    seed: int,
) -> Any:
    """The network trained on pairs (rows of left and right, and same). The same every time."""
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    model = network(3 if variant.colour else 1, variant.picture.width)

    def images(part: NDArray[np.int64]) -> tuple[Any, Any, NDArray[np.bool_]]:
        sides = (left[part[:, 0]], right[part[:, 1]])
        first, second = (_tensor(side, variant.colour) for side in sides)
        return first, second, part[:, 2] > 0

    fit_network(
        model, recipe, len(pairs), lambda: random.permutation(pairs), images, variant.epochs
    )
    return model.eval()


def network(channels: int, width: int) -> Any:
    """The classic network for images of `channels` colours and another width."""
    from torch import nn

    from pronounce_kiosk.scoring.classic.network import ClassicSiamese

    model = ClassicSiamese()
    first, last = model.convolutions[0], model.head[2]
    assert isinstance(first, nn.Conv2d)
    assert isinstance(last, nn.Linear)
    if channels != first.in_channels:
        model.convolutions[0] = nn.Conv2d(
            channels, first.out_channels, 3, stride=2, padding=1, bias=False
        )
    size = 64 * (IMAGE_HEIGHT // 16) * (width // 16)
    if size != last.in_features:
        model.head[2] = nn.Linear(size, EMBEDDING)
    return model


def _embed(model: Any, images: ImageArray, colour: bool) -> NDArray[np.float64]:
    import torch

    with torch.inference_mode():
        parts = [
            model(_tensor(images[start : start + 256], colour))
            for start in range(0, len(images), 256)
        ]
        embedded: NDArray[np.float64] = torch.cat(parts).double().numpy()
    return embedded


def _points(takes: Values, references: Values, margin: float) -> Values:
    """Similarity times 100, as the original team had it: no curve in between."""
    distance = np.linalg.norm(takes - references, axis=1)
    points: Values = 100.0 * np.maximum(0.0, 1.0 - distance / margin)
    return points


def _tensor(images: ImageArray, colour: bool) -> Any:
    """float32 (n, 1, 64, width), or (n, 3, 64, width) through librosa's default colours."""
    import torch

    if not colour:
        return torch.from_numpy(np.ascontiguousarray(images, np.float32))[:, None]
    index = np.round(np.asarray(images, np.float32) * 255.0).astype(np.int64)
    return torch.from_numpy(_colours()[index]).permute(0, 3, 1, 2).contiguous()


@lru_cache(maxsize=1)
def _colours() -> FloatArray:
    """(256, 3), 0-1."""
    from matplotlib import colormaps

    colours: FloatArray = np.asarray(colormaps["magma"](np.arange(256)), np.float32)[:, :3]
    return colours


def _spread(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` of range(count), evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _claim(work: Path, corpus: Corpus, plan: Plan) -> None:
    """Mark the work folder as this corpus' and plan's."""
    digest = hashlib.sha256()
    digest.update(json.dumps(asdict(plan), sort_keys=True).encode())
    for take in corpus.takes:
        digest.update(f"{take.utterance}\t{take.speaker}\t{take.human('total')}\n".encode())
    path, mine = work / "plan", digest.hexdigest()
    if path.is_file() and path.read_text() != mine:
        raise TrainingError(
            f"{work} holds the work of another corpus or plan: name another folder.", path=str(work)
        )
    work.mkdir(parents=True, exist_ok=True)
    write_atomically(path, mine.encode())


def _slug(parts: Iterable[str]) -> str:
    return "-".join(parts) or "whole"


def _images_path(work: Path, kind: str, order: Order, picture: Picture) -> Path:
    return work / f"images-{kind}-{_slug(order)}-{picture.key}.npz"


def _scores_path(work: Path, variant: Variant, seed: int) -> Path:
    """By what the variant does, not by its name, which is only what the table calls it."""
    what = {**asdict(variant), "name": ""}
    digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]
    return work / f"scores-{digest}-{seed}.npz"


def _load_images(kind: str, order: Order, *, work: Path, picture: Picture) -> ImageArray:
    with np.load(_images_path(work, kind, order, picture), allow_pickle=False) as file:
        images: ImageArray = file["images"]
    return images


def _read_scores(path: Path) -> VariantScores:
    with np.load(path, allow_pickle=False) as file:
        return VariantScores(**{name: file[name] for name in file.files})


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    import io

    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    write_atomically(path, buffer.getvalue())
