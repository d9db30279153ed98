"""Viterbi against all paths of small cases, and leaving phones out against a shorter sentence."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from pronounce_kiosk.scoring.korean.alignment import (
    align,
    beginning_log_likelihoods,
    log_likelihoods,
)


def emissions(frames: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(-3.0, 2.0, (frames, count)), rng.normal(-3.0, 2.0, frames)


def all_paths(phones: np.ndarray, silence: np.ndarray) -> float:
    """The best of every path: each phone a stretch of frames or more, silence anywhere between."""
    frames, count = phones.shape
    best = -np.inf
    for path in product(range(2 * count + 1), repeat=frames):
        steps = np.diff(path)
        over = [a % 2 == 1 and b - a == 2 for a, b in pairwise(path)]
        allowed = all(s in (0, 1) or o for s, o in zip(steps, over, strict=True))
        if path[0] <= 1 and path[-1] >= 2 * count - 1 and allowed:
            scores = [phones[t, s // 2] if s % 2 else silence[t] for t, s in enumerate(path)]
            best = max(best, float(sum(scores)))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_best_path_is_the_best_of_all(seed: int) -> None:
    phones, silence = emissions(5, 2, seed)
    found = align(phones, silence)
    assert found is not None
    assert found.log_likelihood == pytest.approx(all_paths(phones, silence))
    inside = np.zeros(5, bool)
    total = 0.0
    for place, (start, end) in enumerate(zip(found.starts, found.ends, strict=True)):
        assert start < end
        inside[start:end] = True
        total += phones[start:end, place].sum()
    assert found.log_likelihood == pytest.approx(total + silence[~inside].sum())


def test_both_directions_find_one_path() -> None:
    phones, silence = emissions(60, 9, 3)
    found = align(phones, silence)
    assert found is not None
    own = np.empty((60, 19))
    own[:, 0::2], own[:, 1::2] = silence[:, None], phones
    through = (found.forward + found.backward - own).max(axis=1)
    np.testing.assert_allclose(through, found.log_likelihood)


@pytest.mark.parametrize(("first", "last"), [(0, 2), (0, 1), (2, 4), (3, 6), (5, 6)])
def test_leaving_phones_out_is_the_sentence_without_them(first: int, last: int) -> None:
    for seed in range(5):
        phones, silence = emissions(30, 6, seed)
        whole = align(phones, silence)
        shorter = align(np.delete(phones, range(first, last), axis=1), silence)
        assert whole is not None
        assert shorter is not None
        assert whole.without(first, last) == pytest.approx(shorter.log_likelihood)


def test_several_views_are_each_by_itself() -> None:
    phones, silence = zip(*(emissions(30, 6, seed) for seed in range(3)), strict=True)
    found = log_likelihoods(np.stack(phones), np.stack(silence))
    for value, one, quiet in zip(found, phones, silence, strict=True):
        alone = align(one, quiet)
        assert alone is not None
        assert value == alone.log_likelihood


def test_too_short_a_clip_or_no_phones_has_no_alignment() -> None:
    phones, silence = emissions(3, 4, 0)
    assert align(phones, silence) is None
    assert align(phones[:, :0], silence) is None
    assert align(phones[:0], silence[:0]) is None


def test_as_many_frames_as_phones_is_one_each() -> None:
    phones, silence = emissions(4, 4, 0)
    found = align(phones, silence)
    assert found is not None
    assert found.starts.tolist() == [0, 1, 2, 3]
    assert found.ends.tolist() == [1, 2, 3, 4]


def test_each_beginning_is_as_likely_as_a_sentence_of_it_alone() -> None:
    phones, silence = emissions(12, 5, 1)
    found = beginning_log_likelihoods(phones, silence)
    assert found[0] == pytest.approx(silence.sum())
    for count in range(1, 6):
        alone = align(phones[:, :count], silence)
        assert alone is not None
        assert found[count] == pytest.approx(alone.log_likelihood)


def test_more_phones_than_frames_are_as_good_as_impossible() -> None:
    phones, silence = emissions(2, 4, 0)
    assert (beginning_log_likelihoods(phones, silence)[3:] < -1e20).all()
