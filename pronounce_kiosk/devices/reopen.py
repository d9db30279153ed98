"""Reopen a sound card that hangs without leaving the bus.

Such a dongle stays listed and gives exact zeros, or nothing. The server only opens it anew when its
last user releases it; switching its profile off and on forces that.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.cards import Card, SoundSnapshot, read_snapshot
from pronounce_kiosk.devices.sound_server import pactl

_log = logging.getLogger(__name__)

EVERY_S = 10.0
OFF_S = 0.2


def card_of(snapshot: SoundSnapshot, name_contains: str | None = None) -> Card | None:
    """Find the card behind the default source, or behind the source of that name; pure."""
    for card in snapshot.cards:
        for source in snapshot.sources_of(card):
            is_default = source.name == snapshot.default_source
            if is_default if name_contains is None else source.is_called(name_contains):
                return card
    return None


def reopen_card(name_contains: str | None = None) -> bool:
    """Switch the microphone's card off and on; False where there is no such card.

    Ends the recordings from it. Takes half a second.

    Raises:
        DeviceError: There is no server.
    """
    card = card_of(read_snapshot(), name_contains)
    if card is None or card.active_profile in ("", "off"):
        return False
    try:
        pactl("set-card-profile", card.name, "off")
        time.sleep(OFF_S)
    finally:
        pactl("set-card-profile", card.name, card.active_profile)
    _log.info("%s was hung: switched off and on", card.description)
    return True


class CardReopener:
    """Reopens a dead microphone's card in the background, at most every 10 s."""

    def __init__(
        self,
        reopen: Callable[[str | None], bool] = reopen_card,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reopen = reopen
        self._clock = clock
        self._last_s: float | None = None

    def ask(self, name_contains: str | None) -> None:
        """Start reopening, unless it was done a moment ago. Never waits and never raises."""
        now_s = self._clock()
        if self._last_s is not None and now_s - self._last_s < EVERY_S:
            return
        self._last_s = now_s
        threading.Thread(
            target=self._run, args=(name_contains,), name="reopen", daemon=True
        ).start()

    def _run(self, name_contains: str | None) -> None:
        with contextlib.suppress(DeviceError):
            self._reopen(name_contains)
