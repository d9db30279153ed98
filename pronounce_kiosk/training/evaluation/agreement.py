"""Make tables of agreement with raters: aspects, words, right and wrong sentences.

Scorers, baselines and raters give points for each take and aspect. Every interval resamples
speakers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.training.data.corpus import ADULT_AGE, ASPECTS, CorpusTake
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.out_of_fold import TakePrediction
from pronounce_kiosk.training.evaluation.report import Estimate, Table, number
from pronounce_kiosk.training.evaluation.statistics import (
    auc,
    estimate,
    one_rater_against_the_others,
    pearson,
    without_means,
)

PERSON = "one rater, the other four"
RATED_RIGHT = 4.0
"""Total of the raters, 0-10, from which a take counts as recognisable as its sentence."""
BAD_WORD = 6.0
"""Accuracy of the raters, 0-10, under which a word counts as bad; a higher value adds words."""

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Scorer:
    """A scorer's predictions of every take, None of those whose speakers it was trained on."""

    name: str
    predictions: Sequence[TakePrediction | None]

    @property
    def where(self) -> Flags:
        """Mark the takes that have a prediction, (takes,)."""
        return np.array([one is not None for one in self.predictions])

    def points(self, aspect: str) -> Values:
        """Return an aspect, 0-100, (takes,); NaN without a prediction."""
        return np.array([np.nan if p is None else p.points(aspect) for p in self.predictions])

    def similarities(self, name: str) -> Values:
        """Return a similarity by its field's name, (takes,); -inf where it is unknown."""
        found = [np.nan if p is None else getattr(p, name) for p in self.predictions]
        return np.nan_to_num(np.array(found), nan=-np.inf, posinf=np.inf)


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
        """Return each rater's values, shape (takes, raters)."""
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


def agreements(scorers: Sequence[Scorer], truth: Truth) -> list[Agreement]:
    """Compare every scorer on every aspect, and one rater with the other four after them."""
    found = []
    for aspect in ASPECTS:
        found += [_agreement(aspect, scorer, truth) for scorer in scorers]
        found.append(_one_rater(aspect, truth))
    return found


def agreement_table(found: Sequence[Agreement]) -> Table:
    """Make the table of agreement, aspect by aspect."""
    lines = []
    for one in found:
        parts = (number(one.adults), number(one.children))
        targets = figures.targets(f"PCC, {one.aspect}" if one.who == found[0].who else "")
        cells = (one.aspect, one.who, str(one.takes), str(one.pearson), str(one.within))
        lines.append((*cells, *parts, *targets))
    headers = (
        *("aspect", "who", "takes", "PCC [95 %]", "PCC within speakers [95 %]"),
        *("adults", "children", "must", "goal"),
    )
    return Table(
        "Agreement with the raters' mean",
        headers,
        tuple(lines),
        "Intervals resample speakers; within speakers is the PCC after subtracting each speaker's "
        "mean. A take that is not scored counts as 0; an aspect that a model lacks is represented "
        "by its score. Adults, children: PCC.",
    )


@dataclass(frozen=True, eq=False)
class Words:
    """The words' ratings, (words,). takes, speakers: of each word, by name."""

    human: Values
    takes: tuple[str, ...]
    speakers: tuple[str, ...]


def word_table(scorers: Mapping[str, Values], words: Words) -> tuple[Table, dict[str, float]]:
    """Make the table of word accuracy.

    Args:
        scorers: Points of every word, (words,), by the scorer's name.
        words: The ratings.

    Returns:
        The table, and the first scorer's PCC for a manifest.
    """
    bad = words.human < BAD_WORD
    first = next(iter(scorers))
    rows = figures.Rows()
    for name, values in scorers.items():
        # Targets are found without the scorer's name; only the first one has them.
        rows.prefix, start = (f"{name}: ", "") if name == first else ("", f"{name}: ")
        arrays = (values, words.human)
        inside = [without_means(one, words.takes) for one in arrays]
        all_words = figures.values_of(words.speakers, values.tolist())
        right, wrong = ([v for v, b in zip(all_words, bad, strict=True) if b == is_bad]
                        for is_bad in (False, True))  # fmt: skip
        rows.figure(f"{start}PCC", pearson, arrays, words.speakers, number)
        rows.figure(f"{start}PCC within takes", pearson, inside, words.speakers, number)
        rows.auc(f"{start}AUC of bad words", right, wrong)
    table = rows.table(
        "Words",
        f"{len(words.human)} words of {len(set(words.takes))} takes; bad are {int(bad.sum())} that "
        f"the raters gave less than {BAD_WORD:g}. The rows of whole takes give every word of a "
        "take the same number. The corpus holds the words' mean only: no single rater to compare "
        "with.",
    )
    return table, {"pcc_word_accuracy": round(pearson(scorers[first], words.human), 3)}


def acceptance_table(scorers: Sequence[Scorer], truth: Truth) -> tuple[Table, dict[str, float]]:
    """Make the table of right and wrong sentences, and the first scorer's figures."""
    rated = truth.mean("total") >= RATED_RIGHT
    rows = figures.Rows()
    manifest: dict[str, float] = {}
    for scorer in scorers:
        rows.prefix = f"{scorer.name}: "
        where = scorer.where
        right, wrong, spoiled = (
            scorer.similarities(name)
            for name in ("similarity", "wrong_similarity", "spoiled_similarity")
        )

        def values(all_takes: NDArray[np.generic], kept: Flags) -> list[figures.Value]:
            speakers = np.asarray(truth.speakers)[kept]
            return figures.values_of(speakers.tolist(), all_takes[kept].tolist())

        rows.auc("AUC, right above wrong", values(right, where), values(wrong, where))
        known = np.isfinite(wrong[where]).any()
        if known:
            rows.share("wrong sentence refused", values(wrong <= 0.0, where))
        rows.share("right sentence refused", values(right <= 0.0, where))
        label = f"right, rated {RATED_RIGHT:g} or more, refused"
        rows.share(label, values(right <= 0.0, where & rated))
        if np.isfinite(spoiled[where]).any():
            rows.share("cut in half, reversed or looped: refused", values(spoiled <= 0.0, where))
        rows.median("median score, right sentence", values(scorer.points("total"), where))
        if not manifest:
            manifest = {
                "auc_wrong_sentence": round(auc(right[where], wrong[where]), 3),
                "wrong_refused": round(figures.mean(wrong[where] <= 0.0) if known else np.nan, 4),
                "right_refused": round(figures.mean(right[where & rated] <= 0.0), 4),
            }
    table = rows.table(
        "Right or wrong sentence",
        "The wrong sentence has nearly the same length. AUC: by the acceptance's value where the "
        "predictions are out-of-fold, else by the score with a refused take at 0.",
    )
    return table, {name: value for name, value in manifest.items() if np.isfinite(value)}


def _agreement(aspect: str, scorer: Scorer, truth: Truth) -> Agreement:
    where = scorer.where
    speakers = np.asarray(truth.speakers)[where].tolist()
    arrays = (scorer.points(aspect)[where], truth.mean(aspect)[where])
    adult = truth.ages[where] >= ADULT_AGE
    # Centred once: whole speakers are drawn, so their means stay where they are.
    inside = [without_means(values, speakers) for values in arrays]
    return Agreement(
        aspect,
        scorer.name,
        len(speakers),
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
