"""A wheel holds all that a kiosk needs, and works where nothing else of the checkout is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = "오늘은 삼겹살을 먹었어요"


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
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    run(programs / "pip", "install", "--quiet", "--disable-pip-version-check", wheel)

    run("espeak-ng", "-v", "ko", "-w", tmp_path / "take.wav", TEXT)
    score = run(
        programs / "pronounce-kiosk", "score", "take.wav", "--text", TEXT, "--lang", "ko", "--json"
    )
    assert json.loads(score)["verdict"] == "scored"

    run(programs / "pronounce-kiosk", "kiosk", "--demo", "demo")
    assert json.loads((tmp_path / "demo" / "result.json").read_text(encoding="utf-8"))
    assert len(list((tmp_path / "demo").glob("*.png"))) > 50
