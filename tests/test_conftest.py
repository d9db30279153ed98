"""The guards of conftest.py must bite; here small suites are run under them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

HERE = Path(__file__).resolve().parent

SUITES = {
    "a stray log record": ("logging.getLogger('x').warning('boo')", "stray log records"),
    "a log record below WARNING": ("logging.getLogger('x').info('boo')", ""),
    "an expected log record": ("expected_log('boo'); logging.getLogger('x').error('boo')", ""),
    "an expected record that never came": ("expected_log('boo')", "never came"),
    "a warning": ("warnings.warn('boo')", "UserWarning"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each suite: "" where it passed, else what pytest said of it."""
    folder = tmp_path_factory.mktemp("suites")
    shutil.copy(HERE / "conftest.py", folder)
    shutil.copy(HERE.parent / "pyproject.toml", folder)
    tests = [
        f"def test_{number}(expected_log):\n    {body}\n"
        for number, (body, _) in enumerate(SUITES.values())
    ]
    (folder / "test_it.py").write_text("import logging, warnings\n" + "".join(tests))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    run = subprocess.run(
        [*command, "--junit-xml", "report.xml"],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    found = dict.fromkeys(SUITES, "")
    cases = list(ElementTree.parse(folder / "report.xml").getroot().iter("testcase"))
    for case in cases:
        name = list(SUITES)[int(case.get("name", "").removeprefix("test_"))]
        found[name] += "".join(f"{said.get('message')} {said.text}" for said in case)
    assert {case.get("name") for case in cases} == {f"test_{n}" for n in range(len(SUITES))}
    return found


@pytest.mark.parametrize("name", SUITES)
def test_guards(name: str, outcomes: dict[str, str]) -> None:
    _, complaint = SUITES[name]
    assert bool(outcomes[name]) == bool(complaint), outcomes[name]
    assert complaint in outcomes[name]
