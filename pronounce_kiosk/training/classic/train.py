"""Train the original team's Siamese CNN on fixed-size grayscale mel images.

Contrastive loss. Positive pairs: a well-rated take and the reference of its sentence. Negative
pairs: a badly rated take and its reference, any take and another sentence's reference, non-speech,
and speech backwards (without the last two, noise gets 40 points, as it did for the original team).
A monotone curve fitted on other speakers maps the distance to 0-100.
"""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, map_in_order
from pronounce_kiosk.scoring.calibration import Calibration, similarity
from pronounce_kiosk.scoring.classic.network import (
    ClassicSiamese,
    contrastive_loss,
    fixed_size,
    pair_distance,
)
from pronounce_kiosk.scoring.frontend import clean_reference, clean_take
from pronounce_kiosk.training.data.corpus import CorpusTake, split_speakers
from pronounce_kiosk.training.data.references import training_library
from pronounce_kiosk.training.data.rooms import nonspeech_clips

ImageArray = NDArray[np.float16]
Rows = NDArray[np.int64]
Pairs = NDArray[Any]

PAIR = np.dtype([("image", np.int64), ("reference", np.int64), ("same", bool)])
"""A pair: the image of a clip, the take whose reference it is compared with, whether both should
agree."""

_log = logging.getLogger(__name__)
_library = cache(training_library)  # once a process


@dataclass(frozen=True)
class ClassicRecipe:
    """Settings of a training; with the corpus they decide the weights.

    margin: Distance to which pairs that differ are pushed. learning_rate: Highest of the one-cycle
    schedule. good_total, bad_total: Least raters' total, 0-10, of a positive pair, and highest of a
    negative one. nonspeech_share: Non-speech pairs, and backwards pairs, per positive pair.
    """

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
    """Images of clips and of the takes' references: float16 (clips, 64, 128), values 0-1.

    takes: The corpus' n takes with voice. images: Of the takes, of the takes backwards (mirrored in
    time), then of noise and hum. references: Of the takes' sentences' references, (n, 64, 128).
    sentence: An index, (n,), equal where the texts are.
    """

    takes: tuple[CorpusTake, ...]
    images: ImageArray
    references: ImageArray
    sentence: Rows

    @property
    def nonspeech(self) -> Rows:
        """The rows of noise and hum among the images."""
        return np.arange(2 * len(self.takes), len(self.images))

    def backwards(self, takes: Rows) -> Rows:
        """Return the rows of takes backwards among the images."""
        return takes + len(self.takes)

    def rows_of(self, speakers: Sequence[str]) -> Rows:
        """Return the rows of some speakers' takes."""
        return np.flatnonzero([take.speaker in speakers for take in self.takes])

    def totals(self) -> NDArray[np.float64]:
        """Return the raters' mean total of each take, 0-10."""
        return np.array([take.human("total") for take in self.takes])

    def sides(self, pairs: Pairs) -> tuple[Tensor, Tensor]:
        """Return the images and the reference images of pairs, float32 (pairs, 1, 64, 128)."""
        images = self.images[pairs["image"]], self.references[pairs["reference"]]
        left, right = (torch.from_numpy(side.astype(np.float32))[:, None] for side in images)
        return left, right


@dataclass(frozen=True, eq=False)
class TrainedClassic:
    """A trained network. speakers: Of ``training``, ``calibration`` and, not heard, ``test``."""

    state: dict[str, Any]
    calibration: Calibration
    speakers: dict[str, tuple[str, ...]]


def compute_data(
    corpus: Sequence[CorpusTake], recipe: ClassicRecipe, jobs: int = DEFAULT_JOBS
) -> ClassicData:
    """Compute every image once, by the pipeline's own stages."""
    texts = {take.sentence.text: take for take in corpus}
    image_of_reference = partial(_reference_image, recipe.mel)
    spoken = map_in_order(image_of_reference, list(texts.values()), jobs=jobs, label="references")
    references = dict(zip(texts, spoken, strict=True))
    found = map_in_order(partial(_take_image, recipe.mel), corpus, jobs=jobs, label="takes")
    images = {row: image for row, image in enumerate(found) if image is not None}
    if len(images) < len(corpus):
        _log.info("%d takes without voice are left out", len(corpus) - len(images))
    takes = tuple(corpus[row] for row in images)
    _, sentence = np.unique([take.sentence.text for take in takes], return_inverse=True)
    spoken_takes = np.stack(list(images.values()))
    nonspeech = np.stack([_image(clip, recipe.mel) for clip in nonspeech_clips(recipe.seed)])
    return ClassicData(
        takes,
        np.concatenate([spoken_takes, spoken_takes[:, :, ::-1], nonspeech]),
        np.stack([references[take.sentence.text] for take in takes]),
        sentence,
    )


def train_classic(
    data: ClassicData, recipe: ClassicRecipe, on_epoch: Callable[[float], None] = lambda loss: None
) -> TrainedClassic:
    """Train and calibrate. The same data and recipe give the same weights on one machine."""
    names = sorted({take.speaker for take in data.takes})
    parts = split_speakers(names, (0.64, 0.16, 0.20), recipe.seed)
    speakers = dict(zip(("training", "calibration", "test"), parts, strict=True))
    torch.manual_seed(recipe.seed)
    model = ClassicSiamese()
    _fit(model, data, data.rows_of(speakers["training"]), recipe, on_epoch)
    curve = calibrate(model.eval(), data, data.rows_of(speakers["calibration"]), recipe)
    return TrainedClassic(model.state_dict(), curve, speakers)


