"""Fitting the judge on out-of-fold evidence, and the figures it gets on speakers it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pronounce_kiosk.scoring.first.aligned_judge import (
    ASPECTS,
    KNOTS,
    TOTAL_WEIGHTS,
    WORD_VECTORS,
    Judge,
    both,
    gaussian_kernel,
    trust,
)
from pronounce_kiosk.scoring.first.aligned_reader import Reader, read_aloud
from pronounce_kiosk.training.data.corpus import CorpusTake, speaker_folds
from pronounce_kiosk.training.first.aligned_gate import GateRows
from pronounce_kiosk.training.first.aligned_gate_hidden import HIDDEN, NETWORKS, train_hidden
from pronounce_kiosk.training.first.aligned_korean import KoreanRow
from pronounce_kiosk.training.first.aligned_reader import RatedReading, train_reader
from pronounce_kiosk.training.first.aligned_rows import TakeRow
from pronounce_kiosk.training.first.aligned_syllables import SyllableScale

WIDTH = 0.004
RIDGE = 1.0
"""Of the kernel machine; .002-.008 and .3-3 gave within .005 of each other."""
ROOMY_RIDGE = 2.0
"""The same for takes in random rooms, which say less of what the raters heard."""
WORD_WIDTH = 0.01
WORD_RIDGE = 3.0
GATE_STRENGTH = 0.05
RIGHT_REFUSED = 0.0055
"""Share of right takes (human total of 4 or more) the English gate is set to refuse."""
GATE_LENIENCE = 0.4
"""Added to the English gate. So many in a thousand hang on a few takes: where the threshold is best
was seen on all takes, out-of-fold."""
DOUBT_ENDS = 0.04
FOLDS = 5
READERS = 5
KOREAN_GATE_SHIFT = 1.8
PEOPLE_WEIGHT = 2
"""How often the Korean gate's straight part is shown each of `GateRows.people`."""
HIDDEN_SHARE = 0.5
"""How much of the Korean gate the hidden units say, the straight part the rest."""
KOREAN_EXACT_SHIFT = 2.72
KOREAN_MEDIAN = (7.63, 8.37, 7.95)
KOREAN_LOW = (6.68, 7.54, 7.16)
"""The anchors of the Korean scale: the kernel machine's raw accuracy, fluency and prosody for the
median native take and for the one that 3 % fall under; and how far the gate's threshold moves."""
KOREAN_UNIT_MEDIAN = -0.47
KOREAN_UNIT_LOW = -1.43
KOREAN_UNIT_MEDIAN_BY_PERSON = -0.28
KOREAN_UNIT_LOW_BY_PERSON = -1.19
"""The same two anchors for units: the median syllable of a native, and one in ten, against
synthesis and against another native's recording."""
KOREAN_UNIT_TOP = 1.0
"""How far above the median syllable all points are: 3 % of natives' are."""
KOREAN_UNIT_MEDIAN_POINTS = 0.92
KOREAN_UNIT_LOW_POINTS = 0.60
KOREAN_MEDIAN_POINTS = (0.94, 0.94, 0.94)
KOREAN_LOW_POINTS = (0.78, 0.80, 0.80)
KOREAN_TOP_POINTS = ((0.945, 0.95), (0.95, 0.97), (0.95, 0.97))
"""Accuracy's scale hardly rises above the median native: what is left is for exact sounds."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """The judge of all takes, and what judges of four fifths said of the last fifth.

    predicted: (takes, 3) on the raters' scale before calibration; right, wrong: the gate's
    similarity, (takes,), to the sentence and to another one; negative: of spoiled ones,
    (negatives,), with the row of their take in `negative_of`. words: predictions and raters'
    means, one after another; word_counts: how many each take has, (takes,). doubt: what is taken
    off `right`, (takes,), none where nobody has asked.
    """

    judge: Judge
    kept: NDArray[np.int64]
    predicted: NDArray[np.float64]
    human: NDArray[np.float64]
    right: NDArray[np.float64]
    wrong: NDArray[np.float64]
    negative: NDArray[np.float64]
    negative_of: NDArray[np.int64]
    words: tuple[NDArray[np.float64], NDArray[np.float64]]
    word_counts: tuple[int, ...]
    doubt: NDArray[np.float64] | None = None

    @property
    def believed(self) -> NDArray[np.float64]:
        """The similarity of the right takes that is left, (takes,): 0 or under is refused."""
        return self.right if self.doubt is None else self.right - self.doubt


def fit_judge(
    takes: Sequence[CorpusTake],
    rows: Sequence[TakeRow],
    syllables: SyllableScale,
    korean: Sequence[KoreanRow],
    hard: GateRows,
    processes: int = 1,
) -> Fitted:
    """Fit everything; the figures in the result are out-of-fold over speaker-disjoint folds.

    takes: what `TakeRow.index` counts in. Takes without features are left out. hard: what only the
    gates learn. processes: how many train readers and gate; their number changes no weight.
    """
    kept = [row for row in rows if row.features is not None]
    chosen = [takes[row.index] for row in kept]
    examples = _examples(kept, chosen, hard)
    folds = speaker_folds([take.speaker for take in chosen], FOLDS, 0)
    judges, right, wrong, negative = _out_of_fold(examples, folds)
    judge = _machine(examples)
    rated = [_rated(row, take) for row, take in zip(kept, chosen, strict=True)]
    _teach([*judges, judge], rated, folds, processes)
    predicted = _predicted(judges, rated, folds)
    _set(judge, "gate_en", _gate(judge, examples))
    _korean_gate(judge, examples, korean, hard, processes)
    _set(judge, "exact_ko", _exact(judge, korean))
    aspects = range(len(ASPECTS))
    human = examples.human
    _set_scales(judge, "en", [_quantile_map(predicted[:, i], human[:, i]) for i in aspects])
    _set_scales(judge, "ko", [_anchored(i) for i in aspects])
    words = _fit_words(judge, kept, chosen, predicted[:, 0], folds)
    set_syllables(judge, syllables)
    index = np.array([row.index for row in kept])
    of = examples.negative_of
    counts = tuple(
        len(take.word_accuracy) if _has_words(row, take) else 0
        for row, take in zip(kept, chosen, strict=True)
    )
    return Fitted(judge, index, predicted, human, right, wrong, negative, of, words, counts)


def _has_words(row: TakeRow, take: CorpusTake) -> bool:
    return row.units is not None and len(row.units) == len(take.word_accuracy)


@dataclass(frozen=True, eq=False)
class _Examples:
    """What the judge learns from, a row a take, all float64.

    right, wrong: features of the take against its sentence and against another, (takes, n).
    roomy: of the take in a random room, (rooms, n), with its take in `roomy_of`; negative: of it
    spoiled and of what is no take, (negatives, n), and `negative_of`. crowd: of takes and others
    over them against other sentences, (crowds, n); crowd_of: whose takes, (crowds, most), -1 for
    none. human: the raters' means, (takes, 3); total: (takes,); both 0-10.
    """

    right: NDArray[np.float64]
    wrong: NDArray[np.float64]
    roomy: NDArray[np.float64]
    roomy_of: NDArray[np.int64]
    negative: NDArray[np.float64]
    negative_of: NDArray[np.int64]
    crowd: NDArray[np.float64]
    crowd_of: NDArray[np.int64]
    human: NDArray[np.float64]
    total: NDArray[np.float64]

    def __getitem__(self, takes: NDArray[np.bool_]) -> _Examples:
        place = np.cumsum(takes) - 1
        rooms, spoiled = takes[self.roomy_of], takes[self.negative_of]
        crowds = np.append(takes, True)[self.crowd_of].all(axis=1)
        return _Examples(
            self.right[takes],
            self.wrong[takes],
            self.roomy[rooms],
            place[self.roomy_of[rooms]],
            self.negative[spoiled],
            place[self.negative_of[spoiled]],
            self.crowd[crowds],
            np.append(place, -1)[self.crowd_of[crowds]],
            self.human[takes],
            self.total[takes],
        )


def _examples(kept: Sequence[TakeRow], chosen: Sequence[CorpusTake], hard: GateRows) -> _Examples:
    place = {row.index: i for i, row in enumerate(kept)} | {-1: -1}
    known = np.array([all(take in place for take in of) for of in hard.english_of], bool)
    crowd_of = np.array([[place[take] for take in of] for of in hard.english_of[known]], np.int64)
    roomy = [(i, row.roomy) for i, row in enumerate(kept) if row.roomy is not None]
    negative = [(i, one) for i, row in enumerate(kept) for one in row.negatives]
    return _Examples(
        np.stack([row.features for row in kept if row.features is not None]),
        _stack([row.wrong for row in kept]),
        np.stack([one for _, one in roomy]),
        np.array([i for i, _ in roomy]),
        _stack([one for _, one in negative]),
        np.array([i for i, _ in negative]),
        hard.english[known],
        crowd_of.reshape(len(crowd_of), hard.english_of.shape[1]),
        np.array([[take.human(aspect) for aspect in ASPECTS] for take in chosen]),
        np.array([take.human("total") for take in chosen]),
    )


def _out_of_fold(
    examples: _Examples, folds: NDArray[np.int64]
) -> tuple[list[Judge], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """A judge a fold, of the others' takes; the gate's value of right, wrong, negatives."""
    judges = []
    right, wrong = np.zeros((2, len(folds)))
    negative = np.zeros(len(examples.negative))
    for fold in range(FOLDS):
        judge = _machine(examples[folds != fold])
        weights = _gate(judge, examples[folds != fold])
        test = folds == fold
        held = examples[test]
        right[test] = _apply(judge, weights, held.right)
        wrong[test] = _apply(judge, weights, held.wrong)
        negative[test[examples.negative_of]] = _apply(judge, weights, held.negative)
        judges.append(judge)
    return judges, right, wrong, negative


def _rated(row: TakeRow, take: CorpusTake) -> RatedReading:
    """features and roomy are not standardised yet: each judge has its own mean."""
    assert row.reading is not None
    assert row.features is not None
    return RatedReading(
        row.reading,
        row.roomy_reading,
        row.features,
        row.roomy,
        np.array([take.human(aspect) for aspect in ASPECTS]),
        tuple(take.word_accuracy) if _has_words(row, take) else (),
        take.speaker,
    )


def _for(judge: Judge, rated: RatedReading) -> RatedReading:
    """With the features as this judge standardises them."""
    room = None if rated.room is None else judge.standardised(rated.room)
    return replace(rated, take=judge.standardised(rated.take), room=room)


def _teach(
    judges: Sequence[Judge],
    rated: Sequence[RatedReading],
    folds: NDArray[np.int64],
    processes: int,
) -> None:
    """Give every judge its readers: a fold's judge from the others' takes, the last one's from all.

    Their weights are rounded to the 16 bits they are kept in.
    """
    examples: list[list[RatedReading]] = []
    seeds: list[int] = []
    for fold, judge in enumerate(judges):
        mine = [_for(judge, one) for one, f in zip(rated, folds, strict=True) if f != fold]
        examples += [mine] * READERS
        seeds += range(READERS)
    taught = iter(_trained(examples, seeds, processes))
    for judge in judges:
        for reader in judge.readers:
            state = next(taught).state_dict()
            reader.load_state_dict({name: value.half().float() for name, value in state.items()})


def _trained(
    examples: Sequence[Sequence[RatedReading]], seeds: Sequence[int], processes: int
) -> list[Reader]:
    if processes == 1:
        return [train_reader(*job) for job in zip(examples, seeds, strict=True)]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        return list(pool.map(train_reader, examples, seeds))


def _predicted(
    judges: Sequence[Judge], rated: Sequence[RatedReading], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Raw aspects (takes, 3), each by the judge that did not learn from the take's speaker."""
    predicted = np.zeros((len(rated), len(ASPECTS)))
    for fold, judge in enumerate(judges):
        test = np.flatnonzero(folds == fold)
        if not len(test):
            continue
        mine = [_for(judge, rated[index]) for index in test]
        takes = np.stack([one.take for one in mine])
        read, _ = read_aloud(judge.readers, [one.reading for one in mine], takes)
        predicted[test] = both(judge.raw_aspects(takes), read)
    return predicted


