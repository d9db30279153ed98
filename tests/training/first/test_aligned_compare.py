"""Learning to compare: phones of takes find their own among synthesis' phones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.first.aligned_encoder import (
    COMPARED,
    AlignedEncoder,
    Comparison,
    Ear,
    EncoderShape,
)
from pronounce_kiosk.training.first import aligned_compare
from pronounce_kiosk.training.first.aligned import MEL
from pronounce_kiosk.training.first.aligned_compare import Pairs, synthesis, train_comparison

SHAPE = EncoderShape(channels=16, embedding=12)


def pairs(seed: int, language: str) -> Pairs:
    """Phones are told by four of twelve numbers; the others are who speaks, and louder."""
    rng = np.random.default_rng(seed)
    alphabet = np.random.default_rng(99).normal(0, 1, (10, 4))
    phones = rng.integers(0, 10, 9)
    spoken = [
        np.hstack([alphabet[phones] + rng.normal(0, 0.2, (9, 4)), rng.normal(0, 2, (9, 8))])
        for _ in range(3)
    ]
    take, *references = (one.astype(np.float32) for one in spoken)
    return Pairs(language, take, np.stack(references), phones)


def found(compare: Comparison | None, one: Pairs) -> float:
    """How often a phone's reference is nearer than those of other phones."""
    take, reference = (torch.from_numpy(x) for x in (one.take, one.references[0]))
    take, reference = (torch.nn.functional.normalize(x, dim=1) for x in (take, reference))
    if compare is not None:
        take, reference = compare(take), compare(reference)
    alike = (take @ reference.T).detach().numpy()
    nearest = alike.argmax(axis=1)
    return float((one.phones[nearest] == one.phones).mean())


def test_what_was_said_counts_and_not_who_said_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned_compare, "STEPS", 200)
    english, korean = ([pairs(seed, name) for seed in range(200)] for name in ("en", "ko"))
    compare = train_comparison(english, korean, SHAPE, 0)
    fresh = [pairs(seed, "ko") for seed in range(1000, 1040)]
    before, after = (np.mean([found(c, one) for one in fresh]) for c in (None, compare))
    assert after > before + 0.2
    again = train_comparison(english, korean, SHAPE, 0)
    for name, value in compare.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


@pytest.mark.parametrize("frames", [1, 50])
def test_compared_vectors_have_unit_length_silence_s_too(frames: int) -> None:
    compare = Comparison(SHAPE).eval()
    with torch.inference_mode():
        out = compare(torch.zeros(frames, SHAPE.embedding))
    assert out.shape == (frames, COMPARED)
    assert torch.isfinite(out).all()


def test_synthesis_is_heard_by_every_ear() -> None:
    torch.manual_seed(0)
    ears = [Ear(AlignedEncoder(SHAPE), None).eval() for _ in range(2)]
    heard = synthesis(["안녕하세요", "좋아요 정말"], ears, MEL, 1)
    assert len(heard) == 2
    for mine in heard:
        assert len(mine) == 2
        for one in mine:
            assert one.language == "ko"
            assert one.take.shape == (len(one.phones), SHAPE.embedding)
            assert one.references.shape == (3, *one.take.shape)
            assert np.isfinite(one.take).all()
