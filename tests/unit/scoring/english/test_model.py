"""The English model from clip to assessment, by what holds of any weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.english.features import TAKE_FEATURES, gather_features
from pronounce_kiosk.scoring.english.model import EnglishModel, PreparedEnglish
from pronounce_kiosk.scoring.english.network import batch, predict


def test_every_said_unit_gets_a_score_and_its_phones(
    model: EnglishModel, line: PhoneLine, clip: FloatArray
) -> None:
    assessment = model.assess(model.hear(clip), model.prepare(line, [clip]))
    assert assessment.accepted
    assert [unit.index for unit in assessment.units] == [0, 1]
    assert [[one.phone for one in unit.phones] for unit in assessment.units] == [
        ["S", "IY"],
        ["DH", "AH"],
    ]
    for value in (assessment.accuracy, assessment.fluency, assessment.prosody, assessment.total):
        assert value is not None
        assert 0.0 <= value <= 100.0
    starts = [unit.start_s for unit in assessment.units]
    assert 0.0 <= starts[0] < starts[1] < assessment.units[1].end_s <= len(clip) / 16_000 + 0.02


def test_loudness_changes_nothing(model: EnglishModel, line: PhoneLine, clip: FloatArray) -> None:
    prepared = model.prepare(line, [clip])
    plain = model.assess(model.hear(clip), prepared)
    for gain_db in (-30.0, 20.0):
        louder = model.assess(
            model.hear((clip * 10 ** (gain_db / 20)).astype(np.float32)), prepared
        )
        assert louder.acceptance == pytest.approx(plain.acceptance, abs=1e-3)
        assert louder.total == pytest.approx(plain.total, abs=0.05)


def test_prepared_data_survive_as_arrays(
    model: EnglishModel, line: PhoneLine, clip: FloatArray
) -> None:
    prepared = model.prepare(line, [clip, clip[:12_000]])
    again = PreparedEnglish.from_arrays(prepared.to_arrays())
    assert again.line == line
    assert model.assess(model.hear(clip), again) == model.assess(model.hear(clip), prepared)


def test_a_clip_too_short_for_the_phones_is_refused(
    model: EnglishModel, line: PhoneLine, clip: FloatArray
) -> None:
    prepared = model.prepare(line, [clip])
    refused = model.assess(model.hear(clip[:300]), prepared)
    assert not refused.accepted
    assert refused.units == ()
    with pytest.raises(ReferenceFailedError, match="too short"):
        model.prepare(line, [clip[:300]])


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_features_of_no_speech_are_finite(
    model: EnglishModel, line: PhoneLine, clip: FloatArray, kind: str
) -> None:
    noise = np.random.default_rng(1).standard_normal(16_000).astype(np.float32)
    samples = np.zeros(16_000, np.float32) if kind == "silence" else noise
    prepared = model.prepare(line, [clip])
    features = gather_features(model.hear(samples), line, prepared.references)
    assert features is not None
    assert np.isfinite(features.take).all()
    assert np.isfinite(features.phones).all()


def test_a_reference_is_like_itself(model: EnglishModel, line: PhoneLine, clip: FloatArray) -> None:
    prepared = model.prepare(line, [clip])
    features = gather_features(model.hear(clip), line, prepared.references)
    assert features is not None
    take = dict(zip(TAKE_FEATURES, features.take.tolist(), strict=True))
    assert take["likeness"] == pytest.approx(1.0, abs=1e-5)
    assert take["length_against"] == pytest.approx(0.0, abs=1e-6)
    assert take["own_against"] == pytest.approx(0.0, abs=1e-6)


def test_a_longer_neighbour_in_the_batch_changes_nothing(
    model: EnglishModel, line: PhoneLine, clip: FloatArray
) -> None:
    short = PhoneLine("en", line.indices[:2], line.units[:2])
    features = [
        gather_features(model.hear(clip), one, model.prepare(one, [clip]).references)
        for one in (short, line)
    ]
    assert features[0] is not None
    assert features[1] is not None
    alone = predict(model.networks, batch([features[0]], [short]))
    together = predict(model.networks, batch([features[0], features[1]], [short, line]))
    np.testing.assert_allclose(together.aspects[0], alone.aspects[0], atol=1e-4)
    np.testing.assert_allclose(together.words[0, :1], alone.words[0], atol=1e-4)
    np.testing.assert_allclose(together.acceptance[0], alone.acceptance[0], atol=1e-4)


def test_weights_fit_in_16_bits(model: EnglishModel, line: PhoneLine, clip: FloatArray) -> None:
    halved = EnglishModel().eval()
    halved.load_state_dict(
        {k: v.half() if v.is_floating_point() else v for k, v in model.state_dict().items()}
    )
    prepared = model.prepare(line, [clip])
    assert halved.assess(halved.hear(clip), prepared).acceptance == pytest.approx(
        model.assess(model.hear(clip), prepared).acceptance, abs=0.1
    )
    assert sum(v.numel() for v in torch.nn.Module.state_dict(model).values()) < 3_200_000