def calibrated(fitted: Fitted) -> NDArray[np.float64]:
    """Out-of-fold (takes, 4): accuracy, fluency, prosody, total, 0-10, calibrated and doubted.

    Of a take that the gate refuses, what it would be given were it only just believed.
    """
    source = fitted.judge.get_buffer("aspect_from_en").numpy().astype(np.float64)
    target = fitted.judge.get_buffer("aspect_to_en").numpy().astype(np.float64)
    aspects = np.stack(
        [np.interp(fitted.predicted[:, i], source[i], target[i]) for i in range(len(ASPECTS))], 1
    )
    share = trust(fitted.right, fitted.right - fitted.believed, "en")
    aspects = aspects * share[:, None] * 10.0
    return np.concatenate([aspects, (aspects @ np.array(TOTAL_WEIGHTS))[:, None]], axis=1)


def _machine(examples: _Examples) -> Judge:
    """Kernel ridge regression with a Gaussian kernel, on standardised features.

    Every take counts twice: as it was recorded, and in a random room, which changed its sound but
    not what the raters heard of the learner.
    """
    rows = len(examples.right) + len(examples.roomy)
    judge = Judge(rows, READERS, gate_hidden=NETWORKS * HIDDEN).eval()
    _set(judge, "center", examples.right.mean(axis=0))
    _set(judge, "scale", examples.right.std(axis=0) + 1e-6)
    features = np.concatenate([examples.right, examples.roomy])
    human = np.concatenate([examples.human, examples.human[examples.roomy_of]])
    # The weights are solved for the vectors as they are stored.
    vectors = judge.standardised(features).astype(np.float16).astype(np.float64)
    _set(judge, "vectors", vectors)
    kernel = gaussian_kernel(vectors, vectors, WIDTH)
    bias = examples.human.mean(axis=0)
    doubt = np.r_[np.full(len(examples.right), RIDGE), np.full(len(examples.roomy), ROOMY_RIDGE)]
    solved = np.linalg.solve(kernel + np.diag(doubt), human - bias)
    _set(judge, "weights", solved)
    _set(judge, "bias", bias)
    _set(judge, "width", np.array(WIDTH))
    return judge


