"""Rows and heads of English on features made up here; no corpus, no recogniser."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import pytest
import torch

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine, phone_line
from pronounce_kiosk.scoring.acoustic.conformer import BOTTLENECK, PHONES
from pronounce_kiosk.scoring.english.alignment import PhonePlaces
from pronounce_kiosk.scoring.english.features import (
    ORDER_FEATURES,
    PHONE_FEATURES,
    TAKE_FEATURES,
    Features,
)
from pronounce_kiosk.training.aligned import english
from pronounce_kiosk.training.aligned.english import fit_network, predict_rows, rated_take
from pronounce_kiosk.training.aligned.english_rows import EnglishRow
from pronounce_kiosk.training.aligned.steps import finished
from pronounce_kiosk.training.data.corpus import CorpusTake

LINE = phone_line("en", [("S", 0), ("IY", 0), ("DH", 1), ("AH", 1)])


def _row(take: int, quality: float, kind: str = "plain") -> EnglishRow:
    """A take whose every number goes with its quality."""
    rng = np.random.default_rng([take, len(kind)])

    def numbers(*shape: int) -> np.ndarray:
        return (quality + 0.3 * rng.standard_normal(shape)).astype(np.float32)

    frames = np.arange(4)
    places = PhonePlaces(2 * frames, 2 * frames, 2 * np.arange(5), -1.0)
    features = Features(
        places,
        numbers(4, PHONES),
        numbers(4, BOTTLENECK),
        numbers(4, PHONES),
        numbers(4, BOTTLENECK),
        numbers(4, len(PHONE_FEATURES)),
        numbers(len(TAKE_FEATURES)),
        numbers(len(ORDER_FEATURES)) - 5.0,
    )
    return EnglishRow(take, kind, LINE, features)


def _take(index: int, text: str, quality: float) -> CorpusTake:
    rating = 6.0 + 2.0 * quality
    return CorpusTake(
        f"t{index}",
        f"s{index % 6}",
        20,
        Sentence("", text, "en"),
        Path("none.ogg"),
        np.full((4, 5), rating),
        (rating, rating),
    )


def test_a_finished_step_is_not_made_again(tmp_path: Path) -> None:
    rows = [_row(0, 0.5), _row(1, -0.5, "wrong")]
    path = tmp_path / "rows.pt"
    classes = (EnglishRow, PhoneLine, Features, PhonePlaces)
    finished(path, lambda: rows, *classes)
    again = finished(path, lambda: pytest.fail("made again"), *classes)
    assert [(row.take, row.kind, row.line) for row in again] == [
        (0, "plain", LINE),
        (1, "wrong", LINE),
    ]
    np.testing.assert_array_equal(again[1].features.take, rows[1].features.take)
    np.testing.assert_array_equal(again[1].features.places.edges, rows[1].features.places.edges)


def test_a_step_with_another_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnpicklingError):
        finished(tmp_path / "rows.pt", lambda: [_row(0, 0.5)])


def test_a_network_learns_what_goes_with_the_ratings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(english, "EPOCHS", 12)
    qualities = np.random.default_rng(0).uniform(-1.0, 1.0, 96)
    rows = [_row(index, quality) for index, quality in enumerate(qualities)]
    takes = [
        rated_take(
            _take(index, "see the", quality),
            [rows[index], _row(index, quality, "room"), _row(index, -4.0, "wrong")],
        )
        for index, quality in enumerate(qualities)
    ]
    losses: list[float] = []
    network = fit_network(takes[:72], 0, lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.5 * losses[0]
    found = predict_rows([network], rows[72:])
    assert np.corrcoef([one.aspects[0] for one in found], qualities[72:])[0, 1] > 0.9
    assert [len(one.words) for one in found] == [2] * 24
    assert not any(one.refused for one in found)
    refused = predict_rows([network], [_row(index, -4.0, "wrong") for index in range(100, 110)])
    assert max(one.similarity for one in refused) < min(one.similarity for one in found)
    again = fit_network(takes[:72], 0)
    for name, value in again.state_dict().items():
        assert torch.equal(value, network.state_dict()[name])
