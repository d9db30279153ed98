"""Align the phones of a sentence to a clip, and weigh leaving some of them out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_IMPOSSIBLE = -1e30

Emissions = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where every phone lies.

    starts, ends: frames of each phone, end exclusive, (phones,). log_likelihood: of the best path,
    in nepers. forward, backward: log-likelihood of the best path to and from each state at each
    frame, (frames, 2 phones + 1); states alternate silence and phone, the frame itself counts in
    both.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    log_likelihood: float
    forward: Emissions
    backward: Emissions

    def before(self, first: int) -> Emissions:
        """Give the log-likelihood of the best path of the phones before one, over so many frames.

        (frames + 1,); -inf where no path is so long.
        """
        best = np.full(len(self.forward) + 1, -np.inf)
        best[0] = 0.0 if first == 0 else -np.inf
        best[1:] = self.forward[:, max(0, 2 * first - 1) : 2 * first + 1].max(axis=1)
        return best

    def after(self, last: int) -> Emissions:
        """Give the same of the phones from one on, after so many frames, (frames + 1,)."""
        best = np.full(len(self.backward) + 1, -np.inf)
        best[:-1] = self.backward[:, 2 * last : 2 * last + 2].max(axis=1)
        best[-1] = 0.0 if last == len(self.starts) else -np.inf
        return best

    def without(self, first: int, last: int) -> float:
        """Give the log-likelihood of the best path without the phones from first to before last."""
        return float((self.before(first) + self.after(last)).max(initial=_IMPOSSIBLE))


def align(phones: Emissions, silence: Emissions) -> Alignment | None:
    """Find the best path through a sentence's phones, with silence allowed between any two.

    Method: Viterbi over a left-to-right model with one state a phone (Kaldi's chain topology).
    phones: log-posterior of each phone at each frame, (frames, phones). silence: the same of
    silence, (frames,). None where there are fewer frames than phones.
    """
    frames, count = phones.shape
    if frames < count or not count:
        return None
    emissions = _with_silence(phones, silence)
    both = _best_to(np.stack([emissions, emissions[::-1, ::-1]]))
    forward, backward = both[0], both[1, ::-1, ::-1]
    state = 2 * count if forward[-1, -1] >= forward[-1, -2] else 2 * count - 1
    best = float(forward[-1, state])
    path = np.empty(frames, np.int64)
    path[-1] = state
    for frame in range(frames - 1, 0, -1):
        # From itself, the state before, or (from phone to phone) over the silence between.
        before = forward[frame - 1]
        source = state
        if state and before[state - 1] > before[source]:
            source = state - 1
        if state >= 3 and state % 2 and before[state - 2] > before[source]:
            source = state - 2
        path[frame - 1] = state = source
    wanted = 2 * np.arange(count) + 1
    starts = np.searchsorted(path, wanted, "left")
    return Alignment(starts, np.searchsorted(path, wanted, "right"), best, forward, backward)


def log_likelihoods(phones: Emissions, silence: Emissions) -> NDArray[np.float64]:
    """Give the log-likelihood, in nepers, of the best path in each of several views of a clip.

    Arguments as of `align`, a view first; as many frames as phones at least.
    """
    return _best_to(_with_silence(phones, silence))[:, -1, -2:].max(axis=1)


def beginning_log_likelihoods(phones: Emissions, silence: Emissions) -> NDArray[np.float64]:
    """Give the log-likelihood of the best path through each beginning of a sentence, (phones + 1,).

    Arguments as of `align`, a frame at least. The first value is of silence alone; a beginning of
    more phones than there are frames is as good as impossible.
    """
    last: NDArray[np.float64] = _best_to(_with_silence(phones, silence)[None])[0, -1]
    best = last[0::2].copy()
    best[1:] = np.maximum(best[1:], last[1::2])
    return best


def _with_silence(phones: Emissions, silence: Emissions) -> Emissions:
    """Emissions of the states: silence, phone, silence, ... (..., frames, 2 phones + 1)."""
    emissions = np.empty((*phones.shape[:-1], 2 * phones.shape[-1] + 1))
    emissions[..., 0::2] = silence[..., None]
    emissions[..., 1::2] = phones
    return emissions


def _best_to(emissions: Emissions) -> Emissions:
    """Log-likelihood of the best path to each state at each frame, the frame included.

    emissions: (sets, frames, states), each set by itself.
    """
    sets, frames, states = emissions.shape
    # Two cells of padding before the states, so that one step and two steps back are slices.
    best = np.full((frames, sets, states + 2), _IMPOSSIBLE)
    best[0, :, 2:4] = emissions[:, 0, :2]
    over = np.zeros(states)
    over[0::2] = _IMPOSSIBLE
    own = np.ascontiguousarray(emissions.transpose(1, 0, 2))
    for before, row, emission in zip(best[:-1], best[1:, :, 2:], own[1:], strict=True):
        np.add(before[:, :-2], over, out=row)
        np.maximum(row, before[:, 1:-1], out=row)
        np.maximum(row, before[:, 2:], out=row)
        row += emission
    return best[:, :, 2:].transpose(1, 0, 2)