def _gate(judge: Judge, examples: _Examples) -> NDArray[np.float64]:
    """Weights and bias: 0 at the threshold, 1 where `DOUBT_ENDS` of the right takes lie under."""
    right = np.concatenate([examples.right, examples.roomy])
    others = np.concatenate([examples.wrong, examples.negative, examples.crowd])
    values = judge.standardised(np.concatenate([right, others]))
    model = _told_apart(values, np.arange(len(values)) < len(right))
    odds = model.decision_function(values[: len(examples.right)])[examples.total >= 4.0]
    weights = _between(model, *np.quantile(odds, [RIGHT_REFUSED, DOUBT_ENDS]))
    weights[-1] += GATE_LENIENCE
    return weights


def _korean_gate(
    judge: Judge,
    examples: _Examples,
    korean: Sequence[KoreanRow],
    hard: GateRows,
    processes: int,
) -> None:
    """A straight gate of English people and Korean synthesis, and hidden units of Korean alone.

    Synthesis alone is too easy: its own threshold would refuse people, and without the hard
    examples what learners of English say passed for one short Korean sentence in twelve. The units
    tell those apart better; the straight part knows of people who say the sentence.
    """
    right = np.concatenate([np.stack([row.features for row in korean]), hard.right])
    easy = _stack([row.other for row in korean] + [n for row in korean for n in row.negatives])
    straight = _straight_korean_gate(judge, examples, right, easy, hard)
    rows = judge.standardised(np.concatenate([right, easy, hard.people, hard.others]))
    hidden = train_hidden(rows, np.arange(len(rows)) < len(right), processes)
    said = rows @ straight[:-1] + straight[-1]
    # Both parts on the scale of the straight one, whose 0 and 1 are people's.
    scale = HIDDEN_SHARE * said.std() / hidden.odds(rows).std()
    gate = (1.0 - HIDDEN_SHARE) * straight
    gate[-1] += scale * hidden.bias + KOREAN_GATE_SHIFT
    _set(judge, "gate_ko", gate)
    _set(judge, "gate_in_ko", hidden.into)
    _set(judge, "gate_out_ko", scale * hidden.out)


