"""The features of acceptance: each moves the way its name says; and their classifier."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.korean.acceptance import (
    FEATURES,
    Acceptance,
    acceptance_features,
    expanded,
)
from pronounce_kiosk.scoring.korean.evidence import gather
from pronounce_kiosk.scoring.korean.phones import sentence_phones

Hear = Callable[..., NDArray[np.float64]]
RIGHT = ["ㅂ", "ㅏ", "ㄷ", "ㅏ", "ㄱ", "ㅏ", "ㅛ"]


def features(text: str, posteriors: NDArray[np.float64]) -> dict[str, float]:
    phones = sentence_phones(Sentence("", text, "ko"))
    evidence = gather(posteriors, phones)
    assert evidence is not None
    found = acceptance_features(posteriors, evidence.alignment, phones)
    assert found.shape == (len(FEATURES),)
    assert np.isfinite(found).all()
    return dict(zip(FEATURES, found.tolist(), strict=True))


def test_the_sentence_itself(hear: Hear) -> None:
    found = features("바다 가요", hear(RIGHT))
    assert found["likelihood"] == pytest.approx(0.0, abs=0.2)
    assert found["cut"] < -2.0
    assert found["order"] == pytest.approx(1.0, abs=0.1)
    assert found["length"] == pytest.approx(np.log(7))


def test_another_sentence(hear: Hear) -> None:
    right, wrong = features("바다 가요", hear(RIGHT)), features("머리 커요", hear(RIGHT))
    assert wrong["likelihood"] < right["likelihood"] - 1.0
    assert wrong["order"] < right["order"] - 0.3


def test_the_words_in_another_order(hear: Hear) -> None:
    assert features("가요 바다", hear(RIGHT))["order"] < 0.0


def test_half_of_the_sentence(hear: Hear) -> None:
    assert features("바다 가요", hear(RIGHT[:4]))["cut"] > 0.0
    assert features("바다 가요", hear(RIGHT[4:]))["cut"] > 0.0


def test_more_than_the_sentence(hear: Hear) -> None:
    whole, more = (features("바다 가요", hear([*said])) for said in (RIGHT, [*RIGHT, "", *RIGHT]))
    assert more["likelihood"] < whole["likelihood"] - 1.0


def test_silence(hear: Hear) -> None:
    found = features("바다", hear([""] * 10))
    assert found["speech"] == 0.0


def test_one_phone_cannot_be_cut(hear: Hear) -> None:
    assert features("아", hear(["ㅏ"]))["cut"] == -6.0


# ---- the classifier: a logistic one that no single feature decides ----


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
