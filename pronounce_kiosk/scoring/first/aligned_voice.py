"""Whether a clip is one person speaking, forwards: what a gate that listens for phones misses.

Short sentences of a few common sounds are found in speech backwards, in music, in babble and in
coughs now and then. Networks so small that they know nothing of sentences tell those from one voice
by short pieces of the image: how sounds begin and die away, how many there are at once. That one
piece was played over and over needs no network. Asked only where the gate is in doubt, which costs
a take three to six milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.scoring.first.aligned_encoder import (
    FRAME_STRIDE,
    embedded_frames,
    without_channel,
)

CLASSES = ("one voice", "backwards", "several voices", "no voice")
"""What a clip may be, in the order of the network's outputs."""
DOUBTFUL = 3.0
"""From this similarity up nobody asks: three in four of learners' English takes lie above, and
nearly half of natives' Korean ones. Speech backwards has reached 2.7."""
USUAL = {"en": 1.25, "ko": 2.0}
WEIGHT = {"en": 0.5, "ko": 0.4}
"""What each unit of the log odds of one voice under the usual takes off the similarity. A short
Korean sentence fits more of what is said than an English one; doubting English takes as soon would
cost .004 of the agreement with raters."""
REPEATED = 0.87
"""People's takes repeat themselves by up to .73, single words by .79, takes in a tiled room by .85;
a syllable looped by .95 and more."""

WIDTH = 64
DILATIONS = (1, 2, 4, 8)
_KERNEL = 5
_LAGS = range(10, 75)
"""In mel frames: 0.1-0.75 s."""
_LEAST_VARIANCE = 1e-5


class Voice(nn.Module):
    """mel (batch, n_mels, frames) in [0, 1] to log odds (batch, len(CLASSES)).

    Convolutions in time, a frame every 30 ms; what they find is pooled over the clip: mean, spread
    and mean by loudness (after x-vectors' statistics pooling, Snyder et al. 2018).
    """

    def __init__(self, n_mels: int, width: int = WIDTH, dropout: float = 0.2) -> None:
        super().__init__()
        self.stem = nn.Conv1d(n_mels + 1, width, 7, stride=FRAME_STRIDE, padding=3)
        self.along = nn.ModuleList(
            nn.Conv1d(width, width, _KERNEL, padding=_KERNEL // 2 * step, dilation=step)
            for step in DILATIONS
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(3 * width, len(CLASSES))

    def forward(self, mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        """lengths: (batch,) valid frames, None where all are; at least one. Silence is finite."""
        if lengths is None:
            lengths = torch.full((mel.shape[0],), mel.shape[2], device=mel.device)
        at = torch.arange(mel.shape[2], device=mel.device)[None]
        level = mel.mean(dim=1) * (at < lengths[:, None])
        seen = torch.cat([without_channel(mel, lengths), 4.0 * level[:, None]], dim=1)
        x = torch.relu(self.stem(seen))
        inside = torch.arange(x.shape[2], device=x.device)[None] < embedded_frames(lengths)[:, None]
        mask = inside[:, None].to(x.dtype)
        for layer in self.along:
            x = x + self.dropout(torch.relu(layer(x * mask)))
        loud = level[:, None, ::FRAME_STRIDE] * mask
        count = mask.sum(dim=2)
        mean = (x * mask).sum(dim=2) / count
        apart = torch.square(x - mean[:, :, None]) * mask
        spread = torch.sqrt(apart.sum(dim=2) / count + _LEAST_VARIANCE)
        by_level = (x * loud).sum(dim=2) / loud.sum(dim=2).clamp(min=1e-4)
        found: Tensor = self.head(self.dropout(torch.cat([mean, spread, by_level], dim=1)))
        return found


def doubt(voices: Iterable[nn.Module], mel: FloatArray, language: str) -> float:
    """What speaks against a clip's being one voice, to be taken off the similarity; at least 0.

    mel: grayscale image (n_mels, frames); language: of the sentence. 0 for silence, and where
    nobody listens to what does not repeat itself.
    """
    if repetition(mel) > REPEATED:
        return DOUBTFUL
    odds = [one_voice(voice, mel) for voice in voices] if mel.any() else []
    if not odds:
        return 0.0
    return WEIGHT[language] * max(0.0, USUAL[language] - sum(odds) / len(odds))


def one_voice(voice: nn.Module, mel: FloatArray) -> float:
    """The log odds that a clip is one person speaking. mel: (n_mels, frames), one at least."""
    with torch.inference_mode():
        found = voice(torch.from_numpy(np.ascontiguousarray(mel))[None])[0]
        return float(found[0] - torch.logsumexp(found[1:], dim=0))


def repetition(mel: FloatArray) -> float:
    """How much an image is what it was 0.1-0.75 s before, at the lag where it is most: up to 1.

    The correlation of the image with itself, each band's mean taken off. mel: (n_mels, frames). 0
    for silence and under 0.17 s.
    """
    bands, frames = mel.shape
    lags = np.array(_LAGS[: max(0, frames * 2 // 3 - _LAGS.start)], np.int64)
    if not lags.size:
        return 0.0
    in_time = np.ascontiguousarray(mel.T, np.float64)
    sums = np.cumsum(np.vstack([np.zeros(bands), in_time]), axis=0)
    squares = np.cumsum(np.append(0.0, np.square(in_time).sum(axis=1)))
    left = frames - lags
    now, before = sums[-1] - sums[lags], sums[left]
    flat = in_time.ravel()
    both = [flat[lag * bands :] @ flat[: (frames - lag) * bands] for lag in lags]
    together = both - (now * before).sum(axis=1) / left
    power_now = squares[-1] - squares[lags] - np.square(now).sum(axis=1) / left
    power_before = squares[left] - np.square(before).sum(axis=1) / left
    power = np.maximum(power_now, 0.0) * np.maximum(power_before, 0.0)
    alike = np.divide(together, np.sqrt(power), out=np.zeros(lags.size), where=power > 1e-9)
    return max(0.0, float(alike.max()))
