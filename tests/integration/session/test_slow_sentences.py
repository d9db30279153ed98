"""Real sentences at every speed, by espeak-ng and ffmpeg."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.audio.tempo import SLOW_TEMPO
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.scoring.calibration import Calibration
from pronounce_kiosk.scoring.classic.network import ClassicSiamese
from pronounce_kiosk.scoring.classic.scorer import ClassicScorer
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.spoken import GAP_S, Speed


def silences_s(clip: AudioClip) -> list[float]:
    """How long each row of exact zeros lasts that is longer than a moment."""
    zero = np.concatenate([[0], (clip.samples == 0).astype(int), [0]])
    starts, ends = np.flatnonzero(np.diff(zero) > 0), np.flatnonzero(np.diff(zero) < 0)
    return [
        each / clip.sample_rate_hz for each in ends - starts if each > clip.sample_rate_hz * 0.05
    ]


@pytest.mark.parametrize(
    ("language", "text"), [("ko", "물 한 잔 주세요."), ("en", "A cup of tea.")]
)
def test_real_sentences_at_every_speed(language: str, text: str) -> None:
    calibration = Calibration((0.0, 1.0), (0.0, 100.0))
    info = BundleInfo("untrained", "0" * 64)
    scorer = ClassicScorer(ClassicSiamese(), MelParameters(), calibration, 2.0, info)
    engine = PracticeEngine(default_library(Paths.default(), Settings()), scorer)
    sentence = Sentence("1", text, language)
    usual, slow, apart = (engine.spoken(sentence, speed) for speed in Speed)
    words = len(text.split())
    assert {unit.word for unit in usual.units} == set(range(words))
    assert slow.clip.duration_s == pytest.approx(usual.clip.duration_s / SLOW_TEMPO, rel=0.03)
    assert apart.clip.duration_s > slow.clip.duration_s + 0.6 * GAP_S * (words - 1)
    assert len(silences_s(apart.clip)) >= words - 1
    for one in (usual, slow, apart):
        starts = [unit.start_s for unit in one.units]
        assert starts == sorted(starts)
        assert one.units[-1].end_s <= one.clip.duration_s + 0.01
