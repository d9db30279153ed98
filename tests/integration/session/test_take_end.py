"""How long a pause is waited out: it hangs on how far the sentence has come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.session.engine import FINISHED_MS, PracticeEngine

SENTENCE = Sentence("1", "오늘은 삼겹살을 먹었어요.", "ko")
RATE = 16_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeEngine]:
    """The shipped model, with a home that lasts as long as it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


def heard(engine: PracticeEngine, share: float) -> AudioClip:
    """The first part of the sentence, between pauses."""
    voice = engine.reference(SENTENCE).clip.resampled(RATE).samples
    part = voice[: round(share * len(voice))]
    clip = np.concatenate([np.zeros(RATE // 2), part, np.zeros(RATE // 3)])
    noise = np.random.default_rng(0).normal(0, 3e-4, len(clip))
    return AudioClip.from_array((clip + noise).astype(np.float32), RATE)


@pytest.mark.parametrize(
    ("share", "expected_ms"), [(0.0, 2500), (0.3, 2500), (0.6, 2500), (1.0, FINISHED_MS)]
)
def test_only_the_end_of_the_sentence_ends_the_take_soon(
    engine: PracticeEngine, share: float, expected_ms: int
) -> None:
    assert engine.wait_ms(heard(engine, share), SENTENCE, 2500) == expected_ms


def test_a_scorer_that_cannot_tell_leaves_it_to_the_usual_silence(
    engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.scorer, "reached", lambda take, prepared: None, raising=False)
    assert engine.wait_ms(heard(engine, 1.0), SENTENCE, 2500) is None
