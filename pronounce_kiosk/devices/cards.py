"""Sound cards, their profiles and sources, as reported by the sound server.

Read through `pactl -f json`, which works with PulseAudio and PipeWire.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.pactl import pactl
from pronounce_kiosk.devices.sound_server import MONITOR_SUFFIX

CARD_PREFIX = "alsa_card."
SOURCE_PREFIX = "alsa_input."

_log = logging.getLogger(__name__)

_Told = TypeVar("_Told")


@dataclass(frozen=True)
class Profile:
    """A card's mode: how many sources and sinks it gives, and the server's own rank."""

    name: str
    sources: int
    sinks: int
    priority: int = 0
    available: bool = True


@dataclass(frozen=True)
class Card:
    """A sound card. alsa_card: the kernel's number for it, "" where the server gives none."""

    name: str
    description: str
    active_profile: str
    profiles: tuple[Profile, ...]
    is_usb: bool
    alsa_card: str = ""

    @property
    def base(self) -> str:
        """The common part of the card's name and its sources' names."""
        return self.name.removeprefix(CARD_PREFIX)


@dataclass(frozen=True)
class Port:
    """A socket of the card: microphone, line in."""

    name: str
    available: bool = True


@dataclass(frozen=True)
class CardSource:
    """A source that can be recorded from. volume_percent: of the loudest channel."""

    name: str
    description: str
    muted: bool
    volume_percent: int
    alsa_card: str = ""
    ports: tuple[Port, ...] = ()
    active_port: str = ""

    @property
    def is_monitor(self) -> bool:
        """Whether it is a speaker's monitor rather than a microphone."""
        return self.name.endswith(MONITOR_SUFFIX)


@dataclass(frozen=True)
class SoundSnapshot:
    """Cards, sources and default source at one moment."""

    server_name: str
    default_source: str
    cards: tuple[Card, ...]
    sources: tuple[CardSource, ...]

    def sources_of(self, card: Card) -> tuple[CardSource, ...]:
        """Return the card's microphones, by the kernel's number (two equal cards share a name).

        Without a number by name: ``alsa_input.BASE.``, unless another card has a longer matching
        base.
        """
        inputs = [source for source in self.sources if not source.is_monitor]
        if card.alsa_card:
            numbered = [source for source in inputs if source.alsa_card]
            if numbered:
                return tuple(s for s in numbered if s.alsa_card == card.alsa_card)
        prefix = f"{SOURCE_PREFIX}{card.base}."
        longer = [
            f"{SOURCE_PREFIX}{other.base}."
            for other in self.cards
            if other.base != card.base and other.base.startswith(card.base)
        ]
        return tuple(
            source
            for source in inputs
            if source.name.startswith(prefix)
            and not any(source.name.startswith(other) for other in longer)
        )


def read_snapshot() -> SoundSnapshot:
    """Query the server.

    Raises:
        DeviceError: There is no pactl or no server answers.
    """
    info = _json(pactl("-f", "json", "info"))
    server = info if isinstance(info, dict) else {}
    default = pactl("get-default-source").strip()
    return SoundSnapshot(
        str(server.get("server_name", "")),
        "" if default == "(null)" else default,
        parse_cards(pactl("-f", "json", "list", "cards")),
        parse_card_sources(pactl("-f", "json", "list", "sources")),
    )


def parse_cards(listing: str) -> tuple[Card, ...]:
    """Parse the output of ``pactl -f json list cards``.

    Raises:
        DeviceError: It is not JSON.
    """
    return _understood(_card, listing)


def parse_card_sources(listing: str) -> tuple[CardSource, ...]:
    """Parse the output of ``pactl -f json list sources``.

    Raises:
        DeviceError: It is not JSON.
    """
    return _understood(_source, listing)


def _json(text: str) -> Any:
    try:
        return json_document(text or "[]")
    except ValueError as error:
        raise DeviceError("The sound server's answer cannot be read: restart it.") from error


def _entries(listing: str) -> Sequence[dict[str, Any]]:
    found = _json(listing)
    if not isinstance(found, list):
        raise DeviceError("The sound server's answer cannot be read: restart it.")
    return [entry for entry in found if isinstance(entry, dict) and entry.get("name")]


def _understood(one: Callable[[dict[str, Any]], _Told], listing: str) -> tuple[_Told, ...]:
    """Parse the entries that can be parsed; log the others."""
    found = []
    for entry in _entries(listing):
        try:
            found.append(one(entry))
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            _log.info("the sound server says something odd of %r: %s", entry["name"], error)
    return tuple(found)


def _card(entry: dict[str, Any]) -> Card:
    name = str(entry["name"])
    properties = entry.get("properties") or {}
    return Card(
        name=name,
        description=str(properties.get("device.description") or name),
        active_profile=str(entry.get("active_profile") or ""),
        profiles=tuple(
            Profile(
                name=str(profile),
                sources=int(facts.get("sources", 0)),
                sinks=int(facts.get("sinks", 0)),
                priority=int(facts.get("priority", 0)),
                available=facts.get("available", True) not in (False, "no"),
            )
            for profile, facts in (entry.get("profiles") or {}).items()
        ),
        is_usb=properties.get("device.bus") == "usb" or name.startswith(CARD_PREFIX + "usb-"),
        alsa_card=str(properties.get("alsa.card") or properties.get("api.alsa.card") or ""),
    )


def _source(entry: dict[str, Any]) -> CardSource:
    properties = entry.get("properties") or {}
    volumes = [_percent(channel) for channel in (entry.get("volume") or {}).values()]
    return CardSource(
        name=str(entry["name"]),
        description=str(entry.get("description") or ""),
        muted=bool(entry.get("mute")),
        volume_percent=max(volumes, default=100),
        alsa_card=str(properties.get("alsa.card") or properties.get("api.alsa.pcm.card") or ""),
        ports=tuple(
            Port(str(port.get("name", "")), port.get("availability") != "not available")
            for port in entry.get("ports") or ()
        ),
        active_port=str(entry.get("active_port") or ""),
    )


def _percent(channel: dict[str, Any]) -> int:
    return int(str(channel.get("value_percent", "100%")).rstrip("% ") or 100)
