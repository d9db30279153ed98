"""pyproject.toml and scripts/: what a fresh machine gets."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
REQUIREMENTS = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
]
MACHINES = {
    "build machine": {"platform_machine": "x86_64", "python_version": "3.11"},
    "Pi, Debian 12": {"platform_machine": "aarch64", "python_version": "3.11"},
    "Pi, Debian 13": {"platform_machine": "aarch64", "python_version": "3.13"},
}


def pins(machine: str) -> dict[str, str]:
    """Package name -> version, as that machine's markers choose."""
    chosen = [
        requirement
        for requirement in REQUIREMENTS
        if requirement.marker is None or requirement.marker.evaluate(MACHINES[machine])
    ]
    versions = {requirement.name: str(requirement.specifier) for requirement in chosen}
    assert len(versions) == len(chosen), "a package is named twice"
    return versions


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_gets_one_exact_version_of_each(machine: str) -> None:
    for name, specifier in pins(machine).items():
        assert specifier.startswith("=="), name
        assert "*" not in specifier, name


def test_what_differs_between_machines() -> None:
    build, bookworm, trixie = (pins(machine) for machine in MACHINES)
    assert "PyQt5" in build
    assert "PyQt5" not in bookworm
    assert trixie.keys() - bookworm.keys() == {"audioop-lts"}
    # From 2.11 on, aarch64 wheels of torch require CUDA 13.
    for package in ("torch", "torchaudio"):
        release = tuple(int(part) for part in bookworm[package].removeprefix("==").split("."))
        assert release < (2, 11)


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--nonsense", 2)])
def test_setup_explains_itself_and_does_nothing(argument: str, status: int) -> None:
    run = subprocess.run(
        [REPOSITORY / "scripts" / "setup", argument], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == status
    assert "scripts/setup dev,train" in run.stdout
    assert "installing" not in run.stdout
