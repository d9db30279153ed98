"""Examples by another voice than the kiosk's own."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.spoken import Speed
from pronounce_kiosk.session.voices import VARIANTS, in_voice


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


@pytest.mark.parametrize("text", [("ko", "물 한 잔 주세요."), ("en", "It's nice to meet you.")])
def test_every_voice_says_the_sentence_in_its_own_way_and_its_units_are_found(
    engine: PracticeEngine, text: tuple[str, str]
) -> None:
    sentence = Sentence("1", text[1], text[0])
    said = [in_voice(engine, variant).spoken(sentence, Speed.USUAL) for variant in VARIANTS]
    assert np.array_equal(said[0].clip.samples, engine.spoken(sentence).clip.samples)
    for number, one in enumerate(said):
        assert one.unit_at(one.clip.duration_s / 2) is not None
        others = said[:number] + said[number + 1 :]
        assert not any(np.array_equal(one.clip.samples, other.clip.samples) for other in others)


def test_scores_stay_against_the_kiosks_own_voice(engine: PracticeEngine) -> None:
    sentence = Sentence("1", "물 한 잔 주세요.", "ko")
    before = engine.prepare(sentence)
    in_voice(engine, VARIANTS[1]).spoken(sentence)
    assert engine.prepare(sentence) is before
