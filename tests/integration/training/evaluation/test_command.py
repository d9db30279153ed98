"""`evaluate`: which rows the folders allow, and what is shown and written of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pronounce_kiosk.cli.evaluate import ROWS as ROW_NAMES
from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.training.evaluation import command
from pronounce_kiosk.training.evaluation.base import FOLDERS, Request
from pronounce_kiosk.training.evaluation.command import ALL, ROWS, Row, run, wanted_rows
from pronounce_kiosk.training.evaluation.figures import Table

BUNDLE = Path(__file__).parents[4] / "models" / "classic-1"
NOTHING: dict[str, Path | None] = dict.fromkeys(FOLDERS)


def test_the_command_line_offers_every_row() -> None:
    assert (*(row.name for row in ROWS), ALL) == ROW_NAMES


def test_all_is_what_the_folders_allow(tmp_path: Path) -> None:
    def rows(*folders: str) -> tuple[str, ...]:
        given = {name: tmp_path if name in folders else None for name in FOLDERS}
        return tuple(row.name for row in wanted_rows(Request(BUNDLE, given, ["all"])))

    assert rows("corpus") == (
        "people",
        "wrong",
        "pairs",
        "robustness",
        "nonspeech",
        "englishnaming",
        "stress",
        "replay",
    )
    assert rows("gtts") == (
        "gtts",
        "confusions",
        "pairs",
        "naming",
        "lesson",
        "englishnaming",
        "stress",
        "replay",
    )
    assert rows("tedx") == (
        "redmarks",
        "wrong",
        "swaps",
        "pairs",
        "naming",
        "lesson",
        "englishnaming",
        "stress",
    )
    assert rows(*FOLDERS) == ROW_NAMES[:-1]
    with pytest.raises(UsageError, match="nothing to evaluate"):
        rows()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rows": ["people"]}, "--corpus"),
        ({"rows": ["pairs", "redmarks"]}, "--korean or --tedx"),
        ({"rows": ["leftout"]}, "--korean"),
        ({"rows": ["pairs", "gtts"]}, "--gtts"),
        ({"rows": ["nonspeech"]}, "--corpus or --korean"),
        ({"rows": ["pairs"], "out": Path("absent/x.md")}, "no folder absent"),
    ],
)
def test_what_is_missing_is_said_before_any_work(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        run(Request(BUNDLE, NOTHING, **changes), lambda text: pytest.fail("it worked"))


def test_tables_are_shown_and_written_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.md"
    other = tmp_path / "other-1"
    shutil.copytree(BUNDLE, other)

    def pairs(asked: Request) -> Table:
        return table("pairs", asked)

    def perturbed(asked: Request) -> Table:
        if asked.bundle == other:
            raise TrainingError("No units.")
        return table("perturbed", asked)

    def table(row: str, asked: Request) -> Table:
        return Table(row, ("what", "figure"), ((f"{row} of", asked.bundle.name), (row, row)))

    monkeypatch.setattr(command, "ROWS", (Row("pairs", pairs), Row("perturbed", perturbed)))
    seen: list[tuple[str, str]] = []
    folders = NOTHING | {"korean": tmp_path}
    request = Request(BUNDLE, folders, ["pairs", "perturbed"], other, out=out)
    run(request, lambda text: seen.append((text, out.read_text() if out.exists() else "")))
    assert len(seen) == 2
    assert seen[0][0].startswith("### pairs")
    assert "### pairs" in seen[1][1]
    assert "### perturbed" not in seen[1][1]
    assert "### perturbed" in out.read_text()
    written = " ".join(out.read_text().split())
    # Its manifest still calls it classic-1.
    assert "| what | figure | classic-1 |" in written
    assert "| pairs of | classic-1 | other-1 |" in written
    # What the other bundle cannot do is no reason to say nothing of the first.
    assert "| perturbed of | classic-1 | - |" in written


def test_the_baseline_stands_beside_agreement_with_people_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_of: list[str] = []

    def table(asked: Request) -> Table:
        asked_of.append(asked.bundle.name)
        return Table("pairs", ("what", "figure"), ())

    monkeypatch.setattr(command, "ROWS", (Row("pairs", table),))
    run(Request(tmp_path, NOTHING, ["pairs"], baseline=BUNDLE), lambda text: None)
    assert asked_of == [tmp_path.name]


def test_the_command_writes_the_rows_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.md"
    words = ["evaluate", "--rows", "pairs", "--bundle", "aligned-2", "--limit", "1", "--jobs", "1"]
    assert main([*words, "--out", str(out)]) == 0
    assert "Korean minimal pairs" in capsys.readouterr().out
    written = " ".join(out.read_text(encoding="utf-8").split())
    assert "| right word scores higher | 2 |" in written
    assert main(["evaluate"]) == 2
    assert "--corpus" in capsys.readouterr().err
