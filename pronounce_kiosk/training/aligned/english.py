"""Train the English model: convert the recogniser, gather rows, fit the heads by folds."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S
from pronounce_kiosk.scoring.english.acceptance import acceptance
from pronounce_kiosk.scoring.english.model import FOLDS, SEEDS, EnglishModel
from pronounce_kiosk.scoring.english.network import (
    ASPECTS,
    PhoneSequenceNetwork,
    batch,
    points,
    predict,
)
from pronounce_kiosk.scoring.english.units import assess_units
from pronounce_kiosk.training.aligned.convert_english import Conversion, convert
from pronounce_kiosk.training.aligned.english_rows import (
    KINDS,
    RIGHT_KINDS,
    EnglishRow,
    gather_rows,
)
from pronounce_kiosk.training.aligned.pictures import draw_losses, draw_posteriors, draw_words
from pronounce_kiosk.training.aligned.steps import finished
from pronounce_kiosk.training.data.corpus import CorpusTake, speaker_folds
from pronounce_kiosk.training.evaluation.agreement import Scorer, compare
from pronounce_kiosk.training.evaluation.out_of_fold import TakePrediction

FOLD_SEED = 0
EPOCHS = 24
BATCH = 32
OF_A_SPEAKER = 4
"""Takes of one speaker in a batch, whose differences are learned; more mix fewer speakers."""
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
WORDS_COUNT = 0.5
WITHIN_COUNTS = 1.0
ACCEPTANCE_COUNTS = 1.0
"""Weights in the loss of words, of differences between takes of one speaker, and of acceptance;
aspects weigh 1."""
CHANGED_SHARE = 0.3
"""Share of takes that are drawn in another room or in noise; a higher share favours robustness."""
_WORD_SCALE = 2.0
_PREDICTED_AT_ONCE = 64
"""Rows of a batch; more take more memory."""

Log = Callable[[str], None]
"""Is called with a line now and then."""
AfterEpoch = Callable[[PhoneSequenceNetwork, float], None]


@dataclass(frozen=True, eq=False)
class TrainedEnglish:
    """The trained model: `EnglishModel`'s state_dict, 32-bit, and the recogniser's conversion.

    out_of_fold: predictions of all takes, in order, by heads trained without their speakers;
    figures: of these, for a manifest.
    """

    state: dict[str, Tensor]
    conversion: Conversion
    out_of_fold: list[TakePrediction]
    figures: dict[str, float]


def train_english(
    takes: Sequence[CorpusTake], work: Path, processes: int, log: Log
) -> TrainedEnglish:
    """Train the English model on rated takes; see `train_aligned`."""
    clip = read_clip(takes[0].audio).resampled(PIPELINE_SAMPLE_RATE_HZ)
    conversion = convert(clip.samples)
    log(f"recogniser converted, posteriors within {conversion.largest_difference:.1e}")
    model = EnglishModel()
    model.conformer.load_state_dict(conversion.state)
    heard = model.eval().hear(clip.samples)
    posteriors = np.exp(heard.log_posteriors[:, 1:])
    picture, text = work / "english-posteriors.png", takes[0].sentence.text
    draw_posteriors(picture, clip.samples, posteriors, ENGLISH_PHONES, FRAME_S, text)
    rows = gather_rows(takes, conversion.state, work, processes)
    log(f"{len(rows)} rows of {len(takes)} takes")
    folds = speaker_folds([take.speaker for take in takes], FOLDS, FOLD_SEED)
    networks = _networks(_rated(takes, rows), folds, work, log)
    found = _out_of_fold(takes, rows, folds, networks)
    model.networks = torch.nn.ModuleList([one for some in networks for one in some])
    _, figures = compare(takes, Scorer("English", {one.take: one for one in found}))
    log(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return TrainedEnglish(model.state_dict(), conversion, found, figures)


def _rated(takes: Sequence[CorpusTake], rows: Sequence[EnglishRow]) -> dict[int, RatedTake]:
    """Collect the takes that could be aligned, by index."""
    by_take: dict[int, list[EnglishRow]] = {}
    for row in sorted(rows, key=lambda row: (row.take, KINDS.index(row.kind))):
        by_take.setdefault(row.take, []).append(row)
    aligned = {index: mine for index, mine in by_take.items() if mine[0].kind == "plain"}
    return {index: rated_take(takes[index], mine) for index, mine in aligned.items()}


def _networks(
    rated: dict[int, RatedTake], folds: NDArray[np.int64], work: Path, log: Log
) -> list[list[PhoneSequenceNetwork]]:
    """Fit the networks of each fold, or read the finished ones; their speakers are left out."""
    curves: dict[str, list[float]] = {}
    shown = next((one for one in rated.values() if not np.isnan(one.words).any()), None)
    networks: list[list[PhoneSequenceNetwork]] = [[] for _ in range(FOLDS)]
    for fold, seed in itertools.product(range(FOLDS), range(SEEDS)):
        others = [one for index, one in rated.items() if folds[index] != fold]
        path = work / f"english-network-{fold}-{seed}.pt"
        fit = partial(_fit_watched, others, SEEDS * fold + seed, shown, path, curves)
        network = PhoneSequenceNetwork()
        network.load_state_dict(finished(path, fit))
        networks[fold].append(network.eval())
        if path.stem in curves:
            log(f"{path.stem}: loss {curves[path.stem][-1]:.3f}")
    return networks


def _fit_watched(
    takes: Sequence[RatedTake],
    seed: int,
    shown: RatedTake | None,
    path: Path,
    curves: dict[str, list[float]],
) -> dict[str, Tensor]:
    """Fit a network, and draw losses and what each epoch predicts of the shown take's words."""
    losses = curves.setdefault(path.stem, [])
    epochs: list[tuple[float, ...]] = []

    def after_epoch(network: PhoneSequenceNetwork, loss: float) -> None:
        losses.append(loss)
        if shown is not None:
            row = shown.rows[0]
            epochs.append(predict_rows([network.eval()], [row])[0].words)
            network.train()
            names = [str(unit) for unit in row.line.said_units]
            picture = path.with_name(f"{path.stem}-words.png")
            draw_words(picture, epochs, names, (10.0 * shown.words).tolist())

    network = fit_network(takes, seed, after_epoch)
    draw_losses(path.with_name("losses.png"), curves, "English heads")
    return network.state_dict()


