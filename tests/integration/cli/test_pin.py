"""The command pin."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.pin import Pin


def test_it_is_read_from_standard_input(kiosk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("4821\n"))
    assert main(["pin", "--stdin"]) == 0
    assert Pin(Paths.default().teacher_pin_file).check("4821")


@pytest.mark.parametrize("typed", [["123", "123"], ["1234", "1235"]])
def test_a_wrong_one_changes_nothing(
    kiosk_home: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert main(["pin"]) == 2
    assert not Pin(Paths.default().teacher_pin_file).is_set()
