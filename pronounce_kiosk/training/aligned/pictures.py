"""Draw pictures of training: losses, and a network's outputs for one fixed take."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ

_FONTS = ["NanumGothic", "DejaVu Sans"]
LEAST_SHOWN = 0.05
"""Least peak of a phone's posterior to get a row; a higher value shows fewer phones."""


def draw_posteriors(
    path: Path,
    samples: NDArray[np.float32],
    posteriors: NDArray[np.floating],
    names: Sequence[str],
    frame_s: float,
    title: str,
) -> None:
    """Draw a take's mel-spectrogram, 16 kHz, and below it its phone posteriors, as a PNG.

    posteriors: (frames, phones), of the names, a frame every `frame_s`.
    """
    import librosa
    from librosa.display import specshow
    from matplotlib.figure import Figure

    shown = np.flatnonzero(posteriors.max(axis=0) >= LEAST_SHOWN)
    order = shown[np.argsort(posteriors[:, shown].argmax(axis=0))]
    height = 0.9 + 0.22 * len(order)
    figure = Figure(figsize=(9, 2 + height), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, height))
    rate: dict[str, Any] = {"sr": PIPELINE_SAMPLE_RATE_HZ, "hop_length": 160}
    mel = librosa.feature.melspectrogram(y=samples, **rate)
    decibels = librosa.power_to_db(mel, ref=np.max)
    specshow(decibels, x_axis="s", y_axis="mel", cmap="gray_r", ax=above, **rate)
    above.set_title(title, fontfamily=_FONTS)
    above.set_xlabel("")
    extent = (0.0, frame_s * len(posteriors), len(order) - 0.5, -0.5)
    grey: dict[str, Any] = {"cmap": "gray_r", "vmin": 0.0, "vmax": 1.0}
    below.imshow(posteriors[:, order].T, aspect="auto", extent=extent, **grey)
    below.set_yticks(range(len(order)), [names[row] for row in order], fontfamily=_FONTS)
    below.set_xlabel("s")
    figure.savefig(path)


def draw_words(
    path: Path, epochs: Sequence[Sequence[float]], words: Sequence[str], rated: Sequence[float]
) -> None:
    """Draw points 0-100 of one take's words as a PNG, an epoch a row, the raters' in the last."""
    from matplotlib.figure import Figure

    rows = np.vstack([*epochs, np.asarray(rated, float)])
    figure = Figure(figsize=(9, 1.5 + 0.2 * len(rows)), layout="constrained")
    title = "words of one take; the last row is the raters'"
    axes = figure.add_subplot(ylabel="epoch", title=title)
    image = axes.imshow(rows, aspect="auto", cmap="RdYlGn", vmin=0.0, vmax=100.0)
    axes.set_xticks(range(len(words)), words)
    figure.colorbar(image, label="points")
    figure.savefig(path)


def draw_losses(path: Path, curves: Mapping[str, Sequence[float]], title: str) -> None:
    """Draw the loss of every epoch of every network, by the network's name, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="epoch", ylabel="loss", title=title)
    for name, curve in curves.items():
        axes.plot(range(1, len(curve) + 1), curve, label=name)
    axes.legend(fontsize="x-small", ncols=2)
    figure.savefig(path)
