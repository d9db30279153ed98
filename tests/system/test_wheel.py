"""A wheel holds all that a kiosk needs, and works where nothing else of the checkout is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PyQt5.QtGui import QImage

from pronounce_kiosk.session.states import State

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = "오늘은 삼겹살을 먹었어요"


def required(name: str, extra: str = "") -> Iterator[Distribution]:
    """The installed packages that a package names, and those that these name."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield distribution(requirement.name)
            for inner in ("", *requirement.extras):
                yield from required(requirement.name, inner)


def link_packages(folder: Path) -> None:
    """Link what the project requires, and nothing else, into an environment's folder.

    Copying two gigabytes by pip takes minutes and shows no more.
    """
    for package in required("pronounce-kiosk"):
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.is_symlink():
                link.symlink_to(Path(str(package.locate_file(top))))


def check_demonstration(folder: Path) -> None:
    """The right sentence scored much better, and every screen is a picture of something."""
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["right"]["verdict"] == "scored"
    assert result["right"]["score"] > (result["other"]["score"] or 0.0) + 10
    files = [screen["file"] for screen in result["screens"]]
    assert sorted(files) == sorted(path.name for path in folder.glob("*.png"))
    assert len(files) > 50
    assert {screen["state"] for screen in result["screens"]} == {state.value for state in State}
    for file in files:
        image = QImage(str(folder / file))
        assert (image.width(), image.height()) == (800, 480)
        colours = {image.pixel(x, y) for x in range(0, 800, 4) for y in range(0, 480, 4)}
        assert len(colours) > 10


@pytest.mark.timeout(900)
def test_a_wheel_scores_and_plays_the_demonstration_in_an_empty_venv(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DISPLAY")
    } | {"OMP_NUM_THREADS": "1", "PRONOUNCE_KIOSK_HOME": str(tmp_path / "home")}

    def run(*command: str | Path, timeout_s: float = 600) -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", REPOSITORY)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    link_packages(packages)
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--disable-pip-version-check", wheel)
    assert "No broken requirements" in run(*pip, "check")

    run("espeak-ng", "-v", "ko", "-w", tmp_path / "take.wav", TEXT)
    score = run(
        programs / "pronounce-kiosk", "score", "take.wav", "--text", TEXT, "--lang", "ko", "--json"
    )
    assert json.loads(score)["verdict"] == "scored"

    run(programs / "pronounce-kiosk", "kiosk", "--demo", "demo")
    check_demonstration(tmp_path / "demo")
