"""No speech: it lasts as long as asked, and the table counts what was scored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.training.evaluation.base import Request, Scored
from pronounce_kiosk.training.evaluation.figures import Table
from pronounce_kiosk.training.evaluation.nonspeech import (
    nonspeech_rows,
    nonspeech_table,
    synthetic_nonspeech,
)


def test_no_speech_lasts_as_long_as_asked() -> None:
    made = synthetic_nonspeech(2.0, np.random.default_rng(0))
    assert made["silence"].peak == 0.0
    for kind in ("hum", "music", "white noise", "pink noise", "coughs", "claps", "screams"):
        assert made[kind].duration_s == pytest.approx(2.0)
        assert made[kind].rms > 0.01


def score(points: float | None) -> Score:
    return Score(Verdict.NOISY) if points is None else Score(Verdict.SCORED, points)


def test_no_speech_counts_what_was_scored() -> None:
    results = [
        Scored("a", score(None), "hum"),
        Scored("a", score(30), "claps"),
        Scored("b", score(10), "hum"),
    ]
    table = nonspeech_rows(results, 2)
    shown = {row[0]: (*row[1:3], *row[6:]) for row in table.rows}
    assert shown["all: above 20"] == ("3", "33.3 %", "66.7 %", "30.0")
    assert shown["hum: above 20"] == ("2", "0.0 %", "50.0 %", "10.0")
    assert shown["claps: above 20"] == ("1", "100.0 %", "100.0 %", "30.0")


def test_takes_go_through_the_product_itself(
    small_corpus: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    kinds = figures(nonspeech_table(Request(bundle, {"corpus": small_corpus}, limit=2, jobs=1)))
    assert {"babble: above 20", "speech backwards: above 20"} <= set(kinds)
    assert kinds["silence: above 20"] == ("2", "0.0 %")
    assert kinds["the reference's first half: above 20"][0] == "2"
