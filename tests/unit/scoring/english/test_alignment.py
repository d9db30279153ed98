"""Alignment by CTC: where a sentence's phones lie in posteriors whose places are known."""

from __future__ import annotations

import numpy as np

from pronounce_kiosk.scoring.english.alignment import (
    align_ctc,
    beginning_log_likelihoods,
    ctc_log_likelihoods,
    greedy_phones,
)


def _posteriors(symbols: list[int], certain: float = 0.96) -> np.ndarray:
    """Log posteriors of a clip in which each frame's symbol is nearly certain; five symbols."""
    rows = np.full((len(symbols), 5), (1.0 - certain) / 4.0)
    rows[np.arange(len(symbols)), symbols] = certain
    return np.log(rows).astype(np.float32)


def test_phones_are_found_where_they_are_emitted() -> None:
    places = align_ctc(_posteriors([0, 1, 0, 0, 2, 2, 0, 3, 0]), [1, 2, 3])
    assert places is not None
    assert places.first.tolist() == [1, 4, 7]
    assert places.last.tolist() == [1, 5, 7]
    assert places.edges.tolist() == [0, 3, 6, 9]


def test_a_phone_said_twice_needs_a_blank_between() -> None:
    places = align_ctc(_posteriors([1, 1, 0, 1]), [1, 1])
    assert places is not None
    assert places.first.tolist() == [0, 3]


def test_a_clip_too_short_for_the_phones_has_no_places() -> None:
    assert align_ctc(_posteriors([1, 2]), [1, 2, 3]) is None
    assert align_ctc(_posteriors([1, 1]), [1, 1]) is None


def test_every_phone_has_a_frame_of_its_own() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        logits = rng.standard_normal((12, 5)).astype(np.float32)
        places = align_ctc(logits - np.log(np.exp(logits).sum(1, keepdims=True)), [1, 2, 3, 1])
        assert places is not None
        assert (np.diff(places.edges) >= 1).all()
        assert (places.first[1:] > places.last[:-1]).all()


def test_all_paths_are_likelier_than_the_best_one() -> None:
    posteriors = _posteriors([0, 1, 0, 2, 0], certain=0.5)
    places = align_ctc(posteriors, [1, 2])
    assert places is not None
    assert (
        ctc_log_likelihoods(posteriors, [(0, len(posteriors), [1, 2])])[0] > places.log_likelihood
    )


def test_likelihoods_of_several_texts_are_those_of_each_alone() -> None:
    posteriors = _posteriors([0, 1, 0, 2, 0], certain=0.5)
    texts = [[1, 2], [2], [2, 2, 2, 2, 2]]
    asked = [(0, len(posteriors), text) for text in texts]
    together = ctc_log_likelihoods(posteriors, asked)
    alone = [float(ctc_log_likelihoods(posteriors, [one])[0]) for one in asked]
    np.testing.assert_allclose(together, alone, rtol=1e-6)
    assert together[0] > together[1]
    assert together[2] == -np.inf


def test_the_likelihood_of_a_span_is_that_of_its_frames_alone() -> None:
    posteriors = _posteriors([0, 1, 0, 2, 0], certain=0.5)
    spans = [(1, 4, [1, 2]), (0, 2, [1])]
    alone = [ctc_log_likelihoods(posteriors[a:b], [(0, b - a, own)])[0] for a, b, own in spans]
    np.testing.assert_allclose(ctc_log_likelihoods(posteriors, spans), alone, rtol=1e-6)


def test_greedy_phones_merge_repeats_but_not_across_a_blank() -> None:
    assert greedy_phones(_posteriors([0, 1, 1, 0, 1, 2])) == [1, 1, 2]


def test_the_beginning_that_was_said_fits_best() -> None:
    said = _posteriors([0, 1, 0, 2, 2, 0, 2, 0])
    assert beginning_log_likelihoods(said, [1, 2, 2, 3, 4]).argmax() == 3
    assert beginning_log_likelihoods(said[:2], [1, 2, 2, 3, 4]).argmax() == 1
    assert beginning_log_likelihoods(said[:1], [1, 2, 2, 3, 4]).argmax() == 0


def test_a_phone_said_otherwise_costs_less_than_one_not_said() -> None:
    otherwise = beginning_log_likelihoods(_posteriors([0, 1, 0, 3, 0]), [1, 2])
    unsaid = beginning_log_likelihoods(_posteriors([0, 1, 0, 0, 0]), [1, 2])
    assert otherwise[2] > otherwise[1]
    assert unsaid[2] < unsaid[1]


def test_more_phones_than_fit_are_impossible() -> None:
    found = beginning_log_likelihoods(_posteriors([1, 1]), [1, 1, 2])
    assert np.isneginf(found[2:]).all()
    assert np.isfinite(found[:2]).all()
