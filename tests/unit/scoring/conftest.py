"""The shipped bundle, and takes that espeak-ng says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.korean.model import KoreanModel
from pronounce_kiosk.scoring.scorer import AcousticScorer

FOLDER = Paths.default().models_dir / "aligned-2"
Render = Callable[..., Reference]


@pytest.fixture(scope="session")
def acoustic_scorer() -> AcousticScorer:
    scorer = load_bundle(FOLDER).scorer
    assert isinstance(scorer, AcousticScorer)
    return scorer


@pytest.fixture(scope="session")
def korean_model() -> KoreanModel:
    """The shipped bundle's Korean half."""
    state = torch.load(FOLDER / "model.pt", weights_only=True)
    model = KoreanModel()
    model.load_state_dict(
        {
            name.removeprefix("korean."): value.float()
            for name, value in state.items()
            if name.startswith("korean.")
        }
    )
    return model.eval()


@pytest.fixture(scope="session")
def render() -> Render:
    """render(sentence, variant) -> what espeak-ng says, as a reference."""
    library = EspeakLibrary()

    def said(sentence: Sentence, variant: str = "") -> Reference:
        engine = EspeakEngine(library=library)
        return (engine.with_variant(variant) if variant else engine).render(sentence)

    return said


@pytest.fixture(scope="session")
def say(render: Render) -> Callable[..., AudioClip]:
    """say(sentence, variant) -> a 16 kHz clip."""
    return lambda sentence, variant="+f4": render(sentence, variant).clip.resampled(16_000)
