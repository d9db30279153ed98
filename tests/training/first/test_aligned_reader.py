"""The readers: what they learn from rated takes, and what they must not turn on."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.alignment import PhoneSpans
from pronounce_kiosk.scoring.first.aligned_evidence import PHONE_FEATURES, Evidence
from pronounce_kiosk.scoring.first.aligned_reader import (
    INPUTS,
    PHONES,
    Reader,
    Reading,
    batch,
    read_aloud,
    reading,
)
from pronounce_kiosk.training.first import aligned_reader
from pronounce_kiosk.training.first.aligned_reader import RatedReading, train_reader

FEATURES = 7


def rated(seed: int, phones: int = 8) -> RatedReading:
    """A take whose ratings are in its phones: how high the first input of each is."""
    rng = np.random.default_rng(seed)
    units = np.repeat(np.arange(phones // 2), 2)
    good = rng.normal(0, 1, phones // 2)
    inputs = rng.normal(0, 0.3, (phones, INPUTS))
    inputs[:, 0] = good[units]
    read = Reading(inputs.astype(np.float32), rng.integers(1, PHONES, phones), units)
    human = np.full(3, 7.0 + good.mean())
    take = rng.normal(0, 1, FEATURES)
    return RatedReading(read, None, take, None, human, tuple(7.0 + good), f"s{seed % 10}")


def said(readers: list[Reader], takes: list[RatedReading]) -> tuple[np.ndarray, list[np.ndarray]]:
    return read_aloud(readers, [one.reading for one in takes], np.stack([t.take for t in takes]))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return train_reader([rated(seed, 6 + 2 * (seed % 3)) for seed in range(300)], 0)


def test_it_hears_takes_and_words_it_never_saw(reader: Reader) -> None:
    fresh = [rated(seed, 8) for seed in range(1000, 1100)]
    aspects, words = said([reader], fresh)
    human = np.array([one.human for one in fresh])
    assert np.corrcoef(aspects[:, 0], human[:, 0])[0, 1] > 0.8
    assert np.corrcoef(np.concatenate(words), [p for one in fresh for p in one.words])[0, 1] > 0.8


def test_the_same_seed_gives_the_same_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned_reader, "EPOCHS", 1)
    takes = [rated(seed) for seed in range(40)]
    first, second, third = (train_reader(takes, seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert any(not torch.equal(first[name], third[name]) for name in first)


def test_a_take_in_a_room_is_learned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned_reader, "EPOCHS", 1)
    takes = [rated(seed) for seed in range(40)]
    rooms = [
        dataclasses.replace(one, in_a_room=rated(99).reading, room=rated(99).take) for one in takes
    ]
    plain, roomy = (train_reader(some, 0).state_dict() for some in (takes, rooms))
    assert any(not torch.equal(plain[name], roomy[name]) for name in plain)


def test_company_in_a_batch_changes_nothing(reader: Reader) -> None:
    short, long = rated(1, 4), rated(2, 30)
    alone = said([reader], [short])
    beside = said([reader], [short, long])
    np.testing.assert_allclose(beside[0][0], alone[0][0], atol=1e-5)
    np.testing.assert_allclose(beside[1][0], alone[1][0], atol=1e-5)
    assert len(beside[1][0]) == 2


def test_several_readers_are_averaged(reader: Reader) -> None:
    other = train_reader([rated(seed) for seed in range(40)], 5)
    take = [rated(7)]
    both = said([reader, other], take)[0]
    np.testing.assert_allclose(both, (said([reader], take)[0] + said([other], take)[0]) / 2)


def test_a_reading_is_the_mean_of_the_encoders() -> None:
    line = PhoneLine("en", (3, 20, 4), (0, 0, 2))
    low, high = (
        Evidence(
            np.full((3, len(PHONE_FEATURES)), value, np.float32),
            PhoneSpans(np.array([1, 3, 9]), np.array([3, 5, 12]), -3.0),
            {},
            np.full((3, PHONES), -4.0 * value, np.float32),
            np.full((3, PHONES), value, np.float32),
            np.eye(3, dtype=np.float32),
            np.eye(3, dtype=np.float32),
        )
        for value in (0.0, 0.2)
    )
    read = reading([low, high], line)
    assert read.inputs.shape == (3, INPUTS)
    assert read.inputs.dtype == np.float32
    eight = len(PHONE_FEATURES)
    np.testing.assert_allclose(read.inputs[:, eight : eight + PHONES], -0.4, rtol=1e-6)
    np.testing.assert_allclose(read.inputs[:, -3], np.log1p([1, 0, 4]), rtol=1e-6)
    assert read.inputs[:, -2].tolist() == [1, 0, 1]
    assert read.inputs[:, -1].tolist() == [0, 1, 1]
    assert read.units.tolist() == [0, 0, 2]
    # A unit of which nothing is said is no word of the batch.
    assert batch([read]).words.shape == (1, 2, 3)
