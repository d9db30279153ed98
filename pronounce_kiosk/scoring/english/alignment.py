"""Forced alignment of a sentence's phones to CTC posteriors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.language.phones import SILENCE

REACH_FRAMES = 5.0
"""How far the first phone reaches before its emission and the last one after it, in frames."""
LEAST_POSTERIOR = 1e-4
"""Added to a posterior where beginnings are weighed: one phone said otherwise must not outweigh all
that follows it."""
OTHERWISE_SHARE = 0.05
"""Share of a phone's emissions that another phone may take where beginnings are weighed. Raising it
lets learners say more phones otherwise, and hears the next phone in any sound after a beginning."""


@dataclass(frozen=True, eq=False)
class PhonePlaces:
    """Where CTC emits each phone of a sentence.

    first, last: int64 (phones,), the frames of the emission, last inclusive. edges: int64
    (phones + 1,), the frames that divide the clip between the phones: halfway from one emission to
    the next. log_likelihood: of the best path.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    edges: NDArray[np.int64]
    log_likelihood: float

    @property
    def centres(self) -> NDArray[np.float64]:
        """The middle of each emission, in frames."""
        return (self.first + self.last) / 2.0

    @property
    def spoken_frames(self) -> float:
        """Frames from the first emission to the last one."""
        return float(self.last[-1] - self.first[0] + 1)


def align_ctc(log_posteriors: FloatArray, phones: Sequence[int]) -> PhonePlaces | None:
    """Align phones, one at least, to a clip by the best CTC path (Viterbi).

    log_posteriors: float32 (frames, phones of the set + 1), the blank at `SILENCE`. None where the
    clip has too few frames for the phones.
    """
    frames = len(log_posteriors)
    labels, skips = _states(phones)
    emitted = log_posteriors[:, labels].astype(np.float64)
    moves = np.zeros((frames, len(labels)), np.int8)
    # Two cells of padding before the row, so that one step and two steps back are slices of it.
    row = np.full(len(labels) + 2, -np.inf)
    row[2:4] = emitted[0, :2]
    candidates = np.empty((3, len(labels)))
    for frame in range(1, frames):
        candidates[0] = row[2:]
        candidates[1] = row[1:-1]
        np.add(row[:-2], skips, out=candidates[2])
        move = candidates.argmax(axis=0)
        moves[frame] = move
        row[2:] = candidates.max(axis=0) + emitted[frame]
    state = len(labels) - 1 if row[-1] > row[-2] else len(labels) - 2
    best = row[state + 2]
    if not np.isfinite(best):
        return None
    states = np.empty(frames, np.int64)
    states[-1] = state
    for frame in range(frames - 1, 0, -1):
        state -= int(moves[frame, state])
        states[frame - 1] = state
    wanted = 2 * np.arange(len(phones)) + 1
    first = np.searchsorted(states, wanted, side="left")
    last = np.searchsorted(states, wanted, side="right") - 1
    return PhonePlaces(first, last, _edges(first, last, frames), float(best))


def beginning_log_likelihoods(
    log_posteriors: FloatArray, phones: Sequence[int]
) -> NDArray[np.float64]:
    """Give the log-likelihood of the best CTC path through each beginning of the phones.

    A phone said otherwise costs less than one not said: learners say many phones otherwise. Of a
    frame at least, (phones + 1,); the first is of no phone at all, -inf is of more than fit into
    the frames.
    """
    labels, skips = _states(phones)
    posteriors = np.exp(log_posteriors.astype(np.float64))
    emitted = posteriors[:, labels]
    any_phone = 1.0 - posteriors[:, [SILENCE]]
    emitted[:, 1::2] += OTHERWISE_SHARE * (any_phone - emitted[:, 1::2])
    emitted = np.log(emitted + LEAST_POSTERIOR)
    row = np.full(len(labels) + 2, -np.inf)
    row[2:4] = emitted[0, :2]
    for frame in emitted[1:]:
        row[2:] = frame + np.maximum(np.maximum(row[2:], row[1:-1]), row[:-2] + skips)
    best: NDArray[np.float64] = row[2::2].copy()
    best[1:] = np.maximum(best[1:], row[3::2])
    return best


def _states(phones: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Labels of CTC's states, and what it costs to come to each over the one before it."""
    labels = np.full(2 * len(phones) + 1, SILENCE)
    labels[1::2] = phones
    skips = np.full(len(labels), -np.inf)
    skips[3::2] = np.where(labels[3::2] != labels[1:-2:2], 0.0, -np.inf)
    return labels, skips


def _edges(first: NDArray[np.int64], last: NDArray[np.int64], frames: int) -> NDArray[np.int64]:
    centres = (first + last) / 2.0
    between = np.ceil((centres[1:] + centres[:-1]) / 2.0)
    start = max(0.0, np.floor(centres[0] - REACH_FRAMES))
    end = min(float(frames), np.ceil(centres[-1] + REACH_FRAMES) + 1.0)
    return np.r_[start, between, end].astype(np.int64)


def ctc_log_likelihoods(
    log_posteriors: FloatArray, asked: Sequence[tuple[int, int, Sequence[int]]]
) -> NDArray[np.float64]:
    """Give the log likelihood of phones over all CTC paths through a span of a clip's frames.

    asked: first frame, the frame after the last one, and phones. -inf where the frames are too few.
    """
    longest = max(end - start for start, end, _ in asked)
    most = max(len(phones) for _, _, phones in asked)
    frames = np.zeros((longest, len(asked), log_posteriors.shape[1]), np.float32)
    targets = np.zeros((len(asked), most), np.int64)
    for row, (start, end, phones) in enumerate(asked):
        frames[: end - start, row] = log_posteriors[start:end]
        targets[row, : len(phones)] = phones
    losses = F.ctc_loss(
        torch.from_numpy(frames),
        torch.from_numpy(targets),
        torch.tensor([end - start for start, end, _ in asked]),
        torch.tensor([len(phones) for _, _, phones in asked]),
        blank=SILENCE,
        reduction="none",
    )
    return -losses.double().numpy()


def greedy_phones(log_posteriors: FloatArray) -> list[int]:
    """The phones of CTC's likeliest symbol in each frame: repeats merged, blanks left out."""
    best = log_posteriors.argmax(axis=1)
    keep = best != SILENCE
    keep[1:] &= best[1:] != best[:-1]
    return best[keep].tolist()
