"""Sound cards, their profiles and sources, as reported by the sound server.

Read through `pactl -f json`, which works with PulseAudio and PipeWire.
"""

from dataclasses import dataclass
from typing import Any

from pronounce_kiosk.devices.sound_server import (
    Source,
    default_source,
    pactl,
    parse_answer,
    parse_entries,
    parse_source,
)

CARD_PREFIX = "alsa_card."
SOURCE_PREFIX = "alsa_input."


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
class SoundSnapshot:
    """Cards, sources and default source at one moment."""

    server_name: str
    default_source: str
    cards: tuple[Card, ...]
    sources: tuple[Source, ...]

    def sources_of(self, card: Card) -> tuple[Source, ...]:
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
        longer = tuple(
            f"{SOURCE_PREFIX}{other.base}."
            for other in self.cards
            if other.base != card.base and other.base.startswith(card.base)
        )
        named = (source for source in inputs if source.name.startswith(prefix))
        return tuple(source for source in named if not source.name.startswith(longer))


def read_snapshot() -> SoundSnapshot:
    """Query the server.

    Raises:
        DeviceError: There is no pactl or no server answers.
    """
    server = parse_answer(pactl("-f", "json", "info"))
    return SoundSnapshot(
        str(server.get("server_name", "")) if isinstance(server, dict) else "",
        default_source(),
        parse_entries(parse_card, pactl("-f", "json", "list", "cards")),
        parse_entries(parse_source, pactl("-f", "json", "list", "sources")),
    )


def parse_card(entry: dict[str, Any]) -> Card:
    """Parse an entry of ``pactl -f json list cards``."""
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
