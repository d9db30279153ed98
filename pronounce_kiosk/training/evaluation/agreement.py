"""Make tables of agreement with raters: aspects, words, right and wrong sentences."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from pronounce_kiosk.batch.compare import pearson
from pronounce_kiosk.training.data.corpus import ADULT_AGE, ASPECTS, CorpusTake
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.figures import Estimate, Table, Value, Values, number
from pronounce_kiosk.training.evaluation.out_of_fold import TakePrediction

PERSON = "one rater, the other four"
RATED_RIGHT = 4.0
"""Total of the raters, 0-10, from which a take counts as recognisable as its sentence."""
BAD_WORD = 6.0
"""Accuracy of the raters, 0-10, under which a word counts as bad; a higher value adds words."""

Takes = Sequence[CorpusTake]
Figures = dict[str, float]
"""The first scorer's figures, by their names in a manifest."""


@dataclass(frozen=True)
class Scorer:
    """A scorer's predictions by take; none of takes whose speakers it was trained on."""

    name: str
    predictions: Mapping[str, TakePrediction]

    def predicted(self, takes: Takes) -> tuple[list[CorpusTake], list[TakePrediction]]:
        """Choose the takes that it predicts, and give its predictions of them."""
        mine = [take for take in takes if take.utterance in self.predictions]
        return mine, [self.predictions[take.utterance] for take in mine]


def compare(
    takes: Takes, own: Scorer, others: Sequence[Scorer] = (), accepted: Scorer | None = None
) -> tuple[tuple[Table, ...], Figures]:
    """Make all tables of a scorer, which predicts every take, and of those beside it.

    accepted: Stands for `own` in the table of acceptance.
    """
    found = (
        agreement_table([own, *others], takes),
        word_table(own, takes),
        acceptance_table([accepted or own, *others], takes),
    )
    made = [one for one in found if one is not None]
    manifest = {name: value for _, some in made for name, value in some.items()}
    return tuple(table for table, _ in made), manifest


def agreement_table(scorers: Sequence[Scorer], takes: Takes) -> tuple[Table, Figures]:
    """Compare every scorer on every aspect, and one rater with the other four after them."""
    lines: list[tuple[str, ...]] = []
    manifest: Figures = {}
    for aspect in ASPECTS:
        for scorer in scorers:
            mine, predictions = scorer.predicted(takes)
            points = np.array([one.points(aspect) for one in predictions])
            human = np.array([take.human(aspect) for take in mine])
            found = _agreement(pearson, [points, human], mine)
            cells = (aspect, scorer.name, str(len(mine)), *map(str, found))
            own = scorer is scorers[0]
            lines.append((*cells, *figures.targets(f"PCC, {aspect}" if own else "")))
            if own:
                manifest[f"pcc_{aspect}"] = round(found[0].value, 3)
                manifest[f"within_speaker_pcc_{aspect}"] = round(found[1].value, 3)
        ratings = np.array([take.ratings[ASPECTS.index(aspect)] for take in takes])
        found = _agreement(figures.one_rater_against_the_others, [ratings], takes)
        lines.append((aspect, PERSON, str(len(takes)), *map(str, found), "", ""))
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


def _agreement(
    statistic: figures.Statistic, arrays: Sequence[Values], takes: Takes
) -> tuple[Estimate, ...]:
    """Compute a statistic of all takes, within speakers, of adults and of children."""
    speakers = [take.speaker for take in takes]
    adult = np.array([take.age >= ADULT_AGE for take in takes])
    # Centred once: whole speakers are drawn, so their means stay where they are.
    inside = [figures.without_means(values, speakers) for values in arrays]
    return (
        figures.estimate(statistic, arrays, speakers),
        figures.estimate(statistic, inside, speakers),
        Estimate(statistic(*(values[adult] for values in arrays))),
        Estimate(statistic(*(values[~adult] for values in arrays))),
    )


def word_table(own: Scorer, takes: Takes) -> tuple[Table, Figures] | None:
    """Make the table of word accuracy, beside it the accuracy of the take for each of its words.

    None where the scorer and the raters count the words of no take alike.
    """
    kept = [
        (take, one)
        for take, one in zip(*own.predicted(takes), strict=True)
        if len(one.words) == len(take.word_accuracy) > 0
    ]
    if not kept:
        return None
    counts = [len(one.words) for _, one in kept]
    human = np.concatenate([take.word_accuracy for take, _ in kept])
    names = np.repeat([take.utterance for take, _ in kept], counts).tolist()
    speakers = np.repeat([take.speaker for take, _ in kept], counts).tolist()
    scorers = {
        own.name: np.concatenate([one.words for _, one in kept]),
        f"{own.name}, the take's accuracy": np.repeat(
            [one.points("accuracy") for _, one in kept], counts
        ),
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
        words = [Value(*pair) for pair in zip(speakers, values.tolist(), strict=True)]
        rows.auc(f"{start}AUC of bad words", [*compress(words, ~bad)], [*compress(words, bad)])
        manifest = manifest or {"pcc_word_accuracy": round(found, 3)}
    table = rows.table(
        "Words",
        f"{len(human)} words of {len(kept)} takes; bad are {int(bad.sum())} that "
        f"the raters gave less than {BAD_WORD:g}. The rows of whole takes give every word of a "
        "take the same number. The corpus holds the words' mean only: no single rater to compare "
        "with.",
    )
    return table, manifest


def acceptance_table(scorers: Sequence[Scorer], takes: Takes) -> tuple[Table, Figures]:
    """Make the table of right and wrong sentences."""
    rows = figures.Rows()
    manifest: Figures = {}
    for scorer in scorers:
        rows.prefix = f"{scorer.name}: "
        known, predictions = scorer.predicted(takes)
        right = [Value(one.speaker, _known(one.similarity)) for one in predictions]
        wrong = [Value(one.speaker, _known(one.wrong_similarity)) for one in predictions]
        mine = {"auc_wrong_sentence": rows.auc("AUC, right above wrong", right, wrong)}
        if any(math.isfinite(one.value) for one in wrong):
            label = "wrong sentence refused"
            mine["wrong_refused"] = rows.share(label, wrong, lambda one: one.value <= 0.0)
        rows.share("right sentence refused", predictions, lambda one: one.refused)
        label = f"right, rated {RATED_RIGHT:g} or more, refused"
        rated = compress(predictions, [take.human("total") >= RATED_RIGHT for take in known])
        mine["right_refused"] = rows.share(label, rated, lambda one: one.refused)
        if any(math.isfinite(one.spoiled_similarity) for one in predictions):
            label = "cut in half, reversed or looped: refused"
            rows.share(label, predictions, lambda one: not one.spoiled_similarity > 0.0)
        rows.median("median score, right sentence", predictions, lambda one: one.points("total"))
        manifest = manifest or mine
    table = rows.table(
        "Right or wrong sentence",
        "The wrong sentence has nearly the same length. AUC: by the acceptance's value where the "
        "predictions are out-of-fold, else by the score with a refused take at 0.",
    )
    digits = {"auc_wrong_sentence": 3}
    rounded = {name: round(value, digits.get(name, 4)) for name, value in manifest.items()}
    return table, {name: value for name, value in rounded.items() if np.isfinite(value)}


def _known(similarity: float) -> float:
    """Put an unknown similarity under every other one."""
    return -math.inf if math.isnan(similarity) else similarity
