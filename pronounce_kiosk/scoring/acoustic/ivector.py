"""Speaker i-vectors as Kaldi's online extractor makes them.

Method: Dehak et al. 2011 ("Front-end factor analysis for speaker verification"), with the choices
of Kaldi's online2/online-ivector-feature.cc: posteriors of a diagonal Gaussian mixture on spliced,
mean-normalised MFCC; first-order statistics on the unnormalised ones; a prior that keeps its weight
however long the clip is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

SPLICE_FRAMES = 3
"""Frames on either side that are spliced before the transform."""
GAUSSIANS_A_FRAME = 5
"""Mixture components a frame is shared among. More costs time and changes little."""
LEAST_POSTERIOR = 0.025
"""Smaller shares of a frame are dropped."""
POSTERIOR_SCALE = 0.1
"""Weight of a frame: neighbours are alike, so ten count as one."""
MAX_COUNT = 100.0
"""Weighted frames after which the prior grows with the clip instead of fading."""
GLOBAL_MEAN_FRAMES = 200.0
"""Frames that the global mean counts for in a short clip's mean."""
MEAN_WINDOW_FRAMES = 600.0
"""From this length on, a clip's mean is its own alone."""


class IvectorExtractor(nn.Module):
    """Estimate a clip's i-vector from its MFCC.

    Args:
        gaussians: components of the mixture.
        cepstra: MFCC a frame; the spliced features are transformed to as many.
        size: of the i-vector.
    """

    transform: Tensor
    global_mean: Tensor
    weights: Tensor
    means_inverse_variances: Tensor
    inverse_variances: Tensor
    projections: Tensor
    inverse_covariances: Tensor
    prior_offset: Tensor

    def __init__(self, gaussians: int, cepstra: int, size: int) -> None:
        super().__init__()
        spliced = (2 * SPLICE_FRAMES + 1) * cepstra
        packed = cepstra * (cepstra + 1) // 2
        self.cepstra, self.size = cepstra, size
        for name, shape in {
            "transform": (cepstra, spliced + 1),
            "global_mean": (cepstra,),
            "weights": (gaussians,),
            "means_inverse_variances": (gaussians, cepstra),
            "inverse_variances": (gaussians, cepstra),
            "projections": (gaussians, cepstra, size),
            "inverse_covariances": (gaussians, packed),
            "prior_offset": (),
        }.items():
            self.register_buffer(name, torch.zeros(shape))
        self._linear: Tensor | None = None
        self._quadratic: Tensor | None = None
        self._constants: Tensor | None = None

    def precompute(self) -> None:
        """Multiply out what no clip changes; call it once the weights are loaded."""
        rows, columns = torch.tril_indices(self.cepstra, self.cepstra)
        precision = torch.zeros(len(self.weights), self.cepstra, self.cepstra)
        precision[:, rows, columns] = self.inverse_covariances
        precision[:, columns, rows] = self.inverse_covariances
        linear = self.projections.transpose(1, 2) @ precision
        self._linear = linear.contiguous()
        self._quadratic = (linear @ self.projections).flatten(1)
        log_variances = -torch.log(self.inverse_variances).sum(1)
        squares = (self.means_inverse_variances.square() / self.inverse_variances).sum(1)
        constant = self.cepstra * torch.log(torch.tensor(2.0 * torch.pi)) + log_variances + squares
        self._constants = torch.log(self.weights) - 0.5 * constant

    def forward(self, mfcc: Tensor) -> Tensor:
        """Estimate the i-vector of one clip.

        Args:
            mfcc: (frames, cepstra), at least one frame. Silence gives a vector near the prior.

        Returns:
            (size,), float32.
        """
        if self._linear is None or self._quadratic is None or self._constants is None:
            self.precompute()
        assert self._linear is not None
        assert self._quadratic is not None
        shares = self._posteriors(self._spliced(mfcc - self._mean(mfcc)))
        counts = shares.sum(0)
        statistics = shares.T @ self._spliced(mfcc)
        used = counts > 0
        linear = (self._linear[used] @ statistics[used, :, None]).sum(0)[:, 0].double()
        quadratic = (counts @ self._quadratic).view(self.size, self.size).double()
        prior = max(1.0, float(counts.sum()) / MAX_COUNT)
        quadratic += prior * torch.eye(self.size, dtype=torch.float64)
        linear[0] += self.prior_offset.double() * prior
        vector = torch.linalg.solve(quadratic, linear)
        vector[0] -= self.prior_offset
        return vector.float()

    def _mean(self, mfcc: Tensor) -> Tensor:
        frames = len(mfcc)
        borrowed = min(GLOBAL_MEAN_FRAMES, max(0.0, MEAN_WINDOW_FRAMES - frames))
        return (mfcc.sum(0) + borrowed * self.global_mean) / (frames + borrowed)

    def _spliced(self, mfcc: Tensor) -> Tensor:
        padded = torch.cat(
            [mfcc[:1].expand(SPLICE_FRAMES, -1), mfcc, mfcc[-1:].expand(SPLICE_FRAMES, -1)]
        )
        spliced = torch.cat(
            [padded[shift : shift + len(mfcc)] for shift in range(2 * SPLICE_FRAMES + 1)], dim=1
        )
        return spliced @ self.transform[:, :-1].T + self.transform[:, -1]

    def _posteriors(self, features: Tensor) -> Tensor:
        """Shares of every frame among the components, scaled; (frames, gaussians)."""
        assert self._constants is not None
        likelihoods = (
            self._constants
            + features @ self.means_inverse_variances.T
            - 0.5 * features.square() @ self.inverse_variances.T
        )
        best, index = likelihoods.topk(GAUSSIANS_A_FRAME, dim=1)
        share = torch.softmax(best, dim=1)
        share = torch.where(share < LEAST_POSTERIOR, torch.zeros_like(share), share)
        share = POSTERIOR_SCALE * share / share.sum(1, keepdim=True)
        return torch.zeros_like(likelihoods).scatter_(1, index, share)
