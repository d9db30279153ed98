"""The bundles that ship: each loads, and its golden takes get what its manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.bundles.load import list_bundles, load_bundle
from pronounce_kiosk.core.audio_file import read_clip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.training.references import training_library

MODELS = Path(__file__).resolve().parents[2] / "models"
SHIPPED = [listing.folder for listing in list_bundles(MODELS)]


def test_the_baseline_ships() -> None:
    assert MODELS / "classic-1" in SHIPPED


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_golden_takes(folder: Path) -> None:
    bundle = load_bundle(folder)
    engine = PracticeEngine(training_library(), bundle.scorer, "espeak")
    assert bundle.manifest.golden
    for golden in bundle.manifest.golden:
        sentence = Sentence("", golden.text, golden.language)
        score = engine.score(read_clip(folder / golden.audio), sentence).score
        assert score.verdict is golden.verdict, golden.audio
        if score.score is not None:
            assert golden.score_min <= score.score <= golden.score_max, golden.audio


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_card_says_what_it_was_trained_on(folder: Path) -> None:
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "speechocean762" in card
    assert "CC BY 4.0" in card
    assert (folder / "model.pt").stat().st_size < 5_000_000
