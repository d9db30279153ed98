"""A batch of speech as the encoder hears it in training: grayscale mels, never twice the same.

Everything is batched tensor work, so that it runs where the model does. With no augmentation the
images equal `audio.mel.grayscale_mel` (a test holds the two together).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.fft import next_fast_len
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.audio.mel import MelParameters, levels_to_image

VTLP_WARPS = 17
VTLP_RANGE = (0.82, 1.22)


@dataclass(frozen=True)
class AugmentedBatch:
    """mel: levels in dB or images in [0, 1], (batch, n_mels, frames). lengths: (batch,) frames.

    stretch: (batch,), how many seconds of the item one second of it covers.
    """

    mel: Tensor
    lengths: Tensor
    stretch: Tensor


class Augmenter:
    """Waves to mels on one device. `generator` makes it reproducible on that device."""

    def __init__(self, parameters: MelParameters, device: torch.device, seed: int) -> None:
        self.parameters = parameters
        self.device = device
        self.generator = torch.Generator(device)
        self.generator.manual_seed(seed)
        self.window = torch.hann_window(parameters.win_length, device=device)
        warps = np.concatenate([[1.0], np.linspace(*VTLP_RANGE, VTLP_WARPS)])
        self.banks = torch.stack([_filter_bank(parameters, float(w)) for w in warps]).to(device)

    def decibels(self, waves: Tensor, lengths: Tensor, augment: bool) -> AugmentedBatch:
        """Mel levels in dB: as they are, or by another speaker, in another room, in noise.

        waves (batch, samples) float, lengths (batch,) in samples. This half costs transforms of
        whole waves, so it is done a few times an item and kept; `images` is done at every step.
        """
        speed = torch.ones(len(waves), device=self.device)
        banks = self.banks[:1].expand(len(waves), -1, -1)
        if augment:
            waves, lengths, speed = self._speed(waves, lengths)
            waves = self._reverberate(waves)
            waves = self._add_noise(waves, lengths)
            banks = self.banks[1 + (self._uniform(len(waves), 0, 1) * VTLP_WARPS).long()]
        levels, frames = self._decibels(waves, lengths, banks)
        return AugmentedBatch(levels, frames, speed)

    def plain(self, levels: Tensor, frames: Tensor) -> Tensor:
        """The grayscale image (batch, n_mels, frames) of mel levels, as `audio.mel` makes it.

        Beyond an item's own frames it is 0; silence gives a finite image.
        """
        valid = torch.arange(levels.shape[2], device=self.device)[None] < frames[:, None]
        levels = levels.masked_fill(~valid[:, None], -200.0)
        top = levels.amax(dim=(1, 2), keepdim=True)
        return levels_to_image(levels, top, self.parameters)

    def images(self, levels: Tensor, frames: Tensor) -> AugmentedBatch:
        """Channel, tempo, speckle, gating and masks on mel levels (batch, n_mels, frames)."""
        levels = levels + self._curve(len(levels), 8, 9.0)[:, :, None]
        levels, frames, tempo = self._tempo(levels, frames)
        mel = self.plain(levels, frames)
        mel = self._gate(self._speckle(mel))
        return AugmentedBatch(self._mask(mel, frames), frames, tempo)

    def _uniform(self, count: int, low: float, high: float) -> Tensor:
        unit = torch.rand(count, generator=self.generator, device=self.device)
        return low + (high - low) * unit

    def _chosen(self, count: int, probability: float) -> Tensor:
        return (self._uniform(count, 0.0, 1.0) < probability).float()

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator, device=self.device)

    def _speed(self, waves: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        speed = self._uniform(len(waves), 0.88, 1.14)
        longest = int(waves.shape[1] / 0.88) + 1
        position = torch.arange(longest, device=self.device)[None] * speed[:, None]
        limit = waves.shape[1] - 2
        left = position.long().clamp(max=limit)
        share = (position - left).clamp(0.0, 1.0)
        faster = waves.gather(1, left) * (1 - share) + waves.gather(1, left + 1) * share
        lengths = (lengths / speed).long()
        faster = faster * (torch.arange(longest, device=self.device)[None] < lengths[:, None])
        return faster[:, : int(lengths.max())], lengths, speed

    def _reverberate(self, waves: Tensor) -> Tensor:
        taps = 8000
        decay_s = self._uniform(len(waves), 0.02, 0.25)
        time_s = torch.arange(taps, device=self.device)[None] / 16000.0
        tail = self._normal(len(waves), taps) * torch.exp(-time_s / decay_s[:, None])
        tail[:, :32] = 0.0
        tail = tail / tail.norm(dim=1, keepdim=True)
        # Up to 4 dB more from the walls than from the mouth: a tiled room, two metres away.
        gain = self._uniform(len(waves), 0.1, 1.6) * self._chosen(len(waves), 0.45)
        size = next_fast_len(waves.shape[1] + taps, real=True)
        wet = torch.fft.irfft(torch.fft.rfft(waves, size) * torch.fft.rfft(tail, size), size)
        return waves + gain[:, None] * wet[:, : waves.shape[1]]

    def _add_noise(self, waves: Tensor, lengths: Tensor) -> Tensor:
        count, size = waves.shape
        colour = self._uniform(count, -1.0, 0.2)[:, None]
        spectrum = torch.fft.rfft(self._normal(count, next_fast_len(size, real=True)))
        hertz = torch.linspace(0.005, 1.0, spectrum.shape[1], device=self.device)[None]
        noise = torch.fft.irfft(spectrum * hertz**colour, next_fast_len(size, real=True))[:, :size]
        order = torch.randperm(count, generator=self.generator, device=self.device)
        babble = sum((waves[order.roll(k)].roll(k * 4001, dims=1) for k in range(1, 4)), 0 * waves)
        noise = noise / noise.std(dim=1, keepdim=True).clamp(min=1e-6)
        babble = babble / babble.std(dim=1, keepdim=True).clamp(min=1e-6)
        kind = self._chosen(count, 0.3)[:, None]
        noise = kind * babble + (1 - kind) * noise
        power = waves.square().sum(dim=1) / lengths.clamp(min=1)
        snr_db = self._uniform(count, 5.0, 45.0)
        gain = power.sqrt() * 10 ** (-snr_db / 20) * self._chosen(count, 0.75)
        noise = noise * (torch.arange(size, device=self.device)[None] < lengths[:, None])
        return waves + gain[:, None] * noise

    def _decibels(self, waves: Tensor, lengths: Tensor, banks: Tensor) -> tuple[Tensor, Tensor]:
        p = self.parameters
        spectrum = torch.stft(
            waves,
            p.n_fft,
            p.hop_length,
            p.win_length,
            self.window,
            center=True,
            pad_mode="constant",
            return_complex=True,
        )
        power = torch.einsum("bfm,bft->bmt", banks, spectrum.abs().square())
        return 10.0 * torch.log10(power.clamp(min=1e-12)), 1 + lengths // p.hop_length

    def _curve(self, count: int, knots: int, decibels: float) -> Tensor:
        points = (
            self._normal(count, 1, knots) * decibels * self._uniform(count, 0, 1)[:, None, None]
        )
        return functional.interpolate(
            points, size=self.parameters.n_mels, mode="linear", align_corners=True
        )[:, 0]

    def _tempo(self, image: Tensor, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        tempo = self._uniform(len(image), 0.75, 1.3)
        longest = int(image.shape[2] / 0.75) + 1
        position = torch.arange(longest, device=self.device)[None] * tempo[:, None]
        left = position.long().clamp(max=image.shape[2] - 2)
        share = (position - left).clamp(0.0, 1.0)[:, None]
        wide = (-1, image.shape[1], -1)
        warped = (
            image.gather(2, left[:, None].expand(wide)) * (1 - share)
            + image.gather(2, (left + 1)[:, None].expand(wide)) * share
        )
        frames = (frames / tempo).long().clamp(min=1)
        return warped[:, :, : int(frames.max())], frames, tempo

    def _speckle(self, mel: Tensor) -> Tensor:
        strength = self._uniform(len(mel), 0.0, 0.06)[:, None, None]
        return (mel + strength * self._normal(*mel.shape) * (mel > 0)).clamp(0.0, 1.0)

    def _gate(self, mel: Tensor) -> Tensor:
        floor = (self._uniform(len(mel), 0.0, 0.4) * self._chosen(len(mel), 0.4))[:, None, None]
        return torch.where(mel < floor, mel * 0.3, mel)

    def _mask(self, mel: Tensor, frames: Tensor) -> Tensor:
        count, bands, size = mel.shape
        time = torch.arange(size, device=self.device)[None]
        band = torch.arange(bands, device=self.device)[None]
        keep_time = torch.ones(count, size, device=self.device)
        keep_band = torch.ones(count, bands, device=self.device)
        for _ in range(3):
            width = self._uniform(count, 0.0, 0.05) * frames
            start = self._uniform(count, 0.0, 1.0) * (frames - width)
            keep_time *= ~((time >= start[:, None]) & (time < (start + width)[:, None]))
            width = self._uniform(count, 0.0, 9.0)
            start = self._uniform(count, 0.0, 1.0) * (bands - width)
            keep_band *= ~((band >= start[:, None]) & (band < (start + width)[:, None]))
        # A telephone or a dull microphone: nothing above an edge.
        edge = torch.where(
            self._chosen(count, 0.1) > 0,
            self._uniform(count, 38, bands),
            bands * torch.ones(count, device=self.device),
        )
        keep_band *= band < edge[:, None]
        fill = mel.mean(dim=(1, 2), keepdim=True)
        keep = keep_time[:, None] * keep_band[:, :, None]
        return mel * keep + fill * (1 - keep)


def _filter_bank(parameters: MelParameters, warp: float) -> Tensor:
    """Mel filters (frequencies, n_mels) of a vocal tract `warp` times as long (VTLP)."""
    from torchaudio.functional import melscale_fbanks

    bank = melscale_fbanks(
        parameters.n_fft // 2 + 1,
        parameters.f_min_hz,
        parameters.f_max_hz,
        parameters.n_mels,
        parameters.sample_rate_hz,
        mel_scale=parameters.mel_scale,
    )
    if warp == 1.0:
        return bank
    size = bank.shape[0]
    nyquist = parameters.sample_rate_hz / 2
    hertz = np.linspace(0, nyquist, size)
    edge = 4800.0 * min(1.0, 1.0 / warp)
    source = np.where(
        hertz <= edge,
        hertz * warp,
        edge * warp + (hertz - edge) * (nyquist - edge * warp) / (nyquist - edge),
    )
    rows = np.clip(np.round(source / nyquist * (size - 1)).astype(int), 0, size - 1)
    return bank[rows]
