"""Keep the microphone selected: the service behind `pronounce-kiosk mic pin`.

A sound server saves each card's profile and restores it, a wrong one too; a default source vanishes
with its card and returns under another name. So this service compares the actual with the wanted
state after each of the server's events: `plan` is pure, `MicPin` applies it.
"""

import contextlib
import logging
import os
import re
import select
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.core.service import notify, watchdog_interval_s
from pronounce_kiosk.devices.cards import Card, Profile, SoundSnapshot, read_snapshot
from pronounce_kiosk.devices.programs import ProgramError, english_environment, run_program
from pronounce_kiosk.devices.sound_server import Source, pactl

_log = logging.getLogger(__name__)

LOWEST_PERCENT, HIGHEST_PERCENT, SANE_PERCENT = 40, 100, 80
"""A source's volume outside the first two is set to the third: below, the voice is lost in the
converter's noise; above 100 % the server multiplies and clips."""

SETTLE_S = 0.15  # wait for the end of a burst of events; raising it pins later
TRIES = 20  # rounds of planning and acting before giving up until the next event
TRY_S = 0.1
LOOK_AGAIN_S = 10.0  # interval of planning without an event, should one have been missed
RETRY_S = 0.5  # interval of connecting while no server answers
FIGHT_LIMIT, FIGHT_WINDOW_S = 8, 20.0
STUCK_S, REVIVE_EVERY_S = 1.5, 30.0

RESTART_COMMAND = "systemctl --user --no-block try-restart wireplumber.service"
"""Restarts a stuck session manager; PulseAudio has none."""

# Never a microphone: digital inputs and encoded ones.
_NOT_SOUND = re.compile(r"iec958|hdmi|ac3|dts|spdif", re.IGNORECASE)
_EVENT = re.compile(rb"on (card|server|source) #|(new|remove).* on source #")


@dataclass(frozen=True)
class Act:
    """One change: pactl's arguments, and one line that explains it."""

    words: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Plan:
    """The changes to make now, and the state they start from.

    Attributes:
        pinned: No change is left.
        card: The card that is the microphone, None for none.
        waiting: The card has the right profile, but its source has not appeared yet.
        stuck: The server knows no profile of a card, so nothing can be set (seen on WirePlumber 0.4
            when a card appears while it starts).
    """

    acts: tuple[Act, ...] = ()
    card: Card | None = None
    source: Source | None = None
    waiting: bool = False
    stuck: bool = False
    state: str = ""

    @property
    def pinned(self) -> bool:
        """Whether the microphone is present and set correctly."""
        return self.source is not None and not self.acts


def input_rank(profile: Profile) -> tuple[int, ...] | None:
    """Rank a profile as a microphone's, smaller is better; None where it has no input.

    Analog input before a mono fallback, multichannel, unknown profiles and pro-audio (raw device
    nodes). A usable output counts as an advantage, so that a dongle that also plays continues to.
    """
    if profile.sources < 1 or not profile.available or profile.name == "off":
        return None
    parts = [part for part in profile.name.split("+") if part.startswith("input:")]
    if parts and all(_NOT_SOUND.search(part) for part in parts):
        return None
    named = "+".join(parts) or profile.name
    if _NOT_SOUND.search(named) and not parts:
        return None
    order = ("input:analog-", "input:mono-fallback", "input:stereo-fallback", "input:multichannel")
    kind = next((rank for rank, start in enumerate(order) if start in named), len(order))
    if profile.name == "pro-audio":
        kind = len(order) + 1
    outputs = [part for part in profile.name.split("+") if part.startswith("output:")]
    plays = profile.sinks > 0 and not any(_NOT_SOUND.search(part) for part in outputs)
    return kind, 0 if plays else 1, sum(bool(_NOT_SOUND.search(part)) for part in parts)


def best_profile(card: Card) -> Profile | None:
    """Choose the profile for the card; the active one where it is as good as any."""
    ranked = [
        (rank, profile.name != card.active_profile, -profile.priority, profile.name, profile)
        for profile in card.profiles
        if (rank := input_rank(profile)) is not None
    ]
    return min(ranked)[-1] if ranked else None


def choose_card(snapshot: SoundSnapshot, name_contains: str | None) -> Card | None:
    """Choose the card to be the microphone; None where there is none.

    name_contains: part of a card's or source's name or description, in any case. Without it, any
    USB card that can record. Of several the current default source wins, else the first by name, so
    that the choice is stable.
    """
    able = [card for card in snapshot.cards if best_profile(card) is not None]
    if name_contains:
        able = [card for card in able if _is_called(snapshot, card, name_contains)]
    else:
        able = [card for card in able if card.is_usb]
    for card in able:
        if any(s.name == snapshot.default_source for s in snapshot.sources_of(card)):
            return card
    return min(able, key=lambda card: card.name) if able else None


