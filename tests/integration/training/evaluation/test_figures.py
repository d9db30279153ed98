"""Agreement figures against the libraries' and against what must hold."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from sklearn.metrics import roc_auc_score

from pronounce_kiosk.training.evaluation.figures import (
    auc,
    estimate,
    one_rater_against_the_others,
    pearson,
    without_means,
)

RANDOM = np.random.default_rng(0)
LEFT = RANDOM.integers(0, 10, 200).astype(float)
RIGHT = LEFT + RANDOM.normal(0, 4, 200)


def test_correlations_are_scipys() -> None:
    assert pearson(LEFT, RIGHT) == pytest.approx(scipy.stats.pearsonr(LEFT, RIGHT)[0])


def test_no_variance_or_too_little_is_nan() -> None:
    assert np.isnan(pearson([1, 2], [1, 2]))
    assert np.isnan(pearson([1, 1, 1], [1, 2, 3]))
    assert np.isnan(auc([], [1.0]))


def test_auc_is_sklearns_and_ties_are_half() -> None:
    labels = np.r_[np.ones(200), np.zeros(200)]
    expected = roc_auc_score(labels, np.r_[RIGHT, LEFT])
    assert auc(RIGHT, LEFT) == pytest.approx(expected)
    assert auc([1.0, 1.0], [1.0]) == 0.5
    assert auc([2.0], [1.0]) == 1.0


def test_within_speakers_only_what_differs_inside_counts() -> None:
    speakers = [f"s{index // 20}" for index in range(200)]
    offsets = np.repeat(RANDOM.normal(0, 100, 10), 20)
    inside = RANDOM.normal(0, 1, 200)
    assert pearson(offsets + inside, offsets - inside) > 0.99
    sides = [without_means(values, speakers) for values in (offsets + inside, offsets - inside)]
    assert pearson(*sides) < -0.99


def test_the_interval_holds_the_figure_and_grows_with_fewer_speakers() -> None:
    many = [f"s{index}" for index in range(200)]
    few = [f"s{index // 40}" for index in range(200)]
    shared = LEFT + np.repeat(RANDOM.normal(0, 5, 5), 40)
    found = estimate(pearson, (LEFT, RIGHT), many)
    assert found.low < found.value == pearson(LEFT, RIGHT) < found.high
    assert found == estimate(pearson, (LEFT, RIGHT), many)
    narrow, wide = (estimate(pearson, (LEFT, shared), one) for one in (many, few))
    assert wide.high - wide.low > narrow.high - narrow.low
    nothing = estimate(pearson, (np.ones(5), np.ones(5)), list("abcde"))
    assert np.isnan([nothing.low, nothing.high]).all()


def test_one_rater() -> None:
    truth = RANDOM.normal(size=500)
    ratings = truth[:, None] + RANDOM.normal(0, 0.01, (500, 5))
    assert one_rater_against_the_others(ratings) > 0.999
    assert abs(one_rater_against_the_others(RANDOM.normal(size=(500, 5)))) < 0.15
    rough = np.round(ratings * 2 + RANDOM.normal(0, 2, (500, 5)))
    each = [
        scipy.stats.pearsonr(rough[:, r], np.delete(rough, r, 1).mean(axis=1))[0] for r in range(5)
    ]
    assert one_rater_against_the_others(rough) == pytest.approx(np.mean(each))
    assert np.isnan(one_rater_against_the_others(np.ones((9, 5))))


def test_whole_speakers_are_drawn() -> None:
    """Every draw holds all takes of a speaker, as often as the speaker was drawn, or none."""
    speakers = np.repeat([f"s{index}" for index in range(12)], 5)
    seen: list[list[int]] = []

    def drawn(rows: np.ndarray) -> float:
        seen.append(np.bincount(rows, minlength=60).reshape(12, 5).tolist())
        return 0.0

    estimate(drawn, [np.arange(60)], list(speakers))
    counts = np.array(seen)
    assert (counts == counts[:, :, :1]).all()
    assert (counts[:, :, 0].sum(axis=1) == 12).all()
    assert counts[:, :, 0].max() > 1


def test_draws_are_always_of_the_same_speakers() -> None:
    speakers = [f"s{index // 4}" for index in range(200)]
    plain = estimate(pearson, (LEFT, RIGHT), speakers)
    turned = estimate(pearson, (LEFT, -RIGHT), speakers)
    assert (plain.low, plain.high) == pytest.approx((-turned.high, -turned.low))


def test_means_are_taken_off_each_group() -> None:
    groups = ["b", "a", "b", "a", "c"]
    assert without_means([1, 10, 3, 20, 7], groups).tolist() == [-1, -5, 1, 5, 0]
    both = without_means(np.array([[1, 2], [10, 0], [3, 4], [20, 0], [7, 7]]), groups)
    assert both.tolist() == [[-1, -1], [-5, 0], [1, 1], [5, 0], [0, 0]]
    assert without_means([], []).shape == (0,)
