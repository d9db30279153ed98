"""Reverberation: what a room adds goes, what it does not stays."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.mfcc import mel_energies
from pronounce_kiosk.scoring.acoustic.reverberation import (
    DRY_DB,
    FALL_FRAMES,
    fastest_fall_db,
    without_reverberation,
)

Say = Callable[..., AudioClip]
BANDS, RATE = 40, 16_000


def energies(samples: np.ndarray) -> Tensor:
    faint = np.random.default_rng(1).standard_normal(len(samples))
    steps = 32768.0 * (0.1 * samples / samples.std()) + 3.0 * faint
    return mel_energies(torch.from_numpy(steps.astype(np.float32)), BANDS)


def in_room(samples: np.ndarray, t60_s: float) -> np.ndarray:
    """Convolve with decaying noise as strong as the direct sound."""
    size = round(t60_s * RATE)
    tail = np.random.default_rng(0).standard_normal(size) * 10 ** (-3.0 * np.arange(size) / size)
    tail /= np.linalg.norm(tail)
    tail[0] = 1.0
    return np.convolve(samples, tail)[: len(samples)]


@pytest.fixture(scope="module")
def dry(say: Say) -> np.ndarray:
    return say(Sentence("", "오늘은 삼겹살을 먹었어요", "ko")).samples.astype(np.float64)


def test_a_dry_clip_stays_as_it_is(dry: np.ndarray) -> None:
    views = [energies(dry), energies(dry)]
    assert without_reverberation(views) is views


@pytest.mark.parametrize("t60_s", [0.5, 0.8, 1.2])
def test_the_room_goes_from_the_pauses_and_sounds_stay(t60_s: float) -> None:
    is_on = np.arange(6 * RATE // 5) // (RATE // 5) % 2 == 0
    bursts = is_on * np.random.default_rng(3).standard_normal(len(is_on))
    heard = energies(in_room(bursts, t60_s))
    (dried, _) = without_reverberation([heard, heard])
    change_db = 10.0 * (dried / heard).log10().mean(dim=1).numpy()
    # 0.2 s of sound, 0.2 s of pause.
    onsets, pauses = (change_db[first : first + 8] for first in (40, 28))
    assert onsets.mean() > -2.0
    assert pauses.mean() < -5.0


def test_falls_are_slower_the_longer_a_room_sounds(dry: np.ndarray) -> None:
    rooms = [energies(in_room(dry, t60_s)) for t60_s in (0.3, 0.6, 1.2)]
    falls = [fastest_fall_db(room, FALL_FRAMES) for room in rooms]
    assert falls == sorted(falls, reverse=True)
    assert fastest_fall_db(energies(dry), FALL_FRAMES) > DRY_DB


def test_noise_that_is_not_in_the_denoised_view_is_no_room(dry: np.ndarray) -> None:
    noise = dry.std() * 0.1 * np.random.default_rng(2).standard_normal(len(dry))
    views = [energies(dry + noise), energies(dry)]
    assert without_reverberation(views) is views


@pytest.mark.parametrize("frames", [1, 5, 27, 28, 40])
def test_clips_of_any_length_stay_finite(frames: int) -> None:
    views = [torch.rand(frames, BANDS), torch.zeros(frames, BANDS), torch.rand(frames + 3, BANDS)]
    found = without_reverberation(views)
    assert [len(one) for one in found] == [frames, frames, frames + 3]
    assert all(bool(torch.isfinite(one).all()) for one in found)
