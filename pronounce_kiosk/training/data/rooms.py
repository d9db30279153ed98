"""Add rooms and noise to takes, and synthesise negatives: float64 samples at 16 kHz.

The evaluation uses only `reverberant` and `babble`, with rooms and levels of its own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip

Samples = NDArray[np.float64]
_RATE = PIPELINE_SAMPLE_RATE_HZ


def clip_of(samples: Samples) -> AudioClip:
    """Make a clip with its peak at 0.7, or silence."""
    peak = max(1e-9, float(np.abs(samples).max(initial=0.0)))
    return AudioClip.from_array(samples * (0.7 / peak), _RATE)


def in_a_room(samples: Samples, rng: np.random.Generator) -> Samples:
    """Add a random room's reverberation and steady noise, and a pause at each end."""
    pads = [int(n) for n in rng.uniform(0.1, 0.8, 2) * _RATE]
    samples = np.pad(samples, (pads[0], pads[1]))
    if rng.random() < 0.6:
        samples = reverberant(samples, rng.uniform(0.15, 1.2), rng.uniform(-5.0, 9.0), rng)
    return noisy(samples, rng.uniform(8.0, 45.0), rng)


def rms(samples: Samples) -> float:
    """Compute the root mean square, 0 of no sample."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def noisy(
    samples: Samples, snr_db: float, rng: np.random.Generator, noise: Samples | None = None
) -> Samples:
    """Add noise of RMS 1 `snr_db` under the samples' RMS; steady, of a random colour by default."""
    if noise is None:
        noise = coloured_noise(rng, len(samples), rng.uniform(-1.0, 0.2))
    return samples + noise * rms(samples) * 10 ** (-snr_db / 20)


def reverberant(
    samples: Samples, t60_s: float, direct_db: float, rng: np.random.Generator
) -> Samples:
    """Add reverberation: exponentially decaying noise, cut to the samples' length.

    t60_s: Time in which it falls by 60 dB. direct_db: Energy of the direct sound over its own. The
    first reflection comes after 2-12 ms.
    """
    from scipy.signal import fftconvolve

    size = int(t60_s * _RATE)
    first = int(rng.uniform(0.002, 0.012) * _RATE)
    tail = rng.standard_normal(size) * 10 ** (-3.0 * np.arange(size) / size)
    tail[:first] = 0.0
    tail *= 10 ** (-direct_db / 20) / max(float(np.linalg.norm(tail)), 1e-9)
    tail[0] = 1.0
    return fftconvolve(samples, tail)[: len(samples)]


def coloured_noise(rng: np.random.Generator, size: int, slope: float) -> Samples:
    """Make noise of variance 1, its amplitude proportional to frequency ** slope."""
    from scipy.fft import irfft, next_fast_len, rfft

    # A prime length would take a second.
    padded = next_fast_len(size, real=True)
    spectrum = rfft(rng.standard_normal(padded))
    spectrum *= np.linspace(0.005, 1.0, len(spectrum)) ** slope
    noise = irfft(spectrum, padded)[:size]
    return noise / max(float(noise.std()), 1e-12)


def babble(voices: Sequence[Samples], size: int) -> Samples:
    """Mix voices at one RMS, each repeated to fill `size` samples."""
    total = np.zeros(size)
    for voice in voices:
        if len(voice):
            total += np.resize(voice / max(rms(voice), 1e-9), size)
    return total


def overlapping(voices: Sequence[Samples], size: int, rng: np.random.Generator) -> Samples:
    """Mix a piece of each voice, the loudest of three, at one RMS: takes are mostly pauses."""
    loud = []
    for voice in voices:
        starts = rng.integers(max(0, len(voice) - size) + 1, size=3)
        pieces = [voice[start : start + size] for start in starts]
        loud.append(max(pieces, key=lambda piece: float(np.square(piece).sum())))
    return babble(loud, size)