def _straight_korean_gate(
    judge: Judge,
    examples: _Examples,
    right: NDArray[np.float64],
    easy: NDArray[np.float64],
    hard: GateRows,
) -> NDArray[np.float64]:
    """Of both languages' examples, which may differ by a constant; by English people's scale."""
    english = np.concatenate([examples.right, examples.roomy])
    english_others = np.concatenate([examples.wrong, examples.negative])
    others = np.concatenate([easy, np.repeat(hard.people, PEOPLE_WEIGHT, axis=0), hard.others])
    parts = ((english, 0.0), (right, 1.0), (english_others, 0.0), (others, 1.0))
    values = judge.standardised(np.concatenate([part for part, _ in parts]))
    is_korean = np.concatenate([np.full((len(part), 1), korean) for part, korean in parts])
    labels = np.arange(len(values)) < len(english) + len(right)
    values = np.hstack([values, is_korean])
    model = _told_apart(values, labels)
    odds = model.decision_function(values[: len(examples.right)])[examples.total >= 4.0]
    weights = _between(model, *np.quantile(odds, [RIGHT_REFUSED, DOUBT_ENDS]))
    # The Korean column is always on: it belongs to the bias.
    return np.r_[weights[:-2], weights[-1] + weights[-2]]


def _told_apart(values: NDArray[np.float64], labels: NDArray[np.bool_]) -> LogisticRegression:
    model = LogisticRegression(C=GATE_STRENGTH, max_iter=3000, class_weight="balanced")
    return model.fit(values, labels)