@dataclass(frozen=True, eq=False)
class RatedTake:
    """A take to fit networks on.

    rows: As recorded, then changed. negatives: Rows that must be refused. aspects: The raters'
    means by `ASPECTS`, 0-10. words: Those of its said units; NaN where the text has another number
    of words.
    """

    rows: tuple[EnglishRow, ...]
    negatives: tuple[EnglishRow, ...]
    aspects: NDArray[np.float64]
    words: NDArray[np.float64]
    speaker: str


def rated_take(take: CorpusTake, rows: Sequence[EnglishRow]) -> RatedTake:
    """Join a take's ratings and rows, in the order of `KINDS`, the first one as recorded."""
    said = rows[0].line.said_units
    words: NDArray[np.float64] = np.full(len(said), np.nan)
    if len(take.word_accuracy) == len(take.sentence.text.split()) > int(said[-1]):
        words = np.array(take.word_accuracy)[said]
    return RatedTake(
        tuple(row for row in rows if row.kind in RIGHT_KINDS),
        tuple(row for row in rows if row.kind not in RIGHT_KINDS),
        np.array([take.human(aspect) for aspect in ASPECTS]),
        words,
        take.speaker,
    )


def fit_network(
    takes: Sequence[RatedTake], seed: int, after_epoch: AfterEpoch = lambda network, loss: None
) -> PhoneSequenceNetwork:
    """Fit one network on training speakers; the same takes and seed give the same weights."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = PhoneSequenceNetwork()
    _standardise(network, takes)
    epochs = [_batches(takes, rng) for _ in range(EPOCHS)]
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=sum(map(len, epochs)), pct_start=0.2
    )
    network.train()
    for batches in epochs:
        losses = []
        for chosen in batches:
            loss = _loss(network, chosen, rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        after_epoch(network, float(np.mean(losses)))
    return network.eval()


def _batches(takes: Sequence[RatedTake], rng: random.Random) -> list[list[RatedTake]]:
    """Draw an epoch's batches, each of a few takes of several speakers."""
    speakers: dict[str, list[RatedTake]] = {}
    for one in takes:
        speakers.setdefault(one.speaker, []).append(one)
    parts = []
    for mine in speakers.values():
        order = rng.sample(mine, len(mine))
        parts += [order[k : k + OF_A_SPEAKER] for k in range(0, len(order), OF_A_SPEAKER)]
    rng.shuffle(parts)
    flat = [one for part in parts for one in part]
    # The remainder that fills no batch is left out of this epoch.
    size = min(BATCH, len(flat))
    return [flat[k : k + size] for k in range(0, len(flat) - size + 1, size)]


