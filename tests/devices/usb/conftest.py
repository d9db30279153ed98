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


@pytest.fixture(params=["pulseaudio", "pipewire"])
def rig(request: pytest.FixtureRequest) -> Iterator[usb_rig.UsbRig]:
    """A rig of each server with one dongle plugged in; the server is started by the test."""
    missing = usb_rig.missing_for(request.param)
    if missing:
        pytest.skip(f"not installed: {missing} (scripts/setup dev)")
    with usb_rig.UsbRig(request.param) as made:
        made.plug()
        yield made
