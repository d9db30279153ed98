"""Plain data for the screens, and the lines of a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QCoreApplication

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import Note, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.gui.language import Language, localised
from pronounce_kiosk.gui.text_layout import balanced, wrap
from pronounce_kiosk.gui.view_models import LevelHints, result_view, tempo_ratio, unit_views
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.naming import Advice

CLIP = AudioClip.from_array(np.zeros(160, np.float32), 16_000)


def image(frames: int) -> np.ndarray:
    return np.zeros((64, frames), np.uint8)


def test_a_result_in_full() -> None:
    sentence = Sentence("1", "물, 주세요.", "ko")
    said = split_units(sentence.text, "ko")
    units = tuple(
        UnitScore(u.text, 0.0, 0.1, s) for u, s in zip(said, (85, 61, 40, None), strict=True)
    )
    score = Score(Verdict.SCORED, 79.6, 70.2, None, 50.0, units)
    view = result_view(sentence, CLIP, TakeResult(score, image(30), image(20), CLIP), CLIP, said)
    assert (view.score, view.stars) == (80, 2)
    assert [(u.text, u.grade) for u in view.units] == [
        ("물", "good"),
        (",", "none"),
        (" ", "none"),
        ("주", "fair"),
        ("세", "poor"),
        ("요", "none"),
        (".", "none"),
    ]
    assert view.advice.key == "unit"


def test_a_unit_that_was_left_out_is_told_and_costs_the_third_star() -> None:
    sentence = Sentence("1", "12시에 가요", "ko")
    said = split_units(sentence.text, "ko")
    units = tuple(UnitScore(u.text, 0.0, 0.1, 95.0, said=u.text != "두") for u in said)
    score = Score(Verdict.SCORED, 95.0, units=units, notes=(Note.LOUD,))
    view = result_view(sentence, CLIP, TakeResult(score, None, None, CLIP), CLIP, said)
    assert [u.text for u in said][:2] == ["열", "두"]
    assert [(u.text, u.grade) for u in view.units][:2] == [("12", "left_out"), ("시", "good")]
    assert view.stars == 2
    assert view.advice == Advice("left_out", {"text": "두"})


def test_no_score_is_zero_stars() -> None:
    score = Score(Verdict.SILENCE)
    view = result_view(Sentence("1", "네", "ko"), CLIP, TakeResult(score, None, None, CLIP), CLIP)
    assert (view.score, view.stars) == (0, 0)
    assert view.advice.key == "silence"


def test_the_syllables_of_a_number_are_one_piece_with_the_worst_score() -> None:
    said = split_units("12시", "ko")
    scores = [90.0, 30.0, 80.0][: len(said)]
    units = tuple(UnitScore(u.text, 0, 0, s) for u, s in zip(said, scores, strict=True))
    views = unit_views("12시", units, said)
    assert [(v.text, v.score) for v in views] == [("12", 30.0), ("시", 80.0)]


@given(st.text(max_size=40), st.lists(st.text(max_size=4), max_size=6))
def test_the_pieces_are_always_the_whole_sentence(text: str, units: list[str]) -> None:
    views = unit_views(text, tuple(UnitScore(u, 0.0, 0.1, 50.0) for u in units))
    assert "".join(view.text for view in views) == text


def test_tempo_needs_both_images() -> None:
    score = Score(Verdict.SCORED, 50.0)
    assert tempo_ratio(TakeResult(score, image(30), image(20), CLIP)) == 1.5
    assert tempo_ratio(TakeResult(score, None, image(20), CLIP)) is None
    assert tempo_ratio(TakeResult(score, image(30), image(0), CLIP)) is None


def test_level_hints() -> None:
    hints = LevelHints()
    assert hints.update(0.0, -70.0, -60.0, False).hint == "waiting"
    assert hints.update(0.0, -70.0, -60.0, False).level == 0.0
    good = hints.update(0.2, -25.0, -10.0, True)
    assert (good.hint, good.tone) == ("good", "good")
    loud = hints.update(0.3, -3.0, 0.0, True)
    assert (loud.hint, loud.tone, loud.level) == ("loud", "poor", 1.0)
    # A hint stays long enough to be read.
    assert hints.update(0.5, -25.0, -10.0, True).hint == "loud"
    assert hints.update(1.6, -25.0, -10.0, True).hint == "good"
    quiet = hints.update(3.0, -55.0, -45.0, True)
    assert (quiet.hint, quiet.tone) == ("quiet", "fair")
    assert hints.update(9.0, -70.0, -60.0, False).hint == "waiting"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("인사 | Greetings", "ko", "인사"),
        ("인사 | Greetings", "en", "Greetings"),
        ("My list", "ko", "My list"),
        ("a | b | c", "en", "a | b | c"),
    ],
)
def test_names_in_two_languages(
    qapp: QCoreApplication, text: str, language: str, expected: str
) -> None:
    interface = Language(language)
    try:
        assert localised(text) == expected
    finally:
        interface.set("en")


@given(st.lists(st.text("가나abc", min_size=1, max_size=30), max_size=12), st.integers(1, 40))
def test_lines_keep_every_letter_and_fit(words: list[str], width: int) -> None:
    for lines in (wrap(words, len, width), balanced(words, len, width)):
        assert "".join(lines).replace(" ", "") == "".join(words)
        assert all(len(line) <= width for line in lines)


def test_balanced_lines_leave_no_single_word() -> None:
    words = ["the", "quick", "brown", "fox", "jumps", "over", "it"]
    assert wrap(words, len, 31)[-1] == "it"
    lines = balanced(words, len, 31)
    assert len(lines) == 2
    assert min(map(len, lines)) > 10
