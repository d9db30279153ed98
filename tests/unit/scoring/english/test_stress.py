"""Words stressed on another syllable, said by espeak-ng."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.grades import grade_unit, stars
from pronounce_kiosk.core.score import Remark, RemarkKind, Score
from pronounce_kiosk.core.sentence import STRESS, Sentence
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment
from pronounce_kiosk.scoring.english.stress import told
from pronounce_kiosk.scoring.scorer import AcousticScorer

SENTENCE = Sentence("", "We had dessert this afternoon.", "en")
RIGHT = "wi: had dI2z'3:t DIs ,aaft3n'u:n"
MOVED = RIGHT.replace("dI2z'3:t", "d'I2z3:t")
DESSERT = Remark(RemarkKind.STRESS, 2, 2, (2, 1, 0))


@pytest.fixture(scope="module")
def heard(
    acoustic_scorer: AcousticScorer, render: Callable[..., Reference]
) -> Callable[..., Score]:
    references = [render(SENTENCE, variant) for variant in ("", "+f2", "+m3")]

    def score(said: str, *contrasts: tuple[str, ...]) -> Score:
        sentence = replace(SENTENCE, contrasts=contrasts)
        prepared = acoustic_scorer.prepare(sentence, references)
        spoken = EspeakLibrary().speak(f"[[{said}]]", "en-us+f5", 150, phonemes=True)
        clip = AudioClip.from_array(np.pad(spoken.samples, 6000), spoken.sample_rate_hz)
        return acoustic_scorer.score(clip.resampled(16_000), prepared).score

    return score


def test_in_a_list_that_teaches_it_a_moved_stress_is_amber_and_costs_a_star(
    heard: Callable[..., Score],
) -> None:
    score = heard(MOVED, STRESS)
    assert score.remarks == (DESSERT,)
    assert grade_unit(score.units[2]) == "fair"
    assert stars(score, "gentle") < 3


def test_what_is_said_right_has_no_remark(heard: Callable[..., Score]) -> None:
    assert heard(RIGHT, STRESS).remarks == ()


def test_elsewhere_it_costs_nothing(heard: Callable[..., Score]) -> None:
    taught, score = heard(MOVED, STRESS), heard(MOVED)
    assert score.remarks == (DESSERT,)
    assert score.units[2].score > taught.units[2].score  # type: ignore[operator]
    assert score.score > taught.score  # type: ignore[operator]


def test_a_word_that_was_left_out_has_no_stress() -> None:
    units = (UnitAssessment(0, 0.0, 1.0, 90.0), UnitAssessment(2, 1.0, 1.0, 0.0, said=False))
    whole = Assessment(5.0, 90.0, 90.0, 90.0, units, 95.0)
    assert told(whole, [DESSERT], taught=True) == whole
