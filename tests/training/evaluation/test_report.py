"""Tables, estimates, and marks in a card."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.training.evaluation.report import (
    Estimate,
    Report,
    Table,
    between_markers,
    marked,
    markers,
)

OWN = Table("T", ("what", "n", "figure", "must"), (("a", "3", "0.5", "1"), ("b", "4", "0.6", "1")))


def test_another_tables_figures_stand_beside() -> None:
    other = Table("T", ("what", "figure"), (("b", "0.9"), ("c", "0.1")))
    both = OWN.beside(other, "classic-1")
    assert both.headers == ("what", "n", "figure", "classic-1", "must")
    assert both.rows == (("a", "3", "0.5", "-", "1"), ("b", "4", "0.6", "0.9", "1"))
    assert OWN.headers == ("what", "n", "figure", "must")


def test_a_table_is_markdown_and_columns() -> None:
    assert "| what | n | figure | must |\n| --- | --- | --- | --- |\n| a | 3 |" in OWN.markdown()
    lines = OWN.text().splitlines()
    places = [line.index(word) for line, word in zip(lines[1:], ("must", "1", "1"), strict=True)]
    assert len(set(places)) == 1
    report = Report("All", "A note.", (OWN, OWN))
    assert report.markdown().count("### T") == report.text().count("\nT\n") == 2


def test_estimates() -> None:
    assert str(Estimate(0.5, 0.25, 0.75)) == "0.500 [0.250, 0.750]"
    assert str(Estimate(0.5)) == "0.500"
    assert str(Estimate(math.nan)) == "-"
    assert Estimate(0.972, 0.964, 0.98).percent() == "97.2 % [96.4, 98.0]"
    assert Estimate(0.972).percent() == "97.2 %"
    assert Estimate(math.nan).percent() == "-"


TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40).filter(
    lambda text: "<!--" not in text and "\r" not in text
)


@given(before=TEXT, body=TEXT, again=TEXT, after=TEXT)
def test_marks_hold_what_was_put_there_last(before: str, body: str, again: str, after: str) -> None:
    first = between_markers(before, "m", body)
    assert marked(first, "m") == body.strip()
    second = between_markers(first + after, "m", again)
    assert marked(second, "m") == again.strip()
    assert second.startswith(before.rstrip())
    assert second.endswith(after)
    assert between_markers(second, "m", again) == second


def test_other_marks_are_left_alone() -> None:
    text = between_markers(between_markers("# Card", "one", "1"), "two", "2")
    text = between_markers(text, "one", "eins")
    assert (marked(text, "one"), marked(text, "two"), marked(text, "three")) == ("eins", "2", None)


@pytest.mark.parametrize("order", [(0,), (1,), (1, 0), (0, 0, 1)])
def test_broken_marks_are_not_guessed_at(order: tuple[int, ...]) -> None:
    text = "\n".join(markers("m")[index] for index in order)
    with pytest.raises(TrainingError, match="mend it"):
        between_markers(text, "m", "body")
