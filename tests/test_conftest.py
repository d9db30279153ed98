"""The guards of conftest.py must bite; each test here runs a small suite under them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

SUITES = {
    "a stray log record": ("logging.getLogger('x').warning('boo')", "stray log records"),
    "a log record below WARNING": ("logging.getLogger('x').info('boo')", ""),
    "an expected log record": ("expected_log('boo'); logging.getLogger('x').error('boo')", ""),
    "an expected record that never came": ("expected_log('boo')", "never came"),
    "a warning": ("warnings.warn('boo')", "UserWarning"),
}


@pytest.mark.parametrize("name", SUITES)
def test_guards(name: str, tmp_path: Path) -> None:
    body, complaint = SUITES[name]
    shutil.copy(HERE / "conftest.py", tmp_path)
    shutil.copy(HERE.parent / "pyproject.toml", tmp_path)
    (tmp_path / "test_it.py").write_text(
        f"import logging, warnings\ndef test_it(expected_log):\n    {body}\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == (1 if complaint else 0), run.stdout + run.stderr
    assert complaint in run.stdout
