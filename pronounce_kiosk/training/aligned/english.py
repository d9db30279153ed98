"""Training of the English model: convert the recogniser, gather rows, fit the heads by folds.

What is finished is kept in the work folder, so a training that was cut off goes on.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from pronounce_kiosk.scoring.english.network import (
    ASPECTS,
    PhoneSequenceNetwork,
    batch,
    points,
    predict,
)
from pronounce_kiosk.scoring.english.units import assess_units
from pronounce_kiosk.training.aligned.convert_english import (
    LICENSE,
    MAKER,
    PACKAGE,
    Conversion,
    convert,
)
from pronounce_kiosk.training.aligned.english_heads import (
    RatedTake,
    fit_network,
    rated_take,
)
from pronounce_kiosk.training.aligned.english_rows import (
    KINDS,
    RIGHT_KINDS,
    EnglishRow,
    gather_rows,
)
from pronounce_kiosk.training.aligned.pictures import draw_posteriors, draw_words
from pronounce_kiosk.training.data.corpus import CorpusTake, read_corpus, speaker_folds
from pronounce_kiosk.training.evaluation.statistics import pearson, without_means

FOLD_SEED = 0
_PREDICTED_AT_ONCE = 64

Log = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Predictions of takes by heads that never met their speakers; as `write_out_of_fold` takes.

    kept: indices of takes that could be aligned. aspects: (kept, 4) by `ASPECTS`, 0-100. words:
    0-100, a value a said unit. right, wrong, spoiled: log-odds of acceptance of the take, of it
    against another sentence, and of it halved or spoiled; NaN where there is none.
    """

    takes: tuple[CorpusTake, ...]
    kept: NDArray[np.int64]
    aspects: NDArray[np.float64]
    words: list[NDArray[np.float64]]
    right: NDArray[np.float64]
    wrong: NDArray[np.float64]
    spoiled: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TrainedEnglish:
    """The trained model.

    state: `EnglishModel`'s state_dict, 32-bit. conversion: of the recogniser. figures: by name, of
    the out-of-fold predictions, refused takes as 0.
    """

    state: dict[str, Tensor]
    conversion: Conversion
    out_of_fold: OutOfFold
    figures: dict[str, float]


def train_english(corpus_folder: Path, work: Path, processes: int, log: Log) -> TrainedEnglish:
    """Train the English model.

    Args:
        work: a folder for what is finished; it gets losses.png, and pictures of what the
            recogniser and each network, epoch by epoch, make of one take.

    Raises:
        TrainingError: where the corpus or the package hama is missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    takes = read_corpus(corpus_folder).takes
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
    figures = figures_of(found)
    log(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return TrainedEnglish(model.state_dict(), conversion, found, figures)


def _rated(takes: Sequence[CorpusTake], rows: Sequence[EnglishRow]) -> dict[int, RatedTake]:
    """The takes that could be aligned, by index."""
    by_take: dict[int, list[EnglishRow]] = {}
    for row in sorted(rows, key=lambda row: KINDS.index(row.kind)):
        by_take.setdefault(row.take, []).append(row)
    rated = {}
    for index, mine in sorted(by_take.items()):
        right = [row for row in mine if row.kind in RIGHT_KINDS]
        wrong = [row for row in mine if row.kind not in RIGHT_KINDS]
        if right and right[0].kind == "plain":
            rated[index] = rated_take(takes[index], right, wrong)
    return rated


def _networks(
    rated: dict[int, RatedTake], folds: NDArray[np.int64], work: Path, log: Log
) -> list[list[PhoneSequenceNetwork]]:
    """The networks of each fold, which never met its speakers."""
    curves: dict[str, list[float]] = {}
    networks: list[list[PhoneSequenceNetwork]] = []
    for fold in range(FOLDS):
        heard = [one for index, one in rated.items() if folds[index] != fold]
        networks.append([])
        for seed in range(SEEDS):
            name = f"english-network-{fold}-{seed}"
            path = work / f"{name}.pt"
            network = PhoneSequenceNetwork()
            if path.is_file():
                network.load_state_dict(torch.load(path, weights_only=True))
            else:
                watched = _Watched(rated, work / f"{name}-words.png")
                network = fit_network(heard, SEEDS * fold + seed, watched.after_epoch)
                torch.save(network.state_dict(), path)
                curves[name] = watched.losses
                plot_losses(curves, work / "losses.png")
                log(f"{name}: loss {watched.losses[-1]:.3f}")
            networks[-1].append(network.eval())
    return networks


class _Watched:
    """One fixed take whose words are predicted after every epoch and drawn."""

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


def plot_losses(curves: dict[str, list[float]], path: Path) -> None:
    """Draw the loss of every epoch of every network."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="epoch", ylabel="loss", title="English heads")
    for name, curve in curves.items():
        axes.plot(range(1, len(curve) + 1), curve, label=name)
    axes.legend(fontsize="x-small", ncols=2)
    figure.savefig(path)


