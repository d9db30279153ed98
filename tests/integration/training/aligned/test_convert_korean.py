"""The conversion of the installed package's model: whole, and it hears Korean."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.scoring.acoustic.korean import PHONES, KoreanAcousticModel
from pronounce_kiosk.scoring.korean.evidence import gather, merged_posteriors
from pronounce_kiosk.scoring.korean.phones import sentence_phones
from pronounce_kiosk.training.aligned import convert_korean as module
from pronounce_kiosk.training.aligned.bundle import kept
from pronounce_kiosk.training.aligned.convert_korean import model_folder, source_sha256


def test_every_weight_is_set_and_finite(converted: KoreanAcousticModel) -> None:
    for name, value in converted.state_dict().items():
        assert torch.isfinite(value).all(), name
        assert value.abs().sum() > 0, name


def test_every_output_belongs_to_a_phone(converted: KoreanAcousticModel) -> None:
    pooling = converted.network.pooling
    assert pooling.shape == (2616, 1 + len(PHONES))
    assert (pooling.sum(0) > 0).all()
    torch.testing.assert_close(pooling.sum(1), torch.ones(len(pooling)))


def test_it_hears_which_sentence_was_said(converted: KoreanAcousticModel) -> None:
    sentences = [Sentence("", text, "ko") for text in ("고마워요", "지금 몇 시예요", "안녕하세요")]
    for said in sentences:
        clip = EspeakEngine().render(said).clip.resampled(PIPELINE_SAMPLE_RATE_HZ)
        posteriors = merged_posteriors(converted.hear([clip.samples])[0].posteriors)
        support = {}
        for sentence in sentences:
            evidence = gather(posteriors, sentence_phones(sentence))
            assert evidence is not None
            support[sentence.text] = float(np.mean(evidence.support))
        assert max(support, key=lambda text: support[text]) == said.text


def test_what_adaptation_does_not_learn_ships_as_converted(converted: KoreanAcousticModel) -> None:
    path = Paths.default().models_dir / "aligned-2" / "model.pt"
    shipped = torch.load(path, weights_only=True)
    for name, value in converted.state_dict().items():
        if name.startswith("network.") and not name.endswith(("scale", "offset", "pooling")):
            continue
        whole = f"korean.acoustic.{name}"
        torch.testing.assert_close(shipped[whole].float(), kept(whole, value).float(), msg=name)


def test_the_source_has_one_sha256(converted: KoreanAcousticModel) -> None:
    assert len(source_sha256()) == 64
    assert source_sha256(model_folder()) == source_sha256()


def test_without_the_package_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")
    with pytest.raises(TrainingError, match="scripts/setup train"):
        model_folder()
