"""The units under a real systemd: started, killed, frozen, failing again and again."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.timeout(420)

MIC = "pronounce-mic.service"
KIOSK = "pronounce-kiosk.service"
CAGE = "pronounce-kiosk-cage.service"
REFERENCES = "pronounce-references.service"
MESSAGE = "pronounce-kiosk-message@pronounce-kiosk.service.service"


def running(machine: Machine, unit: str) -> str:
    """The main process of a unit that has said that it is ready; "" where it has not."""
    shown = machine.show(unit)
    ready = shown.get("ActiveState") == "active" and shown.get("SubState") == "running"
    return shown["MainPID"] if ready else ""


def wait_running(machine: Machine, unit: str, other_than: str = "") -> str:
    machine.wait(
        lambda: running(machine, unit) not in ("", other_than),
        lambda: f"{unit}: {machine.journal(unit)[-20:]}",
    )
    return running(machine, unit)


def send(machine: Machine, unit: str, number: signal.Signals) -> str:
    """To the unit's running process, which a starved machine may have started once more; its id."""
    sent = ""

    def reached() -> bool:
        nonlocal sent
        sent = running(machine, unit)
        return sent != "" and machine.root(f"kill -{number.value} {sent}").returncode == 0

    machine.wait(reached, lambda: f"{unit}: {machine.journal(unit)[-20:]}")
    return sent


def test_the_microphones_service_is_up_after_boot_and_hardened(machine: Machine) -> None:
    pid = wait_running(machine, MIC)
    # It is ready before the sound server is.
    nothing = "no USB microphone is plugged in"
    machine.wait(lambda: machine.show(MIC).get("StatusText") == nothing, "what it finds")
    status = machine.root(f"cat /proc/{pid}/status").stdout
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert "CapBnd:\t0000000000000000" in status
    machine.wait(lambda: ("6", nothing) in machine.journal(MIC), "its word in the journal")


def test_the_microphones_service_comes_back_killed_and_frozen(machine: Machine) -> None:
    first = send(machine, MIC, signal.SIGKILL)
    second = wait_running(machine, MIC, first)
    machine.drop_in(MIC, "[Service]\nWatchdogSec=4\nRestartSec=100ms")
    machine.user(f"systemctl --user restart {MIC}")
    wait_running(machine, MIC, second)
    third = send(machine, MIC, signal.SIGSTOP)
    wait_running(machine, MIC, third)
    machine.wait(
        lambda: any("watchdog" in said.lower() for _, said in machine.journal(MIC)),
        "systemd's word in the journal",
    )
    machine.undo(MIC)
    machine.user(f"systemctl --user start {MIC}")
    wait_running(machine, MIC)


def test_it_follows_a_restarted_sound_server(machine: Machine) -> None:
    pid = wait_running(machine, MIC)
    machine.user("systemctl --user stop pipewire-pulse.socket pipewire-pulse.service")
    waiting = "the sound server does not answer; waiting for it"
    machine.wait(lambda: machine.show(MIC)["StatusText"] == waiting, "that it waits")
    machine.user("systemctl --user start pipewire-pulse.socket pipewire-pulse.service")
    machine.wait(lambda: machine.show(MIC)["StatusText"] != waiting, "that it goes on")
    assert running(machine, MIC) == pid


def test_the_kiosk_comes_back_killed_and_frozen(machine: Machine) -> None:
    # The times are the unit's own but for their length.
    machine.drop_in(
        KIOSK, "[Service]\nEnvironment=QT_QPA_PLATFORM=offscreen\nWatchdogSec=7\nRestartSec=100ms"
    )
    try:
        machine.user(f"systemctl --user start {KIOSK}")
        first = wait_running(machine, KIOSK)
        assert "Seccomp:\t2" in machine.root(f"cat /proc/{first}/status").stdout
        first = send(machine, KIOSK, signal.SIGKILL)
        wait_running(machine, KIOSK, first)
        second = send(machine, KIOSK, signal.SIGSTOP)
        third = wait_running(machine, KIOSK, second)
        machine.user(f"systemctl --user stop {KIOSK}")
        assert machine.show(KIOSK)["Result"] == "success", "left in order"
        assert third != second
        logged = machine.root("find /home -path '*log*' -name 'pronounce-kiosk.log' -size +0")
        assert logged.stdout == "", "a service logs to the journal alone"
    finally:
        machine.undo(KIOSK)


