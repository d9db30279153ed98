"""Pictures of training: what a network makes of one fixed take, and how it changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FONTS = ["NanumGothic", "DejaVu Sans"]
LEAST_SHOWN = 0.05
"""Phones whose posterior never reaches this have no row."""


def draw_posteriors(
    path: Path, posteriors: NDArray[np.floating], names: Sequence[str], frame_s: float, title: str
) -> None:
    """Draw phone posteriors, (frames, phones), over time, as a PNG."""
    from matplotlib.figure import Figure

    shown = np.flatnonzero(posteriors.max(axis=0) >= LEAST_SHOWN)
    order = shown[np.argsort(posteriors[:, shown].argmax(axis=0))]
    figure = Figure(figsize=(9, 0.9 + 0.22 * len(order)), layout="constrained")
    axes = figure.add_subplot(xlabel="s")
    axes.set_title(title, fontfamily=_FONTS)
    extent = (0.0, frame_s * len(posteriors), len(order) - 0.5, -0.5)
    axes.imshow(
        posteriors[:, order].T, aspect="auto", extent=extent, cmap="gray_r", vmin=0.0, vmax=1.0
    )
    axes.set_yticks(range(len(order)), [names[row] for row in order], fontfamily=_FONTS)
    figure.savefig(path)


def draw_words(
    path: Path, epochs: Sequence[NDArray[np.floating]], words: Sequence[str], rated: Sequence[float]
) -> None:
    """Draw points 0-100 of one take's words as a PNG, an epoch a row, the raters' in the last."""
    from matplotlib.figure import Figure

    rows = np.vstack([*epochs, np.asarray(rated, float)])
    figure = Figure(figsize=(9, 1.5 + 0.2 * len(rows)), layout="constrained")
    axes = figure.add_subplot(
        ylabel="epoch", title="words of one take; the last row is the raters'"
    )
    image = axes.imshow(rows, aspect="auto", cmap="RdYlGn", vmin=0.0, vmax=100.0)
    axes.set_xticks(range(len(words)), words)
    figure.colorbar(image, label="points")
    figure.savefig(path)