def _between(model: LogisticRegression, threshold: float, sure: float) -> NDArray[np.float64]:
    """The model's weights and bias, scaled to give 0 at the threshold and 1 where it is sure."""
    span = max(float(sure - threshold), 1e-3)
    return np.r_[model.coef_[0] / span, (model.intercept_[0] - threshold) / span]


def _exact(judge: Judge, korean: Sequence[KoreanRow]) -> NDArray[np.float64]:
    """All sounds right, against one or two wrong ones and other sentences, by synthetic takes.

    People are less exact than synthesis, so its odds are moved to be 0 for a usual native.
    """
    right = np.stack([row.features for row in korean])
    other = np.stack([row.other for row in korean if row.other is not None])
    values = judge.standardised(np.concatenate([right, other]))
    labels = np.array([row.right for row in korean] + [False] * len(other))
    model = _told_apart(values, labels)
    return np.r_[model.coef_[0], model.intercept_[0] + KOREAN_EXACT_SHIFT]


def _apply(
    judge: Judge, weights: NDArray[np.float64], features: NDArray[np.float64]
) -> NDArray[np.float64]:
    values: NDArray[np.float64] = judge.standardised(features) @ weights[:-1] + weights[-1]
    return values


def _quantile_map(
    predicted: NDArray[np.float64], human: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Knots that give predictions the spread of human means: a regressor shrinks to the middle.

    predicted, human: 0-10. From predictions to 0-1.
    """
    shares = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
    source, target = np.quantile(predicted, shares), np.quantile(human, shares)
    source = np.r_[source[0] - max(target[0], 1.0), source, source[-1] + 0.7]
    target = np.r_[0.0, target, 10.0]
    assert len(source) == KNOTS
    return source, np.maximum.accumulate(target) / 10.0


def _set_scales(
    judge: Judge,
    language: str,
    scales: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> None:
    """One scale an aspect: its knots on the raters' scale, and what they are made, 0-1."""
    _set(judge, f"aspect_from_{language}", np.stack([source for source, _ in scales]))
    _set(judge, f"aspect_to_{language}", np.stack([target for _, target in scales]))


def _anchored(aspect: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A straight scale through an aspect's two anchors, flattening out towards 1 and down to 0."""
    low, middle = KOREAN_LOW[aspect], KOREAN_MEDIAN[aspect]
    points = KOREAN_MEDIAN_POINTS[aspect]
    slope = (points - KOREAN_LOW_POINTS[aspect]) / (middle - low)
    source = np.r_[
        np.linspace(middle - points / slope, middle, KNOTS - 2), middle + 0.5, middle + 1.5
    ]
    return source, np.r_[np.linspace(0.0, points, KNOTS - 2), KOREAN_TOP_POINTS[aspect]]


def _fit_words(
    judge: Judge,
    rows: Sequence[TakeRow],
    takes: Sequence[CorpusTake],
    accuracy: NDArray[np.float64],
    folds: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Words by the raters' means; accuracy: the takes' raw one, out-of-fold.

    Gives the words' out-of-fold predictions and those means.
    """
    rated = [
        (row.units, take.word_accuracy, points, fold)
        for row, take, points, fold in zip(rows, takes, accuracy, folds, strict=True)
        if row.units is not None and _has_words(row, take)
    ]
    values = np.concatenate([units for units, _, _, _ in rated])
    human = np.concatenate([np.array(points) for _, points, _, _ in rated])
    around = np.concatenate([np.full(len(points), whole) for _, points, whole, _ in rated])
    fold_of = np.concatenate([np.full(len(points), fold) for _, points, _, fold in rated])
    predicted = np.zeros(len(human))
    for fold in range(FOLDS):
        test = fold_of == fold
        _word_machine(judge, values[~test], around[~test], human[~test])
        predicted[test] = judge.raw_words(values[test], around[test])
    _word_machine(judge, values, around, human)
    source, target = _quantile_map(predicted, human)
    _set(judge, "unit_from_en", source)
    _set(judge, "unit_to_en", target)
    return predicted, human


def _word_machine(
    judge: Judge,
    values: NDArray[np.float64],
    accuracy: NDArray[np.float64],
    human: NDArray[np.float64],
) -> None:
    """Kernel ridge regression on a subset of vectors (Smola & Schoelkopf 2000), into the judge."""
    features = np.hstack([values, accuracy[:, None]])
    center, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    standard = np.clip((features - center) / scale, -4.0, 4.0)
    chosen = np.random.default_rng(0).choice(len(standard), WORD_VECTORS)
    vectors = standard[chosen].astype(np.float16).astype(np.float64)
    kernel = gaussian_kernel(standard, vectors, WORD_WIDTH)
    among = gaussian_kernel(vectors, vectors, WORD_WIDTH) + 1e-6 * np.eye(WORD_VECTORS)
    bias = float(human.mean())
    solved = np.linalg.solve(kernel.T @ kernel + WORD_RIDGE * among, kernel.T @ (human - bias))
    for name, array in (
        ("center", center),
        ("scale", scale),
        ("vectors", vectors),
        ("weights", solved),
        ("bias", np.array(bias)),
        ("width", np.array(WORD_WIDTH)),
    ):
        _set(judge, f"word_{name}", np.asarray(array, np.float64))


def set_syllables(judge: Judge, scale: SyllableScale) -> None:
    """Korean units have no raters: what synthesis taught, and two anchors."""
    _set(judge, "unit_forms_ko", scale.forms)
    _set(judge, "unit_usual_ko", scale.usual)
    _set(judge, "unit_weights_ko", scale.weights)
    anchors = (
        ("unit_from_ko", KOREAN_UNIT_MEDIAN, KOREAN_UNIT_LOW),
        ("unit_from_person_ko", KOREAN_UNIT_MEDIAN_BY_PERSON, KOREAN_UNIT_LOW_BY_PERSON),
    )
    for name, median, low in anchors:
        slope = (KOREAN_UNIT_MEDIAN_POINTS - KOREAN_UNIT_LOW_POINTS) / (median - low)
        zero = median - KOREAN_UNIT_MEDIAN_POINTS / slope
        _set(judge, name, np.r_[np.linspace(zero, median, KNOTS - 1), median + KOREAN_UNIT_TOP])
    target = np.r_[np.linspace(0.0, KOREAN_UNIT_MEDIAN_POINTS, KNOTS - 1), 1.0]
    _set(judge, "unit_to_ko", target)


def _set(judge: Judge, name: str, values: NDArray[np.float64]) -> None:
    buffer = judge.get_buffer(name)
    if tuple(buffer.shape) != tuple(np.shape(values)):
        raise ValueError(f"{name}: {np.shape(values)} for {tuple(buffer.shape)}")
    with torch.no_grad():
        buffer.copy_(torch.from_numpy(np.asarray(values, np.float64)).to(buffer.dtype))


def _stack(rows: Sequence[NDArray[np.float64] | None]) -> NDArray[np.float64]:
    """What could not be aligned counts as the clearest negative: the worst of all seen."""
    found = np.stack([row for row in rows if row is not None])
    worst = found[np.argmin(found.sum(axis=1))]
    return np.stack([worst if row is None else row for row in rows])
