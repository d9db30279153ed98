"""The bench says what was missed, and measures what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pronounce_kiosk.audio.files import read_clip
from tools.bench import __main__ as command
from tools.bench import registry, report
from tools.bench.registry import Bench, Measured, Row, all_rows
from tools.bench.report import Finished
from tools.bench.takes import PAUSE_S, sentence_of, take_file

MUSTS = {
    "compute": (2, 3),
    "shown": (100, 40),
    "held": (50, 16),
    "painted": (1.2, 0.5),
    "ready": (5, 2.5),
    "memory": (400, 330),
    "memory-takes": (10, 0),
    "idle": (3, 0.5),
    "batch": (1.7, 1.95),
    "list-import": (2, 0.5),
    "results-open": (0.2, 0.05),
    "scores": (0.5, 0),
}


def finished(
    figure: float | None, more: bool = False, error: str = "", must: float = 2
) -> Finished:
    def measure(bench: Bench) -> Measured:
        raise AssertionError

    goal = 4.0 if more else 1.0
    row = Row("name", "what", "s", must, goal, more, measure)
    samples = () if figure is None else (figure,)
    return Finished(row, Measured(samples, skipped="" if samples else "no such thing"), 1.0, error)


def test_the_issue_s_lines_are_there_with_their_bounds() -> None:
    rows = {row.name: row for row in all_rows()}
    assert len(rows) == len(all_rows())
    assert {name: (rows[name].must, rows[name].goal) for name in MUSTS} == MUSTS
    assert {name for name in rows if rows[name].more_is_better} >= {"compute", "batch"}
    assert "linear" in rows


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (finished(0.9), "goal"),
        (finished(1.5), "must"),
        (finished(2.1), "MISSED"),
        (finished(4.5, more=True), "goal"),
        (finished(3.0, more=True), "must"),
        (finished(1.9, more=True), "MISSED"),
        (finished(None), "skipped"),
        (finished(None, error="it broke"), "FAILED"),
    ],
)
def test_a_row_is_judged_by_its_bounds(row: Finished, verdict: str) -> None:
    assert row.verdict == verdict
    assert verdict in report.table([row])
    assert json.loads(report.document({}, False, [row]))["rows"][0]["verdict"] == verdict


@pytest.mark.parametrize(("figure", "code"), [(1.5, 0), (3.0, 1), (None, 1)])
def test_the_command_fails_where_a_must_is_missed(
    figure: float | None,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def measure(bench: Bench) -> Measured:
        assert bench.quick
        assert bench.work.is_dir()
        if figure is None:
            raise RuntimeError("the thing is not there")
        return Measured([figure, figure + 0.1, figure - 0.1])

    rows = (Row("thing", "how long it takes", "s", 2, 1, False, measure),)
    monkeypatch.setattr(command, "all_rows", lambda: rows)
    assert command.main(["--quick", "--output", str(tmp_path), "--only", "thing"]) == code
    assert "thing: how long it takes" in capsys.readouterr().out
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert written["rows"][0]["value"] == figure
    assert written["machine"]["cores"] >= 1
    assert command.main(["--only", "nothing"]) == command.BAD_USAGE


def test_a_child_works_in_a_home_of_its_own_and_says_what_broke(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    found = bench.child("probe_imports:ours", {}, home="here")
    assert set(found) == {"seconds", "mb", "modules_s"}
    assert found["seconds"] >= max(found["modules_s"].values())
    with pytest.raises(RuntimeError, match="no_such"):
        bench.child("probe_imports:no_such", {})


def test_rows_share_what_they_measured(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    values = iter([1, 2])
    assert [bench.once("key", lambda: next(values)) for _ in range(2)] == [1, 1]
    assert Measured([3.0, 1.0, 2.0]).figure == 2.0
    assert Measured([3.0, 1.0], value=5.0).figure == 5.0
    assert registry.Measured().figure is None


def test_a_take_has_the_length_asked_for_and_as_many_words_as_fit(tmp_path: Path) -> None:
    short, clip = sentence_of(2.0)
    path, long = take_file(tmp_path, 4.0)
    assert clip.duration_s == 2.0
    assert read_clip(path).duration_s == 4.0
    assert long.text.startswith(short.text)
    assert len(long.text) > len(short.text)
    pause = round(0.9 * PAUSE_S * clip.sample_rate_hz)
    assert abs(clip.samples[:pause]).max() < 0.01 < abs(clip.samples).max()
