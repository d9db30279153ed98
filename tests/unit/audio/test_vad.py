"""VAD trim and the end of speech in a stream."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.vad import (
    FRAME,
    SpeechEndDetector,
    first_voiced_frame,
    in_phase,
    trim,
    voiced_frames,
)

Speak = Callable[..., AudioClip]
RATE = 16_000
RANDOM = np.random.default_rng(1)


def test_pauses_at_the_ends_go_and_speech_stays(speak: Speak) -> None:
    bare = speak(noise_db=None, before_s=0, after_s=0)
    take = speak(before_s=1.0, after_s=2.0)
    trimmed = trim(take)
    assert trimmed.start_s == pytest.approx(1.0, abs=0.2)
    assert trimmed.end_s == pytest.approx(1.0 + bare.duration_s, abs=0.3)
    assert trimmed.clip.duration_s == pytest.approx(trimmed.end_s - trimmed.start_s)
    start = round(trimmed.start_s * RATE)
    np.testing.assert_array_equal(
        trimmed.clip.samples, take.samples[start : start + len(trimmed.clip.samples)]
    )


def test_a_pause_inside_stays(speak: Speak) -> None:
    one = speak(noise_db=None, before_s=0.2, after_s=0.2).samples
    joined = np.concatenate([one, np.zeros(RATE, np.float32), one])
    noisy = joined + 1e-3 * RANDOM.standard_normal(len(joined))
    assert trim(AudioClip.from_array(noisy, RATE)).clip.duration_s > 1.0 + 1.6 * len(one) / RATE


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0),
        np.zeros(1),
        np.zeros(RATE),
        np.full(RATE, 0.5),
        np.r_[np.zeros(8000), 1.0, np.zeros(8000)],
        np.ones(100),
    ],
    ids=["empty", "one sample", "silence", "dc", "click", "under a frame"],
)
def test_no_voice_gives_an_empty_clip(samples: np.ndarray) -> None:
    trimmed = trim(AudioClip.from_array(samples, RATE))
    assert len(trimmed.clip.samples) == 0
    assert (trimmed.start_s, trimmed.end_s) == (0.0, 0.0)


@pytest.mark.parametrize("gain_db", [-60, -30, 20])
def test_loudness_does_not_move_the_cut(take: AudioClip, gain_db: float) -> None:
    louder = AudioClip.from_array(take.samples * 10 ** (gain_db / 20), RATE)
    assert (trim(louder).start_s, trim(louder).end_s) == (trim(take).start_s, trim(take).end_s)


@pytest.mark.parametrize("wait_ms", [1, 7, 10, 23, 333])
def test_a_longer_wait_before_speaking_gives_the_same_cut(take: AudioClip, wait_ms: int) -> None:
    first = trim(take).clip.samples
    noise = 1e-5 * np.random.default_rng(0).standard_normal(16 * wait_ms).astype(np.float32)
    later = AudioClip.from_array(np.concatenate([noise, take.samples]), 16_000)
    second = trim(later).clip.samples
    # webrtcvad may find a frame more or less: what counts is where in a frame the voice begins.
    size = min(len(first), len(second)) - 2400
    offsets = [
        offset
        for offset in range(-1920, 1921, 480)
        if np.allclose(first[1920 : size - 1920], second[1920 + offset : size - 1920 + offset])
    ]
    assert len(offsets) == 1


def test_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="16000"):
        voiced_frames(AudioClip.from_array(np.zeros(800), 8000))


def feed(detector: SpeechEndDetector, samples: np.ndarray, block: int) -> float | None:
    """Feed block by block; the time in seconds at which the detector ended, or None."""
    for start in range(0, len(samples), block):
        detector.feed(samples[start : start + block].astype(np.float32))
        if detector.ended:
            return (start + block) / RATE
    return None


@pytest.mark.parametrize("gain_db", [-25, -10, 0])
@pytest.mark.parametrize("noise_db", [20.0, 40.0, None])
def test_the_end_of_speech_is_heard(speak: Speak, gain_db: float, noise_db: float | None) -> None:
    clip = speak(before_s=1.0, after_s=3.0, noise_db=noise_db)
    samples = clip.samples * 10 ** (gain_db / 20)
    detector = SpeechEndDetector(silence_end_ms=900)
    ended_s = feed(detector, samples, 512)
    speech_end_s = clip.duration_s - 3.0
    assert ended_s is not None
    assert speech_end_s + 0.5 < ended_s < speech_end_s + 1.6
    assert detector.started
    assert not detector.speaking


def test_block_size_does_not_matter(speak: Speak) -> None:
    samples = speak(after_s=2.0).samples
    states = []
    for block in (1, 77, 480, 5000):
        detector = SpeechEndDetector()
        detector.feed(samples[:0])
        feed(detector, samples[: 2 * RATE], block)
        states.append((detector.started, detector.speaking, detector.ended, detector._quiet_ms))
    assert len(set(states)) == 1


@pytest.mark.parametrize("amplitude", [0.0, 1e-4, 1e-2])
def test_a_room_without_speech_never_starts(amplitude: float) -> None:
    detector = SpeechEndDetector()
    feed(detector, amplitude * RANDOM.standard_normal(8 * RATE), 512)
    assert not detector.started
    assert not detector.ended


def test_a_pause_between_words_does_not_end_it(speak: Speak) -> None:
    one = speak(before_s=0.3, after_s=0.3, noise_db=30.0).samples
    detector = SpeechEndDetector(silence_end_ms=1200)
    assert feed(detector, np.concatenate([one, one, one]), 512) is None
    assert detector.started


def test_one_pause_may_be_waited_out_or_end_sooner(speak: Speak) -> None:
    one = speak(before_s=0.3, after_s=1.8, noise_db=30.0).samples
    ends = {}
    for silence_ms in (None, 500, 3000):
        detector = SpeechEndDetector(silence_end_ms=1200)
        for start in range(0, 2 * len(one), 480):
            detector.feed(np.concatenate([one, one])[start : start + 480])
            if detector.pausing and silence_ms is not None:
                detector.wait(silence_ms)
                # For this pause alone: the next one has the usual silence again.
                silence_ms = None
            if detector.ended:
                ends[len(ends)] = start / len(one)
                break
    usual, sooner, waited = ends.values()
    assert sooner < usual < 1 < waited


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9000), st.floats(-1, 1), st.integers(0, 2**31))
def test_any_clip_is_cut_to_a_part_of_itself(size: int, offset: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    samples = offset + random.standard_normal(size) * random.choice([1e-8, 1e-3, 1.0, 50.0])
    clip = AudioClip.from_array(samples, RATE)
    trimmed = trim(clip)
    assert 0 <= trimmed.start_s <= trimmed.end_s <= clip.duration_s + 1e-9
    assert len(trimmed.clip.samples) == round((trimmed.end_s - trimmed.start_s) * RATE)


@given(st.integers(0, 10_000))
def test_the_first_voiced_frame_is_the_first_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    gates = np.repeat(random.random(40) < 0.4, RATE // 20)
    time_s = np.arange(len(gates)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * n * time_s) / n for n in range(1, 12))
    clip = AudioClip.from_array(0.2 * gates * tone + random.normal(0, 0.002, len(gates)), RATE)
    voiced = np.flatnonzero(voiced_frames(clip))
    assert first_voiced_frame(clip) == (voiced[0] if len(voiced) else None)


@given(skipped=st.integers(0, 5000))
@settings(max_examples=20, deadline=None)
def test_frames_lie_the_same_way_on_a_voice_wherever_the_clip_begins(skipped: int) -> None:
    random = np.random.default_rng(1)
    time_s = np.arange(RATE) / RATE
    voice = 0.3 * np.sin(2 * np.pi * 200.0 * time_s) * (time_s > 0.5)
    samples = voice + random.normal(0, 1e-4, RATE)
    whole = in_phase(AudioClip.from_array(samples, RATE)).samples
    part = in_phase(AudioClip.from_array(samples[skipped:], RATE)).samples
    assert len(samples) - len(whole) < FRAME
    assert (len(whole) - len(part)) % FRAME == 0
    np.testing.assert_array_equal(part, whole[len(whole) - len(part) :])


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(1), np.ones(200), np.zeros(RATE)])
def test_what_has_no_onset_stays_as_it_is(samples: np.ndarray) -> None:
    assert len(in_phase(AudioClip.from_array(samples, RATE)).samples) == len(samples)
