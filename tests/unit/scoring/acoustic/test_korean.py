"""The Korean acoustic model of the shipped bundle, on clips of every kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import PHONES as JAMO
from pronounce_kiosk.scoring.acoustic.korean import (
    COLUMN,
    FRAME_S,
    PHONES,
    SHAPE,
    KoreanAcousticModel,
)
from pronounce_kiosk.scoring.korean.model import KoreanModel

Say = Callable[..., AudioClip]
RATE = 16_000
SENTENCE = Sentence("", "물 한 잔 주세요", "ko")


@pytest.fixture(scope="module")
def acoustic(korean_model: KoreanModel) -> KoreanAcousticModel:
    return korean_model.acoustic


@pytest.fixture(scope="module")
def clip(say: Say) -> np.ndarray:
    return say(SENTENCE).samples


def test_its_phones_are_the_jamo_of_the_standard_pronunciation() -> None:
    assert set(PHONES) == set(JAMO)
    assert len(PHONES) == len(JAMO)
    assert min(COLUMN.values()) == 1


@pytest.mark.parametrize("size", [0, 1, 100, 1_200, 4_801, 16_000])
def test_shapes_and_posteriors_of_any_length(acoustic: KoreanAcousticModel, size: int) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(size).astype(np.float32)
    (outputs,) = acoustic.hear([noise])
    frames = len(outputs.posteriors)
    assert outputs.posteriors.shape == (frames, SHAPE.phones)
    assert outputs.bottleneck.shape == (frames, SHAPE.bottleneck)
    assert frames >= 1
    if size >= 1_200:
        assert abs(frames - size / RATE / FRAME_S) <= 1.0
    np.testing.assert_allclose(outputs.posteriors.sum(1), 1.0, atol=1e-5)
    assert np.isfinite(outputs.bottleneck).all()


def test_digital_silence_is_silence(acoustic: KoreanAcousticModel) -> None:
    (outputs,) = acoustic.hear([np.zeros(RATE, np.float32)])
    assert (outputs.posteriors.argmax(1) == 0).all()


def test_it_hears_what_is_said(acoustic: KoreanAcousticModel, clip: np.ndarray) -> None:
    (outputs,) = acoustic.hear([clip])
    heard = {PHONES[column - 1] for column in outputs.posteriors.argmax(1) if column}
    assert len(heard & set("ㅁㅜㅎㅏㅈㅅㅔㅛㅐ") | heard & {"ㄹ_", "ㄴ_"}) >= 6


@pytest.mark.parametrize("gain_db", [-40, -12, 20])
def test_loudness_moves_nothing(
    acoustic: KoreanAcousticModel, clip: np.ndarray, gain_db: float
) -> None:
    louder = (clip * 10 ** (gain_db / 20)).astype(np.float32)
    plain, changed = acoustic.hear([clip])[0], acoustic.hear([louder])[0]
    # Products of 8-bit numbers round a level's last digits otherwise.
    difference = np.abs(changed.posteriors - plain.posteriors)
    assert difference.mean() < 2e-3
    assert difference.max() < 0.3


def test_views_of_a_dry_clip_are_each_alone(
    acoustic: KoreanAcousticModel, clip: np.ndarray
) -> None:
    noise = np.random.default_rng(0).standard_normal(len(clip)).astype(np.float32)
    views = [clip + 0.01 * noise, clip, clip[: len(clip) // 2]]
    for both, view in zip(acoustic.hear(views), views, strict=True):
        (alone,) = acoustic.hear([view])
        assert len(both.posteriors) == len(alone.posteriors)
        assert np.abs(both.posteriors - alone.posteriors).mean() < 2e-3


def test_one_clip_is_heard_the_same_twice(acoustic: KoreanAcousticModel, clip: np.ndarray) -> None:
    first, second = acoustic.hear([clip])[0], acoustic.hear([clip])[0]
    np.testing.assert_array_equal(first.posteriors, second.posteriors)
