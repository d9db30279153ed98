from __future__ import annotations

import threading

import pytest

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.portaudio import AudioDevice, AudioHost, choose_device


def device(name: str, inputs: int = 1, outputs: int = 2, index: int = 0) -> AudioDevice:
    return AudioDevice(index, name, inputs, outputs, 44_100)


CARD = device("USB PnP Sound Device: Audio (hw:1,0)", outputs=0)
HDMI = device("vc4-hdmi-0: MAI PCM i2s-hifi-0 (hw:0,0)", inputs=0)
PULSE, PIPEWIRE, DEFAULT = device("pulse"), device("pipewire"), device("default")


@pytest.mark.parametrize(
    ("devices", "direction", "name", "expected"),
    [
        ((HDMI, CARD, DEFAULT, PIPEWIRE, PULSE), "input", None, PULSE),
        ((HDMI, CARD, DEFAULT, PIPEWIRE), "input", None, PIPEWIRE),
        ((HDMI, CARD, DEFAULT), "output", None, DEFAULT),
        ((HDMI, CARD), "input", None, CARD),
        ((HDMI, CARD), "output", None, HDMI),
        ((HDMI, CARD, PULSE), "input", "usb pnp", CARD),
        ((HDMI, CARD, PULSE), "input", "hdmi", None),
        ((HDMI, device("pulse", inputs=0)), "input", None, None),
        ((), "input", None, None),
    ],
)
def test_devices_are_chosen_by_name(
    devices: tuple[AudioDevice, ...], direction: str, name: str | None, expected: object
) -> None:
    assert choose_device(devices, direction, name) is expected  # type: ignore[arg-type]


def test_a_call_that_hangs_fails_in_time_and_later_ones_at_once() -> None:
    host = AudioHost()
    release = threading.Event()
    undone: list[str] = []
    finished = threading.Event()

    def hang() -> str:
        assert release.wait(30)
        return "stream"

    def undo(late: str) -> None:
        undone.append(late)
        finished.set()

    with pytest.raises(DeviceError, match="does not answer"):
        host.call(hang, timeout_s=0.05, if_late=undo)
    ran: list[int] = []
    with pytest.raises(DeviceError, match="does not answer"):
        host.call(lambda: ran.append(1), timeout_s=30)
    assert not host.close_all(timeout_s=0.05)
    assert ran == []
    release.set()
    assert finished.wait(10)
    assert undone == ["stream"]
    assert host.call(lambda: "again") == "again"


def test_calls_run_one_after_the_other_on_one_thread() -> None:
    host = AudioHost()
    names = []
    host.post(lambda: names.append(threading.current_thread()))
    # A call from the host's own thread must not wait for itself.
    nested = host.call(lambda: host.call(threading.current_thread))
    assert names == [nested]
    assert nested is not threading.current_thread()


def test_what_a_call_raises_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        AudioHost().call(lambda: 1 / 0)
