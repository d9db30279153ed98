"""A kiosk whose bundle does not start: the real program, in a process of its own, offscreen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pronounce_kiosk.bundles.activation import activate, activation_file, read_activation
from pronounce_kiosk.bundles.load import shipped_folders
from pronounce_kiosk.core.paths import Paths

KIOSK = """
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from pronounce_kiosk import app
from pronounce_kiosk.cli.main import main

build = app.build_kiosk
def build_and_look(*arguments, **named):
    kiosk = build(*arguments, **named)
    def look():
        notice = kiosk.window.top_bar.notice
        print(kiosk.model.notices.key, "|", notice.text() if notice.isVisible() else "", flush=True)
        kiosk.model.jobs.with_engine("name", lambda engine: engine.scorer.info.name, leave, leave)
    def leave(name):
        print(name, flush=True)
        QApplication.quit()
    kiosk.model.ready_changed.connect(lambda: QTimer.singleShot(0, look))
    # Nothing is plugged in here, which would be told first.
    kiosk.sound.notice.disconnect()
    return kiosk
app.build_kiosk = build_and_look
raise SystemExit(main(["kiosk", "--windowed", "--language", "ko"]))
"""


def run_kiosk(home: Path) -> list[str]:
    """What it printed: the notice's key and its words, and the bundle that scores."""
    home.mkdir(exist_ok=True, mode=0o700)
    done = subprocess.run(
        [sys.executable, "-c", KIOSK],
        env=os.environ
        | {
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_NUM_THREADS": "1",
            "PULSE_SERVER": "unix:/nonexistent",
            "XDG_RUNTIME_DIR": str(home),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def broken(kiosk_home: Path) -> Path:
    """A copy of the best shipped bundle, imported, activated after another, and then damaged."""
    paths = Paths.default()
    best, other = shipped_folders(paths)[:2]
    folder = paths.imported_models_dir / "broken-1"
    shutil.copytree(best, folder)
    activate(paths, other.name)
    activate(paths, "broken-1")
    (folder / "model.pt").write_bytes((folder / "model.pt").read_bytes()[:-1])
    return folder


@pytest.mark.timeout(600)
def test_it_goes_back_by_itself_and_says_so(broken: Path, kiosk_home: Path) -> None:
    paths = Paths.default()
    other = shipped_folders(paths)[1].name
    said, name = run_kiosk(kiosk_home)
    assert name == other
    key, _, words = said.partition(" | ")
    assert key == "bundle_failed"
    assert "채점 모델" in words
    now = read_activation(paths)
    assert (now.bundle, now.previous, now.started) == (other, None, True)
    assert now.failed is not None
    assert now.failed.bundle == "broken-1"
    log = (paths.data_dir / "log" / "pronounce-kiosk.log").read_text(encoding="utf-8")
    assert "WARNING pronounce_kiosk.bundles.activation: the bundle broken-1 does not start" in log
    # The next start is an ordinary one, once another bundle was activated.
    activate(paths, "")
    assert run_kiosk(kiosk_home) == [" | ", shipped_folders(paths)[0].name]
    assert json.loads(activation_file(paths).read_text())["failed"] is None
