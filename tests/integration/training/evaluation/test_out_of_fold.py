"""The file of out-of-fold predictions: what is written is read, what does not belong is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.evaluation.out_of_fold import (
    FILE_NAME,
    read_out_of_fold,
    write_out_of_fold,
)

TAKES = tuple(
    CorpusTake(
        f"{i:03}", f"s{i % 2}", 20, Sentence("", f"text {i}", "en"), Path("x"), np.ones((4, 5))
    )
    for i in range(4)
)
KEPT = [0, 2, 3]
ASPECTS = np.array([[80.0, 70.0, 60.0, 77.0], [10.0, 20.0, 30.0, 13.0], [50.0, 51.0, 52.0, 50.3]])


def _write(path: Path, **changes: object) -> None:
    arguments: dict[str, object] = {
        "kept": KEPT,
        "aspects": ASPECTS,
        "similarity": [0.9, -0.2, 1.4],
        "wrong": [-3.0, -2.0, 0.1],
        "words": [[90.0, 60.5], None, [1.0]],
        **changes,
    }
    write_out_of_fold(path, "ab12", TAKES, **arguments)  # type: ignore[arg-type]


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
    # 001 was not kept: it had no voice.
    assert refused == {"001", "002"}
    assert rows["002"].aspects[3] == 13.0
    assert rows["002"].points("total") == rows["001"].points("accuracy") == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"aspects": ASPECTS[:2]},
        {"similarity": [0.0, 1.0]},
        {"kept": [0, 2, 2]},
        {"words": [[1.0]]},
    ],
)
def test_shapes_that_do_not_fit(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not|twice|for"):
        _write(tmp_path / FILE_NAME, **changes)
    assert not (tmp_path / FILE_NAME).exists()


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
