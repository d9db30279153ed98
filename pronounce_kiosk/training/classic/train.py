"""The original team's recipe: a Siamese CNN on fixed-size grayscale mel images.

Contrastive loss with margin 2.0, batches of 64, 50 epochs. Positive pairs: a well-rated take and
the reference of its sentence. Negative pairs: a badly rated take and its reference, any take and
another sentence's reference, and what is no speech or speech backwards (without these noise gets
40 points, as it did for the original team). The distance is mapped to 0-100 by a monotone curve
fitted on speakers the network has not seen; a third group of speakers is kept for the figures.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, map_in_order
from pronounce_kiosk.scoring.calibration import Calibration, similarity
from pronounce_kiosk.scoring.classic.network import IMAGE_HEIGHT, IMAGE_WIDTH, fixed_size
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.session.engine import Library
from pronounce_kiosk.training.data.corpus import Corpus, CorpusTake, split_speakers
from pronounce_kiosk.training.data.negatives import nonspeech_clips
from pronounce_kiosk.training.data.references import training_library

ImageArray = NDArray[np.float16]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClassicRecipe:
    """Everything that decides what comes out, besides the corpus."""

    margin: float = 2.0
    batch: int = 64
    epochs: int = 50
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    seed: int = 1
    good_total: float = 7.5
    bad_total: float = 5.5
    nonspeech_share: float = 0.1
    mel: MelParameters = field(default_factory=MelParameters)


@dataclass(frozen=True, eq=False)
class ClassicData:
    """Images of takes and of their references, row by row: float16 (n, 64, 128), values 0-1.

    takes: the corpus' takes that have a voice. sentence: an index that is equal where the texts
    are. nonspeech: images of noise, hum and the like (m, 64, 128).
    """

    takes: tuple[CorpusTake, ...]
    take_images: ImageArray
    reference_images: ImageArray
    sentence: NDArray[np.int64]
    nonspeech: ImageArray

    def rows_of(self, speakers: Sequence[str]) -> NDArray[np.int64]:
        """Rows of some speakers' takes."""
        wanted = set(speakers)
        rows = [row for row, take in enumerate(self.takes) if take.speaker in wanted]
        return np.array(rows, np.int64)

    def totals(self) -> NDArray[np.float64]:
        """The raters' mean total of each row, 0-10."""
        return np.array([take.human("total") for take in self.takes])


@dataclass(frozen=True, eq=False)
class TrainedClassic:
    """What training gives: the weights, the curve from similarity to points, who was used how."""

    state: dict[str, Any]
    calibration: Calibration
    training_speakers: tuple[str, ...]
    calibration_speakers: tuple[str, ...]
    test_speakers: tuple[str, ...]
    losses: tuple[float, ...]


def compute_data(corpus: Corpus, recipe: ClassicRecipe, jobs: int = DEFAULT_JOBS) -> ClassicData:
    """Every image once, by the pipeline's own stages."""
    texts = {take.sentence.text: take for take in corpus.takes}
    jobs_for_takes = [(take, recipe.mel) for take in corpus.takes]
    jobs_for_texts = [(take, recipe.mel) for take in texts.values()]
    spoken = map_in_order(_reference_job, jobs_for_texts, jobs=jobs, label="references")
    references = dict(zip(texts, spoken, strict=True))
    found = map_in_order(_take_job, jobs_for_takes, jobs=jobs, label="takes")
    images = {row: image for row, image in enumerate(found) if image is not None}
    kept = list(images)
    if len(kept) < len(corpus.takes):
        _log.info("%d takes have no voice and are left out", len(corpus.takes) - len(kept))
    takes = tuple(corpus.takes[row] for row in kept)
    numbers = {text: index for index, text in enumerate(texts)}
    return ClassicData(
        takes,
        np.stack([images[row] for row in kept]),
        np.stack([references[take.sentence.text] for take in takes]),
        np.array([numbers[take.sentence.text] for take in takes], np.int64),
        np.stack([_image(clip, recipe.mel) for clip in nonspeech_clips(recipe.seed)]),
    )


