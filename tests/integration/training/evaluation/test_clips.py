"""Changed clips: each change is as large as asked for."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.training.evaluation.clips import (
    clipped,
    cross_faded,
    cut_out,
    in_babble,
    in_room,
    in_white_noise,
    looped,
    louder,
    silenced,
)

RATE = 16_000


@pytest.fixture(scope="module")
def speech() -> AudioClip:
    spoken = EspeakLibrary().speak("the weather is nice today", "en-us")
    return AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE)


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(ratio))


def snr_db(made: AudioClip, clip: AudioClip) -> float:
    """The part of a sum that is the clip, over what is left."""
    whole, samples = made.samples.astype(float), clip.samples.astype(float)
    share = whole @ samples / (samples @ samples)
    return decibels(np.linalg.norm(share * samples) / np.linalg.norm(whole - share * samples))


@pytest.mark.parametrize("gain_db", [-30, -10, 10])
def test_a_gain_is_that_gain_or_stops_short_of_clipping(speech: AudioClip, gain_db: int) -> None:
    quiet = AudioClip.from_array(0.1 * speech.samples / speech.peak, RATE)
    assert decibels(louder(quiet, gain_db).rms / quiet.rms) == pytest.approx(gain_db, abs=0.1)
    loud = AudioClip.from_array(0.9 * speech.samples / speech.peak, RATE)
    assert louder(loud, gain_db).peak < 0.99


@pytest.mark.parametrize("share", [0.001, 0.01])
def test_a_share_of_samples_is_clipped(speech: AudioClip, share: float) -> None:
    made = clipped(speech, share)
    over = np.abs(made.samples) >= 0.999
    assert over.mean() == pytest.approx(share, rel=0.1)
    assert made.peak <= 1.0
    intact = ~over
    gain = made.samples[intact] @ speech.samples[intact] / np.square(speech.samples[intact]).sum()
    assert made.samples[intact] == pytest.approx(gain * speech.samples[intact], abs=1e-3)


def test_noise_and_babble_lie_that_far_under_the_take(speech: AudioClip) -> None:
    random = np.random.default_rng(0)
    other = AudioClip.from_array(random.standard_normal(4000), RATE)
    for made in (in_white_noise(speech, 10.0, random), in_babble(speech, [other], 10.0)):
        assert snr_db(made, speech) == pytest.approx(10.0, abs=0.4)


@pytest.mark.parametrize(("t60_s", "direct_db"), [(0.3, 4.0), (1.0, -3.0)])
def test_a_room_decays_by_60_db_in_its_time(t60_s: float, direct_db: float) -> None:
    click = np.zeros(RATE)
    click[0] = 1.0
    room = in_room(AudioClip.from_array(click, RATE), t60_s, direct_db, np.random.default_rng(0))
    made = room.samples.astype(float)
    tail = made[1:]
    assert decibels(abs(made[0]) / np.linalg.norm(tail)) == pytest.approx(direct_db, abs=0.1)
    size = round(t60_s * RATE)
    early = np.sqrt(np.mean(tail[size // 10 : size // 5] ** 2))
    late = np.sqrt(np.mean(tail[8 * size // 10 : 9 * size // 10] ** 2))
    assert decibels(early / late) == pytest.approx(0.7 * 60, abs=2.0)
    assert room.duration_s == pytest.approx(1.0 + t60_s)


def test_a_silenced_part_is_silent_and_the_rest_is_as_it_was() -> None:
    tone = AudioClip.from_array(np.sin(np.arange(RATE) / 5), RATE)
    made = silenced(tone, 0.25, 0.5)
    assert np.abs(made.samples[4100:7900]).max() == 0.0
    assert list(made.samples[:4000]) == list(tone.samples[:4000])
    assert list(made.samples[8001:]) == list(tone.samples[8001:])
    assert silenced(tone, -1.0, 2.0).peak == 0.0


def test_a_part_cut_out_is_gone_and_the_rest_is_joined() -> None:
    tone = AudioClip.from_array(np.repeat([0.1, 0.9, 0.2], 4000), RATE)
    made = cut_out(tone, 0.25, 0.5)
    assert made.duration_s == pytest.approx(0.5, abs=0.006)
    assert made.peak <= 0.201
    assert cut_out(tone, -1.0, 0.25).peak == pytest.approx(0.9)
    assert cut_out(tone, 0.5, 2.0).duration_s == pytest.approx(0.5, abs=0.001)


def test_a_piece_is_looped_for_that_long() -> None:
    piece = AudioClip.from_array(np.ones(1600), RATE)
    assert looped(piece, 1.0).duration_s == pytest.approx(1.0, abs=0.06)


def test_a_cross_fade_has_no_step() -> None:
    up, down = np.full(100, 1.0, np.float32), np.full(100, -1.0, np.float32)
    joined = cross_faded([up, down], 20)
    assert len(joined) == 180
    assert np.abs(np.diff(joined)).max() < 0.12
    assert list(cross_faded([up, np.zeros(0, np.float32)], 20)) == list(up)
