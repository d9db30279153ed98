"""The comparison with the reference: only what sounds just like it is raised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.korean.evidence import PhoneEvidence, gather
from pronounce_kiosk.scoring.korean.likeness import (
    ALIKE,
    ALIKE_ALLOWANCE,
    ALIKE_SUPPORT,
    ALIKE_TAKE,
    allowance,
    likeness,
    phone_vectors,
    supported,
)
from pronounce_kiosk.scoring.korean.phones import sentence_phones

Hear = Callable[..., NDArray[np.float64]]


@pytest.fixture
def evidence(hear: Hear) -> PhoneEvidence:
    """다리, of which everything is wrong but the vowels."""
    phones = sentence_phones(Sentence("", "다리", "ko"))
    found = gather(hear(["ㅌ", "ㅏ", "ㄴ", "ㅣ"]), phones)
    assert found is not None
    return found


def bottleneck(evidence: PhoneEvidence, seed: int) -> np.ndarray:
    frames = len(evidence.alignment.forward)
    return np.random.default_rng(seed).standard_normal((frames, 64)).astype(np.float32)


def test_a_clip_is_like_itself_at_any_gain_and_offset(evidence: PhoneEvidence) -> None:
    own = bottleneck(evidence, 0)
    vectors = phone_vectors(own, evidence.alignment)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    found = likeness(3.0 * own + 1.0, evidence.alignment, vectors)
    np.testing.assert_allclose(found, 1.0, atol=1e-5)


def test_another_clip_is_not(evidence: PhoneEvidence) -> None:
    vectors = phone_vectors(bottleneck(evidence, 0), evidence.alignment)
    other = likeness(bottleneck(evidence, 1), evidence.alignment, vectors)
    assert (other < ALIKE).all()
    raised = supported(evidence, other)
    np.testing.assert_array_equal(raised.support, evidence.support)
    np.testing.assert_array_equal(raised.added, evidence.added)


def test_the_reference_itself_is_right(evidence: PhoneEvidence) -> None:
    raised = supported(evidence, np.ones(4, np.float32))
    assert evidence.support.min() < -5.0
    assert (raised.support >= ALIKE_SUPPORT - 1e-6).all()
    assert np.isinf(raised.added).all()


def test_support_rises_with_likeness(evidence: PhoneEvidence) -> None:
    support = [
        supported(evidence, np.full(4, cosine, np.float32)).support[0]
        for cosine in (0.5, ALIKE, 0.93, 0.97, 1.0)
    ]
    assert support == sorted(support)
    assert support[1] == evidence.support[0]
    # Frames of constant outputs have no direction, and are like nothing.
    flat = phone_vectors(np.ones((len(evidence.alignment.forward), 64)), evidence.alignment)
    assert not flat.any()


def test_only_the_example_itself_is_accepted_sooner() -> None:
    takes = [np.full(4, cosine, np.float32) for cosine in (-0.5, ALIKE_TAKE, 0.9, 1.0)]
    allowances = [allowance(take) for take in takes]
    assert allowances[:2] == pytest.approx([0.0, 0.0], abs=1e-5)
    assert allowances[1] < allowances[2] < allowances[3] == pytest.approx(ALIKE_ALLOWANCE)
