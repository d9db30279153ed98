"""Bundles to try: real ones, with untrained weights, which load and score as any other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import encoded
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.bundles.verify import ScoreWith
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.classic.network import ClassicSiamese
from pronounce_kiosk.session.golden import golden_scorer
from pronounce_kiosk.training.export import golden_entry, write_bundle

Make = Callable[..., Path]
SENTENCE = Sentence("", "안녕하세요", "ko")
RATE_HZ = 16_000


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The folder of the shipped bundles."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def paths(models: Path) -> Paths:
    """A kiosk's folders, its shipped bundles being those under `models`."""
    return replace(Paths.default(), models_dir=models)


@pytest.fixture
def make(models: Path) -> Make:
    """make(name, state, version, architecture, folder, seed) -> the folder of a sound bundle."""

    def write(
        name: str = "classic-1",
        state: dict[str, Any] | None = None,
        version: str = "1.0",
        architecture: str = "classic",
        folder: Path | None = None,
        seed: int = 0,
        golden: list[dict[str, Any]] | None = None,
    ) -> Path:
        torch.manual_seed(seed)
        place = (folder or models) / name
        write_bundle(
            place,
            name=name,
            version=version,
            architecture=architecture,
            mel=MelParameters(),
            state=ClassicSiamese().state_dict() if state is None else state,
            tables={
                "calibration": {"margin": 2.0, "knots": [[0.0, 0.0], [1.0, 100.0]]},
                "golden": golden or [],
            },
            card="# test\n",
        )
        return place

    return write


@pytest.fixture(scope="session")
def score_with(tmp_path_factory: pytest.TempPathFactory) -> ScoreWith:
    """The real thing; references are rendered once for all tests."""
    cache = tmp_path_factory.mktemp("cache")
    return golden_scorer(replace(Paths.default(), cache_dir=cache))


@pytest.fixture(scope="session")
def said() -> AudioClip:
    """The sentence, said by another voice than the reference's."""
    spoken = EspeakLibrary().speak("안녕하세요", "ko+f4")
    return AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE_HZ)


@pytest.fixture
def make_whole(make: Make, score_with: ScoreWith, said: AudioClip) -> Make:
    """As make, with golden takes in the bands this machine puts them in."""

    def write(name: str = "whole-1", **options: Any) -> Path:
        score = score_with(load_bundle(make(name, **options)).scorer)
        silence = AudioClip.from_array(np.zeros(2 * RATE_HZ, np.float32), RATE_HZ)
        golden, files = [], {}
        for kind, clip in (("right", said), ("silence", silence)):
            files[f"golden/{kind}.flac"] = encoded(clip, "FLAC")
            golden.append(
                golden_entry(f"golden/{kind}.flac", SENTENCE, score(clip, SENTENCE), kind)
            )
        folder = make(name, golden=golden, **options)
        for audio, data in files.items():
            (folder / audio).parent.mkdir(exist_ok=True)
            (folder / audio).write_bytes(data)
        return folder

    return write


@pytest.fixture
def replace_model() -> Callable[[Path, bytes], Path]:
    """Puts other bytes in model.pt with a manifest that vouches for them: a hostile maker can."""

    def replace_it(folder: Path, data: bytes) -> Path:
        (folder / "model.pt").write_bytes(data)
        manifest = folder / "manifest.toml"
        digest = hashlib.sha256(data).hexdigest()
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(re.sub('sha256 = ".*"', f'sha256 = "{digest}"', text), "utf-8")
        return folder

    return replace_it
