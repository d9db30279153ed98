"""The bundles that ship: each loads, and its golden takes get what its manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.bundles.load import list_bundles
from pronounce_kiosk.bundles.verify import ScoreWith, verify_bundle

MODELS = Path(__file__).resolve().parents[3] / "models"
SHIPPED = [listing.folder for listing in list_bundles(MODELS)]


def test_the_baseline_ships() -> None:
    assert MODELS / "classic-1" in SHIPPED


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_golden_takes(folder: Path, score_with: ScoreWith) -> None:
    verified = verify_bundle(folder, score_with)
    assert verified.problem == ""
    assert {result.take.verdict.value for result in verified.golden} >= {"scored", "silence"}


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_card_says_what_it_was_trained_on(folder: Path) -> None:
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    assert "speechocean762" in card
    assert "CC BY 4.0" in card
    assert (folder / "model.pt").stat().st_size < 30_000_000
