"""What the shipped model hears in minimal pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.pairs import Pair, likelihood_ratio, pair_voices, pairs_of

LIGHT = Pair("en", ("R", "L"), ("right", "light"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeEngine]:
    """The shipped model, with a home that lasts as long as it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


def room(clip: AudioClip) -> AudioClip:
    noise = np.random.default_rng(2).normal(0, 3e-4, clip.sample_rate_hz // 2).astype(np.float32)
    return AudioClip.from_array(np.concatenate([noise, clip.samples, noise]), clip.sample_rate_hz)


@pytest.mark.parametrize(
    "pair",
    [
        pairs_of("ko", ("ㅓ", "ㅗ"))[0],
        pairs_of("ko", ("ㅏ", "ㅓ"))[0],
        pairs_of("en", ("Z", "JH"))[0],
        pairs_of("en", ("IH", "IY"))[0],
    ],
    ids=lambda pair: "-".join(pair.words),
)
def test_another_voice_is_heard_as_the_word_it_says(engine: PracticeEngine, pair: Pair) -> None:
    voice = "ko+f4" if pair.language == "ko" else "en-us+f4"
    for number, word in enumerate(pair.words):
        take = room(EspeakLibrary().speak(word, voice, 145))
        right = likelihood_ratio(engine, take, pair, number)
        wrong = likelihood_ratio(engine, take, pair, 1 - number)
        assert right is not None
        assert wrong == pytest.approx(-right)
        assert right > 0.0, word


def test_voices_that_say_both_words_alike_are_told(engine: PracticeEngine) -> None:
    assert pair_voices(engine, pairs_of("ko", ("ㅓ", "ㅗ"))[0]).apart
    # Espeak-ng has one sound for both.
    assert not pair_voices(engine, pairs_of("ko", ("ㅅ", "ㅆ"))[0]).apart


def test_silence_is_neither_word(engine: PracticeEngine) -> None:
    silence = AudioClip.from_array(np.zeros(16_000, np.float32), 16_000)
    assert likelihood_ratio(engine, silence, LIGHT, 0) is None