def _loss(network: PhoneSequenceNetwork, chosen: Sequence[RatedTake], rng: random.Random) -> Tensor:
    """Sum the losses: squared errors of aspects, words and between takes, and acceptance."""
    rows = [
        rng.choice(one.rows[1:]) if len(one.rows) > 1 and rng.random() < CHANGED_SHARE
        else one.rows[0]
        for one in chosen
    ]  # fmt: skip
    negatives = [rng.choice(one.negatives) for one in chosen if one.negatives]
    whole = [*rows, *negatives]
    found = network(batch([row.features for row in whole], [row.line for row in whole]))
    aspects, words = found.aspects[: len(rows)], found.words[: len(rows)]
    right = torch.cat([torch.ones(len(rows)), torch.zeros(len(negatives))])
    wanted = torch.from_numpy(np.stack([one.aspects for one in chosen])).float()
    error = (aspects - wanted) / network.get_buffer("aspects_scale")
    return (
        error.square().mean()
        + WORDS_COUNT * _word_loss(words, chosen)
        + WITHIN_COUNTS * _within(error, [one.speaker for one in chosen])
        + ACCEPTANCE_COUNTS * F.binary_cross_entropy_with_logits(found.acceptance, right)
    )


def _word_loss(words: Tensor, chosen: Sequence[RatedTake]) -> Tensor:
    wanted = torch.full_like(words, torch.nan)
    for row, one in enumerate(chosen):
        wanted[row, : len(one.words)] = torch.from_numpy(one.words).float()
    known = ~wanted.isnan()
    error = (words - wanted)[known] / _WORD_SCALE
    return error.square().sum() / max(int(known.sum()), 1)


def _within(error: Tensor, speakers: Sequence[str]) -> Tensor:
    """Compute the squared error of differences between two takes of one speaker."""
    names = np.array(speakers)
    same = torch.from_numpy((names[:, None] == names[None]) & ~np.eye(len(names), dtype=bool))
    gaps = (error[:, None] - error[None]).square().mean(dim=2)
    return (gaps * same).sum() / same.sum().clamp(min=1)


def _standardise(network: PhoneSequenceNetwork, takes: Sequence[RatedTake]) -> None:
    features = [one.rows[0].features for one in takes]
    values = {
        "numbers": np.concatenate([one.numbers for one in features]),
        "vectors": np.concatenate([one.hidden for one in features]),
        "take": np.stack([one.take for one in features]),
        "aspects": np.stack([one.aspects for one in takes]),
    }
    with torch.no_grad():
        for name, one in values.items():
            centre, scale = one.mean(axis=0), one.std(axis=0) + 1e-3
            network.get_buffer(f"{name}_centre").copy_(torch.from_numpy(centre))
            network.get_buffer(f"{name}_scale").copy_(torch.from_numpy(scale))


def predict_rows(
    networks: Sequence[PhoneSequenceNetwork], rows: Sequence[EnglishRow]
) -> list[TakePrediction]:
    """Predict rows by the mean of networks, as the kiosk does; takes and speakers are not named."""
    predictions = []
    for first in range(0, len(rows), _PREDICTED_AT_ONCE):
        part = rows[first : first + _PREDICTED_AT_ONCE]
        read = batch([row.features for row in part], [row.line for row in part])
        found = predict(networks, read)
        predictions += [
            TakePrediction(
                similarity=acceptance(float(odds), row.features),
                aspects=tuple(points(aspects)),
                words=tuple(
                    unit.score for unit in assess_units(row.features, row.line, points(words))
                ),
            )
            for row, aspects, words, odds in zip(
                part, found.aspects, found.words, found.acceptance, strict=True
            )
        ]
    return predictions


def _out_of_fold(
    takes: Sequence[CorpusTake],
    rows: Sequence[EnglishRow],
    folds: NDArray[np.int64],
    networks: Sequence[Sequence[PhoneSequenceNetwork]],
) -> list[TakePrediction]:
    """Predict every take by the networks trained without its speaker."""
    found: dict[tuple[int, str], TakePrediction] = {}
    for kind, fold in itertools.product(("plain", "wrong", "half", "spoiled"), range(FOLDS)):
        mine = [row for row in rows if row.kind == kind and folds[row.take] == fold]
        predicted = predict_rows(networks[fold], mine)
        found |= {(row.take, kind): one for row, one in zip(mine, predicted, strict=True)}
    unknown = TakePrediction()
    predictions = []
    for index, take in enumerate(takes):
        # One way to spoil each take: halves and the other kinds by turns.
        kinds = ("wrong", "half" if index % 2 == 0 else "spoiled")
        wrong, spoiled = (found.get((index, kind), unknown).similarity for kind in kinds)
        one = found.get((index, "plain"))
        # A take that could not be aligned has no prediction.
        one = replace(one, wrong_similarity=wrong, spoiled_similarity=spoiled) if one else unknown
        predictions.append(replace(one, take=take.utterance, speaker=take.speaker))
    return predictions
