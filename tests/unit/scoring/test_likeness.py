"""The reference played again is told from people who say it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.likeness import ALIKE, POINTS, compare
from pronounce_kiosk.scoring.scorer import AcousticScorer
from pronounce_kiosk.training.evaluation.clips import in_room

SENTENCES = (
    Sentence("1", "오늘은 비가 많이 와요.", "ko"),
    Sentence("2", "Turn on the light.", "en"),
)


def padded(clip: AudioClip, gain: float = 1.0, noise: float = 0.0) -> AudioClip:
    """As a microphone would have it: silence around, another level, the room's noise."""
    samples = np.pad(clip.samples * gain, clip.sample_rate_hz // 3)
    hiss = np.random.default_rng(0).standard_normal(len(samples)) * noise
    return AudioClip.from_array((samples + hiss).astype(np.float32), clip.sample_rate_hz)


def references(render: Callable[..., Reference], sentence: Sentence) -> list[Reference]:
    variants = ("", "+f2", "+m3") if sentence.language == "en" else ("",)
    return [render(sentence, variant) for variant in variants]


@pytest.mark.parametrize("sentence", SENTENCES, ids=["ko", "en"])
@pytest.mark.parametrize("change", ["none", "softer", "44.1 kHz", "noise", "room"])
def test_the_reference_played_again_gets_97_in_every_unit(
    acoustic_scorer: AcousticScorer,
    render: Callable[..., Reference],
    sentence: Sentence,
    change: str,
) -> None:
    spoken = references(render, sentence)
    clip = spoken[0].clip.resampled(44_100 if change == "44.1 kHz" else 16_000)
    if change == "room":
        clip = in_room(clip, 0.3, 3.0, np.random.default_rng(1))
    take = padded(
        clip, 0.1 if change == "softer" else 1.0, 0.01 * clip.rms if change == "noise" else 0.0
    )
    score = acoustic_scorer.score(take, acoustic_scorer.prepare(sentence, spoken)).score
    assert score.score is not None
    assert score.score >= POINTS - 0.5
    assert all(unit.score is None or unit.score >= POINTS for unit in score.units)
    assert not any(phone.heard for unit in score.units for phone in unit.phones)


def test_the_same_voice_with_one_sound_exchanged_is_not_lifted(
    acoustic_scorer: AcousticScorer, render: Callable[..., Reference]
) -> None:
    prepared = acoustic_scorer.prepare(
        Sentence("", "커피를 마셔요", "ko"), [render(Sentence("", "커피를 마셔요", "ko"))]
    )
    other = padded(render(Sentence("", "거피를 마셔요", "ko")).clip)
    result = acoustic_scorer.score(other, prepared)
    assert result.take_image is not None
    assert not compare(result.take_image, prepared.mel_image, acoustic_scorer.mel).is_the_recording


def test_another_voice_is_not_taken_for_the_reference(
    acoustic_scorer: AcousticScorer, render: Callable[..., Reference]
) -> None:
    sentence = SENTENCES[0]
    prepared = acoustic_scorer.prepare(sentence, references(render, sentence))
    result = acoustic_scorer.score(padded(render(sentence, "+f2").clip), prepared)
    assert result.take_image is not None
    found = compare(result.take_image, prepared.mel_image, acoustic_scorer.mel)
    assert found.correlation < ALIKE / 2
    assert not found.is_the_recording


def test_half_of_the_reference_is_not_the_reference(
    acoustic_scorer: AcousticScorer, render: Callable[..., Reference]
) -> None:
    sentence = SENTENCES[0]
    spoken = references(render, sentence)
    prepared = acoustic_scorer.prepare(sentence, spoken)
    whole = spoken[0].clip
    result = acoustic_scorer.score(padded(whole.slice_s(0.0, whole.duration_s / 2)), prepared)
    assert result.take_image is not None
    assert not compare(result.take_image, prepared.mel_image, acoustic_scorer.mel).is_the_recording


def test_images_without_anything_are_like_nothing() -> None:
    image = np.random.default_rng(0).integers(0, 255, (64, 80)).astype(np.uint8)
    assert compare(image, image, MelParameters()).is_the_recording
    assert not compare(image[:, :0], image, MelParameters()).is_the_recording
    assert not compare(np.full_like(image, 7), image, MelParameters()).is_the_recording