def _fit(
    model: ClassicSiamese,
    data: ClassicData,
    takes: Rows,
    recipe: ClassicRecipe,
    on_epoch: Callable[[float], None],
) -> None:
    """Train a network by contrastive loss in place."""
    random = np.random.default_rng(recipe.seed)
    # Half again as fast on a processor.
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    rate = recipe.learning_rate
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=recipe.weight_decay)
    count = len(draw_pairs(data, takes, recipe, random))
    steps = recipe.epochs * (math.ceil(count / recipe.batch) + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    model.train()
    for _ in range(recipe.epochs):
        pairs = draw_pairs(data, takes, recipe, random)
        total = 0.0
        for start in range(0, len(pairs) - 1, recipe.batch):
            part = pairs[start : start + recipe.batch]
            same = torch.from_numpy(part["same"].astype(np.float32))
            embeddings = model(torch.cat(data.sides(part)))
            distance = pair_distance(embeddings[: len(part)], embeddings[len(part) :])
            loss = contrastive_loss(distance, same, recipe.margin)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(part)
        on_epoch(total / len(pairs))


def draw_pairs(
    data: ClassicData, takes: Rows, recipe: ClassicRecipe, random: np.random.Generator
) -> Pairs:
    """Draw an epoch's pairs in random order, dtype `PAIR`; about half of them are positive."""
    totals = data.totals()[takes]
    good = takes[totals >= recipe.good_total]
    bad = takes[totals <= recipe.bad_total]
    others = random.permutation(takes)[: max(1, len(good) - len(bad))]
    few = max(1, round(recipe.nonspeech_share * len(good)))
    backwards = random.choice(takes, few)
    nonspeech = random.choice(data.nonspeech, few)
    parts = [
        _pairs(good, good, same=True),
        _pairs(bad, bad),
        _pairs(others, other_sentences(data, others, takes, random)),
        _pairs(data.backwards(backwards), backwards),
        _pairs(nonspeech, random.choice(takes, few)),
    ]
    return random.permutation(np.concatenate(parts))


def other_sentences(
    data: ClassicData, takes: Rows, among: Rows, random: np.random.Generator
) -> Rows:
    """Draw for each take one of another sentence: of three, the nearest in length."""
    lengths = np.array([len(take.sentence.text) for take in data.takes])
    draws = random.choice(among, (len(takes), 3))
    apart = np.abs(lengths[draws] - lengths[takes][:, None]).astype(float)
    apart[data.sentence[draws] == data.sentence[takes][:, None]] = np.inf
    chosen: Rows = draws[np.arange(len(takes)), np.argmin(apart, axis=1)]
    # In a small corpus all three may have been the same sentence.
    for index in np.flatnonzero(data.sentence[chosen] == data.sentence[takes]):
        different = among[data.sentence[among] != data.sentence[takes[index]]]
        if len(different):
            chosen[index] = random.choice(different)
    return chosen


def calibrate(
    model: ClassicSiamese, data: ClassicData, takes: Rows, recipe: ClassicRecipe
) -> Calibration:
    """Fit the monotone curve from similarity to points, on speakers not used for training.

    Isotonic regression on the raters' total times ten, with other sentences, backwards speech and
    noise at 0; a perfect copy is 100 by definition.
    """
    from sklearn.isotonic import IsotonicRegression

    random = np.random.default_rng(recipe.seed + 1)
    others = other_sentences(data, takes, takes, random)
    nonspeech = random.choice(data.nonspeech, len(takes))
    parts = [
        _pairs(takes, takes, same=True),
        _pairs(takes, others),
        _pairs(data.backwards(takes), takes),
        _pairs(nonspeech, random.choice(takes, len(takes))),
    ]
    pairs = np.concatenate(parts)
    with torch.inference_mode():
        left, right = (
            torch.cat([model(some) for some in side.split(256)]) for side in data.sides(pairs)
        )
        distances = pair_distance(left, right).double().tolist()
    raw = np.array([similarity(distance, recipe.margin) for distance in distances])
    target = np.concatenate([data.totals()[takes] * 10.0, np.zeros(len(pairs) - len(takes))])
    # Rated takes weigh as much as all pairs that are wrong by construction.
    weight = np.where(pairs["same"], 3.0, 1.0)
    fitted = IsotonicRegression(y_min=0.0, y_max=100.0, out_of_bounds="clip")
    fitted.fit(raw, target, sample_weight=weight)
    knots = np.unique(np.round(np.quantile(raw, np.linspace(0.02, 0.98, 13)), 4))
    knots = knots[(knots > 0.0) & (knots < 1.0)]
    points = np.maximum.accumulate(np.round(fitted.predict(knots), 2))
    return Calibration((0.0, *knots.tolist(), 1.0), (0.0, *points.tolist(), 100.0))


def _take_image(mel: MelParameters, take: CorpusTake) -> ImageArray | None:
    cleaned = clean_take(read_clip(take.audio))
    return None if cleaned.verdict is not None else _image(cleaned.clip, mel)


def _reference_image(mel: MelParameters, take: CorpusTake) -> ImageArray:
    reference = _library().reference(take.sentence, engine="espeak")
    return _image(clean_reference(reference.clip).clip, mel)


def _image(clip: AudioClip, mel: MelParameters) -> ImageArray:
    return fixed_size(grayscale_mel(clip, mel)).astype(np.float16)


def _pairs(images: Rows, references: Rows, *, same: bool = False) -> Pairs:
    return np.rec.fromarrays([images, references, np.full(len(images), same)], dtype=PAIR)
