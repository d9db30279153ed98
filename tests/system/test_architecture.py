"""The import rules, and what they are for: an engine without Qt, a core without torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

ENGINE = [
    "core",
    "audio",
    "language",
    "scoring",
    "references",
    "sentences",
    "bundles",
    "session",
    "batch",
    "devices",
]
HEAVY = ["torch", "torchaudio", "librosa", "noisereduce", "scipy", "matplotlib", "numba", "gtts"]

NO_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PyQt5", "sip"):
            raise ModuleNotFoundError(f"blocked: {name}", name=name)

sys.meta_path.insert(0, NoQt())
"""

IMPORT_WHOLE = """
import importlib, pkgutil, sys

def import_whole(name):
    module = importlib.import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", []), name + "."):
        import_whole(found.name)

for name in sys.argv[1].split(","):
    import_whole(name)
"""

SHOW_LOADED = "print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"


def python(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter; its standard output."""
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def loaded_by(*names: str) -> set[str]:
    """Top-level modules in a fresh interpreter that imported these, submodules and all."""
    modules = ",".join(f"pronounce_kiosk.{name}" for name in names)
    return set(python(IMPORT_WHOLE + SHOW_LOADED, modules).split())


def test_the_import_rules_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout


def test_the_engine_and_the_commands_import_without_qt() -> None:
    names = ",".join(f"pronounce_kiosk.{name}" for name in [*ENGINE, "cli"])
    python(NO_QT + IMPORT_WHOLE, names)


def test_the_block_on_qt_blocks() -> None:
    with pytest.raises(AssertionError, match="blocked: PyQt5"):
        python(NO_QT + "import PyQt5.QtCore")


def test_a_take_is_scored_without_qt(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    text = "오늘은 삼겹살을 먹었어요"
    subprocess.run(["espeak-ng", "-v", "ko+f2", "-w", take, text], check=True, timeout=60)
    code = NO_QT + "from pronounce_kiosk.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    score = json.loads(python(code, "score", str(take), "--text", text, "--lang", "ko", "--json"))
    assert score["verdict"] == "scored"
    assert 0 <= score["score"] <= 100


def test_the_core_is_light() -> None:
    assert not loaded_by("core") & {*HEAVY, "PyQt5", "sounddevice"}


def test_the_command_line_starts_light() -> None:
    loaded = set(python("import sys, pronounce_kiosk.cli.main\n" + SHOW_LOADED).split())
    assert not loaded & {*HEAVY, "PyQt5", "sounddevice", "soundfile"}


def test_the_window_is_painted_before_torch_is_loaded() -> None:
    loaded = loaded_by("app", "gui")
    assert "PyQt5" in loaded
    assert not loaded & set(HEAVY)
