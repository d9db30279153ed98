"""One take from start to end, on every kind of clip a microphone or file may give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import MAX_AMPLITUDE, AudioClip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.score import BundleInfo, Note, ReferenceInfo, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.classic.network import ClassicSiamese
from pronounce_kiosk.scoring.classic.scorer import ClassicScorer
from pronounce_kiosk.scoring.frontend import StageTimer, clean_reference, clean_take
from pronounce_kiosk.scoring.protocol import PreparedReference, Scorer, TakeResult

Speak = Callable[..., AudioClip]
RATE = 16_000
SENTENCE = Sentence("1", "오늘은 삼겹살을 먹었어요", "ko")
RANDOM = np.random.default_rng(3)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """The architecture with untrained weights: what holds must hold for any weights."""
    torch.manual_seed(1)
    return ClassicScorer(
        ClassicSiamese(),
        MelParameters(),
        Calibration((0.0, 1.0), (0.0, 100.0)),
        0.2,
        BundleInfo("untrained", "0" * 64),
    )


@pytest.fixture(scope="module")
def prepared(scorer: Scorer, speak: Speak) -> PreparedReference:
    clip = speak(noise_db=None, before_s=0.1, after_s=0.2)
    reference = Reference(clip, ReferenceInfo("espeak", "ko"), "key")
    return scorer.prepare(SENTENCE, (reference,))


def check(result: TakeResult) -> TakeResult:
    """What holds for any result."""
    score = result.score
    assert (score.verdict is Verdict.SCORED) == (score.score is not None)
    assert score.score is None or 0.0 <= score.score <= 100.0
    assert (result.take_image is None) == (score.score is None)
    assert score.reference == ReferenceInfo("espeak", "ko")
    assert score.bundle == BundleInfo("untrained", "0" * 64)
    assert all(spent >= 0 for spent in score.timings_ms.values())
    assert result.take.sample_rate_hz == RATE
    return result


def test_a_take_is_scored_with_images_times_and_stages(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip
) -> None:
    stages: list[str] = []
    result = check(scorer.score(take, prepared, stages.append))
    assert result.score.verdict is Verdict.SCORED
    assert stages == ["level", "denoise", "trim", "mel", "siamese", "score"]
    assert list(result.score.timings_ms) == stages
    assert result.take_image is not None
    assert result.take_image.dtype == np.uint8
    assert result.take_image.shape == (64, 1 + len(result.take.samples) // 160)
    assert result.take_start_s == pytest.approx(0.4, abs=0.2)
    assert result.reference_image is prepared.mel_image


def test_a_copy_of_the_reference_is_nearest(
    scorer: Scorer, prepared: PreparedReference, speak: Speak
) -> None:
    own = scorer.score(speak(noise_db=60.0), prepared).score.score
    other = scorer.score(speak("안녕하세요 만나서 반갑습니다"), prepared).score.score
    assert own is not None
    assert other is not None
    assert own > other


def test_more_references_can_only_bring_it_nearer(
    scorer: Scorer, prepared: PreparedReference, speak: Speak, take: AudioClip
) -> None:
    clips = [speak(noise_db=None), speak(voice="ko+f2", noise_db=None)]
    references = [Reference(clip, ReferenceInfo("espeak", "ko"), "key") for clip in clips]
    one = scorer.score(take, scorer.prepare(SENTENCE, references[:1])).score.score
    both = scorer.score(take, scorer.prepare(SENTENCE, references)).score.score
    assert one is not None
    assert both is not None
    assert both >= one
    with pytest.raises(ValueError, match="reference"):
        scorer.prepare(SENTENCE, ())


def times(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.arange(int(seconds * rate)) / rate


@pytest.mark.parametrize(
    ("samples", "rate", "verdict"),
    [
        (np.zeros(0), RATE, Verdict.SILENCE),
        (np.ones(1), RATE, Verdict.SILENCE),
        (np.zeros(3 * RATE), RATE, Verdict.SILENCE),
        (np.full(3 * RATE, 0.9), RATE, None),
        (np.sign(np.sin(2 * np.pi * 150 * times(2.0))), RATE, Verdict.CLIPPED),
        (0.05 * RANDOM.standard_normal(2 * RATE), RATE, Verdict.NOISY),
        (0.2 * np.sin(2 * np.pi * 50 * times(2.0)), RATE, Verdict.NOISY),
        (np.zeros(600 * 8000, np.float32), 8000, Verdict.TOO_LONG),
        (0.1 * RANDOM.standard_normal(600 * 8000), 8000, Verdict.TOO_LONG),
        (np.full(100, 1e-40, np.float32), RATE, None),
        (np.full(3 * RATE, MAX_AMPLITUDE, np.float32), RATE, None),
    ],
    ids=[
        "empty",
        "one sample",
        "silence",
        "dc",
        "full-scale square",
        "noise",
        "mains hum",
        "ten silent minutes",
        "ten minutes",
        "denormal",
        "as loud as can be",
    ],
)
def test_what_is_no_take_is_never_scored(
    scorer: Scorer,
    prepared: PreparedReference,
    samples: np.ndarray,
    rate: int,
    verdict: Verdict | None,
) -> None:
    score = check(scorer.score(AudioClip.from_array(samples, rate), prepared)).score
    assert score.score is None
    assert verdict is None or score.verdict is verdict


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_clip_can_hold_what_is_no_number(bad: float) -> None:
    samples = np.zeros(RATE)
    samples[5] = bad
    with pytest.raises(Exception, match="not numbers"):
        AudioClip.from_array(samples, RATE)


@pytest.mark.parametrize("gain_db", [-30, -20, -10, 5, 20])
def test_loudness_does_not_change_the_score(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip, gain_db: float
) -> None:
    # Float files may pass full scale without clipping.
    louder = AudioClip.from_array(take.samples * 10 ** (gain_db / 20), RATE)
    once, again = scorer.score(take, prepared).score, scorer.score(louder, prepared).score
    assert again.score == pytest.approx(once.score, abs=0.05)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000])
def test_any_rate_is_taken(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip, rate: int
) -> None:
    clip = AudioClip.from_array(take.resampled(rate).samples, rate)
    once, again = scorer.score(take, prepared).score, scorer.score(clip, prepared).score
    assert again.verdict is Verdict.SCORED
    if rate > RATE:
        assert again.score == pytest.approx(once.score, abs=1.5)


def test_stereo_and_sixteen_bit_are_the_same_take(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip
) -> None:
    once = scorer.score(take, prepared).score.score
    stereo = AudioClip.from_array(np.stack([take.samples, take.samples], axis=1), RATE)
    short = AudioClip.from_array(np.round(take.samples * 32768).astype(np.int16), RATE)
    for clip in (stereo, short):
        assert scorer.score(clip, prepared).score.score == pytest.approx(once, abs=0.5)


@pytest.mark.parametrize(("before_s", "after_s"), [(0.5, 0.0), (0.0, 3.0), (3.0, 1.0)])
def test_digital_silence_around_it_changes_nothing(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip, before_s: float, after_s: float
) -> None:
    padding = (round(before_s * RATE), round(after_s * RATE))
    padded = AudioClip.from_array(np.pad(take.samples, padding), RATE)
    once, again = scorer.score(take, prepared), scorer.score(padded, prepared)
    assert again.score.score == pytest.approx(once.score.score, abs=1e-3)
    assert again.take_start_s == pytest.approx(once.take_start_s + before_s, abs=1e-3)


def test_the_same_take_gets_the_same_score(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip
) -> None:
    results = [scorer.score(take, prepared) for _ in range(3)]
    assert len({result.score.score for result in results}) == 1
    np.testing.assert_array_equal(results[0].take_image, results[1].take_image)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    seconds=st.floats(0, 2),
    scale=st.sampled_from([1e-9, 1e-4, 0.1, 1.0, 1e4]),
    rate=st.sampled_from([8000, 16_000, 48_000]),
)
def test_any_clip_gets_a_result(
    scorer: Scorer, prepared: PreparedReference, seed: int, seconds: float, scale: float, rate: int
) -> None:
    random = np.random.default_rng(seed)
    size = int(seconds * rate)
    bursts = np.repeat(random.choice([0.0, 0.01, 1.0], -(-size // 1000)), 1000)[:size]
    clip = AudioClip.from_array(scale * bursts * random.standard_normal(size), rate)
    check(scorer.score(clip, prepared))


def test_a_reference_without_voice_is_kept_whole() -> None:
    silent = clean_reference(AudioClip.from_array(np.zeros(RATE), RATE))
    assert silent.start_s == 0.0
    assert len(silent.clip.samples) == RATE


def test_clean_take_is_what_the_scorer_sees(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip
) -> None:
    cleaned = clean_take(take, StageTimer())
    np.testing.assert_array_equal(cleaned.clip.samples, scorer.score(take, prepared).take.samples)


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_the_raw_clip_is_the_take_itself_where_the_clean_one_lies(
    take: AudioClip, rate: int
) -> None:
    cleaned = clean_take(take.resampled(rate))
    assert cleaned.raw.sample_rate_hz == cleaned.clip.sample_rate_hz == RATE
    assert len(cleaned.raw.samples) == len(cleaned.clip.samples)
    span = take.slice_s(cleaned.start_s, cleaned.start_s + cleaned.raw.duration_s)
    if rate == RATE:
        np.testing.assert_allclose(cleaned.raw.samples, span.samples, atol=1e-6)
    assert np.corrcoef(cleaned.raw.samples, span.samples)[0, 1] > 0.95
    assert np.corrcoef(cleaned.raw.samples, cleaned.clip.samples)[0, 1] > 0.95


def test_silence_has_neither_a_clean_nor_a_raw_clip() -> None:
    cleaned = clean_take(AudioClip.from_array(np.zeros(RATE), RATE))
    assert cleaned.verdict is Verdict.SILENCE
    assert cleaned.clip.duration_s == cleaned.raw.duration_s == 0.0


def test_a_take_with_some_clipped_peaks_is_scored_and_told(
    scorer: Scorer, prepared: PreparedReference, take: AudioClip
) -> None:
    gain = 1 / np.quantile(np.abs(take.samples), 0.99)
    loud = AudioClip.from_array(np.clip(take.samples * gain, -1, 1), RATE)
    score = scorer.score(loud, prepared).score
    assert (score.verdict, score.notes) == (Verdict.SCORED, (Note.LOUD,))
    assert scorer.score(take, prepared).score.notes == ()
