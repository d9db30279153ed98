"""The file of out-of-fold predictions: what is written is read, what does not belong is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.training.evaluation.out_of_fold import (
    FILE_NAME,
    TakePrediction,
    read_out_of_fold,
    write_out_of_fold,
)

ROWS = (
    TakePrediction("000", "s0", 0.9, -3.0, aspects=(80.0, 70.0, 60.0, 77.0), words=(90.0, 60.5)),
    TakePrediction("001", "s1"),
    TakePrediction("002", "s0", -0.2, -2.0, aspects=(10.0, 20.0, 30.0, 13.0)),
    TakePrediction("003", "s1", 1.4, 0.1, aspects=(50.0, 51.0, 52.0, 50.3), words=(1.0,)),
)


def _write(path: Path) -> None:
    write_out_of_fold(path, "ab12", ROWS)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    _write(path)
    rows = read_out_of_fold(path, "ab12")
    assert list(rows) == ["000", "001", "002", "003"]
    first = rows["000"]
    assert (first.speaker, first.similarity, first.wrong_similarity) == ("s0", 0.9, -3.0)
    assert np.isnan(first.spoiled_similarity)
    assert first.aspects == (80.0, 70.0, 60.0, 77.0)
    assert first.words == (90.0, 60.5)
    assert first.points("total") == 77.0


def test_a_refused_take_has_no_points(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    _write(path)
    rows = read_out_of_fold(path)
    refused = {take for take, row in rows.items() if row.refused}
    # 001 could not be aligned.
    assert refused == {"001", "002"}
    assert rows["002"].aspects[3] == 13.0
    assert rows["002"].points("total") == rows["001"].points("accuracy") == 0.0


def test_another_models_file_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / FILE_NAME)
    with pytest.raises(TrainingError, match="another model"):
        read_out_of_fold(tmp_path / FILE_NAME, "cd34")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: "", "which model"),
        (lambda text: text.replace("fluency", "flow"), "columns"),
        (lambda text: text.replace("80.00", "eighty"), "Line 3"),
        (lambda text: text.replace("003\t", "000\t"), "again"),
        (lambda text: text[: text.index("\t", 160)], "Line"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, change, problem: str) -> None:
    path = tmp_path / FILE_NAME
    _write(path)
    path.write_text(change(path.read_text()))
    with pytest.raises(TrainingError, match=problem):
        read_out_of_fold(path)
    with pytest.raises(TrainingError, match="cannot be read"):
        read_out_of_fold(tmp_path / "absent.tsv")
