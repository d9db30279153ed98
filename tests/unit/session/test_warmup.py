"""Warming up goes the whole way, and a model that cannot is no matter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.session.warmup import warm_up


@pytest.mark.parametrize("bundle", ["aligned-2", "classic-1"])
def test_every_stage_is_gone_through(bundle: str) -> None:
    scorer: Any = load_bundle(Path(Paths.default().models_dir) / bundle).scorer
    heard: list[str] = []
    score = scorer.score

    def watched(take: AudioClip, prepared: Any) -> Any:
        return score(take, prepared, heard.append)

    scorer.score = watched
    warm_up(scorer)
    assert {"denoise", "trim", "mel", "siamese", "score"} <= set(heard)


def test_a_model_that_refuses_is_left_cold() -> None:
    class Refuses:
        def prepare(self, sentence: object, references: Sequence[object]) -> object:
            raise ReferenceFailedError("no")

        def score(self, take: object, prepared: object) -> object:
            raise AssertionError("nothing was prepared")

    warm_up(Refuses())  # type: ignore[arg-type]
