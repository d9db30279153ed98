"""What advice names: rows of swaps and of a lesson."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.figures import Rows, Table, read_table
from pronounce_kiosk.training.evaluation.namings import (
    add_lesson_rows,
    add_naming_rows,
    exchanges,
    lesson_table,
    naming_table,
)
from pronounce_kiosk.training.evaluation.stress import stress_table
from pronounce_kiosk.training.evaluation.swaps import LARYNGEAL, Swap, SwappedTake, Trial


def scored(*units: tuple[float, str | None]) -> Score:
    """A score of units of which each has one phone: its points, and what was heard instead."""
    made = [
        UnitScore("뿔", 0.0, 1.0, points, phones=(PhoneScore("ㅃ", points, heard),))
        for points, heard in units
    ]
    return Score(Verdict.SCORED, 90.0, units=tuple(made))


def test_only_the_sound_that_was_said_counts_as_named() -> None:
    sentence = Sentence("", "불", "ko")
    swap = Swap(LARYNGEAL, 0, Sentence("", "뿔", "ko"), 0, "ㅂ")
    right = scored(*[(95.0, None)] * 8, (50.0, "ㅂ"), (70.0, "ㅍ"))
    trials = [
        Trial("a", swap, right, scored(one))
        for one in ((30.0, "ㅂ"), (50.0, "ㅍ"), (70.0, None), (95.0, None))
    ]
    refused = Score(Verdict.DIFFERENT_SENTENCE)
    trials += [Trial("a", swap, right, refused), Trial("a", swap, refused, scored((30.0, "ㅂ")))]
    rows = Rows()
    add_naming_rows(rows, "some", [SwappedTake("a", sentence, right, tuple(trials))])
    found = {row[0].removeprefix("some: "): row[2] for row in rows.cells}
    assert found["named what was said, of red swaps"] == "50.0 %"
    assert found["named what was said, of marked swaps"] == "33.3 %"
    assert found["told what was said, of red swaps"] == "50.0 %"
    assert found["false namings told, per right unit"] == "10.0 %"
    assert found["right units with a naming of their own"] == "20.0 %"


def test_takes_are_named_by_a_bundle(
    natives: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(naming_table(Request(bundle, {"korean": natives}, limit=1, jobs=1)))
    count, _ = rows["natives: false namings told, per right unit"]
    assert int(count) == 7


def test_english_words_said_wrong_name_their_phone() -> None:
    swaps = read_table("english_swaps.tsv")
    assert len(swaps) > 150
    for one in swaps:
        assert int(one["unit"]) < len(one["text"].split()) == len(one["said"].split())
        assert one["target"] != one["heard"]


def test_a_moved_stress_is_named_in_its_list(
    bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(stress_table(Request(bundle, limit=1, jobs=1)))
    assert rows["in its list: moved stress named"][0] == "4"
    assert rows["elsewhere: right words named"] == ("8", "0.0 %")


def test_an_onset_is_exchanged_in_writing_and_in_sound() -> None:
    found = exchanges(Sentence("", "풀이", "ko"), np.random.default_rng(0))
    assert [(one.phone, one.spoken, one.unit) for one in found] == [(0, "ㅍ", 0)] * 2
    assert [one.sentence.text for one in found] == ["불이", "뿔이"]
    assert found[0].sentence.pronunciation == "부리"


def test_an_onset_that_is_said_otherwise_than_written_is_left_alone() -> None:
    found = exchanges(Sentence("", "악기", "ko"), np.random.default_rng(0))
    assert found == ()


def unit(text: str, phone: str, points: float, heard: str | None = None) -> UnitScore:
    return UnitScore(text, 0.0, 1.0, points, phones=(PhoneScore(phone, points, heard),))


def score_of(*units: UnitScore) -> Score:
    return Score(Verdict.SCORED, 80.0, units=units)


def test_a_take_counts_its_exchanges_and_its_right_units() -> None:
    sentence = Sentence("", "불이", "ko", pronunciation="부리")
    swaps = exchanges(sentence, np.random.default_rng(0))
    right = score_of(unit("불", "ㅂ", 90.0), unit("빈", "ㅂ", 30.0), unit("이", "ㅣ", 20.0))
    named = score_of(unit("풀", "ㅍ", 30.0, "ㅂ"), unit("이", "ㅣ", 90.0))
    wrongly = score_of(unit("풀", "ㅍ", 30.0, "ㅃ"), unit("이", "ㅣ", 90.0))
    refused = Score(Verdict.DIFFERENT_SENTENCE)
    trials = [Trial("a", swaps[0], right, one) for one in (named, wrongly, refused)]
    takes = [
        SwappedTake("a", sentence, right, tuple(trials)),
        SwappedTake("a", sentence, refused, ()),
    ]
    made = Rows()
    add_lesson_rows(made, "some", takes)
    rows = {row[0]: row[2] for row in made.cells}
    assert rows["some: red unit"] == "66.7 %"
    assert rows["some: red unit, named, no three stars"] == "33.3 %"
    assert rows["some: right units red"] == "50.0 %"


def test_takes_are_scored_in_the_lesson(
    natives: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(lesson_table(Request(bundle, {"korean": natives}, limit=2, jobs=1)))
    assert "natives, other speakers: right units red" in rows
