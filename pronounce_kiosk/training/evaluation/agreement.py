"""Make tables of agreement with raters: aspects, words, right and wrong sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.batch.compare import pearson
from pronounce_kiosk.training.data.corpus import ADULT_AGE, ASPECTS, CorpusTake
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.figures import Table, Value, Values, number
from pronounce_kiosk.training.evaluation.out_of_fold import SIMILARITIES, TakePrediction

PERSON = "one rater, the other four"
RATED_RIGHT = 4.0
"""Total of the raters, 0-10, from which a take counts as recognisable as its sentence."""
BAD_WORD = 6.0
"""Accuracy of the raters, 0-10, under which a word counts as bad; a higher value adds words."""

Takes = Sequence[CorpusTake]
Figures = dict[str, float]
"""The first scorer's figures, by their names in a manifest."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """A scorer's predictions of every take, None of those whose speakers it was trained on."""

    name: str
    predictions: Sequence[TakePrediction | None]

    @property
    def where(self) -> NDArray[np.bool_]:
        """Mark the takes that have a prediction, (takes,)."""
        return np.array([one is not None for one in self.predictions])

    def points(self, aspect: str) -> Values:
        """Return an aspect, 0-100, (takes,); NaN without a prediction."""
        return np.array([np.nan if p is None else p.points(aspect) for p in self.predictions])

    def similarities(self, name: str) -> Values:
        """Return a similarity by its field's name, (takes,); -inf where it is unknown."""
        found = [np.nan if p is None else getattr(p, name) for p in self.predictions]
        return np.nan_to_num(np.array(found), nan=-np.inf, posinf=np.inf)


@dataclass(frozen=True)
class Agreement:
    """Agreement of one scorer with the raters' mean on one aspect."""

    aspect: str
    who: str
    takes: int
    pearson: figures.Estimate
    within: figures.Estimate
    adults: float
    children: float


def compare(
    takes: Takes,
    own: Scorer,
    timing: Sequence[Scorer] = (),
    others: Sequence[Scorer] = (),
    accepted: Scorer | None = None,
) -> tuple[tuple[Table, ...], Figures]:
    """Make all tables of a scorer, which predicts every take, and of those beside it.

    timing: Scorers that tell nothing of acceptance. accepted: Stands for `own` in that table.
    """
    found = (
        agreement_table(agreements([own, *timing, *others], takes)),
        word_table(own, timing, takes),
        acceptance_table([accepted or own, *others], takes),
    )
    made = [one for one in found if one is not None]
    manifest = {name: value for _, some in made for name, value in some.items()}
    return tuple(table for table, _ in made), manifest


def agreements(scorers: Sequence[Scorer], takes: Takes) -> list[Agreement]:
    """Compare every scorer on every aspect, and one rater with the other four after them."""
    found = []
    for aspect in ASPECTS:
        ratings = np.array([take.ratings[ASPECTS.index(aspect)] for take in takes])
        for scorer in scorers:
            where = scorer.where
            arrays = (scorer.points(aspect)[where], ratings.mean(axis=1)[where])
            mine = list(compress(takes, where))
            found.append(_agreement(aspect, scorer.name, pearson, arrays, mine))
        one = figures.one_rater_against_the_others
        found.append(_agreement(aspect, PERSON, one, [ratings], takes))
    return found


def agreement_table(found: Sequence[Agreement]) -> tuple[Table, Figures]:
    """Make the table of agreement, aspect by aspect."""
    lines, manifest = [], {}
    for one in found:
        own = one.who == found[0].who
        if own:
            manifest[f"pcc_{one.aspect}"] = round(one.pearson.value, 3)
            manifest[f"within_speaker_pcc_{one.aspect}"] = round(one.within.value, 3)
        cells = (one.aspect, one.who, str(one.takes), str(one.pearson), str(one.within))
        parts = (number(one.adults), number(one.children))
        lines.append((*cells, *parts, *figures.targets(f"PCC, {one.aspect}" if own else "")))
    headers = (
        *("aspect", "who", "takes", "PCC [95 %]", "PCC within speakers [95 %]"),
        *("adults", "children", "must", "goal"),
    )
    table = Table(
        "Agreement with the raters' mean",
        headers,
        tuple(lines),
        "Intervals resample speakers; within speakers is the PCC after subtracting each speaker's "
        "mean. A take that is not scored counts as 0; an aspect that a model lacks is represented "
        "by its score. Adults, children: PCC.",
    )
    return table, manifest