def looped(samples: Samples, rng: np.random.Generator) -> Samples:
    """Repeat a piece of 0.12-0.4 s, with a gap or none, for as long as the samples."""
    size = int(rng.uniform(0.12, 0.4) * _RATE)
    level = np.convolve(np.abs(samples), np.ones(400) / 400, "same")
    loud = np.flatnonzero(level > 0.5 * level.max())
    start = int(rng.choice(loud)) if len(loud) else 0
    piece = samples[start : start + size]
    fade = min(80, len(piece) // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade)
        piece = np.concatenate(
            [piece[:fade] * ramp, piece[fade : len(piece) - fade], piece[-fade:] * ramp[::-1]]
        )
    gap = int(rng.choice([0.0, rng.uniform(0.03, 0.25)]) * _RATE)
    return np.resize(np.pad(piece, (0, gap)), len(samples))


def tune(size: int, rng: np.random.Generator) -> Samples:
    """Synthesise notes of one to four voices with overtones, fading or held."""
    total = np.zeros(size)
    for _ in range(int(rng.integers(1, 5))):
        base, overtones = rng.uniform(80.0, 500.0), int(rng.integers(1, 10))
        slope, fading, at = rng.uniform(0.5, 2.0), rng.uniform(0.0, 8.0), 0
        while at < size:
            length = min(int(rng.uniform(0.1, 0.8) * _RATE), size - at)
            time_s = np.arange(length) / _RATE
            pitch_hz = base * 2.0 ** (int(rng.integers(-7, 13)) / 12.0)
            note = sum(
                np.sin(2 * np.pi * pitch_hz * n * time_s) / n**slope
                for n in range(1, overtones + 1)
            )
            edge = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / 0.01)
            total[at : at + length] += note * edge * np.exp(-fading * time_s)
            at += length
    return total


def coughs(size: int, rng: np.random.Generator) -> Samples:
    """Synthesise decaying bursts of noise with one resonance, some of them rough."""
    from scipy.signal import lfilter

    total, at = np.zeros(size), int(rng.uniform(0.0, 0.2) * _RATE)
    while at < size:
        length = int(rng.uniform(0.08, 0.4) * _RATE)
        time_s = np.arange(length) / _RATE
        burst = coloured_noise(rng, length, rng.uniform(-1.0, 0.1))
        turn, radius = 2 * np.pi * rng.uniform(300.0, 2500.0), rng.uniform(0.8, 0.97)
        turn /= _RATE
        burst = lfilter([1.0], [1.0, -2.0 * radius * np.cos(turn), radius**2], burst)
        burst /= max(float(np.abs(burst).max()), 1e-9)
        if rng.random() < 0.4:
            rough = np.sin(2 * np.pi * rng.uniform(80.0, 300.0) * time_s)
            burst *= 1.0 + rng.uniform(0.3, 1.0) * rough
        burst *= np.minimum(1.0, time_s / rng.uniform(0.003, 0.03))
        burst *= np.exp(-time_s / rng.uniform(0.03, 0.2))
        end = min(size, at + length)
        total[at:end] += burst[: end - at]
        at += length + int(rng.uniform(0.02, 0.5) * _RATE)
    return total


def nonspeech_clips(seed: int, count: int = 64, size: int | None = None) -> list[AudioClip]:
    """Synthesise noise of several colours, steady and in bursts, and hum, 16 kHz.

    size: Samples of each; None draws 1-4 s.
    """
    random = np.random.default_rng(seed)
    return [_nonspeech(random, index, size) for index in range(count)]


def _nonspeech(random: np.random.Generator, index: int, size: int | None) -> AudioClip:
    size = size or int(random.uniform(1.0, 4.0) * _RATE)
    time_s = np.arange(size) / _RATE
    kind = index % 4
    if kind == 3:
        base = random.uniform(50.0, 400.0)
        samples = sum(
            np.sin(2 * np.pi * base * harmonic * time_s) / harmonic for harmonic in range(1, 8)
        )
    else:
        spectrum = np.fft.rfft(random.standard_normal(size))
        # White, pink, brown.
        spectrum /= np.maximum(np.arange(len(spectrum)), 1.0) ** (kind / 2)
        samples = np.fft.irfft(spectrum, size)
    if random.random() < 0.5:
        samples = samples * (0.05 + np.abs(np.sin(np.pi * random.uniform(1.0, 5.0) * time_s)))
    return AudioClip.from_array(0.3 * samples / np.abs(samples).max(), _RATE)