def train_classic(
    data: ClassicData,
    recipe: ClassicRecipe,
    on_epoch: Callable[[int, float], None] | None = None,
) -> TrainedClassic:
    """Train and calibrate. The same data and recipe give the same weights on one machine."""
    import torch

    from pronounce_kiosk.scoring.classic.network import ClassicSiamese

    speakers = sorted({take.speaker for take in data.takes})
    training, calibration, test = split_speakers(speakers, (0.64, 0.16, 0.20), recipe.seed)
    rows = data.rows_of(training)
    torch.manual_seed(recipe.seed)
    random = np.random.default_rng(recipe.seed)
    model = ClassicSiamese()

    losses = _fit(model, data, rows, recipe, random, on_epoch)
    model.eval()
    state = {
        name: value.clone(memory_format=torch.contiguous_format)
        for name, value in model.state_dict().items()
    }
    curve = calibrate(model, data, data.rows_of(calibration), recipe)
    return TrainedClassic(state, curve, training, calibration, test, tuple(losses))


def _fit(
    model: Any,
    data: ClassicData,
    rows: NDArray[np.int64],
    recipe: ClassicRecipe,
    random: np.random.Generator,
    on_epoch: Callable[[int, float], None] | None,
) -> list[float]:
    """Train a network by contrastive loss in place; gives each epoch's mean loss."""
    import torch

    from pronounce_kiosk.scoring.classic.network import contrastive_loss, pair_distance

    # Half again as fast on a processor.
    model.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    count = len(draw_pairs(data, rows, recipe, random))
    steps = recipe.epochs * (math.ceil(count / recipe.batch) + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=recipe.learning_rate, total_steps=steps
    )
    losses = []
    model.train()
    for epoch in range(recipe.epochs):
        pairs = draw_pairs(data, rows, recipe, random)
        total = 0.0
        for start in range(0, len(pairs) - 1, recipe.batch):
            part = pairs[start : start + recipe.batch]
            left = _tensor(_left_images(data, part))
            right = _tensor(data.reference_images[part["reference"]])
            same = torch.from_numpy(part["same"].astype(np.float32))
            embeddings = model(torch.cat([left, right]))
            distance = pair_distance(embeddings[: len(part)], embeddings[len(part) :])
            loss = contrastive_loss(distance, same, recipe.margin)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(part)
        losses.append(total / len(pairs))
        if on_epoch is not None:
            on_epoch(epoch, losses[-1])
    return losses


PAIR = np.dtype([("take", np.int64), ("kind", np.int64), ("reference", np.int64), ("same", bool)])
TAKE, BACKWARDS, NONSPEECH = 0, 1, 2


def draw_pairs(
    data: ClassicData,
    rows: NDArray[np.int64],
    recipe: ClassicRecipe,
    random: np.random.Generator,
) -> NDArray[Any]:
    """An epoch's pairs in random order, dtype `PAIR`: half of them, about, positive.

    take: a row of takes, or of nonspeech where kind is `NONSPEECH`. reference: a row whose
    reference image is compared.
    """
    totals = data.totals()[rows]
    good = rows[totals >= recipe.good_total]
    bad = rows[totals <= recipe.bad_total]
    others = random.permutation(rows)[: max(1, len(good) - len(bad))]
    few = max(1, round(recipe.nonspeech_share * len(good)))
    backwards = random.choice(rows, few)
    nonspeech = random.integers(len(data.nonspeech), size=few)
    parts = [
        _pairs(good, TAKE, good, True),
        _pairs(bad, TAKE, bad, False),
        _pairs(others, TAKE, other_sentences(data, others, rows, random), False),
        _pairs(backwards, BACKWARDS, backwards, False),
        _pairs(nonspeech, NONSPEECH, random.choice(rows, few), False),
    ]
    pairs: NDArray[Any] = random.permutation(np.concatenate(parts))
    return pairs


