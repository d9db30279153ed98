"""A take scored in its last pause: the same score as without, and nothing that was said cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.vad import SpeechEndDetector, trim
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.devices.recorder import Recorder
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.scoring.frontend import CleanTake
from pronounce_kiosk.scoring.korean.model import HeardTake, KoreanModel
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.early import EarlyScoring, holds_all_that_was_said
from pronounce_kiosk.session.engine import PracticeEngine
from tests.fakes.microphone import FakeMicrophone

SENTENCE = Sentence("1", "지금 몇 시예요?", "ko")
OTHER = Sentence("2", "물 한 잔 주세요.", "ko")
RATE = 16_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeEngine]:
    """The shipped model, with a home that lasts as long as it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


@pytest.fixture(scope="module")
def voice(engine: PracticeEngine) -> np.ndarray:
    return engine.reference(SENTENCE).clip.resampled(RATE).samples


def noisy(samples: np.ndarray, noise_db: float, seed: int = 0) -> AudioClip:
    noise = np.random.default_rng(seed).normal(0, 10 ** (noise_db / 20), len(samples))
    return AudioClip.from_array((samples + noise).astype(np.float32), RATE)


def rest(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


class Session:
    """What the kiosk does with a microphone's blocks, without its threads."""

    def __init__(self, engine: PracticeEngine, heard: AudioClip, silence_end_ms: int = 1200):
        self.early = EarlyScoring()
        self.begun = 0
        detector = SpeechEndDetector(silence_end_ms)
        recorder = Recorder(FakeMicrophone(heard, step_s=0.05), 20.0, detector.feed)
        recorder.start()
        pausing = False
        while not detector.ended and recorder.poll().duration_s < heard.duration_s:
            if detector.pausing and not pausing:
                self.begun += 1
                self.early.begin(engine, recorder.so_far(), SENTENCE)
            pausing = detector.pausing
        self.recording = recorder.finish()


def everything(result: TakeResult) -> tuple[object, ...]:
    """All that may differ but the time it took."""
    score = result.score.to_json()
    score.pop("timings_ms")
    images = [
        None if image is None else image.tobytes()
        for image in (result.take_image, result.reference_image)
    ]
    return score, result.take_start_s, result.take.samples.tobytes(), images


@settings(max_examples=8)
@given(
    before_s=st.floats(0.0, 1.0),
    inner_s=st.sampled_from([0.0, 0.3, 0.6, 0.9]),
    noise_db=st.floats(-80.0, -45.0),
    gain_db=st.floats(-20.0, 0.0),
    seed=st.integers(0, 99),
    silence_end_ms=st.sampled_from([300, 600, 1200]),
)
def test_scored_early_or_at_the_end_is_the_same_to_the_last_bit(
    engine: PracticeEngine,
    voice: np.ndarray,
    before_s: float,
    inner_s: float,
    noise_db: float,
    gain_db: float,
    seed: int,
    silence_end_ms: int,
) -> None:
    half = len(voice) // 2
    parts = (rest(before_s), voice[:half], rest(inner_s), voice[half:], rest(2.0))
    heard = noisy(np.concatenate(parts) * 10 ** (gain_db / 20), noise_db, seed)
    session = Session(engine, heard, silence_end_ms)
    take, result = session.early.finish(engine, session.recording, SENTENCE)
    assert everything(result) == everything(engine.score(take, SENTENCE))
    np.testing.assert_array_equal(take.samples, session.recording.samples[: len(take.samples)])
    # And nothing that was said is missing from it.
    whole = len(take.samples) == len(session.recording.samples)
    assert whole or holds_all_that_was_said(take, trim(take), session.recording)


def test_the_end_of_speech_finds_the_score_done(
    engine: PracticeEngine, voice: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(engine, noisy(np.concatenate([rest(0.5), voice, rest(2.0)]), -70))
    assert session.begun >= 1
    monkeypatch.setattr(engine.scorer, "score", None)  # nobody may ask it again
    take, result = session.early.finish(engine, session.recording, SENTENCE)
    assert len(take.samples) < len(session.recording.samples)
    assert result.score.score is not None


def test_the_acoustic_model_runs_once_a_take(
    engine: PracticeEngine, voice: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.prepare(SENTENCE)
    heard: list[float] = []

    def hear(model: KoreanModel, take: CleanTake) -> HeardTake:
        heard.append(take.clip.duration_s)
        return plain(model, take)

    plain = KoreanModel.hear
    monkeypatch.setattr(KoreanModel, "hear", hear)
    take = noisy(np.concatenate([rest(0.5), voice, rest(0.5)]), -70)
    early = EarlyScoring()
    early.begin(engine, take, SENTENCE)
    longer = noisy(np.concatenate([rest(0.5), voice, rest(1.5)]), -70)
    longer = AudioClip.from_array(
        np.concatenate([take.samples, longer.samples[len(take.samples) :]]), RATE
    )
    assert early.finish(engine, longer, SENTENCE)[0] is take
    assert len(heard) == 1


@pytest.mark.parametrize("change", ["voice goes on", "another sentence", "another model", "twice"])
def test_what_was_scored_early_is_thrown_away(
    engine: PracticeEngine, voice: np.ndarray, change: str
) -> None:
    early = EarlyScoring()
    take = noisy(np.concatenate([rest(0.5), voice, rest(0.5)]), -70)
    early.begin(engine, take, SENTENCE)
    more = voice if change == "voice goes on" else rest(1.0)
    recording = AudioClip.from_array(np.concatenate([take.samples, noisy(more, -70).samples]), RATE)
    now, sentence = engine, SENTENCE
    if change == "another sentence":
        sentence = OTHER
    if change == "another model":
        now = engine.with_scorer(engine.scorer)
    if change == "twice":
        assert early.finish(engine, recording, SENTENCE)[0] is take
    scored, result = early.finish(now, recording, sentence)
    assert scored is recording
    assert everything(result) == everything(engine.score(recording, sentence))


def test_a_scoring_given_up_leaves_nothing(engine: PracticeEngine, voice: np.ndarray) -> None:
    early = EarlyScoring()
    take = noisy(np.concatenate([rest(0.5), voice, rest(0.5)]), -70)
    early.begin(engine, take, SENTENCE)

    def give_up(stage: str) -> None:
        if stage == "siamese":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        early.begin(engine, take, SENTENCE, give_up)
    scored: list[AudioClip] = []
    real: Callable = engine.scorer.score
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.scorer, "score", lambda *a: (scored.append(a[0]), real(*a))[1])
        early.finish(engine, take, SENTENCE)
    assert scored == [take]


def test_silence_holds_nothing() -> None:
    silence = AudioClip.from_array(rest(1.0), RATE)
    assert not holds_all_that_was_said(silence, trim(silence), silence)