def plan(snapshot: SoundSnapshot, name_contains: str | None = None) -> Plan:
    """Derive the changes that make the microphone right; pure."""
    card = choose_card(snapshot, name_contains)
    profile = best_profile(card) if card else None
    if card is None or profile is None:
        for other in snapshot.cards:
            if not other.profiles and (other.is_usb or name_contains):
                return Plan(stuck=True, state=f"{other.description}: the server has no profiles")
        wanted = f'no microphone named "{name_contains}"' if name_contains else "no USB microphone"
        return Plan(state=f"{wanted} is plugged in")
    if profile.name != card.active_profile:
        why = _wrong_profile(card)
        act = Act(
            ("set-card-profile", card.name, profile.name),
            f"{card.description}: profile {card.active_profile or 'none'} -> {profile.name}, "
            f"because {why}",
        )
        return Plan((act,), card, state=f"{card.description}: changing the profile")
    source = _choose_source(snapshot, card, name_contains)
    if source is None:
        return Plan(card=card, waiting=True, state=f"{card.description}: waiting for its source")
    acts = _source_acts(snapshot, source)
    return Plan(acts, card, source, state=f"{source.description or source.name} is pinned")


def _source_acts(snapshot: SoundSnapshot, source: Source) -> tuple[Act, ...]:
    name, percent, port = source.name, source.volume_percent, _better_port(source)
    acts: list[Act] = []

    def change(why: str, *words: str) -> None:
        acts.append(Act(words, f"{source.description or name}: {why}"))

    if name != snapshot.default_source:
        before = snapshot.default_source or "none"
        change(f"made the default source, which was {before}", "set-default-source", name)
    if port:
        why = f"port {source.active_port} -> {port}, the microphone's"
        change(why, "set-source-port", name, port)
    if source.muted:
        change("was muted, unmuted", "set-source-mute", name, "0")
    if not LOWEST_PERCENT <= percent <= HIGHEST_PERCENT:
        extreme = "low" if percent < LOWEST_PERCENT else "high"
        why = f"volume {percent}% -> {SANE_PERCENT}%, because it was too {extreme}"
        change(why, "set-source-volume", name, f"{SANE_PERCENT}%")
    return tuple(acts)


def _wrong_profile(card: Card) -> str:
    active = next((p for p in card.profiles if p.name == card.active_profile), None)
    if active is None or active.name == "off":
        return "the card was off"
    if active.sources < 1:
        return "it has no input"
    if input_rank(active) is None:
        return "its input is digital or not there"
    return "a better one is there"


def _choose_source(snapshot: SoundSnapshot, card: Card, name_contains: str | None) -> Source | None:
    sources = snapshot.sources_of(card)
    sound = [source for source in sources if not _NOT_SOUND.search(source.name)] or list(sources)
    for source in sound:
        if name_contains and source.is_called(name_contains):
            return source
    # A card's first analog source; .2 and the like are further ones.
    if not sound:
        return None
    return min(sound, key=lambda source: ("analog" not in source.name, source.name))


def _better_port(source: Source) -> str:
    """Return the microphone's socket where another is in use; "" where nothing is to be changed."""
    if not source.active_port or _is_mic_port(source.active_port):
        return ""
    return next((port for port in source.ports if _is_mic_port(port)), "")


def _is_mic_port(name: str) -> bool:
    return re.search(r"mic|headset|input$", name, re.IGNORECASE) is not None


def _is_called(snapshot: SoundSnapshot, card: Card, name_contains: str) -> bool:
    wanted = name_contains.casefold()
    if wanted in card.name.casefold() or wanted in card.description.casefold():
        return True
    return any(source.is_called(name_contains) for source in snapshot.sources_of(card))


