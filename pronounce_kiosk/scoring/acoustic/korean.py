"""`KoreanAcousticModel`: from a clip to the posteriors of 46 Korean phones, every 30 ms.

The weights are those of vosk-model-small-ko-0.22, converted by `training.aligned.convert_korean`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.level import normalised
from pronounce_kiosk.scoring.acoustic.ivector import IvectorExtractor
from pronounce_kiosk.scoring.acoustic.mfcc import mel_energies, mfcc
from pronounce_kiosk.scoring.acoustic.reverberation import without_reverberation
from pronounce_kiosk.scoring.acoustic.tdnnf import SUBSAMPLING, Tdnnf, TdnnfShape

FRAME_S = 0.01 * SUBSAMPLING
WINDOW_S = 0.025
"""An input frame looks at this much of the clip; the network was trained so."""
DITHER = 3.0 / 32768.0
"""RMS of the noise added to every clip, full scale 1. The logarithms of digital silence, which a
denoised clip holds, lie far from all the network was trained on. Of swapped sounds in natives'
takes .858 are told at 0, .939 at 3 and .934 at 10 steps of 16 bits (area under the curve)."""
SLOWED = 0.9
"""Tempo of a slowed view. Nearer 1 it hears what the plain one hears, at 0.8 voices are too low."""
CEPSTRA = 40
LEAST_SAMPLES = round(3 * WINDOW_S * PIPELINE_SAMPLE_RATE_HZ)
"""A shorter clip is padded with silence."""

PHONES = (
    "ㅍ", "ㅂ", "ㅂ_", "ㅡ", "ㅝ", "ㅞ", "ㅌ", "ㅜ", "ㅈ", "ㅠ", "ㅟ", "ㅕ",
    "ㄸ", "ㅉ", "ㄷ", "ㄷ_", "ㅘ", "ㅣ", "ㅇ_", "ㅁ", "ㅁ_", "ㅏ", "ㅋ", "ㅐ",
    "ㄹ", "ㄹ_", "ㅑ", "ㅖ", "ㅗ", "ㅎ", "ㅙ", "ㄴ", "ㄴ_", "ㅚ", "ㄱ", "ㄱ_",
    "ㅊ", "ㅛ", "ㄲ", "ㅒ", "ㅓ", "ㅢ", "ㅃ", "ㅆ", "ㅅ", "ㅔ",
)  # fmt: skip
"""The network's phones in its own order. Column 0 of the posteriors is silence and noise."""
COLUMN = {phone: column for column, phone in enumerate(PHONES, start=1)}

SHAPE = TdnnfShape(
    cepstra=CEPSTRA,
    ivector=100,
    width=768,
    bottleneck=64,
    outputs=2616,
    phones=1 + len(PHONES),
    strides=(1, 1, 1, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3),
)
GAUSSIANS = 512


@dataclass(frozen=True, eq=False)
class FrameOutputs:
    """One clip as the network hears it, a frame every `FRAME_S`.

    posteriors: float32 (frames, 1 + phones), rows add up to 1. bottleneck: float32 (frames, 64),
    what take and reference are compared in.
    """

    posteriors: FloatArray
    bottleneck: FloatArray

    def stretched(self, frames: int) -> "FrameOutputs":
        """Interpolate to another number of frames."""
        at = np.linspace(0.0, len(self.posteriors) - 1.0, frames)
        low = np.floor(at).astype(np.int64)
        high = np.minimum(low + 1, len(self.posteriors) - 1)
        share = (at - low)[:, None].astype(np.float32)
        both = (self.posteriors, self.bottleneck)
        return FrameOutputs(*((1.0 - share) * one[low] + share * one[high] for one in both))


class KoreanAcousticModel(nn.Module):
    """The network with its i-vector extractor."""

    def __init__(self) -> None:
        super().__init__()
        self.ivectors = IvectorExtractor(GAUSSIANS, CEPSTRA, SHAPE.ivector)
        self.network = Tdnnf(SHAPE)

    def hear(self, views: Sequence[FloatArray]) -> list[FrameOutputs]:
        """Compute the frame outputs of several views of one clip, 16 kHz, of any length each.

        Each is brought to one level; silence gives posteriors of silence. Each has ``ceil(duration
        / FRAME_S)`` frames or one fewer. A room's reverberation is taken off where the first is as
        recorded and a second one denoised.
        """
        with torch.inference_mode():
            cepstra = cepstra_of(views)
            # The network hears each alone: what it rounds to 8 bits depends on all it is given.
            outputs = [
                self.network(own, speaker)
                for own, speaker in zip(cepstra, self.ivectors(cepstra), strict=True)
            ]
        return [FrameOutputs(own.numpy(), narrow.numpy()) for own, narrow in outputs]


def cepstra_of(views: Sequence[FloatArray]) -> list[Tensor]:
    """Compute the MFCC of a clip's views as `KoreanAcousticModel.hear` does, (frames, cepstra)."""
    energies = [_energies(view) for view in views]
    if len(energies) > 1:
        energies = without_reverberation(energies)
    return [mfcc(own) for own in energies]


def slowed(samples: FloatArray) -> FloatArray:
    """Slow a clip at 16 kHz by `SLOWED`, as a tape would: its pitch falls, too."""
    rate_hz = round(PIPELINE_SAMPLE_RATE_HZ * SLOWED)
    return AudioClip.from_array(samples, rate_hz).resampled(PIPELINE_SAMPLE_RATE_HZ).samples


def _energies(samples: FloatArray) -> Tensor:
    """Mel energies of a clip at one level, (frames, cepstra)."""
    level = normalised(AudioClip.from_array(samples, PIPELINE_SAMPLE_RATE_HZ)).samples
    padded = np.pad(level, (0, max(0, LEAST_SAMPLES - len(level))))
    noise = _noise(math.ceil(len(padded) / PIPELINE_SAMPLE_RATE_HZ))[: len(padded)]
    steps = (padded + DITHER * noise) * np.float32(32768.0)
    return mel_energies(torch.from_numpy(steps), CEPSTRA)


@lru_cache(maxsize=4)
def _noise(duration_s: int) -> FloatArray:
    """Draw noise of variance 1; a longer one begins like a shorter one."""
    rng = np.random.default_rng(0)
    return rng.standard_normal(duration_s * PIPELINE_SAMPLE_RATE_HZ, np.float32)