def other_sentences(
    data: ClassicData,
    takes: NDArray[np.int64],
    among: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """For each take a row with another sentence, of a length as near as chance gives of three."""
    lengths = np.array([len(take.sentence.text) for take in data.takes])
    draws = random.choice(among, (len(takes), 3))
    apart = np.abs(lengths[draws] - lengths[takes][:, None]).astype(float)
    apart[data.sentence[draws] == data.sentence[takes][:, None]] = np.inf
    chosen: NDArray[np.int64] = draws[np.arange(len(takes)), np.argmin(apart, axis=1)]
    # All three may have been the same sentence in a small corpus: any other row will do.
    for index in np.flatnonzero(data.sentence[chosen] == data.sentence[takes]):
        different = among[data.sentence[among] != data.sentence[takes[index]]]
        if len(different):
            chosen[index] = random.choice(different)
    return chosen


def similarities(
    model: Any,
    images: ImageArray,
    references: ImageArray,
    margin: float,
) -> NDArray[np.float64]:
    """The similarity, 0-1, of each image with the reference image in the same row."""
    import torch

    with torch.inference_mode():
        left, right = (
            torch.cat([model(_tensor(side[i : i + 256])) for i in range(0, len(side), 256)])
            for side in (images, references)
        )
        distance = torch.linalg.vector_norm(left - right, dim=1).double().numpy()
    return np.array([similarity(float(value), margin) for value in distance])


def calibrate(
    model: Any, data: ClassicData, rows: NDArray[np.int64], recipe: ClassicRecipe
) -> Calibration:
    """The monotone curve from similarity to points, on speakers the network has not seen.

    Isotonic regression on the raters' total times ten, with other sentences, backwards speech and
    noise at 0; a perfect copy is 100 by definition.
    """
    from sklearn.isotonic import IsotonicRegression

    random = np.random.default_rng(recipe.seed + 1)
    others = other_sentences(data, rows, rows, random)
    nonspeech = random.integers(len(data.nonspeech), size=len(rows))
    parts = [
        _pairs(rows, TAKE, rows, True),
        _pairs(rows, TAKE, others, False),
        _pairs(rows, BACKWARDS, rows, False),
        _pairs(nonspeech, NONSPEECH, random.choice(rows, len(rows)), False),
    ]
    pairs = np.concatenate(parts)
    raw = similarities(
        model, _left_images(data, pairs), data.reference_images[pairs["reference"]], recipe.margin
    )
    target = np.concatenate([data.totals()[rows] * 10.0, np.zeros(len(pairs) - len(rows))])
    # Half of the weight to what people rated, half to what is wrong by making.
    weight = np.concatenate([np.full(len(rows), 3.0), np.full(len(pairs) - len(rows), 1.0)])
    fitted = IsotonicRegression(y_min=0.0, y_max=100.0, out_of_bounds="clip")
    fitted.fit(raw, target, sample_weight=weight)
    knots = np.unique(np.round(np.quantile(raw, np.linspace(0.02, 0.98, 13)), 4))
    knots = knots[(knots > 0.0) & (knots < 1.0)]
    points = np.maximum.accumulate(np.round(fitted.predict(knots), 2))
    return Calibration(
        (0.0, *(float(knot) for knot in knots), 1.0),
        (0.0, *(float(point) for point in points), 100.0),
    )


def _take_job(job: tuple[CorpusTake, MelParameters]) -> ImageArray | None:
    take, mel = job
    cleaned = clean_take(read_clip(take.audio))
    return None if cleaned.verdict is not None else _image(cleaned.clip, mel)


def _reference_job(job: tuple[CorpusTake, MelParameters]) -> ImageArray:
    take, mel = job
    reference = _library().reference(take.sentence, engine="espeak")
    return _image(clean_reference(reference.clip).clip, mel)


@lru_cache(maxsize=1)
def _library() -> Library:
    """One a process: espeak-ng's library keeps a state."""
    return training_library()


def _image(clip: AudioClip, mel: MelParameters) -> ImageArray:
    image: FloatArray = fixed_size(grayscale_mel(clip, mel), IMAGE_HEIGHT, IMAGE_WIDTH)
    return image.astype(np.float16)


def _tensor(images: ImageArray) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(images, np.float32))[:, None]


def _pairs(
    takes: NDArray[np.int64], kind: int, references: NDArray[np.int64], same: bool
) -> NDArray[Any]:
    pairs = np.zeros(len(takes), PAIR)
    pairs["take"], pairs["kind"], pairs["reference"], pairs["same"] = takes, kind, references, same
    return pairs


def _left_images(data: ClassicData, pairs: NDArray[Any]) -> ImageArray:
    """The images of the pairs' take side. Speech backwards is its image turned about."""
    images = np.empty((len(pairs), IMAGE_HEIGHT, IMAGE_WIDTH), np.float16)
    for kind in (TAKE, BACKWARDS, NONSPEECH):
        chosen = pairs["kind"] == kind
        source = data.nonspeech if kind == NONSPEECH else data.take_images
        picked = source[pairs["take"][chosen]]
        images[chosen] = picked[:, :, ::-1] if kind == BACKWARDS else picked
    return images
