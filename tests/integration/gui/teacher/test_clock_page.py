"""Setting date and time on a device without a network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.clock import ClockPage, stepped
from pronounce_kiosk.gui.teacher.navigation import MessagePage
from pronounce_kiosk.history.clock import clock_is_set


def open_clock(desk) -> ClockPage:  # type: ignore[no-untyped-def]
    desk.enter()
    page = ClockPage(desk.area, lambda: datetime(2024, 1, 31, 8, 59))
    desk.area.push(page)
    return page


def test_the_teacher_sets_the_clock_and_it_is_believed(
    desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    page = open_clock(desk)
    for part in ("year", "month", "hour"):
        desk.tap(page.more[part])
    desk.tap(page.less["minute"])
    desk.tap(page.set_button)
    desk.wait_for(MessagePage)
    assert desk.area.page.text_label.text() == "The clock is set."
    assert desk.clock.moments == [datetime(2025, 2, 28, 9, 58)]
    assert clock_is_set(tmp_path / "no-time-server")


@pytest.mark.parametrize("reason", ["not_allowed", "no_service", "slow", "refused"])
def test_a_clock_that_cannot_be_set_says_why_in_one_sentence(desk, reason: str) -> None:  # type: ignore[no-untyped-def]
    desk.clock.refuses = reason
    page = open_clock(desk)
    desk.tap(page.set_button)
    desk.wait_for(MessagePage)
    expected = texts.DEVICE_MESSAGES["clock"][reason].en
    assert desk.area.page.text_label.text() == expected
    desk.tap(desk.area.page.buttons[0])
    assert desk.area.page is page
    assert page.set_button.isEnabled()


@pytest.mark.parametrize(
    ("part", "step", "expected"),
    [
        ("year", 1, datetime(2025, 2, 28, 23, 59)),
        ("month", 1, datetime(2024, 3, 29, 23, 59)),
        ("day", 1, datetime(2024, 2, 1, 23, 59)),
        ("day", -1, datetime(2024, 2, 28, 23, 59)),
        ("hour", 1, datetime(2024, 2, 29, 0, 59)),
        ("minute", 1, datetime(2024, 2, 29, 23, 0)),
    ],
)
def test_a_step_changes_its_own_part_only(part: str, step: int, expected: datetime) -> None:
    assert stepped(datetime(2024, 2, 29, 23, 59), part, step) == expected
