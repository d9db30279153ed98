"""The acceptance classifier: a logistic one that no single feature decides."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.acceptance import Acceptance, expanded
from pronounce_kiosk.scoring.assessment import Assessment


@pytest.fixture
def acceptance() -> Acceptance:
    classifier = Acceptance(2)
    for name, value in {
        "centre": [1.0, -1.0],
        "scale": [2.0, 0.5],
        "weight": [1.0, 0.5, 0.0, -0.25],
        "bias": 0.75,
    }.items():
        classifier.get_buffer(name).copy_(torch.tensor(value))
    return classifier


def test_log_odds_are_those_of_features_and_squares(acceptance: Acceptance) -> None:
    # Standardised: 1 and -2.
    features = np.array([3.0, -2.0], np.float32)
    assert acceptance.log_odds(features) == pytest.approx(1.0 - 1.0 - 0.25 * 4.0 + 0.75)


def test_takes_together_are_each_alone(acceptance: Acceptance) -> None:
    features = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    together = acceptance(torch.from_numpy(features)).tolist()
    assert together == pytest.approx([acceptance.log_odds(one) for one in features])


def test_a_feature_far_off_is_cut(acceptance: Acceptance) -> None:
    far, farther = (acceptance.log_odds(np.array([x, -1.0], np.float32)) for x in (9.0, 1e6))
    assert far == farther
    assert expanded(torch.tensor([[-7.0, 0.5]])).tolist() == [[-4.0, 0.5, 16.0, 0.25]]


def test_nought_is_refused() -> None:
    assert not Assessment(0.0).accepted
    assert Assessment(0.01).accepted
