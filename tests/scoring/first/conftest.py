"""The scorer of the bundle that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.scoring.first.aligned import AlignedScorer

BUNDLE = Path(__file__).resolve().parents[3] / "models" / "aligned-1"


@pytest.fixture(scope="session")
def scorer() -> AlignedScorer:
    """That of the bundle that ships."""
    loaded = load_bundle(BUNDLE).scorer
    assert isinstance(loaded, AlignedScorer)
    return loaded
