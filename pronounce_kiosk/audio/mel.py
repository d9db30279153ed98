"""The grayscale mel image: one intensity channel, normalised per clip.

The loudest point of every clip is 1 and `top_db` under it is 0, so the image does not depend on
loudness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.level import normalised

if TYPE_CHECKING:
    from torch import Tensor

_LEAST_POWER = 1e-10
_SILENCE_DB = -99.0


@dataclass(frozen=True)
class MelParameters:
    """Parameters of the image; a bundle's manifest states each of them.

    Frequencies in Hz, window and hop in samples at sample_rate_hz; top_db is the dynamic range.
    soft_floor: values under the range fade into its floor instead of being cut off, so that a
    room's faint noise changes next to nothing compared with digital silence.
    """

    sample_rate_hz: int = PIPELINE_SAMPLE_RATE_HZ
    n_fft: int = 512
    win_length: int = 400
    hop_length: int = 160
    n_mels: int = 64
    f_min_hz: float = 60.0
    f_max_hz: float = 7600.0
    top_db: float = 60.0
    mel_scale: str = "slaney"
    soft_floor: bool = False


def grayscale_mel(clip: AudioClip, parameters: MelParameters) -> FloatArray:
    """Compute the image: float32, shape (n_mels, 1 + n_samples // hop_length), values in [0, 1].

    Row 0 is the lowest frequency. An empty clip gives (n_mels, 0), silence all zeros.

    Raises:
        ValueError: The clip's rate is not the parameters'.
    """
    if clip.sample_rate_hz != parameters.sample_rate_hz:
        raise ValueError(
            f"the mel is for {parameters.sample_rate_hz} Hz, the clip has {clip.sample_rate_hz}"
        )
    if not len(clip.samples):
        return np.zeros((parameters.n_mels, 0), np.float32)
    import torch

    window, filters = _transforms(parameters)
    # The power floor is -100 dB: only a normalised clip stays clear of it.
    samples = torch.from_numpy(np.array(normalised(clip).samples))
    with torch.inference_mode():
        spectrum = torch.stft(
            samples,
            parameters.n_fft,
            parameters.hop_length,
            parameters.win_length,
            window,
            # The default, reflection, needs more samples than half a window.
            pad_mode="constant",
            return_complex=True,
        )
        parts = torch.view_as_real(spectrum.T).square_()
        power = torch.mm(parts[:, :, 0] + parts[:, :, 1], filters).clamp_(min=_LEAST_POWER)
        top = float(power.max())
        if not math.isfinite(top) or top <= 10.0 ** (_SILENCE_DB / 10.0):
            return np.zeros((power.shape[1], power.shape[0]), np.float32)
        power /= top
        if parameters.soft_floor:
            power += 10.0 ** (-parameters.top_db / 10.0)
        image = power.log10_().mul_(10.0 / parameters.top_db).add_(1.0).clamp_(0.0, 1.0)
    result: FloatArray = image.numpy().T
    return result


def mel_image(mel: FloatArray) -> NDArray[np.uint8]:
    """Convert the image to 8 bits for a screen.

    Shape (n_mels, n_frames); row 0 is the highest frequency.
    """
    image: NDArray[np.uint8] = np.round(np.clip(mel[::-1], 0.0, 1.0) * 255.0).astype(np.uint8)
    return np.ascontiguousarray(image)


@lru_cache(maxsize=8)
def _transforms(parameters: MelParameters) -> tuple[Tensor, Tensor]:
    """Build the window (win_length,) and the filter bank (bins of the spectrum, n_mels).

    Cached, as building costs more than applying.
    """
    import torch
    from torchaudio.functional import melscale_fbanks

    filters = melscale_fbanks(
        n_freqs=parameters.n_fft // 2 + 1,
        f_min=parameters.f_min_hz,
        f_max=parameters.f_max_hz,
        n_mels=parameters.n_mels,
        sample_rate=parameters.sample_rate_hz,
        norm=None,
        mel_scale=parameters.mel_scale,
    )
    return torch.hann_window(parameters.win_length), filters