class MicPin:
    """The service. ``say`` receives one line for every change and every change of state.

    `run` ends only through `stop` (any thread, or a signal handler).
    """

    def __init__(
        self,
        name_contains: str | None = None,
        say: Callable[[str], None] = _log.info,
        restart_command: str = RESTART_COMMAND,
    ) -> None:
        self._name_contains = name_contains or None
        self._restart_command = restart_command
        self._stuck_since_s: float | None = None
        self._restarted_s = -REVIVE_EVERY_S
        self._say = say
        self._stopped = threading.Event()
        self._state = ""
        self._acted: list[tuple[float, tuple[str, ...]]] = []
        self._fighting = False
        watchdog_s = watchdog_interval_s()
        self._beat_s = min(watchdog_s, 5.0) if watchdog_s else 5.0

    def stop(self) -> None:
        """End `run` within a second or so."""
        self._stopped.set()

    def run(self) -> None:
        """Follow the server until `stop`, waiting for it while it does not run."""
        while not self._stopped.is_set():
            try:
                with _events() as pipe:
                    self.apply()
                    notify("READY=1")
                    self._follow(pipe)
            except (DeviceError, OSError) as error:
                _log.debug("%s", error)
                self._tell("the sound server does not answer; waiting for it")
                # No failure to start: the server may start after this service.
                notify("READY=1")
            notify("WATCHDOG=1")
            self._stopped.wait(RETRY_S)

    def _follow(self, pipe: int) -> None:
        """Apply after each burst of events and at intervals, until the server ends."""
        looked_s = time.monotonic()
        while not self._stopped.is_set():
            notify("WATCHDOG=1")
            heard = _read(pipe, min(self._beat_s, 1.0))
            if heard == b"":
                return
            look_again_s = 0.5 if self._stuck_since_s is not None else LOOK_AGAIN_S
            due = time.monotonic() - looked_s > look_again_s
            if not (due or (heard and _EVENT.search(heard))):
                continue
            if heard:
                self._stopped.wait(SETTLE_S)
                # The next plan covers all events that arrived meanwhile.
                _read(pipe, 0.0)
            self.apply()
            looked_s = time.monotonic()

    def apply(self) -> Plan:
        """Plan and act until no change is left.

        Raises:
            DeviceError: There is no server.
        """
        made = Plan()
        for attempt in range(TRIES):
            made = plan(read_snapshot(), self._name_contains)
            notify("WATCHDOG=1")
            if self._stopped.is_set() or not (made.acts or made.waiting):
                break
            if self._losing(made.acts):
                break
            for act in made.acts:
                self._act(act)
            if attempt:
                self._stopped.wait(TRY_S)
        self._revive(made.stuck)
        self._tell(made.state)
        return made

    def _act(self, act: Act) -> None:
        self._acted.append((time.monotonic(), act.words))
        try:
            pactl(*act.words)
        except DeviceError as error:
            # Gone since the snapshot: an event for it follows.
            _log.info("%s: %s", act.why, error)
            return
        self._say(act.why)

    def _revive(self, stuck: bool) -> None:
        """Restart the session manager where a card has been stuck for a while."""
        now_s = time.monotonic()
        if not stuck:
            self._stuck_since_s = None
            return
        if self._stuck_since_s is None:
            self._stuck_since_s = now_s
        late = now_s - self._stuck_since_s > STUCK_S
        if not late or now_s - self._restarted_s < REVIVE_EVERY_S:
            return
        self._restarted_s = now_s
        self._say(f"a card has no profiles: {self._restart_command}")
        try:
            run_program(*shlex.split(self._restart_command), timeout_s=5.0)
        except ProgramError as error:
            _log.info("%s: %s", self._restart_command, error)

    def _losing(self, acts: tuple[Act, ...]) -> bool:
        """Tell whether another program repeatedly undoes a change.

        Then this service pauses, instead of competing all day.
        """
        now_s = time.monotonic()
        self._acted = [(at_s, w) for at_s, w in self._acted if now_s - at_s < FIGHT_WINDOW_S]
        losing = any(
            sum(words == act.words for _, words in self._acted) >= FIGHT_LIMIT for act in acts
        )
        if losing and not self._fighting:
            _log.warning("Something else keeps undoing this: %s", acts[0].why)
        self._fighting = losing
        return losing

    def _tell(self, state: str) -> None:
        notify(f"STATUS={state}")
        if state != self._state:
            self._state = state
            self._say(state)


@contextlib.contextmanager
def _events() -> Iterator[int]:
    """Provide the pipe through which pactl tells the server's events; its end is the server's.

    Raises:
        OSError: There is no pactl.
    """
    with subprocess.Popen(
        ["pactl", "subscribe"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=english_environment(),
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.fileno()
        finally:
            process.kill()


def _read(pipe: int, wait_s: float) -> bytes | None:
    """Read the pipe; None where nothing came in time, b"" at its end."""
    ready, _, _ = select.select([pipe], [], [], wait_s)
    return os.read(pipe, 65536) if ready else None
