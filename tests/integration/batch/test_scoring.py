"""A row out for every row in, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.batch.scoring import (
    BatchResult,
    BatchRow,
    read_batch,
    score_row,
    score_rows,
    write_results,
)
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.errors import BundleError, ReferenceFailedError, UsageError
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence

RATE = 16_000


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_a_manifest_is_read_in_any_column_order(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.tsv",
        "\ufeffaudio\tid\tnote\tlang\ttext\tpronunciation\r",
        'a.wav\t1\tx\tko\t"안녕" 하세요\t안녕하세여\r',
        "",
        "/abs/b.wav\t2\t\ten\thello\u2028there",
        "c.wav\t3\t\tko\r\thi\rthere\t\r",
    )
    rows = read_batch(path)
    assert rows[0] == BatchRow(
        "1", tmp_path / "a.wav", '"안녕" 하세요', "ko", pronunciation="안녕하세여"
    )
    assert rows[1].audio == Path("/abs/b.wav")
    assert rows[1].text == "hello\u2028there"
    assert (rows[2].language, rows[2].text) == ("ko", "hi\rthere")
    assert len(rows) == 3


def test_ratings_are_means_of_the_columns_there_are(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.tsv",
        "id\taudio\ttext\tlang\ttotal_1\ttotal_2\tprosodic_1\taccuracy\ttotal_mean",
        "1\ta.wav\thi\ten\t4\t7\t3.5\t9\t9",
        "2\ta.wav\thi\ten\t4\t\tnan\t9\t9",
        "3\ta.wav\thi\ten",
    )
    ratings = [row.ratings for row in read_batch(path)]
    assert ratings == [{"total": 5.5, "prosodic": 3.5}, {"total": 4.0}, {}]


@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        ("1\ta.wav\thello", "lang"),
        ("1\ta.wav\t\ten", "text"),
        ("\ta.wav\tb\ten", "id"),
        ("7", "audio"),
    ],
)
def test_a_row_that_lacks_something_keeps_its_place(
    tmp_path: Path, line: str, lacking: str
) -> None:
    path = write(tmp_path / "m.tsv", "id\taudio\ttext\tlang", line, "2\ta.wav\tb\ten")
    rows = read_batch(path)
    assert len(rows) == 2
    assert lacking in rows[0].problem
    assert rows[1].problem == ""


def test_what_is_no_manifest(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "absent.tsv", "cannot be read"),
        (tmp_path, "cannot be read"),
        (write(tmp_path / "a.tsv"), "no column id"),
        (write(tmp_path / "b.tsv", "id,audio,text,lang"), "tabs between"),
        (write(tmp_path / "c.tsv", "id\taudio\ttext"), "no column lang"),
        (write(tmp_path / "d.tsv", "안녕", encoding="cp949"), "UTF-8"),
    ):
        with pytest.raises(UsageError, match=words):
            read_batch(path)


class _Engine:
    """Stands in for `PracticeEngine`: what matters here is what it raises."""

    def score(self, take: AudioClip, sentence: Sentence) -> object:
        if sentence.text == "boom":
            raise ZeroDivisionError("a bug")
        if sentence.language == "xx":
            raise ReferenceFailedError("No engine speaks xx.")
        score = Score(Verdict.SCORED, round(take.duration_s * 10, 3), fluency=12.345)
        return type("Result", (), {"score": score})()


def _engine() -> _Engine:
    return _Engine()


@pytest.fixture
def rows(tmp_path: Path) -> list[BatchRow]:
    soundfile.write(tmp_path / "a.wav", np.zeros(RATE), RATE)
    (tmp_path / "bad.wav").write_text("no audio")
    good = [BatchRow(f"g{i}", tmp_path / "a.wav", "hello", "en") for i in range(20)]
    return [
        *good,
        BatchRow("bad", tmp_path / "bad.wav", "hello", "en"),
        BatchRow("gone", tmp_path / "gone.wav", "hello", "en"),
        BatchRow("xx", tmp_path / "a.wav", "hello", "xx"),
        BatchRow("short", tmp_path, "", "", "The row has no text."),
    ]


def test_every_row_gets_a_result_in_order(rows: list[BatchRow]) -> None:
    results = list(score_rows(rows, _engine, jobs=1))
    assert [result.id for result in results] == [row.id for row in rows]
    assert [result.score.verdict for result in results[:20]] == [Verdict.SCORED] * 20
    assert [result.score.verdict for result in results[20:]] == [Verdict.UNREADABLE] * 4
    assert all(result.problem for result in results[20:])


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_engine_that_cannot_be_built_is_one_error(
    rows: list[BatchRow], tmp_path: Path, jobs: int
) -> None:
    # A function that a process of its own can import.
    factory = partial(load_bundle, tmp_path / "nothing")
    with pytest.raises(BundleError, match="nothing is no bundle"):
        write_results(tmp_path / "out.tsv", score_rows(rows, factory, jobs))  # type: ignore[arg-type]
    assert not list(tmp_path.glob("out.*"))


def test_a_bug_costs_one_row_and_is_logged(
    rows: list[BatchRow], expected_log: Callable[[str], None]
) -> None:
    expected_log("ERROR pronounce_kiosk.batch.scoring: row g0 could not be scored")
    broken = BatchRow("g0", rows[0].audio, "boom", "en")
    result = score_row(_Engine(), broken)  # type: ignore[arg-type]
    assert result.score.verdict is Verdict.UNREADABLE
    assert "ZeroDivisionError" in result.problem


def test_the_line_of_a_result() -> None:
    scored = Score(Verdict.SCORED, 87.654, accuracy=None, fluency=0.0, prosody=100.0)
    assert BatchResult("7", scored).line() == "7\tscored\t87.65\t\t0.00\t100.00"
    assert BatchResult("8", Score(Verdict.SILENCE)).line() == "8\tsilence\t\t\t\t"


def _scored(number: int) -> BatchResult:
    score = Score(
        Verdict.SCORED,
        float(number),
        reference=ReferenceInfo("espeak", "ko"),
        bundle=BundleInfo("a", "1" * 64),
    )
    return BatchResult(f"r{number}", score)


def test_results_are_written_with_what_made_them(tmp_path: Path) -> None:
    out = tmp_path / "out.tsv"
    results = [_scored(1), BatchResult("bad", Score(Verdict.UNREADABLE), "No audio.")]
    assert write_results(out, results) == results
    assert out.read_text().splitlines() == [
        "id\tverdict\tscore\taccuracy\tfluency\tprosody",
        "r1\tscored\t1.00\t\t\t",
        "bad\tunreadable\t\t\t\t",
    ]
    assert (tmp_path / "out.provenance.tsv").read_text().splitlines() == [
        "id\tbundle\tsha256\tengine\tvoice",
        f"r1\ta\t{'1' * 64}\tespeak\tko",
        "bad\t\t\t\t",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.provenance.tsv", "out.tsv"]


def test_json_lines_say_themselves_what_made_them(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    results = [_scored(1), BatchResult("나쁨", Score(Verdict.UNREADABLE), "No audio.")]
    assert write_results(out, results) == results
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"id": result.id, **result.score.to_json()} for result in results
    ]
    assert "나쁨" in out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_json_lines_that_are_cut_off_leave_the_rows_they_finished(tmp_path: Path) -> None:
    def cut_off(rows: int) -> Iterator[BatchResult]:
        yield from map(_scored, range(rows))
        raise KeyboardInterrupt

    for rows in (0, 2):
        with pytest.raises(KeyboardInterrupt):
            write_results(tmp_path / "out.jsonl", cut_off(rows))
        parts = list(tmp_path.iterdir())
        assert len(parts) == bool(rows)
    assert parts[0].name == "out.jsonl.part"
    assert [json.loads(line)["id"] for line in parts[0].read_text().splitlines()] == ["r0", "r1"]


def test_a_run_that_is_cut_off_leaves_the_rows_it_finished(tmp_path: Path) -> None:
    out, part = tmp_path / "out.tsv", tmp_path / "out.tsv.part"
    out.write_text("of an earlier run")

    def cut_off() -> Iterator[BatchResult]:
        yield _scored(1)
        yield _scored(2)
        # A kill leaves what is on the disk at this moment: nothing waits in memory.
        assert len(part.read_text().splitlines()) == 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_results(out, cut_off())
    assert [line.split("\t")[0] for line in part.read_text().splitlines()] == ["id", "r1", "r2"]
    assert out.read_text() == "of an earlier run"
