"""The Korean network adapted for a few steps; its gradients' path against the one in use."""

import copy

import numpy as np
import pytest
import torch

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.scoring.acoustic.korean import KoreanAcousticModel, cepstra_of
from pronounce_kiosk.training.aligned.korean_adaptation import adapt, log_states

RATE = 16_000


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    return EspeakEngine().render(Sentence("", "만나서 반가워요", "ko")).clip.resampled(RATE).samples


def test_it_computes_what_the_network_in_use_does(
    converted: KoreanAcousticModel, voice: np.ndarray
) -> None:
    (cepstra,) = cepstra_of([voice])
    (speaker,) = converted.ivectors([cepstra])
    with torch.inference_mode():
        used, _ = copy.deepcopy(converted.network)(cepstra, speaker)
        states = log_states(converted.network, cepstra[None], speaker[None])[0]
    phones = states.exp() @ converted.network.pooling
    assert len(phones) == len(used)
    # The one in use multiplies numbers of 8 bits.
    assert (phones - used).abs().mean() < 3e-3


def test_it_learns_and_leaves_what_it_does_not_learn(
    converted: KoreanAcousticModel, voice: np.ndarray
) -> None:
    acoustic = copy.deepcopy(converted)
    clips = [voice.astype(np.float64), voice[::-1].astype(np.float64)]
    losses: list[float] = []
    adapt(acoustic, clips, clips, lambda _, loss: losses.append(loss), steps=2, seed=1)
    assert len(losses) == 1
    assert np.isfinite(losses).all()
    before, after = converted.network.state_dict(), acoustic.network.state_dict()
    assert torch.equal(before["transform.weight"], after["transform.weight"])
    assert not torch.equal(before["layers.3.down.weight"], after["layers.3.down.weight"])
    assert all(bool(torch.isfinite(value).all()) for value in after.values())
