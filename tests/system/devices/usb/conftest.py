"""The rig with real sound servers and USB cards, for the tests of this folder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Tests import it by this name; no test folder is on the path.
_spec = importlib.util.spec_from_file_location("usb_rig", Path(__file__).parent / "rig.py")
assert _spec is not None
assert _spec.loader is not None
usb_rig = importlib.util.module_from_spec(_spec)
sys.modules["usb_rig"] = usb_rig
_spec.loader.exec_module(usb_rig)


SERVERS = ["pulseaudio", "pipewire"]


def _made(server: str) -> usb_rig.UsbRig:
    missing = usb_rig.missing_for(server)
    if missing:
        pytest.skip(f"not installed: {missing} (scripts/setup dev)")
    return usb_rig.UsbRig(server)


@pytest.fixture(params=SERVERS)
def rig(request: pytest.FixtureRequest) -> Iterator[usb_rig.UsbRig]:
    """A rig of each server with one dongle plugged in; the server is started by the test."""
    with _made(request.param) as made:
        made.plug()
        yield made


@pytest.fixture(scope="module", params=SERVERS)
def _shared(request: pytest.FixtureRequest) -> Iterator[usb_rig.UsbRig]:
    with _made(request.param) as made:
        made.plug()
        made.start_server()
        made.start_pin("--restart-command", str(made.folder / "restart-wireplumber"))
        made.wait(lambda: "is pinned" in made.log("pin"), made.logs)
        yield made


@pytest.fixture
def pinned(_shared: usb_rig.UsbRig) -> usb_rig.UsbRig:
    """A rig with server and service up and the microphone right: one and the same service for all
    tests of a file, which must get over whatever each does to it."""
    _shared.as_at_first()
    return _shared
