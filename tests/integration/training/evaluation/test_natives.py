"""Natives: totals, refusals, red marks and moods are counted right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.evaluation.base import NATIVES, Request, Scored
from pronounce_kiosk.training.evaluation.figures import Rows, Table
from pronounce_kiosk.training.evaluation.natives import (
    add_right_rows,
    nearest_in_length,
    red_marks_table,
    wrong_sentence_table,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]


def test_the_wrong_sentence_is_another_text_of_nearly_the_same_length() -> None:
    texts = ("가나다", "나다라", "가나다라마바사", "나다라마바사", "가나다")
    sentences = [Sentence("", text, "ko") for text in texts]
    wrong = [sentence.text for sentence in nearest_in_length(sentences)]
    assert wrong == ["나다라", "가나다", "나다라마바사", "가나다라마바사", "나다라"]
    with pytest.raises(TrainingError, match="one sentence"):
        nearest_in_length([sentences[0], sentences[4]])


def score(total: float | None, *units: float | None) -> Score:
    verdict = Verdict.DIFFERENT_SENTENCE if total is None else Verdict.SCORED
    return Score(verdict, total, units=tuple(UnitScore("가", 0, 1, points) for points in units))


def test_red_marks_refusals_and_moods_are_counted(figures: Figures) -> None:
    scores = [score(90, 59, 95), score(80, 79, None), score(None), score(50, 90, 90)]
    said = [("a", "neutral"), ("a", "happy"), ("a", "sad"), ("b", "neutral")]
    found = [Scored(who, one, mood) for (who, mood), one in zip(said, scores, strict=True)]
    rows = Rows()
    add_right_rows(rows, NATIVES, found)
    shown = figures(rows.table(""))
    assert shown["natives: median total"] == ("4", "65.0")
    assert shown["natives: refused"] == ("4", "25.0 %")
    assert shown["natives: total under 60"] == ("4", "50.0 %")
    assert shown["natives: red units"] == ("5", "20.0 %")
    assert shown["natives: amber units"] == ("5", "40.0 %")
    assert shown["natives: scored takes with a red unit"] == ("3", "33.3 %")
    # The neutral take of one who never acts is not compared with moods.
    assert shown["natives: neutral, median total"] == ("1", "90.0")
    assert shown["natives: moods against neutral"] == ("3", "90.0")
    musts = {row[0]: row[4:] for row in rows.cells}
    assert musts["natives: red units"] == ("2 %", "0.5 %")


def test_natives_are_scored_by_the_product_itself(
    natives: Path, bundle: Path, figures: Figures, tmp_path: Path
) -> None:
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / "audio").symlink_to(natives / "audio")
    (stage / "utterances.tsv").write_text("utterance\tspeaker\ttext\nu0\ta\t날씨가 참 좋네요\n")
    request = Request(bundle, {"korean": natives, "tedx": stage}, jobs=1)
    shown = figures(red_marks_table(request))
    assert shown["natives: median total"][0] == "3"
    assert shown["TEDx: median total"][0] == "1"
    assert shown["natives: happy, median total"][0] == "1"
    assert "TEDx: moods against neutral" not in shown
    wrong = figures(wrong_sentence_table(Request(bundle, {"korean": natives}, jobs=1)))
    assert wrong["natives: wrong sentence refused"] == ("3", "100.0 %")
