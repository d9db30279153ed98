"""From a corpus to a bundle that loads and passes its golden takes; English with random heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.scoring.acoustic.conformer import PHONES, TOKENS
from pronounce_kiosk.scoring.acoustic.korean import KoreanAcousticModel
from pronounce_kiosk.scoring.english.model import EnglishModel
from pronounce_kiosk.training.aligned import bundle as module
from pronounce_kiosk.training.aligned.bundle import kept, train_aligned
from pronounce_kiosk.training.aligned.convert_english import Conversion
from pronounce_kiosk.training.aligned.english import TrainedEnglish
from pronounce_kiosk.training.aligned.korean_adaptation import adapt
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.evaluation.out_of_fold import (
    FILE_NAME,
    TakePrediction,
    read_out_of_fold,
)


def untrained(takes: Sequence[CorpusTake]) -> TrainedEnglish:
    """What training English gives, with random weights and two takes kept."""
    torch.manual_seed(0)
    model = EnglishModel()
    model.conformer.get_buffer("mel").copy_(torch.rand(201, 80))
    model.conformer.get_buffer("phone_of_token").copy_(torch.arange(TOKENS) % PHONES)
    found = [TakePrediction(take.utterance, take.speaker) for take in takes]
    for row, right in ((0, 4.0), (3, 3.0)):
        found[row] = replace(found[row], similarity=right, aspects=(70.0,) * 4, words=(60.0, 80.0))
    return TrainedEnglish(model.state_dict(), Conversion({}, "0" * 64, 1e-6), found, {"total": 0.5})


def test_a_bundle_is_trained_loads_and_goes_on_where_it_was_cut_off(
    converted: KoreanAcousticModel,
    small_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "train_english", lambda takes, *_: untrained(takes))
    monkeypatch.setattr(module, "convert_korean", lambda: converted)
    monkeypatch.setattr(module, "ACCEPTANCE_TAKES", 8)
    monkeypatch.setattr(module, "SYNTHESISED", 4)
    monkeypatch.setattr(module, "adapt", partial(adapt, steps=2))
    assets = Paths.default().models_dir.parent / "assets"
    out, work, said = tmp_path / "aligned-9", tmp_path / "work", list[str]()
    train_aligned(small_corpus, out, work, assets, 1, said.append)
    loaded = load_bundle(out)
    assert loaded.manifest.architecture == "acoustic"
    assert loaded.manifest.name == "aligned-9"
    golden = {take.kind: take.verdict.value for take in loaded.manifest.golden}
    assert golden["silence"] == "silence"
    assert set(loaded.manifest.tables) >= {
        *("korean", "korean_acoustic_model", "english_acoustic_model", "training", "figures")
    }
    takes = read_out_of_fold(out / FILE_NAME, loaded.manifest.sha256)
    assert sum(not take.refused for take in takes.values()) == 2
    again: list[str] = []
    train_aligned(small_corpus, out, work, assets, 1, again.append)
    assert any("rows" in line for line in said)
    assert not any("rows" in line for line in again)
    assert load_bundle(out).manifest.sha256 == loaded.manifest.sha256


def test_what_decides_alone_keeps_its_32_bits() -> None:
    value = torch.tensor([1.0 + 2.0**-20])
    assert kept("korean.acceptance.bias", value).dtype == torch.float32
    assert kept("korean.acoustic.ivectors.weights", value).dtype == torch.float32
    assert kept("korean.acoustic.network.output.weight", value).dtype == torch.float16
