"""The i-vector extractor against its formulas written out, on a small mixture."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pronounce_kiosk.scoring.acoustic.ivector import (
    EVERY,
    LEAST_POSTERIOR,
    MAX_COUNT,
    POSTERIOR_SCALE,
    SPLICE_FRAMES,
    IvectorExtractor,
)

GAUSSIANS, CEPSTRA, SIZE = 6, 4, 3


@pytest.fixture(scope="module")
def extractor() -> IvectorExtractor:
    torch.manual_seed(0)
    extractor = IvectorExtractor(GAUSSIANS, CEPSTRA, SIZE)
    inverse_variances = 0.5 + torch.rand(GAUSSIANS, CEPSTRA)
    factors = torch.randn(GAUSSIANS, CEPSTRA, CEPSTRA)
    covariances = factors @ factors.transpose(1, 2) + torch.eye(CEPSTRA)
    rows, columns = torch.tril_indices(CEPSTRA, CEPSTRA)
    for name, value in {
        "transform": 0.3 * torch.randn(CEPSTRA, (2 * SPLICE_FRAMES + 1) * CEPSTRA + 1),
        "global_mean": torch.randn(CEPSTRA),
        "weights": torch.softmax(torch.randn(GAUSSIANS), 0),
        "means_inverse_variances": torch.randn(GAUSSIANS, CEPSTRA),
        "inverse_variances": inverse_variances,
        "projections": torch.randn(GAUSSIANS, CEPSTRA, SIZE),
        "inverse_covariances": covariances[:, rows, columns],
        "prior_offset": torch.tensor(2.0),
    }.items():
        extractor.get_buffer(name).copy_(value)
    return extractor


def written_out(extractor: IvectorExtractor, mfcc: np.ndarray) -> np.ndarray:
    """Each third frame by itself, and component by component."""
    held = {name: value.numpy().astype(np.float64) for name, value in extractor.named_buffers()}
    borrowed = min(200.0, max(0.0, 600.0 - len(mfcc)))
    mean = (mfcc.sum(0) + borrowed * held["global_mean"]) / (len(mfcc) + borrowed)

    def spliced(features: np.ndarray, frame: int) -> np.ndarray:
        places = np.clip(np.arange(frame - 3, frame + 4), 0, len(features) - 1)
        return held["transform"] @ np.append(features[places].ravel(), 1.0)

    variances = 1.0 / held["inverse_variances"]
    means = held["means_inverse_variances"] * variances
    rows, columns = np.tril_indices(CEPSTRA)
    precision = np.zeros((GAUSSIANS, CEPSTRA, CEPSTRA))
    precision[:, rows, columns] = precision[:, columns, rows] = held["inverse_covariances"]
    linear, quadratic, count = np.zeros(SIZE), np.zeros((SIZE, SIZE)), 0.0
    for frame in range(0, len(mfcc), EVERY):
        features = spliced(mfcc - mean, frame)
        log = np.log(held["weights"]) - 0.5 * (
            np.log(2 * np.pi * variances).sum(1) + ((features - means) ** 2 / variances).sum(1)
        )
        best = np.argsort(log)[-5:]
        shares = np.exp(log[best] - log[best].max())
        shares /= shares.sum()
        shares[shares < LEAST_POSTERIOR] = 0.0
        shares *= EVERY * POSTERIOR_SCALE / shares.sum()
        raw = spliced(mfcc, frame)
        for component, share in zip(best, shares, strict=True):
            projection = held["projections"][component]
            linear += share * projection.T @ precision[component] @ raw
            quadratic += share * projection.T @ precision[component] @ projection
            count += share
    prior = max(1.0, count / MAX_COUNT)
    linear[0] += held["prior_offset"] * prior
    vector = np.linalg.solve(quadratic + prior * np.eye(SIZE), linear)
    vector[0] -= held["prior_offset"]
    return vector


@pytest.mark.parametrize("frames", [1, 5, 80, 1200])
def test_the_vector_is_the_formula_s(extractor: IvectorExtractor, frames: int) -> None:
    mfcc = np.random.default_rng(frames).standard_normal((frames, CEPSTRA)).astype(np.float32)
    with torch.inference_mode():
        (found,) = extractor([torch.from_numpy(mfcc)])
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.numpy(), written_out(extractor, mfcc), atol=2e-3)


def test_a_longer_clip_of_one_speaker_lies_near(extractor: IvectorExtractor) -> None:
    mfcc = torch.randn(400, CEPSTRA, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        short, long, other = extractor([mfcc, torch.cat([mfcc, mfcc]), mfcc + 3.0])
    assert (short - long).norm() < 0.5 * (short - other).norm()


def test_clips_together_are_each_alone(extractor: IvectorExtractor) -> None:
    clips = [torch.randn(frames, CEPSTRA) for frames in (40, 90, 3)]
    with torch.inference_mode():
        together = extractor(clips)
        for clip, vector in zip(clips, together, strict=True):
            torch.testing.assert_close(extractor([clip])[0], vector)
