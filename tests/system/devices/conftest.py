"""One private sound server for the tests of devices that need a real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.sound import WatchedSound


@pytest.fixture(scope="module")
def _server() -> Iterator[WatchedSound]:
    with WatchedSound() as sound, sound.applied():
        yield sound


@pytest.fixture
def sound(_server: WatchedSound) -> WatchedSound:
    """A running server with its microphone in and its room's noise on."""
    _server.restore_microphone()
    _server.resume_room_noise()
    return _server
