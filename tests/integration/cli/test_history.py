"""The attempts as CSV, and the commands history export and forget."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pronounce_kiosk.batch.results import write_results
from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.history.attempts import EXPORT_COLUMNS
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore

SCORE = Score(Verdict.SCORED, 71.25, 70.0, None, 60.0, (UnitScore("국", 0.0, 0.2, 55.0),))


@pytest.fixture
def filled(kiosk_home: Path) -> Path:
    with HistoryStore(Paths.default().data_dir) as store:
        for nickname, animal in (("민수", "bear"), ("민수", "owl"), ("=cmd|1", "fox")):
            learner = store.add_learner(nickname, animal)
            store.add(NewAttempt(learner.id, SentenceName("ko-1", "1", "국물", "ko"), SCORE))
        store.add(NewAttempt(store.add_guest().id, SentenceName("ko-1", "1", "국물", "ko"), SCORE))
    return kiosk_home


def read(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_export_all(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.csv"
    assert main(["history", "export", "--out", str(out)]) == 0
    assert "4 attempts" in capsys.readouterr().out
    rows = read(out)
    assert tuple(rows[0]) == EXPORT_COLUMNS
    assert [row["learner"] for row in rows] == ["민수", "민수", "'=cmd|1", "guest-4"]
    assert rows[0]["score"] == "71.2"
    assert rows[0]["fluency"] == ""
    assert rows[0]["units"] == "국=55.0"


def test_export_and_forget_one(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.csv"
    assert main(["history", "export", "--out", str(out), "--learner", "민수"]) == 0
    assert [row["animal"] for row in read(out)] == ["owl", "bear"]
    assert main(["history", "forget", "--learner", "민수"]) == 0
    assert main(["history", "forget", "--guests"]) == 0
    assert main(["history", "export", "--out", str(out)]) == 0
    assert [row["learner"] for row in read(out)] == ["'=cmd|1"]
    assert main(["history", "forget", "--all"]) == 0
    assert "1 attempts deleted" in capsys.readouterr().out
    assert main(["history", "export", "--learner", "민수", "--out", str(out)]) == 2
    assert "There is no learner 민수" in capsys.readouterr().err
    for path in filled.rglob("*"):
        assert path.is_dir() or "민수".encode() not in path.read_bytes(), path
    assert len(read(out)) == 1


def test_a_stick_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        write_results(tmp_path / "stick" / "results.csv", [])
    assert not (tmp_path / "stick").exists()
