"""`mic pin` against real sound servers with USB cards: every fault of a classroom, put right."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from usb_rig import CARD, UsbRig

from pronounce_kiosk.cli.main import main
from pronounce_kiosk.devices.microphone import Microphone, MicrophoneStatus
from pronounce_kiosk.devices.recorder import Recorder

WRONG = "output:iec958-stereo+input:iec958-stereo"
DUPLEX = "output:analog-stereo+input:analog-stereo"
PATIENCE_S = 60.0


def save_wrong_profile(rig: UsbRig, profile: str) -> None:
    """The profile is chosen once, saved by the server and there again after its restart."""
    saved = rig.folder / "home/.local/state/wireplumber/default-profile"
    for _ in range(3):
        rig.wait(lambda: rig.profiles().get(CARD) is not None, rig.logs)
        rig.pactl("set-card-profile", CARD, profile)
        if rig.server == "pipewire":
            rig.wait(lambda: saved.exists() and profile in saved.read_text(), rig.logs)
        rig.restart_server()
        # A WirePlumber that `_unstick` ends while it starts may forget what it has saved.
        with contextlib.suppress(AssertionError):
            rig.wait(lambda: rig.profiles().get(CARD) == profile, rig.logs, 10.0)
            return
    raise AssertionError(f"{profile} is not restored\n{rig.logs()}")


@pytest.mark.parametrize("profile", [WRONG, "off", "output:analog-stereo"])
def test_a_wrong_saved_profile_is_put_right_at_boot(rig: UsbRig, profile: str) -> None:
    rig.start_server()
    save_wrong_profile(rig, profile)
    assert rig.wrong(), "the fault must be there, or nothing is shown"
    rig.start_pin()
    rig.wait_until_right()
    rig.wait(lambda: f"profile {profile} -> {DUPLEX}, because" in rig.log("pin"), rig.logs)
    rig.stop_pin()
    assert rig.profiles() == {CARD: DUPLEX}, "the dongle's own output is kept"


@pytest.mark.parametrize("profile", ["off", "output:analog-stereo", WRONG])
def test_a_profile_changed_while_it_runs(pinned: UsbRig, profile: str) -> None:
    pinned.pactl("set-card-profile", CARD, profile)
    pinned.wait(lambda: pinned.profiles().get(CARD) == DUPLEX, pinned.logs)
    pinned.wait_until_right()


def test_replugged_on_another_port_as_another_card(pinned: UsbRig) -> None:
    pinned.unplug(1)
    pinned.wait(lambda: not pinned.profiles(), pinned.logs)
    assert pinned.wrong()
    pinned.plug(3, "1.4")
    pinned.wait_until_right()


def test_a_second_equal_card_changes_nothing_until_the_first_is_pulled(pinned: UsbRig) -> None:
    before = pinned.pactl("get-default-source")
    pinned.plug(2, "1.3")
    pinned.wait(lambda: len(pinned.profiles()) == 2, pinned.logs)
    pinned.wait_until_right()
    pinned.wait(lambda: pinned.pactl("get-default-source") == before, pinned.logs)
    pinned.unplug(1)
    pinned.wait(lambda: len(pinned.profiles()) == 1, pinned.logs)
    pinned.wait_until_right()
    assert pinned.pactl("get-default-source") != before


def test_a_restarted_server(pinned: UsbRig) -> None:
    pinned.stop_server()
    pinned.start_server()
    pinned.wait_until_right()
    # The service follows the new one.
    pinned.pactl("set-source-mute", "@DEFAULT_SOURCE@", "1")
    pinned.wait_until_right()


def test_muted_and_turned_down(pinned: UsbRig) -> None:
    pinned.pactl("set-source-mute", "@DEFAULT_SOURCE@", "1")
    pinned.pactl("set-source-volume", "@DEFAULT_SOURCE@", "2%")
    pinned.wait(lambda: "80%" in pinned.pactl("get-source-volume", "@DEFAULT_SOURCE@"), pinned.logs)
    pinned.wait_until_right()


@pytest.mark.parametrize("fault", ["zeros-until-reopened", "stall-until-reopened"])
def test_a_hung_card_is_opened_anew_by_whoever_records(pinned: UsbRig, fault: str) -> None:
    with pinned.applied():
        recorder = Recorder(Microphone())
        recorder.start()
        poll_until(recorder, lambda: recorder.poll().duration_s > 0.3)
        pinned.hears(fault)
        # The first word counts: while the card is switched off and on, it is another one.
        seen: list[MicrophoneStatus] = []

        def found() -> bool:
            seen.append(recorder.poll().microphone)
            return not seen[-1].usable

        poll_until(recorder, found)
        assert seen[-1] in (MicrophoneStatus.ZEROS, MicrophoneStatus.STALLED)
        settle()
        recorder.cancel()
        poll_until(recorder, lambda: bool(pinned.is_heard()))
        pinned.wait_until_right()
        assert heard_again(recorder)
    pinned.wait_until_right()


def settle() -> None:
    """Wait for a card that is being switched off and on."""
    for thread in threading.enumerate():
        if thread.name == "reopen":
            thread.join()


def test_zeros_that_end_by_themselves(pinned: UsbRig) -> None:
    with pinned.applied():
        recorder = Recorder(Microphone())
        pinned.hears("zeros")
        recorder.start()
        poll_until(recorder, lambda: recorder.poll().microphone is MicrophoneStatus.ZEROS)
        settle()
        recorder.cancel()
        pinned.hears("noise")
        pinned.wait_until_right()
        assert heard_again(recorder)


def test_ten_rounds_of_random_events(pinned: UsbRig) -> None:
    seed = 20
    chance = random.Random(seed)
    plugged = {1: "1.2"}

    def replug() -> None:
        number = chance.choice(list(plugged))
        pinned.unplug(number)
        plugged.pop(number)
        time.sleep(chance.random())
        free = [n for n in (1, 2, 3, 4) if n not in plugged]
        number = chance.choice(free)
        plugged[number] = f"1.{number + 1}"
        pinned.plug(number, plugged[number])

    def second() -> None:
        if len(plugged) == 1:
            number = next(n for n in (1, 2, 3, 4) if n not in plugged)
            plugged[number] = f"1.{number + 1}"
            pinned.plug(number, plugged[number])
        else:
            number = chance.choice(list(plugged))
            plugged.pop(number)
            pinned.unplug(number)

    def profile() -> None:
        for name in pinned.profiles():
            pinned.try_pactl(
                "set-card-profile", name, chance.choice([WRONG, "off", "output:analog-stereo"])
            )

    def mute() -> None:
        pinned.try_pactl("set-source-mute", "@DEFAULT_SOURCE@", "1")

    def monitor() -> None:
        pinned.try_pactl("set-default-source", "@DEFAULT_MONITOR@")

    events: list[Callable[[], None]] = [
        replug, second, profile, mute, monitor, pinned.restart_server,
    ]  # fmt: skip
    for _ in range(10):
        for _ in range(chance.randint(1, 3)):
            chance.choice(events)()
            time.sleep(chance.choice([0.0, 0.1, 0.5]))
        pinned.wait_until_right()
    # Nothing swings back later.
    time.sleep(1.0)
    assert pinned.wrong(patience_s=PATIENCE_S) == ""


def test_what_people_ask(rig: UsbRig, capsys: pytest.CaptureFixture[str]) -> None:
    def mic(*words: str) -> tuple[int, str]:
        code = main(["mic", *words])
        return code, capsys.readouterr().out

    def in_a_process_of_its_own(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pronounce_kiosk.cli", "mic", *words]
        return subprocess.run(
            command, env=rig.environment(), text=True, capture_output=True, check=False, timeout=60
        )

    nobody = in_a_process_of_its_own("status")
    assert nobody.returncode == 2
    assert nobody.stderr.startswith("error: ")
    assert len(nobody.stderr.splitlines()) == 1
    rig.start_server()
    rig.wait_until_right()
    rig.pactl("set-card-profile", CARD, "off")
    rig.wait(lambda: rig.profiles() == {CARD: "off"}, rig.logs)
    with rig.applied():
        assert "best as a microphone: " + DUPLEX in mic("list")[1]
        assert mic("status")[0] == 1
        assert mic("pin", "--once")[0] == 0
        code, said = mic("status")
        assert (code, said.count("right")) == (0, 1)
        code, said = mic("test", "--seconds", "1")
        assert code == 0, said
        assert "noise floor -" in said
        assert "pulse takes 16000 Hz" in said
    rig.hears("zeros")
    # Opened anew, or PipeWire now and then still gives a piece of noise from the card's old buffer.
    for suspended in ("1", "0"):
        rig.pactl("suspend-source", "@DEFAULT_SOURCE@", suspended)
    dead = in_a_process_of_its_own("test", "--seconds", "1")
    assert dead.returncode == 1
    assert "finding: The microphone hears nothing at all" in dead.stdout


def poll_until(recorder: Recorder, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline, recorder.poll()
        time.sleep(0.02)


def heard_again(recorder: Recorder) -> bool:
    """Whether a new take, in the same program, hears sound."""
    recorder.start()
    poll_until(recorder, lambda: recorder.poll().duration_s > 0.5)
    return bool(np.any(recorder.finish().samples[-4000:]))
