"""Reopen a sound card that hangs without leaving the bus.

Such a dongle stays listed and gives exact zeros, or nothing. The server only opens it anew when its
last user releases it; switching its profile off and on forces that.
"""

import contextlib
import logging
import threading
import time

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.cards import Card, SoundSnapshot, read_snapshot
from pronounce_kiosk.devices.sound_server import pactl

_log = logging.getLogger(__name__)

EVERY_S = 10.0
OFF_S = 0.2


class CardReopener:
    """Reopens a dead microphone's card in the background, at most every 10 s."""

    def __init__(self) -> None:
        self._last_s = -EVERY_S

    def ask(self, name_contains: str | None) -> None:
        """Start reopening, unless it was done a moment ago. Never waits and never raises."""
        now_s = time.monotonic()
        if now_s - self._last_s >= EVERY_S:
            self._last_s = now_s
            threading.Thread(
                target=_reopen_card, args=(name_contains,), name="reopen", daemon=True
            ).start()


def _reopen_card(name_contains: str | None) -> None:
    """Switch the microphone's card off and on, in half a second; this ends recordings from it."""
    with contextlib.suppress(DeviceError):
        card = _card_of(read_snapshot(), name_contains)
        if card is None or card.active_profile in ("", "off"):
            return
        try:
            pactl("set-card-profile", card.name, "off")
            time.sleep(OFF_S)
        finally:
            pactl("set-card-profile", card.name, card.active_profile)
        _log.info("%s was hung: switched off and on", card.description)


def _card_of(snapshot: SoundSnapshot, name_contains: str | None) -> Card | None:
    """Find the card behind the default source, or behind the source of that name."""
    for card in snapshot.cards:
        for source in snapshot.sources_of(card):
            is_default = source.name == snapshot.default_source
            if is_default if name_contains is None else source.is_called(name_contains):
                return card
    return None
