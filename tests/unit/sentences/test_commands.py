"""`lists import|export|list`, as a maintainer types them over ssh."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.sentences.commands import open_store
from pronounce_kiosk.sentences.reader import read_list

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *words: object) -> tuple[int, str, str]:
    try:
        code = main(["lists", *map(str, words)])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_import_a_whole_list(capsys: Captured, tmp_path: Path) -> None:
    file = write(tmp_path / "반.csv", "문장,번역\n네.,Yes.\n아니요.,No.\n")
    assert run(capsys, "check", file, "--lang", "ko")[0] == 0
    assert run(capsys, "import", file, "--lang", "ko") == (
        0,
        "반: 2 added, 0 updated, 0 kept\n",
        "",
    )
    assert run(capsys, "import", file, "--lang", "ko")[1] == "반: 0 added, 0 updated, 2 kept\n"
    assert "반  ko  2 sentences  (imported)" in run(capsys, "list")[1]


def test_a_list_with_a_bad_line_needs_good_lines(capsys: Captured, tmp_path: Path) -> None:
    file = write(tmp_path / "반.csv", "문장\n네.\n=1+1\n")
    assert run(capsys, "check", file, "--lang", "ko")[0] == 1
    code, out, err = run(capsys, "import", file, "--lang", "ko")
    assert (code, err) == (1, "")
    assert "line 3" in out
    assert "nothing was imported" in out
    assert open_store(Paths.default()).undoable() is None
    assert run(capsys, "import", file, "--lang", "ko", "--good-lines")[0] == 0


def test_only_bad_lines_import_nothing(capsys: Captured, tmp_path: Path) -> None:
    file = write(tmp_path / "반.csv", "문장\n=1\n=2\n")
    code, out, _ = run(capsys, "import", file, "--good-lines")
    assert code == 1
    assert "no good line" in out
    assert open_store(Paths.default()).undoable() is None


def test_replace_and_another_name(capsys: Captured, tmp_path: Path) -> None:
    run(capsys, "import", write(tmp_path / "a.txt", "하나.\n둘.\n"), "--name", "우리 반")
    code, out, _ = run(
        capsys, "import", write(tmp_path / "b.txt", "둘.\n셋.\n"), "--name", "우리 반", "--replace"
    )
    assert (code, out) == (0, "우리 반: 1 added, 0 updated, 1 kept, 1 removed\n")
    store = open_store(Paths.default())
    assert [s.text for s in store.get("우리 반").list.sentences] == ["둘.", "셋."]


def test_export_reads_back(capsys: Captured, tmp_path: Path) -> None:
    run(capsys, "import", write(tmp_path / "반.txt", "하나.\n둘.\n"))
    out = tmp_path / "out"
    out.mkdir()
    assert run(capsys, "export", out / "any.csv")[0] == 0  # the only imported one
    assert run(capsys, "export", out / "ko-1-greetings.csv")[0] == 0
    assert run(capsys, "export", out / "x.csv", "--list", "반", "--lang", "ko")[0] == 0
    assert [s.text for s in read_list(out / "any.csv").sentence_list.sentences] == ["하나.", "둘."]
    assert read_list(out / "ko-1-greetings.csv").is_whole
    assert (out / "x.csv").read_bytes() == (out / "any.csv").read_bytes()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["export", "x.csv"], "Which list"),
        (["export", "x.csv", "--list", "gone"], "there is no gone"),
        (["export", "nowhere/x.csv", "--list", "ko-1-greetings"], "was not saved"),
        (["export", "x.xlsx", "--list", "ko-1-greetings"], "ends in .csv"),
        (["export", "x.csv", "--list", "ko-1-greetings", "--lang", "en"], "no sentence"),
        (["import", "absent.csv"], "is not there"),
        (["import", "absent.csv", "--lang", "한국"], "no language"),
    ],
)
def test_bad_words_are_one_line(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("error: ")
    assert why in err
    assert list(tmp_path.glob("*.csv")) == []