def word_table(own: Scorer, timing: Sequence[Scorer], takes: Takes) -> tuple[Table, Figures] | None:
    """Make the table of word accuracy, beside it the accuracy of the take for each of its words.

    None where the scorer and the raters count the words of no take alike.
    """
    said = [() if one is None else one.words for one in own.predictions]
    rated = [len(take.word_accuracy) for take in takes]
    kept = [len(words) == count > 0 for words, count in zip(said, rated, strict=True)]
    if not any(kept):
        return None
    some = list(compress(takes, kept))
    counts = list(compress(rated, kept))
    human = np.concatenate([take.word_accuracy for take in some])
    names = np.repeat([take.utterance for take in some], counts).tolist()
    speakers = np.repeat([take.speaker for take in some], counts).tolist()
    scorers = {own.name: np.concatenate(list(compress(said, kept)))} | {
        f"{one.name}, the take's accuracy": np.repeat(one.points("accuracy")[kept], counts)
        for one in (own, *timing)
    }
    bad = human < BAD_WORD
    rows = figures.Rows()
    manifest: Figures = {}
    for name, values in scorers.items():
        # Targets are found without the scorer's name; only the first one has them.
        rows.prefix, start = ("", f"{name}: ") if manifest else (f"{name}: ", "")
        inside = [figures.without_means(one, names) for one in (values, human)]
        found = rows.figure(f"{start}PCC", pearson, (values, human), speakers, number)
        rows.figure(f"{start}PCC within takes", pearson, inside, speakers, number)
        words = figures.values_of(speakers, values)
        rows.auc(f"{start}AUC of bad words", [*compress(words, ~bad)], [*compress(words, bad)])
        manifest = manifest or {"pcc_word_accuracy": round(found, 3)}
    table = rows.table(
        "Words",
        f"{len(human)} words of {len(some)} takes; bad are {int(bad.sum())} that "
        f"the raters gave less than {BAD_WORD:g}. The rows of whole takes give every word of a "
        "take the same number. The corpus holds the words' mean only: no single rater to compare "
        "with.",
    )
    return table, manifest


def acceptance_table(scorers: Sequence[Scorer], takes: Takes) -> tuple[Table, Figures]:
    """Make the table of right and wrong sentences."""
    rated = np.array([take.human("total") >= RATED_RIGHT for take in takes])
    rows = figures.Rows()
    manifest: Figures = {}
    for scorer in scorers:
        rows.prefix = f"{scorer.name}: "
        where = scorer.where
        speakers = [take.speaker for take in compress(takes, where)]
        right, wrong, spoiled = (
            figures.values_of(speakers, scorer.similarities(name)[where]) for name in SIMILARITIES
        )
        mine = {"auc_wrong_sentence": rows.auc("AUC, right above wrong", right, wrong)}
        if _is_known(wrong):
            mine["wrong_refused"] = rows.share("wrong sentence refused", wrong, _is_refused)
        rows.share("right sentence refused", right, _is_refused)
        label = f"right, rated {RATED_RIGHT:g} or more, refused"
        some = compress(right, rated[where])
        mine["right_refused"] = rows.share(label, some, _is_refused)
        if _is_known(spoiled):
            rows.share("cut in half, reversed or looped: refused", spoiled, _is_refused)
        totals = figures.values_of(speakers, scorer.points("total")[where])
        rows.median("median score, right sentence", totals)
        manifest = manifest or mine
    table = rows.table(
        "Right or wrong sentence",
        "The wrong sentence has nearly the same length. AUC: by the acceptance's value where the "
        "predictions are out-of-fold, else by the score with a refused take at 0.",
    )
    digits = {"auc_wrong_sentence": 3}
    rounded = {name: round(value, digits.get(name, 4)) for name, value in manifest.items()}
    return table, {name: value for name, value in rounded.items() if np.isfinite(value)}


def _is_known(values: Sequence[Value]) -> bool:
    return bool(np.isfinite([one.value for one in values]).any())


def _is_refused(one: Value) -> bool:
    return bool(one.value <= 0.0)


def _agreement(
    aspect: str, who: str, statistic: figures.Statistic, arrays: Sequence[Values], takes: Takes
) -> Agreement:
    speakers = [take.speaker for take in takes]
    adult = np.array([take.age >= ADULT_AGE for take in takes])
    # Centred once: whole speakers are drawn, so their means stay where they are.
    inside = [figures.without_means(values, speakers) for values in arrays]
    return Agreement(
        aspect,
        who,
        len(takes),
        figures.estimate(statistic, arrays, speakers),
        figures.estimate(statistic, inside, speakers),
        statistic(*(values[adult] for values in arrays)),
        statistic(*(values[~adult] for values in arrays)),
    )
