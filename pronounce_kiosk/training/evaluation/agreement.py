"""Make tables of agreement with raters: aspects, words, right and wrong sentences.

A scorer, a baseline or a rater is a `Row`: a name and a value for each take and aspect. Every
interval resamples speakers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.training.data.corpus import ADULT_AGE, ASPECTS, CorpusTake
from pronounce_kiosk.training.evaluation.figures import (
    HEADERS,
    Cells,
    auc_row,
    figure,
    mean,
    median_row,
    share_row,
)
from pronounce_kiosk.training.evaluation.report import Estimate, Table, number
from pronounce_kiosk.training.evaluation.statistics import (
    auc,
    estimate,
    one_rater_against_the_others,
    pearson,
    without_means,
)

MUSTS = {
    "total": ("0.865", "0.89"),
    "accuracy": ("0.84, within 0.42", "0.87, within 0.48"),
    "fluency": ("0.895", "0.92"),
    "prosody": ("0.875", "0.91"),
}
"""Must and goal of PCC by aspect, out of fold; accuracy also within speakers."""
WORD_MUST, WRONG_MUST = ("0.66", "0.72"), ("97.5 %", "99.5 %")
_NONE = ("", "")
PERSON = "one rater, the other four"
RATED_RIGHT = 4.0
"""Of a take with this total or more people could tell that it was the sentence."""
BAD_WORD = 6.0

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Row:
    """A scorer's predictions of every take, by aspect, each shape (takes,).

    where: the takes it may be asked about, bool (takes,): those of speakers it was not trained on.
    """

    name: str
    predicted: Mapping[str, Values]
    where: Flags


@dataclass(frozen=True, eq=False)
class Truth:
    """The ratings of every take, shape (takes, 4 aspects, 5 raters), and its speaker."""

    ratings: Values
    speakers: tuple[str, ...]
    ages: NDArray[np.int64]

    @classmethod
    def of(cls, takes: Sequence[CorpusTake]) -> Truth:
        """Collect a corpus' takes, in their order."""
        return cls(
            np.stack([take.ratings for take in takes]),
            tuple(take.speaker for take in takes),
            np.array([take.age for take in takes], np.int64),
        )

    def mean(self, aspect: str) -> Values:
        """Average the raters, shape (takes,)."""
        mean: Values = self.raters(aspect).mean(axis=1)
        return mean

    def raters(self, aspect: str) -> Values:
        """Give each rater's values, shape (takes, raters)."""
        values: Values = self.ratings[:, ASPECTS.index(aspect)]
        return values


@dataclass(frozen=True)
class Agreement:
    """Agreement of one scorer with the raters' mean on one aspect."""

    aspect: str
    who: str
    takes: int
    pearson: Estimate
    within: Estimate
    adults: float
    children: float


def agreements(rows: Sequence[Row], truth: Truth) -> list[Agreement]:
    """Compare every row on every aspect, and one rater with the other four after them."""
    found = []
    for aspect in ASPECTS:
        found += [_agreement(aspect, row, truth) for row in rows]
        found.append(_one_rater(aspect, truth))
    return found


def agreement_table(found: Sequence[Agreement]) -> Table:
    """Make the table of agreement, aspect by aspect."""
    lines = [
        (
            one.aspect,
            one.who,
            str(one.takes),
            str(one.pearson),
            str(one.within),
            number(one.adults),
            number(one.children),
            *(MUSTS.get(one.aspect, _NONE) if one.who == found[0].who else _NONE),
        )
        for one in found
    ]
    return Table(
        "Agreement with the raters' mean",
        (
            "aspect",
            "who",
            "takes",
            "PCC [95 %]",
            "PCC within speakers [95 %]",
            "adults",
            "children",
            "must",
            "goal",
        ),
        tuple(lines),
        "Intervals resample speakers; within speakers is the PCC once each speaker's mean is taken "
        "off. A take that is not scored counts as 0; "
        "an aspect that a model does not give is judged by its score. Adults, children: PCC.",
    )


@dataclass(frozen=True, eq=False)
class WordRow:
    """A scorer's points of every word of every rated take, one after another."""

    name: str
    values: Values


@dataclass(frozen=True, eq=False)
class Words:
    """The words' ratings. takes, speakers: of each word, by name."""

    human: Values
    takes: tuple[str, ...]
    speakers: tuple[str, ...]


