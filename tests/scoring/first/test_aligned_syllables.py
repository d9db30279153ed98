"""What a phone's difference is once the voice's own is taken off."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.phones import PhoneLine, phone_line
from pronounce_kiosk.scoring.first.aligned_syllables import (
    DOUBT,
    RIDGE,
    by_syllable,
    likelihood_ratios,
    relative_rests,
    rests,
    swallowed,
)

LINE = PhoneLine("ko", (3, 20, 3, 20, 41), (0, 0, 2, 2, 2))


def unit_length(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


def phones(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return tuple(unit_length(random.standard_normal((2, count, 6))) for _ in range(2))  # type: ignore[return-value]


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_each_phone_is_predicted_by_all_others(count: int) -> None:
    vectors, wanted = phones(count, count)
    found = rests(vectors, wanted)
    assert found.shape == (2, count, 6)
    for ear in range(2):
        for left_out in range(count):
            others = np.arange(count) != left_out
            x = wanted[ear, others].astype(np.float64)
            y = (vectors[ear] - wanted[ear])[others]
            slope = np.linalg.solve(x.T @ x + RIDGE * np.eye(6), x.T @ y)
            mine = wanted[ear, left_out].astype(np.float64)
            rest = vectors[ear, left_out] - mine - mine @ slope
            np.testing.assert_allclose(found[ear, left_out], rest, atol=1e-6)


def test_the_references_own_voice_leaves_nothing() -> None:
    vectors, _ = phones(0, 8)
    np.testing.assert_allclose(rests(vectors, vectors), 0.0, atol=1e-12)


def test_what_a_voice_does_everywhere_counts_less_the_more_is_heard_of_it() -> None:
    _, wanted = phones(1, 200)
    turned = unit_length(wanted @ np.linalg.qr(np.eye(6) + 0.3 * np.ones((6, 6)))[0])
    short = np.square(rests(turned[:, :3], wanted[:, :3])).sum(axis=2).mean()
    long = np.square(rests(turned, wanted)).sum(axis=2).mean()
    assert long < 0.2 * short


def test_a_phone_s_likelihood_is_taken_beside_the_same_phone_s_elsewhere() -> None:
    found = relative_rests(np.array([-2.0, -1.0, -2.0, -5.0, -3.0]), LINE)
    others = np.array([-2.0, -5.0, -2.0, -1.0, 0.0]) / (np.array([1, 1, 1, 1, 0]) + DOUBT)
    np.testing.assert_allclose(found, np.array([-2.0, -1.0, -2.0, -5.0, -3.0]) - others)
    assert np.isfinite(relative_rests(np.full(5, -1e9), LINE)).all()


def test_likelihood_ratios_are_the_forms_of_all_ears() -> None:
    random = np.random.default_rng(2)
    rest, forms = random.standard_normal((2, 4, 6)), random.standard_normal((2, 6, 6))
    wanted = [sum(rest[e, p] @ forms[e] @ rest[e, p] for e in range(2)) for p in range(4)]
    np.testing.assert_allclose(likelihood_ratios(rest, forms), wanted)


def test_a_syllable_is_its_own_phones_and_longer_ones_count_more() -> None:
    values = np.array([[1.0], [3.0], [5.0], [5.0], [5.0]])
    even = by_syllable(values, np.ones(5), LINE)
    np.testing.assert_allclose(even, [[4.0 / np.sqrt(2)], [15.0 / np.sqrt(3)]])
    longer = by_syllable(values, np.array([1, 100, 1, 1, 1]), LINE)
    assert longer[0] > 2.9
    assert longer[1] == even[1]


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("하나", ""),
        ("저나", ""),
        ("전화", "ㄴ_ ㅎ"),
        ("다행히", "ㅎ ㅇ_ ㅎ"),
        ("감기", ""),
        ("국하", ""),
        ("아 하", "ㅎ"),
    ],
)
def test_a_weak_h_and_the_coda_before_it_say_nothing(said: str, gone: str) -> None:
    names = jamo_phones(said)
    line = phone_line("ko", names)
    found = swallowed(line)
    assert [name for (name, _), one in zip(names, found, strict=True) if one] == gone.split()
    values = np.arange(1.0, 1.0 + len(names))[:, None]
    spoiled = np.where(found[:, None], 1e6, values)
    frames = np.ones(len(names))
    np.testing.assert_allclose(
        by_syllable(spoiled, frames, line), by_syllable(values, frames, line)
    )
    assert (by_syllable(values, frames, line) > 0).all()


def test_an_english_h_counts() -> None:
    assert not swallowed(PhoneLine("en", (1, 16, 1), (0, 0, 0))).any()
