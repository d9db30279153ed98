"""Train the English model: convert the recogniser, gather rows, fit the heads by folds.

Finished steps are kept in the work folder, so that an interrupted training continues.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.scoring.acoustic.conformer import FRAME_S
from pronounce_kiosk.scoring.english.acceptance import acceptance
from pronounce_kiosk.scoring.english.model import FOLDS, SEEDS, EnglishModel
from pronounce_kiosk.scoring.english.network import PhoneSequenceNetwork, batch, points, predict
from pronounce_kiosk.scoring.english.units import assess_units
from pronounce_kiosk.training.aligned.convert_english import Conversion, convert
from pronounce_kiosk.training.aligned.english_heads import RatedTake, fit_network, rated_take
from pronounce_kiosk.training.aligned.english_rows import (
    KINDS,
    RIGHT_KINDS,
    EnglishRow,
    gather_rows,
)
from pronounce_kiosk.training.aligned.pictures import draw_losses, draw_posteriors, draw_words
from pronounce_kiosk.training.data.corpus import CorpusTake, speaker_folds
from pronounce_kiosk.training.evaluation.agreement import Scorer, compare
from pronounce_kiosk.training.evaluation.out_of_fold import TakePrediction

FOLD_SEED = 0
_PREDICTED_AT_ONCE = 64
"""Rows of a batch; more take more memory."""

Log = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class TrainedEnglish:
    """The trained model.

    Attributes:
        state: `EnglishModel`'s state_dict, 32-bit.
        conversion: Of the recogniser.
        out_of_fold: Predictions of all takes, in order, by heads trained without their speakers.
        figures: Of these predictions, for a manifest.
    """

    state: dict[str, Tensor]
    conversion: Conversion
    out_of_fold: list[TakePrediction]
    figures: dict[str, float]


def train_english(
    takes: Sequence[CorpusTake], work: Path, processes: int, log: Log
) -> TrainedEnglish:
    """Train the English model on rated takes; see `train_aligned`.

    The work folder gets losses.png, and pictures of one take: the recogniser's posteriors, and
    each network's predictions epoch by epoch.
    """
    clip = read_clip(takes[0].audio).resampled(PIPELINE_SAMPLE_RATE_HZ)
    conversion = convert(clip.samples)
    log(f"recogniser converted, posteriors within {conversion.largest_difference:.1e}")
    model = EnglishModel()
    model.conformer.load_state_dict(conversion.state)
    heard = model.eval().hear(clip.samples)
    draw_posteriors(
        work / "english-posteriors.png",
        clip.samples,
        np.exp(heard.log_posteriors[:, 1:]),
        ENGLISH_PHONES,
        FRAME_S,
        takes[0].sentence.text,
    )
    rows = gather_rows(takes, conversion.state, work, processes)
    log(f"{len(rows)} rows of {len(takes)} takes")
    folds = speaker_folds([take.speaker for take in takes], FOLDS, FOLD_SEED)
    networks = _networks(_rated(takes, rows), folds, work, log)
    found = _out_of_fold(takes, rows, folds, networks)
    model.networks = torch.nn.ModuleList([one for some in networks for one in some])
    _, figures = compare(takes, Scorer("English", found))
    log(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return TrainedEnglish(model.state_dict(), conversion, found, figures)


def _rated(takes: Sequence[CorpusTake], rows: Sequence[EnglishRow]) -> dict[int, RatedTake]:
    """Collect the takes that could be aligned, by index."""
    by_take: dict[int, list[EnglishRow]] = {}
    for row in sorted(rows, key=lambda row: KINDS.index(row.kind)):
        by_take.setdefault(row.take, []).append(row)
    rated = {}
    for index, mine in sorted(by_take.items()):
        right = [row for row in mine if row.kind in RIGHT_KINDS]
        if right and right[0].kind == "plain":
            wrong = [row for row in mine if row.kind not in RIGHT_KINDS]
            rated[index] = rated_take(takes[index], right, wrong)
    return rated


def _networks(
    rated: dict[int, RatedTake], folds: NDArray[np.int64], work: Path, log: Log
) -> list[list[PhoneSequenceNetwork]]:
    """Fit the networks of each fold, or read the finished ones; their speakers are left out."""
    curves: dict[str, list[float]] = {}
    networks: list[list[PhoneSequenceNetwork]] = [[] for _ in range(FOLDS)]
    for fold, seed in itertools.product(range(FOLDS), range(SEEDS)):
        others = [one for index, one in rated.items() if folds[index] != fold]
        name = f"english-network-{fold}-{seed}"
        path = work / f"{name}.pt"
        network = PhoneSequenceNetwork()
        if path.is_file():
            network.load_state_dict(torch.load(path, weights_only=True))
        else:
            watched = _Watched(rated, work / f"{name}-words.png")
            network = fit_network(others, SEEDS * fold + seed, watched.after_epoch)
            torch.save(network.state_dict(), path)
            curves[name] = watched.losses
            draw_losses(work / "losses.png", curves)
            log(f"{name}: loss {watched.losses[-1]:.3f}")
        networks[fold].append(network.eval())
    return networks


class _Watched:
    """Losses of a network, and pictures of one take whose words it predicts after every epoch."""

    def __init__(self, rated: dict[int, RatedTake], path: Path) -> None:
        self._take = next((one for one in rated.values() if not np.isnan(one.words).any()), None)
        self._path = path
        self.losses: list[float] = []
        self._epochs: list[NDArray[np.float64]] = []

    def after_epoch(self, network: PhoneSequenceNetwork, loss: float) -> None:
        self.losses.append(loss)
        if self._take is None:
            return
        row = self._take.rows[0]
        network.eval()
        words = predict([network], batch([row.features], [row.line])).words[0]
        network.train()
        self._epochs.append(10.0 * words[: len(self._take.words)].double().numpy())
        names = [str(unit) for unit in row.line.said_units]
        draw_words(self._path, self._epochs, names, (10.0 * self._take.words).tolist())


def predict_rows(
    networks: Sequence[PhoneSequenceNetwork], rows: Sequence[EnglishRow]
) -> list[TakePrediction]:
    """Predict rows by the mean of networks, as the kiosk does; takes and speakers are not named."""
    predictions = []
    for first in range(0, len(rows), _PREDICTED_AT_ONCE):
        part = rows[first : first + _PREDICTED_AT_ONCE]
        read = batch([row.features for row in part], [row.line for row in part])
        found = predict(networks, read)
        for place, row in enumerate(part):
            units = assess_units(row.features, row.line, points(found.words[place]))
            prediction = TakePrediction(
                "",
                "",
                acceptance(float(found.acceptance[place]), row.features),
                aspects=tuple(points(found.aspects[place])),
                words=tuple(float(unit.score) for unit in units),
            )
            predictions.append(prediction)
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
    unknown = TakePrediction("", "")
    predictions = []
    for index, take in enumerate(takes):
        # One way to spoil each take: halves and the other kinds by turns.
        wrong, spoiled = (
            found.get((index, kind), unknown).similarity
            for kind in ("wrong", "half" if index % 2 == 0 else "spoiled")
        )
        plain = found.get((index, "plain"))
        if plain is not None:
            plain = replace(plain, wrong_similarity=wrong, spoiled_similarity=spoiled)
        # A take that could not be aligned has no prediction.
        predictions.append(replace(plain or unknown, take=take.utterance, speaker=take.speaker))
    return predictions
