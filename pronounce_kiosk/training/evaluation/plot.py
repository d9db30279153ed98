"""Draw agreement with raters, and every take's score against its rating."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.training.data.corpus import ASPECTS
from pronounce_kiosk.training.evaluation.agreement import Agreement, Row, Truth

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#999999", "#cc79a7")
"""Okabe and Ito's: told apart by people who see colours differently."""
FORMATS = (".png", ".svg", ".pdf")


def plot_agreement(path: Path, found: Sequence[Agreement], own: Row, truth: Truth) -> None:
    """Write the picture in the format its name ends in. Raises `UsageError` for another one."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path.name} is no picture: end its name in {', '.join(FORMATS)}.")
    # Not pyplot: it would look for a screen.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.0, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    who = list(dict.fromkeys(one.who for one in found))
    for place, name in enumerate(who):
        mine = [one for one in found if one.who == name]
        at = [ASPECTS.index(one.aspect) + 0.18 * (place - (len(who) - 1) / 2) for one in mine]
        values = np.array([one.pearson.value for one in mine])
        ends = np.array([(one.pearson.low, one.pearson.high) for one in mine]).T
        spans = np.abs(ends - values)
        left.errorbar(
            at, values, yerr=spans, fmt="o", capsize=3, color=COLOURS[place % len(COLOURS)],
            label=f"{name} ({mine[0].takes} takes)",
        )  # fmt: skip
    left.set_xticks(range(len(ASPECTS)), ASPECTS)
    left.set_ylim(0.0, 1.0)
    left.set_ylabel("PCC with the raters' mean, 95 % by resampling speakers")
    left.grid(axis="y", alpha=0.3)
    left.legend(loc="lower right", fontsize="small")
    human, said = truth.mean("total")[own.where], own.predicted["total"][own.where]
    speakers = np.asarray(truth.speakers)[own.where]
    right.scatter(human, said, s=6, alpha=0.25, color=COLOURS[0], linewidths=0, label="takes")
    means = [
        (human[speakers == name].mean(), said[speakers == name].mean())
        for name in sorted(set(speakers.tolist()))
    ]
    right.scatter(*np.array(means).T, s=22, color=COLOURS[1], edgecolors="black", linewidths=0.4,
                  label="speakers' means")  # fmt: skip
    right.plot([0, 10], [0, 100], color="#999999", linewidth=1, linestyle="--")
    right.set_xlim(0, 10.3)
    right.set_ylim(-2, 103)
    right.set_xlabel("raters' mean total, 0-10")
    right.set_ylabel(f"{own.name}, score 0-100")
    right.legend(loc="upper left", fontsize="small")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=path.suffix.lower().lstrip("."), dpi=120)
    write_atomically(path, buffer.getvalue())
