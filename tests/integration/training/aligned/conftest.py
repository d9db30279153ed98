"""The installed package of the Korean acoustic model; tests that need it are skipped without."""

from __future__ import annotations

import importlib.util

import pytest

from pronounce_kiosk.scoring.acoustic.korean import KoreanAcousticModel
from pronounce_kiosk.training.aligned.convert_korean import PACKAGE, convert_korean


@pytest.fixture(scope="session")
def converted() -> KoreanAcousticModel:
    if importlib.util.find_spec(PACKAGE) is None:
        pytest.skip(f"{PACKAGE} is not installed: scripts/setup train")
    return convert_korean()
