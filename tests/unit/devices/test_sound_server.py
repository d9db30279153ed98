from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pronounce_kiosk.devices.sound_server import (
    UNKNOWN,
    ServerState,
    ServerWatch,
    Source,
    parse_entries,
    parse_source,
    query_server,
)

LISTING = """[{"index":0,"name":"alsa_input.usb-a","description":"USB Mic","mute":false},
{"index":1,"name":"x.monitor","description":"Monitor of X"},{"index":2},"nonsense"]"""


def test_sources_are_read() -> None:
    assert parse_entries(parse_source, LISTING) == (
        Source("alsa_input.usb-a", "USB Mic"),
        Source("x.monitor", "Monitor of X"),
    )


@pytest.mark.parametrize("listing", ["", "{", "null", "{}", "[1, null]"])
def test_what_is_no_list_of_sources_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: str
) -> None:
    program = tmp_path / "pactl"
    program.write_text(
        "#!/bin/sh\n"
        f"if [ $1 = get-default-source ]; then echo mic; else printf '%s' '{listing}'; fi\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert query_server() == ServerState(known=True, reachable=True, default_name="mic")


def test_without_pactl_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert query_server() == UNKNOWN


def test_without_a_server_it_is_known_that_none_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent/socket")
    assert query_server() == ServerState(known=True, reachable=False)


def test_the_watch_never_waits_and_asks_once_an_interval() -> None:
    now = [0.0]
    begun, release = threading.Event(), threading.Event()
    asked = []
    answer = ServerState(known=True, reachable=True, default_name="mic")

    def query() -> ServerState:
        asked.append(now[0])
        begun.set()
        assert release.wait(60)
        return answer

    watch = ServerWatch(query=query, interval_s=1.0, clock=lambda: now[0])
    assert watch.poll() == UNKNOWN
    assert begun.wait(60)
    now[0] = 5.0
    assert watch.poll() == UNKNOWN  # the first has not been answered: no second is piled on it
    release.set()
    assert watch._thread is not None
    watch._thread.join(60)
    assert watch.poll() == answer
    watch._thread.join(60)
    now[0] = 5.5
    watch.poll()
    watch._thread.join(60)
    assert asked == [0.0, 5.0]


def test_an_answer_older_than_the_last_question_is_dropped() -> None:
    begun, release = threading.Event(), threading.Event()
    new = ServerState(known=True, reachable=True, default_name="new")
    answers = iter([ServerState(known=True, reachable=True, default_name="old"), new])

    def query() -> ServerState:
        answer = next(answers)
        if answer is not new:
            begun.set()
            assert release.wait(60)
        return answer

    watch = ServerWatch(query=query, interval_s=100.0)
    watch.poll()
    old = watch._thread
    assert old is not None
    assert begun.wait(60)
    assert watch.ask_now() == new
    release.set()
    old.join(60)
    assert watch.poll() == new