def word_table(rows: Sequence[WordRow], words: Words) -> tuple[Table, dict[str, float]]:
    """Make the table of word accuracy; also gives the first row's PCC."""
    lines: list[Cells] = []
    bad = words.human < BAD_WORD
    speakers = np.asarray(words.speakers)
    for row in rows:
        arrays = (row.values, words.human)
        inside = [without_means(values, words.takes) for values in arrays]
        musts = WORD_MUST if row is rows[0] else _NONE
        lines += [
            figure(f"{row.name}: PCC", pearson, arrays, speakers, number, *musts),
            figure(f"{row.name}: PCC within takes", pearson, inside, speakers, number),
            auc_row(
                f"{row.name}: AUC of bad words",
                (row.values[~bad], speakers[~bad]),
                (row.values[bad], speakers[bad]),
            ),
        ]
    table = Table(
        "Words",
        HEADERS,
        tuple(lines),
        f"{len(words.human)} words of {len(set(words.takes))} takes; bad are {int(bad.sum())} that "
        f"the raters gave less than {BAD_WORD:g}. The rows of whole takes give every word of a "
        "take the same number. The corpus holds the words' mean only: no single rater to compare "
        "with.",
    )
    return table, {"pcc_word_accuracy": round(pearson(rows[0].values, words.human), 3)}


@dataclass(frozen=True, eq=False)
class Gate:
    """One scorer's answers to right and wrong sentences, each (takes,).

    where: as in `Row`. right, wrong: acceptance values, higher is more the sentence. points: the
    right sentence's total. The flags say which were refused, None where that is not known.
    """

    name: str
    where: Flags
    right: Values
    wrong: Values
    points: Values
    right_refused: Flags
    wrong_refused: Flags | None = None
    spoiled_refused: Flags | None = None


def gate_table(gates: Sequence[Gate], truth: Truth) -> tuple[Table, dict[str, float]]:
    """Make the table of right and wrong sentences; also gives the first scorer's figures."""
    rated = truth.mean("total") >= RATED_RIGHT
    speakers = np.asarray(truth.speakers)
    rows: list[Cells] = []
    for gate in gates:
        where, own = gate.where, speakers[gate.where]
        sides = ((gate.right[where], own), (gate.wrong[where], own))
        rows.append(auc_row(f"{gate.name}: AUC, right above wrong", *sides))
        for label, flags, kept, musts in (
            ("wrong sentence refused", gate.wrong_refused, where, WRONG_MUST),
            ("right sentence refused", gate.right_refused, where, _NONE),
            (f"right, rated {RATED_RIGHT:g} or more, refused", gate.right_refused, where & rated,
             _NONE),
            ("cut in half, reversed or looped: refused", gate.spoiled_refused, where, _NONE),
        ):  # fmt: skip
            if flags is not None:
                what = f"{gate.name}: {label}"
                rows.append(share_row(what, flags[kept], speakers[kept], *musts))
        what = f"{gate.name}: median score, right sentence"
        rows.append(median_row(what, gate.points[where], own))
    table = Table(
        "Right or wrong sentence",
        HEADERS,
        tuple(rows),
        "The wrong sentence has nearly the same length. AUC: by the acceptance's value where the "
        "predictions are out-of-fold, else by the score with a refused take at 0.",
    )
    return table, _gate_figures(gates[0], gates[0].where & rated)


def _gate_figures(gate: Gate, known: Flags) -> dict[str, float]:
    """The figures for a manifest. known: takes that people could tell to be the sentence."""
    figures = {"auc_wrong_sentence": round(auc(gate.right[gate.where], gate.wrong[gate.where]), 3)}
    if gate.wrong_refused is not None:
        figures["wrong_refused"] = round(mean(gate.wrong_refused[gate.where]), 4)
    figures["right_refused"] = round(mean(gate.right_refused[known]), 4)
    return {name: value for name, value in figures.items() if np.isfinite(value)}


def _agreement(aspect: str, row: Row, truth: Truth) -> Agreement:
    speakers = _some(truth.speakers, row.where)
    arrays = (row.predicted[aspect][row.where], truth.mean(aspect)[row.where])
    adult = truth.ages[row.where] >= ADULT_AGE
    # Centred once: whole speakers are drawn, so their means stay where they are.
    inside = [without_means(values, speakers) for values in arrays]
    return Agreement(
        aspect,
        row.name,
        int(row.where.sum()),
        estimate(pearson, arrays, speakers),
        estimate(pearson, inside, speakers),
        pearson(*(values[adult] for values in arrays)),
        pearson(*(values[~adult] for values in arrays)),
    )


def _one_rater(aspect: str, truth: Truth) -> Agreement:
    """Compare each rater with the mean of the others, averaged over raters."""
    ratings = truth.raters(aspect)
    adult = truth.ages >= ADULT_AGE
    inside = without_means(ratings, truth.speakers)
    return Agreement(
        aspect,
        PERSON,
        len(ratings),
        estimate(one_rater_against_the_others, [ratings], truth.speakers),
        estimate(one_rater_against_the_others, [inside], truth.speakers),
        one_rater_against_the_others(ratings[adult]),
        one_rater_against_the_others(ratings[~adult]),
    )


def _some(speakers: Sequence[str], where: Flags) -> tuple[str, ...]:
    return tuple(name for name, wanted in zip(speakers, where, strict=True) if wanted)
