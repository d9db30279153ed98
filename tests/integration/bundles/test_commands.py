"""`models ...` as a maintainer uses it, on the bundles that ship."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.bundles.activation import activate, read_activation
from pronounce_kiosk.bundles.load import shipped_folders
from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.paths import Paths

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["models", *map(str, arguments)])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def fails(capsys: Captured, *arguments: object) -> str:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


@pytest.fixture
def best() -> Path:
    return shipped_folders(Paths.default())[0]


@pytest.fixture
def small() -> Path:
    """The shipped baseline, which is quick."""
    return shipped_folders(Paths.default())[-1]


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    """The baseline under another name, on a stick."""
    folder = tmp_path / "stick" / "copy-1"
    shutil.copytree(small, folder)
    manifest = folder / "manifest.toml"
    text = manifest.read_text(encoding="utf-8").replace(f'"{small.name}"', '"copy-1"', 1)
    manifest.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", ["verify", "activate", "rollback", "compare", "import"])
def test_help(capsys: Captured, command: str) -> None:
    code, out, err = run(capsys, command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: pronounce-kiosk models {command}")


def test_a_bundle_from_the_stick_to_the_score_and_back(
    capsys: Captured, copied: Path, best: Path
) -> None:
    code, out, err = run(capsys, "import", copied)
    assert (code, err) == (0, "")
    assert "copy-1 is imported" in out
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert f"* {best.name}" in out
    assert any(line.startswith("  copy-1") and "imported" in line for line in out.splitlines())
    code, out, err = run(capsys, "activate", "copy-1")
    assert (code, err) == (0, "")
    assert "copy-1 scores from now on" in out
    assert "* copy-1" in run(capsys, "list")[1]
    code, out, err = run(capsys, "rollback")
    assert (code, out, err) == (0, f"{best.name} scores again.\n", "")
    assert f"* {best.name}" in run(capsys, "list")[1]


def test_there_is_nothing_to_go_back_to(capsys: Captured) -> None:
    assert "no bundle to go back to" in fails(capsys, "rollback")


def test_verifying(capsys: Captured, small: Path, copied: Path) -> None:
    code, out, err = run(capsys, "verify", small.name, copied)
    assert (code, err) == (0, "")
    assert f"{small.name}: passed" in out
    assert "golden/silence.flac  silence (silence)" in out
    (copied / "model.pt").write_bytes(b"")
    code, out, err = run(capsys, "verify", copied)
    assert (code, err) == (1, "")
    assert "copy-1: FAILED" in out
    assert "sha256" in out


def test_a_bundle_that_fails_its_check_is_not_activated(
    capsys: Captured, copied: Path, best: Path
) -> None:
    paths = Paths.default()
    place = paths.imported_models_dir / "copy-1"
    shutil.copytree(copied, place)
    manifest = place / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('verdict = "silence"', 'verdict = "noisy"'), encoding="utf-8")
    assert "fails its own check" in fails(capsys, "activate", "copy-1")
    (place / "model.pt").write_bytes(b"")
    assert "sha256" in fails(capsys, "activate", "copy-1")
    assert read_activation(paths).bundle == ""
    assert f"* {best.name}" in run(capsys, "list")[1]


def test_a_rollback_to_what_is_damaged_changes_nothing(
    capsys: Captured, copied: Path, small: Path
) -> None:
    paths = Paths.default()
    place = paths.imported_models_dir / "copy-1"
    shutil.copytree(copied, place)
    activate(paths, "copy-1")
    activate(paths, small.name)
    (place / "model.pt").write_bytes(b"")
    assert "sha256" in fails(capsys, "rollback")
    assert read_activation(paths).bundle == small.name


def test_the_list_shows_what_failed(capsys: Captured) -> None:
    from pronounce_kiosk.bundles.activation import reject

    paths = Paths.default()
    activate(paths, "gone-1")
    code, _, err = run(capsys, "list")
    assert code == 1
    assert "gone-1" in err
    reject(paths, "gone-1", "It does not load.")
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "gone-1 failed: It does not load." in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("activate",),
        ("activate", "nothing-1"),
        ("activate", "nothing-1", "--shipped"),
        ("verify", "nothing-1"),
        ("import", "absent.zip"),
        ("compare", "nothing-1", "nothing-2", "--on", "absent.tsv"),
        ("compare", "nothing-1"),
    ],
    ids=" ".join,
)
def test_bad_input(capsys: Captured, arguments: tuple[str, ...]) -> None:
    fails(capsys, *arguments)


def test_the_shipped_one_can_be_asked_for(capsys: Captured, small: Path, best: Path) -> None:
    activate(Paths.default(), small.name)
    code, out, err = run(capsys, "activate", "--shipped")
    assert (code, err) == (0, "")
    assert f"{best.name} scores from now on" in out
    assert read_activation(Paths.default()).bundle == ""


def test_comparing(
    capsys: Captured, small: Path, best: Path, said: AudioClip, tmp_path: Path
) -> None:
    write_clip(tmp_path / "take.wav", said)
    manifest = tmp_path / "m.tsv"
    manifest.write_text(
        "id\taudio\ttext\tlang\ttotal_1\n"
        "right\ttake.wav\t안녕하세요\tko\t9\n"
        "other\ttake.wav\t지금 몇 시에 만날까요?\tko\t1\n"
        "gone\tno.wav\t안녕하세요\tko\t5\n",
        encoding="utf-8",
    )
    out = tmp_path / "pairs.tsv"
    code, said_it, err = run(
        capsys, "compare", small.name, best.name, "--on", manifest, "--out", out, "--jobs", "1"
    )
    assert (code, err) == (0, "")
    assert "not comparable one to one" in said_it
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [row.split("\t")[0] for row in lines] == ["id", "right", "other", "gone"]
    assert lines[1].split("\t")[1] == "scored"
    assert lines[1].endswith("\tbundle")
