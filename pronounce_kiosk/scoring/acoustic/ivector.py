"""Speaker i-vectors as Kaldi's online extractor makes them.

Method: Dehak et al. 2011 ("Front-end factor analysis for speaker verification"), with the choices
of Kaldi's online2/online-ivector-feature.cc: posteriors of a diagonal Gaussian mixture on spliced,
mean-normalised MFCC; first-order statistics on the unnormalised ones; a prior that keeps its weight
however long the clip is.
"""

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor, nn

from pronounce_kiosk.scoring.acoustic.tdnnf import extended

SPLICE_FRAMES = 3
"""Frames on either side that are spliced before the transform."""
GAUSSIANS_A_FRAME = 5
"""Mixture components a frame is shared among. More costs time and changes little."""
LEAST_POSTERIOR = 0.025
"""Smaller shares of a frame are dropped."""
POSTERIOR_SCALE = 0.1
"""Weight of a frame: neighbours are alike, so ten count as one."""
EVERY = 3
"""Only each of so many frames is looked at, for itself and its neighbours. Swapped sounds are told
as well as with all of them (AUC .946 and .913, natives reading and on a stage)."""
MAX_COUNT = 100.0
"""Weighted frames after which the prior grows with the clip instead of fading."""
GLOBAL_MEAN_FRAMES = 200.0
"""Frames that the global mean counts for in a short clip's mean."""
MEAN_WINDOW_FRAMES = 600.0
"""From this length on, a clip's mean is its own alone."""


class IvectorExtractor(nn.Module):
    """Estimate a clip's i-vector of a size by a mixture of Gaussians over its MFCC.

    The spliced features are transformed to as many as there are cepstra in a frame.
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

    @cached_property
    def _from_statistics(self) -> tuple[Tensor, Tensor]:
        """Map first-order statistics to the linear term, and counts to the quadratic's triangle."""
        rows, columns = torch.tril_indices(self.cepstra, self.cepstra)
        precision = torch.zeros(len(self.weights), self.cepstra, self.cepstra)
        precision[:, rows, columns] = self.inverse_covariances
        precision[:, columns, rows] = self.inverse_covariances
        linear = self.projections.transpose(1, 2) @ precision
        rows, columns = torch.tril_indices(self.size, self.size)
        quadratic = (linear @ self.projections)[:, rows, columns]
        return linear.transpose(1, 2).flatten(0, 1).contiguous(), quadratic

    @cached_property
    def _mixture(self) -> tuple[Tensor, Tensor]:
        """Map features and their squares to log-likelihoods, and give these their constants."""
        log_variances = -torch.log(self.inverse_variances).sum(1)
        squares = (self.means_inverse_variances.square() / self.inverse_variances).sum(1)
        constant = self.cepstra * torch.log(torch.tensor(2.0 * torch.pi)) + log_variances + squares
        factors = torch.cat([self.means_inverse_variances, -0.5 * self.inverse_variances], dim=1)
        return factors, torch.log(self.weights) - 0.5 * constant

    def forward(self, clips: Sequence[Tensor]) -> Tensor:
        """Estimate the i-vector of each of several clips, (clips, size), float32.

        clips: MFCC, (frames, cepstra) each, at least one frame. Silence gives a vector near the
        prior. Together they are quicker: most of the time goes into reading the weights.
        """
        to_linear, to_quadratic = self._from_statistics
        counts, firsts = map(torch.stack, zip(*map(self._statistics, clips), strict=True))
        linear = (firsts @ to_linear).double()
        rows, columns = torch.tril_indices(self.size, self.size)
        quadratic = torch.zeros(len(clips), self.size, self.size, dtype=torch.float64)
        quadratic[:, rows, columns] = (counts @ to_quadratic).double()
        prior = (counts.double().sum(1, keepdim=True) / MAX_COUNT).clamp(min=1.0)
        quadratic.diagonal(dim1=1, dim2=2).add_(prior)
        linear[:, :1] += self.prior_offset.double() * prior
        factor = torch.linalg.cholesky(quadratic)  # reads the lower triangle alone
        vectors = torch.cholesky_solve(linear[:, :, None], factor)[:, :, 0]
        vectors[:, 0] -= self.prior_offset
        return vectors.float()

    def _statistics(self, mfcc: Tensor) -> tuple[Tensor, Tensor]:
        """Zeroth-order statistics, (gaussians,), and first-order ones, (gaussians * cepstra,)."""
        spliced = self._spliced(mfcc)
        borrowed = min(GLOBAL_MEAN_FRAMES, max(0.0, MEAN_WINDOW_FRAMES - len(mfcc)))
        mean = (mfcc.sum(0) + borrowed * self.global_mean) / (len(mfcc) + borrowed)
        spliced_mean = self.transform[:, :-1] @ mean.repeat(2 * SPLICE_FRAMES + 1)
        shares = self._posteriors(spliced - spliced_mean)
        return shares.sum(0), (shares.T @ spliced).flatten()

    def _spliced(self, mfcc: Tensor) -> Tensor:
        """Splice and transform the frames that are looked at."""
        windows = extended(mfcc, SPLICE_FRAMES).unfold(0, 2 * SPLICE_FRAMES + 1, EVERY)
        return windows.transpose(1, 2).flatten(1) @ self.transform[:, :-1].T + self.transform[:, -1]

    def _posteriors(self, features: Tensor) -> Tensor:
        """Shares of every frame among the components, scaled; (frames, gaussians)."""
        both = torch.cat([features, features.square()], dim=1)
        factors, constants = self._mixture
        likelihoods = torch.addmm(constants, both, factors.T)
        best, index = likelihoods.topk(GAUSSIANS_A_FRAME, dim=1)
        share = torch.softmax(best, dim=1)
        share = torch.where(share < LEAST_POSTERIOR, torch.zeros_like(share), share)
        share = POSTERIOR_SCALE * EVERY * share / share.sum(1, keepdim=True)
        return torch.zeros_like(likelihoods).scatter_(1, index, share)