def test_a_kiosk_that_cannot_start_ends_on_a_readable_screen_and_tries_again(
    machine: Machine,
) -> None:
    machine.drop_in(KIOSK, "[Service]\nExecStart=\nExecStart=/bin/false\nRestartSec=100ms")
    machine.drop_in(
        MESSAGE, "[Service]\nEnvironment=KIOSK_MESSAGE_CONSOLE=%h/console KIOSK_MESSAGE_WAIT_S=5"
    )
    console = "/home/kioskuser/console"
    try:
        machine.user(f"systemctl --user start {KIOSK}")
        machine.wait(
            lambda: "cannot start" in machine.root(f"cat {console}").stdout,
            lambda: str(machine.journal(MESSAGE)),
        )
        assert running(machine, MESSAGE)
        assert machine.show(KIOSK)["ActiveState"] == "failed"
        # Mended meanwhile: the next try succeeds, and the message goes.
        machine.drop_in(
            KIOSK, "[Service]\nType=simple\nWatchdogSec=0\nExecStart=\nExecStart=/bin/sleep 600"
        )
        wait_running(machine, KIOSK)
        machine.wait(lambda: not running(machine, MESSAGE), "that the message goes")
    finally:
        machine.undo(KIOSK)
        machine.undo(MESSAGE)


def test_the_nightly_timer_waits_for_three_o_clock(machine: Machine) -> None:
    assert machine.user("systemctl --user start pronounce-references.timer").returncode == 0
    shown = machine.user("systemctl --user list-timers --no-pager pronounce-references.timer")
    assert " 03:" in shown.stdout


def test_the_nightly_service_makes_references_ready(machine: Machine) -> None:
    machine.user("printf 'text,language\\n안녕하세요,ko\\nHello,en\\n' >~/night.csv")
    command = "/opt/pronounce-kiosk/.venv/bin/pronounce-kiosk references render %h/night.csv"
    machine.drop_in(REFERENCES, f"[Service]\nExecStart=\nExecStart={command}")
    try:
        done = machine.user(f"systemctl --user start {REFERENCES}")
        assert done.returncode == 0, machine.journal(REFERENCES)
        assert machine.show(REFERENCES)["ExecMainStatus"] == "0"
        kept = machine.user("find ~/.cache/pronounce-kiosk/references -type f -size +10k").stdout
        assert len(kept.splitlines()) >= 2, machine.journal(REFERENCES)
    finally:
        machine.undo(REFERENCES)


def test_the_kiosk_alone_on_a_headless_screen(machine: Machine) -> None:
    if machine.root("test -x /usr/bin/cage && test -x /usr/bin/Xwayland").returncode:
        pytest.skip("cage is not installed (scripts/setup dev)")
    machine.drop_in(
        CAGE,
        "[Service]\nEnvironment=WLR_BACKENDS=headless WLR_RENDERER=pixman "
        "WLR_LIBINPUT_NO_DEVICES=1 LIBSEAT_BACKEND=noop",
    )
    try:
        machine.user(f"systemctl --user start {CAGE}")
        first = wait_running(machine, CAGE)  # the window is painted: the kiosk beneath said so
        # Its file systems are a view of its own, for /tmp: a stick must come and go there too.
        seen = f"grep -c /media/stick /proc/{first}/mountinfo"
        machine.root("mkdir -p /media/stick && mount -t tmpfs stick /media/stick")
        assert machine.root(seen).stdout == "1\n"
        assert machine.root(f"umount /media/stick; {seen}").stdout == "0\n"
        machine.user(f"systemctl --user kill -s KILL {CAGE}")
        wait_running(machine, CAGE, first)
    finally:
        machine.undo(CAGE)