@dataclass(frozen=True, eq=False)
class RowPredictions:
    """Predictions of rows.

    aspects: (rows, `ASPECTS`), 0-100. words: a value a said unit, 0-100. acceptance: (rows,),
    log-odds, above 0 where accepted.
    """

    aspects: NDArray[np.float64]
    words: list[NDArray[np.float64]]
    acceptance: NDArray[np.float64]


def predict_rows(
    networks: Sequence[PhoneSequenceNetwork], rows: Sequence[EnglishRow]
) -> RowPredictions:
    """Predict rows by the mean of networks, as the kiosk does."""
    aspects: list[NDArray[np.float64]] = []
    words: list[NDArray[np.float64]] = []
    accepted: list[float] = []
    for first in range(0, len(rows), _PREDICTED_AT_ONCE):
        part = rows[first : first + _PREDICTED_AT_ONCE]
        read = batch([row.features for row in part], [row.line for row in part])
        found = predict(networks, read)
        for place, row in enumerate(part):
            units = assess_units(row.features, row.line, points(found.words[place]))
            aspects.append(np.array(points(found.aspects[place])))
            words.append(np.array([unit.score for unit in units]))
            accepted.append(acceptance(float(found.acceptance[place]), row.features))
    return RowPredictions(np.array(aspects), words, np.array(accepted))


def _out_of_fold(
    takes: Sequence[CorpusTake],
    rows: Sequence[EnglishRow],
    folds: NDArray[np.int64],
    networks: Sequence[Sequence[PhoneSequenceNetwork]],
) -> OutOfFold:
    aspects = np.full((len(takes), len(ASPECTS)), np.nan)
    words: list[NDArray[np.float64]] = [np.empty(0)] * len(takes)
    odds = {kind: np.full(len(takes), np.nan) for kind in KINDS}
    for kind, fold in itertools.product(odds, range(FOLDS)):
        mine = [row for row in rows if row.kind == kind and folds[row.take] == fold]
        if not mine:
            continue
        found = predict_rows(networks[fold], mine)
        places = [row.take for row in mine]
        odds[kind][places] = found.acceptance
        if kind == "plain":
            aspects[places] = found.aspects
            for place, said in zip(places, found.words, strict=True):
                words[place] = said
    # One way to spoil each take: halves and the other kinds by turns.
    spoiled = np.where(np.arange(len(takes)) % 2 == 0, odds["half"], odds["spoiled"])
    kept = np.flatnonzero(np.isfinite(odds["plain"]))
    return OutOfFold(
        tuple(takes),
        kept,
        aspects[kept],
        [words[place] for place in kept],
        odds["plain"][kept],
        odds["wrong"][kept],
        spoiled[kept],
    )


def figures_of(found: OutOfFold) -> dict[str, float]:
    """Correlations with the raters and rates of refusal, over all takes."""
    count = len(found.takes)
    points = np.zeros((count, len(ASPECTS)))
    points[found.kept] = found.aspects * (found.right > 0.0)[:, None]
    human = np.array([[take.human(aspect) for aspect in ASPECTS] for take in found.takes])
    speakers = [take.speaker for take in found.takes]
    figures = {
        aspect: pearson(points[:, column], human[:, column])
        for column, aspect in enumerate(ASPECTS)
    }
    apart = [without_means(values, speakers) for values in (points[:, 0], human[:, 0])]
    figures["accuracy_within_speakers"] = pearson(apart[0], apart[1])
    said, rated = [], []
    for place, one in zip(found.kept, found.words, strict=True):
        theirs = found.takes[place].word_accuracy
        if len(theirs) == len(one):
            said.append(one)
            rated.append(theirs)
    figures["words"] = pearson(np.concatenate(said), np.concatenate(rated))
    figures["right_refused"] = 1.0 - float((found.right > 0.0).sum()) / count
    for name, odds in (("wrong_refused", found.wrong), ("spoiled_refused", found.spoiled)):
        figures[name] = 1.0 - float((odds > 0.0).sum()) / max(len(odds), 1)
    return figures


def describe(trained: TrainedEnglish) -> dict[str, str | float]:
    """The manifest's words on where the English part comes from, and its figures."""
    source: dict[str, str | float] = {
        "package": PACKAGE,
        "maker": MAKER,
        "license": LICENSE,
        "archive_sha256": trained.conversion.sha256,
        "largest_difference": trained.conversion.largest_difference,
    }
    source.update(trained.figures)
    return source
