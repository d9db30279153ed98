"""What is not one person speaking forwards is doubted, by the bundle that ships; speech is not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.mel import MelParameters, grayscale_mel
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.first.aligned import AlignedScorer
from pronounce_kiosk.scoring.first.aligned_voice import (
    CLASSES,
    DOUBTFUL,
    REPEATED,
    USUAL,
    WEIGHT,
    Voice,
    doubt,
    one_voice,
    repetition,
)

RATE = 16_000
SAID = (
    ("we went to the mountains with all of our friends", "en-us+m1"),
    ("could you tell me the way to the station please, it is late", "en-us+f2"),
    ("my brother has bought a new house near the river this year", "en-us+m3"),
    ("오늘은 날씨가 참 좋아서 친구와 함께 산에 갔어요", "ko+f4"),
)


@pytest.fixture(scope="module")
def voices(scorer: AlignedScorer) -> nn.ModuleList:
    return scorer._model.voices


@pytest.fixture(scope="module")
def speech() -> list[FloatArray]:
    library = EspeakLibrary()
    found = []
    for text, voice in SAID:
        said = library.speak(text, voice)
        clip = AudioClip.from_array(said.samples, said.sample_rate_hz).resampled(RATE)
        found.append(clip.samples.astype(np.float64))
    return found


def odds(samples: FloatArray, voices: nn.ModuleList, mel: MelParameters) -> float:
    clip = AudioClip.from_array(np.asarray(samples, np.float32), RATE)
    image = grayscale_mel(clip, mel)
    return float(np.mean([one_voice(voice, image) for voice in voices]))


def crowd(speech: list[FloatArray]) -> FloatArray:
    size = min(map(len, speech))
    total: FloatArray = np.sum([one[:size] / np.std(one) for one in speech], axis=0) * 0.03
    return total


def chords() -> FloatArray:
    """Three seconds of plucked triads, two a second."""
    time_s = np.arange(RATE // 2) / RATE
    notes = [220.0 * 2 ** (step / 12) for step in (0, 4, 7)]
    one = sum(
        (np.sin(2 * np.pi * note * k * time_s) / k for note in notes for k in (1, 2, 3)),
        np.zeros(len(time_s)),
    )
    return np.asarray(0.1 * np.tile(one * np.exp(-3 * time_s), 6))


@pytest.mark.parametrize("which", range(len(SAID)))
def test_a_voice_is_one_and_backwards_it_is_none(
    which: int, speech: list[FloatArray], scorer: AlignedScorer, voices: nn.ModuleList
) -> None:
    assert odds(speech[which], voices, scorer.mel) > USUAL["ko"]
    assert odds(speech[which][::-1], voices, scorer.mel) < -USUAL["en"]


def test_several_voices_music_and_noise_are_not_one_voice(
    speech: list[FloatArray], scorer: AlignedScorer, voices: nn.ModuleList
) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(2 * RATE)
    for samples in (crowd(speech), chords(), noise):
        assert odds(samples, voices, scorer.mel) < -USUAL["en"]


def test_doubt_is_what_lies_under_the_usual(
    speech: list[FloatArray], scorer: AlignedScorer, voices: nn.ModuleList
) -> None:
    one = AudioClip.from_array(speech[0].astype(np.float32), RATE)
    several = AudioClip.from_array(crowd(speech).astype(np.float32), RATE)
    found = grayscale_mel(several, scorer.mel)
    for language, usual in USUAL.items():
        assert 0.0 < usual < DOUBTFUL
        assert doubt(voices, grayscale_mel(one, scorer.mel), language) == 0.0
        assert doubt(voices, found, language) > WEIGHT[language] * (usual + USUAL["en"])
    assert doubt(voices, found, "ko") != doubt(voices, found, "en")


@pytest.mark.parametrize("length_s", [0.13, 0.2, 0.35])
def test_a_piece_over_and_over_is_doubted_and_speech_is_not(
    length_s: float, speech: list[FloatArray], scorer: AlignedScorer, voices: nn.ModuleList
) -> None:
    for samples in speech:
        start = int(np.argmax(np.abs(samples)))
        piece = samples[start : start + int(length_s * RATE)]
        over = np.resize(piece, 2 * RATE)
        images = [
            grayscale_mel(AudioClip.from_array(one.astype(np.float32), RATE), scorer.mel)
            for one in (samples, over)
        ]
        assert repetition(images[0]) < REPEATED - 0.1
        assert doubt(voices, images[1], "ko") == DOUBTFUL


@pytest.mark.parametrize("frames", [17, 40, 130, 400])
def test_repetition_is_the_correlation_with_itself(frames: int) -> None:
    image = np.random.default_rng(frames).random((64, frames)).astype(np.float32)
    image += np.linspace(0.0, 3.0, 64, dtype=np.float32)[:, None]
    found = [0.0]
    for lag in range(10, min(75, frames * 2 // 3)):
        now, before = image[:, lag:], image[:, :-lag]
        apart = [one - one.mean(axis=1, keepdims=True) for one in (now, before)]
        found.append(float(np.corrcoef(apart[0].ravel(), apart[1].ravel())[0, 1]))
    assert repetition(image) == pytest.approx(max(found), abs=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 14, 15, 16, 17, 100])
def test_silence_and_the_shortest_clips_repeat_nothing(frames: int) -> None:
    assert repetition(np.zeros((64, frames), np.float32)) == 0.0
    random = np.random.default_rng(frames).random((64, frames)).astype(np.float32)
    assert -1.0 <= repetition(random) <= 1.0 + 1e-6
    if frames < 17:
        assert repetition(random) == 0.0


@pytest.mark.parametrize("factor", [1e-3, 10.0])
def test_loudness_changes_nothing(
    factor: float, speech: list[FloatArray], scorer: AlignedScorer, voices: nn.ModuleList
) -> None:
    # As loud as takes are behind the front, or by far more and less than they could be.
    as_it_is = odds(speech[0], voices, scorer.mel)
    assert odds(factor * speech[0], voices, scorer.mel) == pytest.approx(as_it_is, abs=0.5)


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 100])
def test_silence_is_no_reason_for_doubt(frames: int, voices: nn.ModuleList) -> None:
    assert doubt(voices, np.zeros((64, frames), np.float32), "ko") == 0.0


def test_without_a_network_nothing_is_doubted() -> None:
    assert doubt([], np.ones((64, 50), np.float32), "en") == 0.0


@pytest.mark.parametrize("frames", [1, 2, 4, 7, 500])
def test_clips_of_any_length_give_finite_odds(frames: int) -> None:
    torch.manual_seed(0)
    voice = Voice(64).eval()
    mel = np.random.default_rng(frames).random((64, frames)).astype(np.float32)
    assert np.isfinite(one_voice(voice, mel))
    assert np.isfinite(one_voice(voice, np.zeros_like(mel)))


def test_beside_longer_clips_a_clip_is_what_it_is_alone() -> None:
    torch.manual_seed(1)
    voice = Voice(16, width=8).eval()
    mel = torch.rand(2, 16, 90)
    with torch.inference_mode():
        alone = voice(mel[:1, :, :47])
        beside = voice(mel, torch.tensor([47, 90]))
    assert alone.shape == (1, len(CLASSES))
    torch.testing.assert_close(beside[:1], alone, atol=1e-5, rtol=1e-5)
