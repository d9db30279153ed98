"""Rows for the Korean acceptance classifier, and the classifier fitted on rows made up here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from pronounce_kiosk.scoring.acoustic.korean import KoreanAcousticModel
from pronounce_kiosk.scoring.korean.acceptance import FEATURES
from pronounce_kiosk.scoring.korean.model import KoreanModel
from pronounce_kiosk.training.aligned.korean_acceptance import (
    SPOILED,
    AcceptanceRow,
    acceptance_rows,
    fit_acceptance,
)
from pronounce_kiosk.training.data.corpus import read_corpus

TEXTS = ("물 한 잔 주세요", "안녕하세요", "지금 몇 시예요", "만나서 반가워요", "고마워요")


def row(kind: str, quality: float, seed: int) -> AcceptanceRow:
    rng = np.random.default_rng(seed)
    return AcceptanceRow(kind, (quality + rng.normal(0.0, 0.5, len(FEATURES))).astype(np.float32))


def test_right_ones_are_accepted_and_others_refused() -> None:
    rows = [row("right", 1.0, n) for n in range(60)] + [row("other", -1.0, n) for n in range(200)]
    fitted = fit_acceptance(rows)
    odds = np.array([fitted.log_odds(one.features) for one in rows])
    assert (odds[:60] > 0.0).mean() > 0.9
    assert (odds[60:] < 0.0).all()
    assert torch.isfinite(fitted.get_buffer("weight")).all()
    again = fit_acceptance(rows)
    for name, value in fitted.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])


def test_rows_of_right_and_spoiled_takes(
    converted: KoreanAcousticModel, small_corpus: Path
) -> None:
    model = KoreanModel().eval()
    model.acoustic = converted
    takes = read_corpus(small_corpus)
    rows = list(acceptance_rows(model, TEXTS, takes, count=2 * len(SPOILED), seed=3))
    kinds = {one.kind for one in rows}
    assert kinds <= {"right", "other", *SPOILED}
    assert {"right", "other"} < kinds
    assert len(kinds & set(SPOILED)) >= 4
    assert all(np.isfinite(one.features).all() for one in rows)
    likelihood = FEATURES.index("likelihood")
    right, other = (
        np.mean([one.features[likelihood] for one in rows if one.kind == kind])
        for kind in ("right", "other")
    )
    assert right > other + 0.5


def test_one_seed_makes_one_set_of_rows(converted: KoreanAcousticModel, small_corpus: Path) -> None:
    model = KoreanModel().eval()
    model.acoustic = converted
    takes = read_corpus(small_corpus)
    first, second = (list(acceptance_rows(model, TEXTS, takes, count=2, seed=1)) for _ in range(2))
    assert [one.kind for one in first] == [one.kind for one in second]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.features, other.features)
