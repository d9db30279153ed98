"""Agreement with people: figures against the libraries', takes that may not be asked left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from sklearn.metrics import roc_auc_score

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.data.corpus import ASPECTS, CorpusTake
from pronounce_kiosk.training.evaluation.agreement import (
    PERSON,
    Scorer,
    acceptance_table,
    agreement_table,
    word_table,
)
from pronounce_kiosk.training.evaluation.out_of_fold import ASPECT_ORDER, TakePrediction

SPEAKERS, TAKES = 30, 6
COUNT = SPEAKERS * TAKES
NAMES = tuple(f"s{row // TAKES}" for row in range(COUNT))


def rated(
    row: int, speaker: str, age: int, ratings: np.ndarray, words: tuple[float, ...] = ()
) -> CorpusTake:
    sentence = Sentence("", "we call it", "en")
    return CorpusTake(f"t{row}", speaker, age, sentence, Path("none.ogg"), ratings, words)


@pytest.fixture(scope="module")
def takes() -> list[CorpusTake]:
    random = np.random.default_rng(1)
    level = np.repeat(random.uniform(2, 9, SPEAKERS), TAKES) + random.normal(0, 0.7, COUNT)
    ratings = level[:, None, None] + random.normal(0, 0.8, (COUNT, 4, 5))
    ages = np.repeat(np.where(np.arange(SPEAKERS) % 2, 10, 30), TAKES)
    return [rated(row, NAMES[row], int(ages[row]), ratings[row]) for row in range(COUNT)]


def scorer(
    name: str, points: dict[str, np.ndarray], where: np.ndarray | None = None, **fits: np.ndarray
) -> Scorer:
    """A scorer of these points by aspect, and of these similarities."""
    there = range(COUNT) if where is None else np.flatnonzero(where)
    accepted = {"similarity": np.ones(COUNT), **fits}
    predictions = {
        f"t{take}": TakePrediction(
            f"t{take}",
            NAMES[take],
            **{of: float(values[take]) for of, values in accepted.items()},
            aspects=tuple(float(points[aspect][take]) for aspect in ASPECT_ORDER),
        )
        for take in there
    }
    return Scorer(name, predictions)


def humans(takes: list[CorpusTake], aspect: str) -> np.ndarray:
    return np.array([take.human(aspect) for take in takes])


def guesses(takes: list[CorpusTake], noise: float) -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    return {a: 10 * humans(takes, a) + random.normal(0, noise, COUNT) for a in ASPECTS}


def test_every_figure_is_the_librarys(takes: list[CorpusTake]) -> None:
    guessed = guesses(takes, 10)
    table, figures = agreement_table([scorer("own", guessed)], takes)
    assert [line[:3] for line in table.rows] == [
        (aspect, who, str(COUNT)) for aspect in ASPECTS for who in ("own", PERSON)
    ]
    said, human = guessed["total"], humans(takes, "total")
    speaker = np.repeat(np.arange(SPEAKERS), TAKES)
    inside = [v - np.array([v[speaker == s].mean() for s in speaker]) for v in (said, human)]
    adult = np.array([take.age for take in takes]) >= 16
    parts = [(said, human), inside, *((said[some], human[some]) for some in (adult, ~adult))]
    pccs = [float(scipy.stats.pearsonr(*part)[0]) for part in parts]
    ratings = np.array([take.ratings[ASPECTS.index("total")] for take in takes])
    rater = [
        scipy.stats.pearsonr(ratings[:, r], np.delete(ratings, r, 1).mean(axis=1))[0]
        for r in range(5)
    ]
    assert [cell.split()[0] for cell in table.rows[0][3:7]] == [f"{pcc:.3f}" for pcc in pccs]
    assert table.rows[1][3].startswith(f"{np.mean(rater):.3f} [")
    assert figures["pcc_total"] == round(pccs[0], 3)
    assert figures["within_speaker_pcc_total"] == round(pccs[1], 3)
    assert len(figures) == 2 * len(ASPECTS)


def test_a_scorer_is_judged_only_where_it_may_be_asked(takes: list[CorpusTake]) -> None:
    where = np.arange(COUNT) < COUNT // 2
    some = scorer("some", guesses(takes, 10), where)
    table, _ = agreement_table([some], takes)
    half, _ = agreement_table([some], takes[: COUNT // 2])
    assert table.rows[0] == half.rows[0]
    assert table.rows[0][2] == str(COUNT // 2)


def test_words_count_inside_takes_too() -> None:
    random = np.random.default_rng(2)
    levels = random.uniform(4, 9, 40)
    human = levels[:, None] + random.normal(0, 1, (40, 5))
    some = [
        rated(row, f"s{row // 4}", 9, np.full((4, 5), 5.0), tuple(human[row])) for row in range(40)
    ]
    own = {
        f"t{row}": TakePrediction(
            f"t{row}", "", 1.0, aspects=(levels[row],) * 4, words=tuple(human[row])
        )
        for row in range(40)
    }
    found = word_table(Scorer("words", own), some)
    assert found is not None
    table, figures = found
    assert figures == {"pcc_word_accuracy": 1.0}
    shown = {line[0]: line[2] for line in table.rows}
    assert shown["words: PCC within takes"] == "1.000"
    # The same for every word of a take: nothing left inside it.
    assert shown["words, the take's accuracy: PCC within takes"] == "-"
    expected = roc_auc_score(human.ravel() >= 6.0, np.repeat(levels, 5))
    assert shown["words, the take's accuracy: AUC of bad words"] == f"{expected:.3f}"
    assert "200 words of 40 takes" in table.note
    unlike = {take: replace(one, words=(1.0,)) for take, one in own.items()}
    assert word_table(Scorer("words", unlike), some) is None


def test_the_table_of_acceptance_counts_refusals(takes: list[CorpusTake]) -> None:
    good = humans(takes, "total") >= 4.0
    refused = np.zeros(COUNT, bool)
    refused[np.flatnonzero(~good)[:3]] = True
    refused[np.flatnonzero(good)[:2]] = True
    right = np.where(refused, -1.0, 20.0) + humans(takes, "total")
    right[refused] -= 20.0
    wrong = np.where(refused, 1.0, -1.0) * humans(takes, "total")
    points = {aspect: np.full(COUNT, 71.25) for aspect in ASPECTS}
    own = scorer("own", points, similarity=right, wrong_similarity=wrong)
    other = scorer("other", points)
    table, figures = acceptance_table([own, other], takes)
    cells = {line[0]: line[1:] for line in table.rows}
    area = roc_auc_score(np.r_[np.ones(COUNT), np.zeros(COUNT)], np.r_[right, wrong])
    assert cells["own: AUC, right above wrong"][:2] == (str(COUNT), f"{area:.3f}")
    assert cells["other: right sentence refused"][1] == "0.0 %"
    assert cells["own: right sentence refused"][1] == f"{100 * 5 / COUNT:.1f} %"
    share = 2 / good.sum()
    assert cells["own: right, rated 4 or more, refused"][1] == f"{100 * share:.1f} %"
    assert cells["own: wrong sentence refused"][3:] == ("97.5 %", "99.5 %")
    assert "other: wrong sentence refused" not in cells
    assert "own: cut in half, reversed or looped: refused" not in cells
    assert cells["own: median score, right sentence"][1] == "71.2"
    assert figures["right_refused"] == pytest.approx(share, abs=1e-4)
    assert figures["wrong_refused"] == pytest.approx(1 - 5 / COUNT, abs=1e-4)
