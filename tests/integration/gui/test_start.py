"""How the kiosk starts and ends, in processes of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pronounce_kiosk import app
from pronounce_kiosk.cli.main import main

HEAVY = ("torch", "torchaudio", "librosa", "noisereduce", "scipy", "sounddevice", "numba")

PAINTED = f"""
import sys
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from pronounce_kiosk import app
from pronounce_kiosk.cli.main import main

build = app.build_kiosk
def build_and_watch(*arguments, **named):
    kiosk = build(*arguments, **named)
    def painted():
        print("at first paint:", [name for name in {HEAVY!r} if name in sys.modules], flush=True)
    kiosk.window.first_painted.connect(painted)
    def loaded():
        print("later:", "torch" in sys.modules, flush=True)
        QApplication.quit()
    kiosk.model.ready_changed.connect(loaded)
    return kiosk
app.build_kiosk = build_and_watch
raise SystemExit(main(["kiosk", "--windowed"]))
"""

RUNNING = """
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from pronounce_kiosk import app
from pronounce_kiosk.cli.main import main
build = app.build_kiosk
def build_and_tell(*arguments, **named):
    kiosk = build(*arguments, **named)
    kiosk.window.first_painted.connect(lambda: print("painted", flush=True))
    return kiosk
app.build_kiosk = build_and_tell
app.build_engine = lambda settings, paths: None
raise SystemExit(main(["kiosk", "--windowed", "--language", "en"]))
"""


def environment(home: Path) -> dict[str, str]:
    # No sound server is reached from here: a kiosk without a microphone starts all the same.
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
        "PULSE_SERVER": "unix:/nonexistent",
        "XDG_RUNTIME_DIR": str(home),
    }


def start(code: str, home: Path) -> subprocess.Popen[str]:
    home.mkdir(exist_ok=True, mode=0o700)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_window_is_painted_before_torch_is_loaded(kiosk_home: Path) -> None:
    kiosk = start(PAINTED, kiosk_home)
    output, errors = kiosk.communicate(timeout=150)
    assert output.splitlines() == ["at first paint: []", "later: True"], errors
    assert kiosk.returncode == 0


def test_a_second_start_says_so_and_leaves_and_sigterm_ends_the_first(kiosk_home: Path) -> None:
    first = start(RUNNING, kiosk_home)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "painted\n"
        second = start(RUNNING.replace('"en"', '"ko"'), kiosk_home)
        output, errors = second.communicate(timeout=60)
        assert second.returncode == app.ALREADY_RUNNING
        assert output == ""
        assert errors == "이 기기에서 키오스크가 이미 실행 중입니다. 그 창을 쓰세요.\n"
        first.send_signal(signal.SIGTERM)
        _, errors = first.communicate(timeout=60)
        assert first.returncode == 0
        assert "Traceback" not in errors
    finally:
        first.kill()
    # The lock is free again, and that of a kiosk whose power was cut is taken over.
    third = start(RUNNING, kiosk_home)
    assert third.stdout is not None
    assert third.stdout.readline() == "painted\n"
    third.kill()
    third.communicate(timeout=60)
    fourth = start(RUNNING, kiosk_home)
    assert fourth.stdout is not None
    assert fourth.stdout.readline() == "painted\n"
    fourth.terminate()
    fourth.communicate(timeout=60)
    assert fourth.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["--language", "fr"], "invalid choice"), (["--nonsense"], "unrecognized")],
)
def test_wrong_options_are_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["kiosk", *arguments])
    assert left.value.code == 2
    assert complaint in capsys.readouterr().err


def test_an_exception_in_a_slot_lands_on_the_failsafe_screen(kiosk_home: Path) -> None:
    code = RUNNING.replace(
        "    return kiosk",
        """    def broken():
        QTimer.singleShot(200, look)
        raise RuntimeError("in a slot")
    def look():
        print(kiosk.model.state.value, kiosk.window.failsafe.isVisible(), flush=True)
        QApplication.quit()
    kiosk.window.first_painted.connect(lambda: QTimer.singleShot(0, broken))
    return kiosk""",
    )
    kiosk = start(code, kiosk_home)
    output, errors = kiosk.communicate(timeout=60)
    assert output.splitlines() == ["painted", "failsafe True"], errors
    assert kiosk.returncode == 0


def test_a_kiosk_without_lists_apologises(kiosk_home: Path, tmp_path: Path) -> None:
    code = RUNNING.replace(
        "app.build_engine =",
        """from pronounce_kiosk.core.errors import SentenceListError
def no_lists(folder):
    raise SentenceListError("The index is damaged: install it again.")
app.bundled_lists = no_lists
app.build_engine =""",
    ).replace(
        "    return kiosk",
        """    def look():
        if kiosk.window.failsafe.isVisible():
            print(kiosk.window.failsafe.message_label.text(), flush=True)
            QApplication.quit()
    kiosk.model.state_changed.connect(lambda: QTimer.singleShot(0, look))
    return kiosk""",
    )
    kiosk = start(code, kiosk_home)
    output, errors = kiosk.communicate(timeout=60)
    assert "This list cannot be read" in output, errors
    assert kiosk.returncode == 0
