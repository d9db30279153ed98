"""What the pinning service decides, from snapshots of a server; the servers are in usb/."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.cards import Card, Profile, SoundSnapshot, parse_card
from pronounce_kiosk.devices.mic_pin import best_profile, input_rank, plan
from pronounce_kiosk.devices.sound_server import Source, parse_entries, parse_source

DUPLEX = Profile("output:analog-stereo+input:analog-stereo", 1, 1, 6565)
PROFILES = (
    Profile("off", 0, 0, 0),
    Profile("output:analog-stereo", 0, 1, 6500),
    Profile("output:iec958-stereo+input:iec958-stereo", 1, 1, 9000),
    Profile("output:iec958-stereo+input:analog-stereo", 1, 1, 5565),
    Profile("input:iec958-stereo", 1, 0, 55),
    Profile("input:analog-stereo", 1, 0, 65),
    DUPLEX,
    Profile("pro-audio", 1, 1, 1),
)
NAME = "usb-0d8c_USB_PnP_Sound_Device-00"


def card(suffix: str = "", active: str = DUPLEX.name, number: str = "1") -> Card:
    return Card(f"alsa_card.{NAME}{suffix}", "USB PnP", active, PROFILES, True, number)


def source(suffix: str = "", number: str = "1", **changes: object) -> Source:
    made = Source(f"alsa_input.{NAME}{suffix}.analog-stereo", "USB Mic", False, 80, number)
    return dataclasses.replace(made, **changes)


def snapshot(
    cards: tuple[Card, ...], sources: tuple[Source, ...], default: str | None = None
) -> SoundSnapshot:
    name = sources[0].name if default is None and sources else default or ""
    return SoundSnapshot("server", name, cards, sources)


def words(made: SoundSnapshot, wanted: str | None = None) -> list[tuple[str, ...]]:
    return [act.words for act in plan(made, wanted).acts]


def test_a_right_microphone_is_left_alone() -> None:
    made = plan(snapshot((card(),), (source(),)))
    assert made.pinned
    assert made.acts == ()


@pytest.mark.parametrize("profile", [p.name for p in PROFILES if p != DUPLEX] + ["", "gone"])
def test_every_other_profile_is_changed_to_the_duplex_one(profile: str) -> None:
    made = plan(snapshot((card(active=profile),), ()))
    assert [act.words for act in made.acts] == [("set-card-profile", card().name, DUPLEX.name)]
    assert "because" in made.acts[0].why
    assert not made.pinned


@given(st.permutations(PROFILES), st.sets(st.sampled_from([p.name for p in PROFILES])))
def test_the_choice_does_not_depend_on_the_order_and_is_stable(
    order: list[Profile], missing: set[str]
) -> None:
    left = tuple(profile for profile in order if profile.name not in missing)
    best = best_profile(dataclasses.replace(card(), profiles=left))
    again = best_profile(dataclasses.replace(card(), profiles=tuple(sorted(left, key=str))))
    assert best == again
    if best is None:
        assert all(input_rank(profile) is None for profile in left)
        return
    assert best.sources
    assert best.name not in ("off", "output:iec958-stereo+input:iec958-stereo")
    # Once set, it stays: nothing is gained by a change.
    assert best_profile(dataclasses.replace(card(active=best.name), profiles=left)) == best


def test_unavailable_profiles_are_not_chosen_and_ucm_ones_are() -> None:
    gone = dataclasses.replace(DUPLEX, available=False)
    chosen = best_profile(dataclasses.replace(card(), profiles=(gone, PROFILES[5])))
    assert chosen == PROFILES[5]
    ucm = Profile("HiFi (Mic, Speaker)", 1, 1, 8000)
    assert best_profile(dataclasses.replace(card(), profiles=(PROFILES[0], ucm))) == ucm
    mono = Profile("output:analog-stereo+input:mono-fallback", 1, 1, 1)
    assert best_profile(dataclasses.replace(card(), profiles=(mono, PROFILES[7]))) == mono


def test_a_muted_too_soft_or_boosted_source_is_put_right() -> None:
    name = source().name
    assert words(snapshot((card(),), (source(muted=True),))) == [("set-source-mute", name, "0")]
    for volume in (0, 39, 101, 153):
        made = snapshot((card(),), (source(volume_percent=volume),))
        assert words(made) == [("set-source-volume", name, "80%")]
    for volume in (40, 80, 100):
        assert words(snapshot((card(),), (source(volume_percent=volume),))) == []


def test_the_default_source_is_set_by_the_cards_own_source() -> None:
    for default in ("", "auto_null.monitor", "alsa_output.hdmi.monitor"):
        made = snapshot((card(),), (source(),), default)
        assert words(made) == [("set-default-source", source().name)]


def test_line_in_is_changed_to_the_microphones_port() -> None:
    ports = ("analog-input-linein", "headset-mic")
    made = source(ports=ports, active_port="analog-input-linein")
    assert words(snapshot((card(),), (made,))) == [("set-source-port", made.name, "headset-mic")]
    made = source(ports=ports[:1], active_port="analog-input-linein")
    assert words(snapshot((card(),), (made,))) == []


def test_a_socket_with_nothing_in_it_is_left_out() -> None:
    ports = [
        {"name": "analog-input-mic", "availability": "not available"},
        {"name": "headset-mic", "availability": "availability unknown"},
    ]
    (heard,) = parse_entries(parse_source, json.dumps([{"name": "x", "ports": ports}]))
    assert heard.ports == ("headset-mic",)


def test_of_two_equal_cards_the_one_in_use_stays() -> None:
    # PulseAudio puts the .2 at the source's end, PipeWire into its middle.
    for second in (source(number="2", name=source().name + ".2"), source(".2", "2")):
        cards = (card(), card(".2", number="2"))
        for sources in itertools.permutations((source(), second)):
            assert words(snapshot(cards, sources, source().name)) == []
            assert words(snapshot(cards, sources, second.name)) == []
            first = ("set-default-source", source().name)
            assert words(snapshot(cards, sources, "auto_null.monitor")) == [first]


def test_sources_are_told_apart_by_name_where_there_are_no_numbers() -> None:
    cards = (card(number=""), card(".2", number=""))
    sources = (source(number=""), source(".2", ""))
    made = snapshot(cards, sources)
    assert made.sources_of(cards[0]) == (sources[0],)
    assert made.sources_of(cards[1]) == (sources[1],)


def test_a_configured_name_chooses_the_card_and_nothing_else_will_do() -> None:
    other = dataclasses.replace(
        card(), name="alsa_card.usb-Jabra_410-00", description="Jabra", alsa_card="2"
    )
    named = source(number="2", name="alsa_input.usb-Jabra_410-00.analog-stereo", description="J")
    both = snapshot((card(), other), (source(), named))
    assert words(both, "jabra") == [("set-default-source", named.name)]
    nothing = plan(both, "Blue Yeti")
    assert nothing.acts == ()
    assert not nothing.pinned
    assert "Blue Yeti" in nothing.state


def test_cards_that_are_not_usb_are_nobodys_microphone_unless_named() -> None:
    built_in = dataclasses.replace(card(), name="alsa_card.pci-1", is_usb=False)
    assert plan(snapshot((built_in,), ())).state == "no USB microphone is plugged in"
    wanted = plan(snapshot((dataclasses.replace(built_in, active_profile="off"),), ()), "pci-1")
    assert [act.words[0] for act in wanted.acts] == ["set-card-profile"]


def test_waiting_for_a_source_and_a_server_that_knows_no_profiles() -> None:
    made = plan(snapshot((card(),), ()))
    assert made.waiting
    assert not made.pinned
    assert plan(snapshot((dataclasses.replace(card(), profiles=()),), ())).stuck
    assert not plan(snapshot((), ())).stuck


@pytest.mark.parametrize("listing", ["", "[]", "[1]", '[{"name": null}]'])
def test_an_answer_without_cards(listing: str) -> None:
    assert parse_entries(parse_card, listing) == ()
    assert parse_entries(parse_source, listing) == ()


@pytest.mark.parametrize("listing", ["{}", "nonsense", "null", "3"])
def test_an_odd_answer_gives_one_clear_error(listing: str) -> None:
    for parse in (parse_card, parse_source):
        with pytest.raises(DeviceError, match="restart"):
            parse_entries(parse, listing)


def test_what_a_server_leaves_out_is_filled_in() -> None:
    bare = json.dumps([{"name": "alsa_card.usb-X", "profiles": None, "active_profile": None}])
    (made,) = parse_entries(parse_card, bare)
    assert (made.is_usb, made.active_profile, made.profiles) == (True, "", ())
    (heard,) = parse_entries(
        parse_source, json.dumps([{"name": "x", "volume": None, "mute": False}])
    )
    assert (heard.volume_percent, heard.is_monitor) == (100, False)
