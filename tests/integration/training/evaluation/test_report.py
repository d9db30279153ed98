"""Tables, reports and estimates."""

from __future__ import annotations

import math

from pronounce_kiosk.training.evaluation.figures import Estimate, Report, Table

OWN = Table("T", ("what", "n", "figure", "must"), (("a", "3", "0.5", "1"), ("b", "4", "0.6", "1")))


def test_another_tables_figures_stand_beside() -> None:
    other = Table("T", ("what", "figure"), (("b", "0.9"), ("c", "0.1")))
    both = OWN.beside(other, "classic-1")
    assert both.headers == ("what", "n", "figure", "classic-1", "must")
    assert both.rows == (("a", "3", "0.5", "-", "1"), ("b", "4", "0.6", "0.9", "1"))
    assert OWN.headers == ("what", "n", "figure", "must")


def test_a_table_is_markdown_in_columns() -> None:
    assert OWN.markdown().splitlines() == [
        "### T",
        "",
        "| what | n   | figure | must |",
        "| ---  | --- | ---    | ---  |",
        "| a    | 3   | 0.5    | 1    |",
        "| b    | 4   | 0.6    | 1    |",
    ]
    report = Report("All", "A note.", (OWN, OWN))
    assert report.markdown().startswith("## All\n\nA note.\n\n### T\n")
    assert report.markdown().count("### T") == 2


def test_estimates() -> None:
    assert str(Estimate(0.5, 0.25, 0.75)) == "0.500 [0.250, 0.750]"
    assert str(Estimate(0.5)) == "0.500"
    assert str(Estimate(math.nan)) == "-"
