"""Robustness rows: every change is there, and the tables count right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Note, Score, Verdict
from pronounce_kiosk.training.evaluation.base import Request, Scored
from pronounce_kiosk.training.evaluation.figures import Table
from pronounce_kiosk.training.evaluation.robustness import (
    GAINS_DB,
    NOISE_SNRS_DB,
    ROOMS,
    changes_of,
    clipped_rows,
    clipped_table,
    robustness_rows,
    robustness_table,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]
RATE = 16_000


@pytest.fixture
def tone() -> AudioClip:
    return AudioClip.from_array(0.1 * np.sin(np.arange(RATE) / 5), RATE)


def test_changes_are_all_there_and_none_clips(tone: AudioClip) -> None:
    changes = changes_of(tone, [tone], np.random.default_rng(0))
    assert len(changes) == 1 + len(GAINS_DB) + 2 * len(NOISE_SNRS_DB) + 7 + len(ROOMS)
    assert all(clip.peak <= 1.0 and len(clip.samples) for clip in changes.values())
    assert changes["48 kHz"].sample_rate_hz == 48_000
    long = changes["digital silence 3 s before and after"]
    assert long.duration_s == pytest.approx(tone.duration_s + 6.0)


def score(points: float | None, verdict: Verdict = Verdict.NOISY) -> Score:
    return Score(verdict) if points is None else Score(Verdict.SCORED, points)


def test_robustness_counts_refusals_as_nought_and_noisy_ones_apart(
    tone: AudioClip, figures: Figures
) -> None:
    names = list(changes_of(tone, [tone], np.random.default_rng(0)))

    def changed(plain: float, special: dict[str, Score]) -> list[Scored]:
        scores = {**{name: score(plain) for name in names}, **special}
        return [Scored("a", one, name, plain=score(plain)) for name, one in scores.items()]

    refused = score(None, Verdict.DIFFERENT_SENTENCE)
    results = [
        *changed(80, {"loudness -30 dB": score(70), "white noise 10 dB": score(None)}),
        *changed(60, {"babble 20 dB": refused, "48 kHz": score(63), "tiled room": score(40)}),
    ]
    shown = figures(robustness_rows(results))
    assert shown["loudness, all: within 1 point"] == ("10", "90.0 %")
    assert shown["loudness -30 dB: within 1 point"] == ("2", "50.0 %")
    assert shown["white noise 10 dB: median change"] == ("1", "0.0")
    assert shown["white noise 10 dB: noisy"] == ("2", "50.0 %")
    assert shown["babble 20 dB: median change"] == ("2", "30.0")
    assert shown["babble 20 dB: refused otherwise"] == ("2", "50.0 %")
    assert float(shown["48 kHz: 99 % change by at most"][1]) == pytest.approx(2.97)
    assert shown["tiled room: median change"] == ("2", "10.0")
    assert shown["tiled room: median total"] == ("2", "60.0")
    assert shown["rooms: largest difference of median totals"] == ("2", "10.0")
    with pytest.raises(TrainingError, match="No take was scored"):
        robustness_rows([])


def test_clipped_takes_are_counted(figures: Figures) -> None:
    name = "1% of samples clipped"
    loud = Score(Verdict.SCORED, 85.0, notes=(Note.LOUD,))
    results = [
        Scored("a", loud, name, plain=score(90)),
        Scored("b", score(None, Verdict.CLIPPED), name, plain=score(80)),
        Scored("b", score(69), name, plain=score(70)),
    ]
    shown = figures(clipped_rows(results))
    assert shown[f"{name}: scored"] == ("3", "66.7 %")
    assert shown[f"{name}: told so"] == ("3", "33.3 %")
    assert shown[f"{name}: median change"] == ("3", "5.0")


def test_takes_go_through_the_product_itself(natives: Path, bundle: Path, figures: Figures) -> None:
    request = Request(bundle, {"korean": natives}, limit=2, jobs=1)
    changed = figures(robustness_table(request))
    assert changed["as it is: median total"][0] == "2"
    assert figures(clipped_table(request))["1% of samples clipped: scored"][0] == "2"


def test_takes_refused_as_they_are_do_not_count(
    small_corpus: Path, bundle: Path, figures: Figures
) -> None:
    # The last of the two mumbles other words.
    request = Request(bundle, {"corpus": small_corpus}, limit=2, jobs=1)
    assert figures(robustness_table(request))["as it is: median total"][0] in ("1", "2")
