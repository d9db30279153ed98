"""The PIN: hashed with a salt, wrong tries wait, and nobody is locked out for good."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core import pin as pin_module
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.pin import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, Pin


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "pin.json"


def test_the_first_use_sets_it(file: Path) -> None:
    pin = Pin(file)
    assert not pin.is_set()
    assert not pin.check("1234")
    pin.set("1234")
    assert pin.is_set()
    assert Pin(file).check("1234")
    assert not Pin(file).check("1235")


def test_it_is_nowhere_to_be_read(file: Path) -> None:
    Pin(file).set("83619274")
    first = file.read_text()
    assert "83619274" not in first
    Pin(file).set("83619274")
    kept = json.loads(first), json.loads(file.read_text())
    assert kept[0]["salt"] != kept[1]["salt"]
    assert kept[0]["hash"] != kept[1]["hash"]


@pytest.mark.parametrize("bad", ["", "123", "123456789", "12a4", "１２３４", " 1234"])
def test_what_is_no_pin(file: Path, bad: str) -> None:
    with pytest.raises(UsageError, match="4 to 8 digits"):
        Pin(file).set(bad)
    assert not file.exists()


def test_wrong_tries_wait_longer_and_longer(file: Path) -> None:
    clock = Clock()
    pin = Pin(file, clock)
    pin.set("1234")
    for _ in range(FREE_TRIES - 1):
        assert not pin.check("0000")
        assert pin.wait_s() == 0
    waits = []
    for _ in range(12):
        assert not pin.check("0000")
        waits.append(pin.wait_s())
        assert not pin.check("1234")  # the right one does not count while waiting
        clock.now_s += pin.wait_s()
    assert waits[:3] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S
    assert pin.check("1234")
    assert not pin.check("0000")
    assert pin.wait_s() == 0  # the count began anew


def test_a_disk_that_turned_read_only_keeps_nobody_out_and_lets_nobody_try_for_ever(
    file: Path, expected_log: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("WARNING pronounce_kiosk.core.pin: wrong tries cannot be counted")
    clock = Clock()
    pin = Pin(file, clock)
    pin.set("1234")
    assert not pin.check("0000")

    def refuses(path: Path, data: bytes) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(pin_module, "write_atomically", refuses)
    assert pin.check("1234")
    waits = []
    for _ in range(FREE_TRIES + 1):
        assert not pin.check("0000")
        waits.append(pin.wait_s())
        clock.now_s += pin.wait_s()
    assert waits[-2:] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S]
    with pytest.raises(OSError, match="Read-only"):
        pin.set("5678")
    assert pin.check("1234")


def test_pulling_the_plug_does_not_give_new_tries(file: Path) -> None:
    clock = Clock()
    pin = Pin(file, clock)
    pin.set("1234")
    for _ in range(FREE_TRIES):
        pin.check("0000")
    again = Pin(file, clock)
    assert again.wait_s() == FIRST_WAIT_S
    clock.now_s += FIRST_WAIT_S
    assert again.check("1234")


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"salt": "", "hash": "", "wrong": 0}', '{"salt": 3}']
)
def test_a_damaged_file_is_as_good_as_none(
    file: Path, damage: str, expected_log: Callable[[str], None]
) -> None:
    expected_log("a new PIN can be set")
    Pin(file).set("1234")
    file.write_text(damage)
    pin = Pin(file)
    assert not pin.is_set()
    pin.set("4321")
    assert pin.check("4321")
